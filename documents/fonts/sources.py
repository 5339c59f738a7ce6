"""Where the fonts of the papers lie on this machine, as fontconfig tells."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

REGULAR, BOLD = 80, 200  # fontconfig's numbers for the weights 400 and 700; the style sheets use no others


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One face: its file, its place in a collection, the family it was asked for by, fontconfig's weight."""

    path: str
    index: int
    family: str
    weight: int

    @property
    def stamp(self) -> list[str | int]:
        """What changes when the file does."""
        state = Path(self.path).stat()
        return [self.path, self.index, self.family, self.weight, state.st_size, state.st_mtime_ns]


def installed(family: str) -> list[Source]:
    """The upright regular and bold faces of a family; all its faces when there are none of these; [] when missing."""
    faces = [face for face in _faces(family) if face.weight in (REGULAR, BOLD)] or _faces(family)
    first: dict[int, Source] = {}
    for face in sorted(faces):
        first.setdefault(face.weight, face)
    return sorted(first.values(), key=lambda face: face.weight)


def _faces(family: str) -> list[Source]:
    escaped = "".join(f"\\{sign}" if sign in "\\-:," else sign for sign in family)
    command = ["fc-list", "--format", "%{file}|%{index}|%{weight}|%{slant}|%{variable}\n", f":family={escaped}"]
    environment = {key: value for key, value in os.environ.items() if key != "FONTCONFIG_FILE"}
    try:
        told = subprocess.run(  # noqa: S603 (no shell, and the family is one argument)
            command, capture_output=True, text=True, timeout=60, check=True, env=environment
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    found = []
    for line in told.splitlines():
        path, index, weight, slant, variable = line.rsplit("|", 4)
        if slant == "0" and variable != "True" and weight.isdigit():
            found.append(Source(str(Path(path).resolve()), int(index), family, int(weight)))
    return found
