"""The format files of this installation: those shipped, and those in the folders that YINGONG_FORMATS names.

Read once a process. A file with a fault gives no format and one problem a fault; the others go on.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refusal
from payments.formats.layout import Format
from payments.formats.parsing import format_of

SHIPPED = Path(__file__).parent
LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a format file: the file's name, the key (empty: the file as a whole) and a sentence."""

    file: str
    key: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}{f' [{self.key}]' if self.key else ''}: {self.sentence}"


def load_formats() -> Mapping[str, Format]:
    """The sound formats by code, shipped ones first."""
    return _loaded(_folders())[0]


def format_problems() -> tuple[Problem, ...]:
    """Every fault of every format file; the system check yingong.E007 reports each."""
    return _loaded(_folders())[1]


def format_named(code: str) -> Format:
    """The format with this code; refuses `format_unknown`."""
    found = load_formats().get(code)
    if found is None:
        raise Refusal(
            "format_unknown", _("没有这种支付文件格式，或其格式文件有误。请重新选择，或请系统管理员检查格式文件。")
        )
    return found


def read_format(data: bytes, name: str) -> tuple[Format | None, list[Problem]]:
    """The format in the bytes of a file, or None and what is wrong with it."""
    problems: list[Problem] = []
    if len(data) > LARGEST:
        return None, [Problem(name, "", "文件过大，格式文件不超过256KB。")]
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None, [Problem(name, "", "不是UTF-8编码，请用UTF-8另存。")]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [Problem(name, "", f"不是正确的TOML文件：{error}")]
    made = format_of(content, name, lambda key, sentence: problems.append(Problem(name, key, sentence)))
    return (None if problems else made), problems


def _folders() -> tuple[Path, ...]:
    return (SHIPPED, *(Path(folder) for folder in settings.FORMATS_DIRS))


@lru_cache(maxsize=8)
def _loaded(folders: tuple[Path, ...]) -> tuple[Mapping[str, Format], tuple[Problem, ...]]:
    formats: dict[str, Format] = {}
    problems: list[Problem] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(Problem(folder.name, "", "YINGONG_FORMATS中的这个文件夹不存在或不能读取。"))
            continue
        for path in sorted(folder.glob("*.toml")):
            try:
                data = path.read_bytes()
            except OSError:
                problems.append(Problem(path.name, "", "文件不能读取，请检查权限。"))
                continue
            made, faults = read_format(data, path.name)
            problems += faults
            if made and made.code in formats:
                problems.append(Problem(path.name, "code", f"代码“{made.code}”已由{formats[made.code].source}使用。"))
            elif made:
                formats[made.code] = made
    return MappingProxyType(formats), tuple(problems)
