"""The decision as data, inside its own PDF: `decision.json`, for machines that read papers in thirty years.

docs/schemas/paper.schema.json describes it. It holds what was decided, when, by which organ, on which articles and for
which sums; of persons masked names only, and no number of a person whatever the content holds: strings are taken by
name, not by exclusion. Basis: ISO 19005-3 clause 6.8 (associated files); PIPL Art. 6 (least data).
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from core.names import mask_name
from documents.models import Paper
from documents.papers.content import Content

NAME = "decision.json"
SCHEMA = "urn:yingong:schema:paper:1"
TEXTS = (  # of the content itself; any other text stays on the paper
    "kind", "kind_label", "claim_number", "batch_number", "doc_no", "scheme_label", "scheme_title", "fund_name",
    "allocation_no", "functional_code", "economic_code", "channel", "tier", "sha256", "organ",
)  # fmt: skip
ROW_TEXTS = ("claim_number", "outcome", "kind_label", "stage", "organ", "post", "duty")
ROWS = ("lines", "rows", "opinions", "employers", "signatures")
ARTICLES = ("article", "doc_no")


def decision_of(paper: Paper, content: Content) -> bytes:
    """Canonical JSON (UTF-8, sorted keys) of the decision; the same paper gives the same bytes."""
    public = content.public()
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": str(paper.kind),
        "number": paper.number,
        "code": paper.code,
        "title": content.title,
        "issuer": public["issuer"],
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
        "issued_at": issued_at(paper).isoformat().replace("+00:00", "Z"),
        "amount_fen": content.amount_fen,
        "names": list(public["names"]),
        "facts": [{"label": str(label), "text": str(text)} for label, text in public["facts"]],
        "articles": list(dict.fromkeys(_articles(content))),
        "content": _taken(content, TEXTS),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


def issued_at(paper: Paper) -> datetime:
    """When the paper was issued, in UTC; midnight UTC of its day when only that is known."""
    moment = paper.issued_at or datetime.combine(paper.issued_on, time(), UTC)
    return moment.astimezone(UTC)


def _taken(thing: Any, texts: tuple[str, ...]) -> dict[str, Any]:
    """Numbers, truths and dates of a dataclass, the texts named, masked names, and rows of the same."""
    found: dict[str, Any] = {}
    for name in (field.name for field in fields(thing)):
        value = getattr(thing, name)
        if isinstance(value, date):
            found[name] = value.isoformat()
        elif isinstance(value, (bool, int)):
            found[name] = value
        elif isinstance(value, str) and name in texts and value:
            found[name] = str(value)
        elif name in ROWS and texts is TEXTS:
            found[name] = [_row(row) for row in value]
    return found


def _row(row: Any) -> dict[str, Any]:
    found = _taken(row, ROW_TEXTS)
    names = {field.name for field in fields(row)}
    if "masked_id" in names:  # a worker; firms have no such field
        found["name"] = mask_name(row.name)
    return found


def _articles(thing: Any) -> Iterator[str]:
    """Every article cited anywhere in the content, in its order."""
    if is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            value = getattr(thing, field.name)
            if isinstance(value, str):
                if field.name in ARTICLES and value:
                    yield str(value)
            else:
                yield from _articles(value)
        if not any(field.name == "reasons" for field in fields(thing)):
            yield from _articles(getattr(thing, "reasons", ()))
    elif isinstance(thing, (list, tuple)):
        for item in thing:
            yield from _articles(item)
