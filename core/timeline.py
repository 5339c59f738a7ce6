"""The hash-chained timeline: what happened to a subject, by whom, in which post. Written under the subject's lock."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Subquery

from core import clock
from core.inserting import insert_rows
from core.models import DailyHead, Event
from core.privacy import sign

CHAINS_AT_ONCE = 500


class Signer(Protocol):
    """Who acts: `label` is what stands in the record for ever, e.g. 王小明（洛阳村 网格员）."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...


class System:
    """The system itself, for what nobody did: silence, the end of a period."""

    user_id = None
    post_id = None
    label = "系统"


SYSTEM = System()


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signer whose label was asked once for many events."""

    user_id: int | None
    post_id: int | None
    label: str


def record(chain: str, verb: str, *, by: Signer, data: dict[str, Any] | None = None) -> Event:
    """Append an event to `chain`. The caller holds the subject's lock; `data` is references, never numbers."""
    event = _next(Event.objects.filter(chain=chain).order_by("-seq").first(), chain, verb, by, data or {})
    event.save(force_insert=True)
    return event


def record_each(verb: str, entries: Mapping[str, dict[str, Any]], *, by: Signer) -> None:
    """Append one event to each of many chains (chain: its data), all of whose locks the caller holds; few queries."""
    chains, signer = list(entries), _Signed(by.user_id, by.post_id, by.label)
    for start in range(0, len(chains), CHAINS_AT_ONCE):
        some = chains[start : start + CHAINS_AT_ONCE]
        newest = Event.objects.filter(chain=OuterRef("chain")).values("chain").annotate(n=Max("seq")).values("n")
        last = {e.chain: e for e in Event.objects.filter(chain__in=some, seq=Subquery(newest))}
        events = [_next(last.get(chain), chain, verb, signer, entries[chain]) for chain in some]
        insert_rows(events)


def _next(last: Event | None, chain: str, verb: str, by: Signer, data: dict[str, Any]) -> Event:
    """The event that follows the last one of its chain; not saved."""
    event = Event(
        chain=chain,
        seq=last.seq + 1 if last else 1,
        at=clock.now(),
        verb=verb,
        by_id=by.user_id,
        post_id=by.post_id,
        by_label=by.label,
        data=data,
        prev_hash=last.hash if last else "",
    )
    event.hash = fingerprint(event)
    return event


def fingerprint(event: Event) -> str:
    """SHA-256 over the event's content and the hash before it."""
    content = [
        event.chain,
        event.seq,
        event.at.isoformat(timespec="microseconds"),
        event.verb,
        event.by_id,
        event.post_id,
        event.by_label,
        event.data,
        event.prev_hash,
    ]
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def breaks() -> Iterator[tuple[str, int, str]]:
    """Each place where a chain does not hold: (chain, seq, what is wrong). Nothing comes from a sound trail."""
    chain, seq, before = "", 0, ""
    for event in Event.objects.order_by("chain", "seq").iterator(chunk_size=2000):
        if event.chain != chain:
            chain, seq, before = event.chain, 0, ""
        if event.seq != seq + 1:
            yield chain, event.seq, "missing event before this one"
        if event.prev_hash != before:
            yield chain, event.seq, "does not follow the event before"
        if event.hash != fingerprint(event):
            yield chain, event.seq, "content does not match its hash"
        seq, before = event.seq, event.hash
    for head in DailyHead.objects.order_by("day"):
        count, digest = _digest_until(head.last_event_id)
        if count != head.events or digest != head.digest or sign(_head_bytes(head)) != head.signature:
            yield f"head:{head.day}", 0, "the signed daily head does not match"


def sign_day() -> DailyHead | None:
    """Sign the end of all chains for today, once; None when the day is signed already, or by another at this moment."""
    day = clock.today()
    if DailyHead.objects.filter(day=day).exists():
        return None
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    count, digest = _digest_until(last)
    head = DailyHead(day=day, events=count, last_event_id=last, digest=digest)
    head.signature = sign(_head_bytes(head))
    try:
        with transaction.atomic():
            head.save(force_insert=True)
    except IntegrityError:
        return None
    return head


def _digest_until(last_id: int) -> tuple[int, str]:
    total, count = sha256(), 0
    hashes = Event.objects.filter(id__lte=last_id).order_by("id").values_list("hash", flat=True)
    for value in hashes.iterator(chunk_size=5000):
        total.update(value.encode())
        count += 1
    return count, total.hexdigest()


def _head_bytes(head: DailyHead) -> bytes:
    return f"{head.day}|{head.events}|{head.last_event_id}|{head.digest}".encode()
