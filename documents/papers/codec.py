"""Content of papers to JSON and back: frozen dataclasses of text, whole numbers, truths, dates and sequences of such."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Made = TypeVar("Made")


def freeze(content: Any) -> str:
    """One canonical JSON text; the same content always gives the same text. TypeError on what papers may not hold."""
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(kind: type[Made], text: str) -> Made:
    """The dataclass `kind` from the text of `freeze`; sequences come back as tuples."""
    return _made(kind, json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)  # lazy translations and enums become plain text
    raise TypeError(f"papers do not hold {type(value).__name__}")


def _made(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (UnionType, Union):
        return None if value is None else _made(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin in (Sequence, list, tuple):
        return tuple(_made(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        known = {field.name for field in fields(hint)}
        return hint(**{name: _made(hints[name], item) for name, item in value.items() if name in known})
    return date.fromisoformat(value) if hint is date else value
