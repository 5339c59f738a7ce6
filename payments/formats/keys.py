"""Reading a format file key by key: every fault is noted with its key, and an unknown key is a fault."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Keys:
    """One table of a format file. What was not asked for by the time of `done` is unknown.

    `note(key, sentence)` collects the faults; every reader answers its default after a fault, so that one reading
    finds all of them.
    """

    def __init__(self, content: object, path: str, note: Callable[[str, str], None]) -> None:
        self.path, self._note = path, note
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        self.asked: set[str] = set()
        if not isinstance(content, dict):
            note(path, "应为一个表（table）。")

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def note(self, key: str, sentence: str) -> None:
        self._note(self.at(key), sentence)

    def has(self, key: str) -> bool:
        return key in self.content

    def raw(self, key: str, kind: type | tuple[type, ...], told: str, default: Any) -> Any:
        """The value of a key when it is of that type. A default of None means that the key must be there."""
        self.asked.add(key)
        if key not in self.content:
            if default is None:
                self.note(key, f"缺少此项，应为{told}。")
            return default
        value = self.content[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.note(key, f"应为{told}。")
            return default
        return value

    def text(self, key: str, default: str | None = None, *, most: int = 300) -> str:
        value = str(self.raw(key, str, "文字", default) or "")
        if len(value) > most or not _printable(value):
            self.note(key, f"不得超过{most}个字，也不得含有换行和控制字符。")
        return value

    def template(self, key: str, names: Collection[str], default: str | None = None) -> str:
        """A text whose {values} are all known."""
        value = self.text(key, default)
        check_template(value, names, lambda sentence: self.note(key, sentence))
        return value

    def templates(self, key: str, names: Collection[str]) -> tuple[str, ...]:
        """A list of texts whose {values} are known; an empty one is an empty line."""
        lines = self.texts(key, empty=True)
        for line in lines:
            check_template(line, names, lambda sentence: self.note(key, sentence))
        return lines

    def integer(self, key: str, default: int | None = None, *, least: int = 0, most: int = 10**15) -> int:
        value = self.raw(key, int, "整数", default)
        if value is None or value == default:
            return value or 0
        if not least <= value <= most:
            self.note(key, f"应在{least}和{most}之间。")
        return int(value)

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self.raw(key, bool, "true或false", default))

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.raw(key, str, "、".join(choices) + "之一", default)
        if value is not None and value != default and value not in choices:
            self.note(key, f"应为{'、'.join(choices)}之一。")
            return default or next(iter(choices))
        return str(value or next(iter(choices)))

    def texts(self, key: str, *, needed: bool = False, empty: bool = False) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.raw(key, (str, list), "文字或文字列表", None if needed else [])
        items = [value] if isinstance(value, str) else (value or [])
        if any(not isinstance(item, str) or not (item or empty) or not _printable(item) for item in items):
            self.note(key, "列表中只能是文字，不得为空，也不得含有换行和控制字符。")
        elif needed and self.has(key) and not items:
            self.note(key, "列表不得为空。")
        return tuple(item for item in items if isinstance(item, str) and (item or empty))

    def table(self, key: str) -> "Keys":
        return Keys(self.raw(key, dict, "一个表（table）", {}), self.at(key), self._note)

    def tables(self, key: str, *, needed: bool = False) -> Iterator["Keys"]:
        for place, item in enumerate(self.raw(key, list, "表的列表", None if needed else []) or [], 1):
            yield Keys(item, f"{self.at(key)}[{place}]", self._note)

    def done(self) -> None:
        for key in sorted(set(self.content) - self.asked):
            self.note(key, "没有这一项，请核对拼写。")


def _printable(text: str) -> bool:
    return text.replace("\u3000", " ").isprintable()


def check_template(text: str, names: Collection[str], note: Callable[[str], None]) -> None:
    """Note braces that hold no known value, and braces that do not pair."""
    for name in _PLACEHOLDER.findall(text):
        if name not in names:
            note(f"花括号中的“{name}”不是可用的取值。")
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        note("花括号不成对。")


def filled(template: str, value_of: Callable[[str], str]) -> str:
    """A checked template with each {value} in its place."""
    return _PLACEHOLDER.sub(lambda found: value_of(found[1]), template)
