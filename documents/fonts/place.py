"""The private fontconfig directory of the cut fonts: made whole under another name, then pointed to."""

import json
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from xml.sax.saxutils import escape

import fontTools
from django.conf import settings

from documents.fonts.signs import wanted
from documents.fonts.sources import Source, installed

MADE_BY = 2  # goes up when cutting changes, so that fonts are cut anew
CURRENT = "current.json"
KEPT = 2  # directories: a worker that still runs reads the one before
CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """What `cut` did: `made` tells whether there was work; `missing` families are on no disk of this machine."""

    folder: Path
    made: bool
    faces: int
    missing: tuple[str, ...]


def families() -> dict[str, tuple[str, ...]]:
    """Role → families, as `settings.PAPER_FONTS` names them."""
    return {role: tuple(name.strip() for name in names.split(",")) for role, names in settings.PAPER_FONTS.items()}


def configuration() -> Path | None:
    """The fonts.conf of the cut fonts of `settings.PAPER_FONTS`; None when they were not cut, or for other families."""
    try:
        told = json.loads((Path(settings.FONTS_DIR) / CURRENT).read_text())
    except (OSError, ValueError):
        return None
    conf = Path(settings.FONTS_DIR) / told["folder"] / "fonts.conf"
    fits = told["families"] == json.loads(json.dumps(families())) and told["made_by"] == MADE_BY
    return conf if fits and conf.exists() else None


def cut() -> Cut:
    """Cut the fonts of the papers; does nothing when the same ones were cut before. OSError when it cannot write."""
    root = Path(settings.FONTS_DIR)
    root.mkdir(parents=True, exist_ok=True)
    rare = set(families()["rare"])
    sources = {name: installed(name) for names in families().values() for name in names}
    missing = tuple(sorted(name for name, faces in sources.items() if not faces))
    dense = sorted({face for name, faces in sources.items() if name not in rare for face in faces})
    whole = sorted({face for name in rare for face in sources[name]})
    stamp = _stamp([*dense, *whole])
    folder = root / stamp[:16]
    made = not (folder / "fonts.conf").exists()
    if made:
        _make(folder, dense, whole)
    _point_to(root, folder)
    return Cut(folder, made, len(dense) + len(whole), missing)


def _stamp(sources: list[Source]) -> str:
    told = [MADE_BY, fontTools.version, wanted(), [source.stamp for source in sources]]
    return sha256(json.dumps(told).encode()).hexdigest()


def _make(folder: Path, dense: list[Source], whole: list[Source]) -> None:
    from documents.fonts.cutting import cut_face, may_cut  # fontTools.subset, 13 MB: only where fonts are cut

    work = Path(tempfile.mkdtemp(prefix="cutting-", dir=folder.parent))
    try:
        (work / "files").mkdir()
        pays = [source for source in dense if may_cut(source)]
        for source in [*whole, *(source for source in dense if source not in pays)]:
            (work / "files" / Path(source.path).name).symlink_to(source.path)
        targets = [work / "files" / f"{source.family.replace(' ', '')}-{source.weight}.ttf" for source in pays]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            list(pool.map(cut_face, pays, targets))
        conf = CONF.format(fonts=escape(str(folder / "files")), cache=escape(str(folder / "cache")))
        (work / "fonts.conf").write_text(conf)
        work.chmod(0o755)
        try:
            work.rename(folder)
        except OSError:
            if not (folder / "fonts.conf").exists():  # another process was not simply quicker
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _point_to(root: Path, folder: Path) -> None:
    told = json.dumps({"folder": folder.name, "families": families(), "made_by": MADE_BY}, ensure_ascii=False)
    current = root / CURRENT
    if not current.exists() or current.read_text() != told:
        fresh = root / f"{CURRENT}.{os.getpid()}"
        fresh.write_text(told)
        fresh.replace(current)
    made = sorted((path.parent for path in root.glob("*/fonts.conf")), key=lambda path: path.stat().st_mtime)
    for old in made[:-KEPT]:
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
