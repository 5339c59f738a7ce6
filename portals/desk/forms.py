"""Reads what an officer sent: words on lines, the parts a return opens, ids. Nothing here decides anything."""

from collections.abc import Iterable
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refusal
from workflows.corrections import Parts
from workflows.states import Verb
from workflows.words import LineWord

LARGEST_ID = 2**63 - 1
SPOKEN = {Verb.PASS, Verb.DEDUCT, Verb.RETURN}


def number_in(text: str) -> int | None:
    """A database id; None for anything else (empty, letters, negative, beyond what the database holds)."""
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else None


def numbers_in(texts: Iterable[str]) -> list[int]:
    """The ids among `texts`, each once, in their order."""
    return list(dict.fromkeys(number for text in texts if (number := number_in(text)) is not None))


def page_in(text: str) -> int:
    """A page number from 1; 1 for nonsense."""
    number = number_in(text)
    return number if number and number <= 1_000_000 else 1


def uuid_in(text: str) -> UUID:
    """A line's or file's id; refuses `form_broken` for anything else."""
    try:
        return UUID(text)
    except ValueError as error:
        raise broken() from error


def verb_in(text: str) -> Verb:
    """The decision's verb; refuses `form_broken` for anything else."""
    try:
        return Verb(text)
    except ValueError as error:
        raise broken() from error


def words_in(data: QueryDict) -> dict[UUID, LineWord]:
    """The lines that were singled out: fields ``line-<id>`` (a verb), ``reason-<id>`` and ``note-<id>``.

    An empty verb is the default and says nothing.
    """
    words = {}
    for key, value in data.items():
        if not key.startswith("line-") or not value:
            continue
        verb = verb_in(str(value))
        if verb not in SPOKEN:
            raise broken()
        name = key.removeprefix("line-")
        reason = str(data.get(f"reason-{name}", "")) if verb == Verb.DEDUCT else ""
        words[uuid_in(name)] = LineWord(verb, reason[:40], str(data.get(f"note-{name}", "")).strip()[:300])
    return words


def parts_in(data: QueryDict, lines: Iterable[UUID]) -> Parts:
    """What a return opens: the lines marked for it, fields ``part-evidence`` (many) and ``part-claim``."""
    return Parts(
        lines=list(lines),
        evidence=data.getlist("part-evidence")[:40],
        claim=bool(data.get("part-claim")),
    )


def broken() -> Refusal:
    """A form that no page of ours sends."""
    return Refusal("form_broken", _("提交的内容不完整或已过期，请刷新页面后重新填写。"))
