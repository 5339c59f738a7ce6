"""Locks, events and the ledger of a recovery: the case's row first, then claims in order of id, like batches.

What comes back is spread over the case's lines in their order, so that the ledger knows each line's part.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import Refusal
from core.timeline import Signer, record
from funds.ledger import Share
from payments.locking import claims_locked
from payments.models import RecoveryCase, RecoveryLine
from workflows.claims import Claim
from workflows.clashes import recount_tiers, titles_counting
from workflows.payees import payee_of

RELATED = ("opened_by", "decided_by", "paper")


def case_locked(case_id: int, others: Collection[int] = ()) -> tuple[RecoveryCase, dict[int, Claim]]:
    """The case under its lock and fresh, and its claim (with the claims `others`) under theirs.

    Refuses `recovery_unknown`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a case is locked inside the transaction that changes it")
    case = RecoveryCase.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(pk=case_id).first()
    if case is None:
        raise Refusal("recovery_unknown", _("找不到该追回案件，请刷新页面。"))
    claims = claims_locked({case.claim_id, *others})
    case.claim = claims[case.claim_id]
    return case, claims


def titles_of(case_id: int) -> list[int]:
    """The ambassadors' claims whose count rests on the case's lines; to be locked with the case."""
    return titles_counting(_lines_of(case_id))


def recount_titles(case: RecoveryCase, by: Actor) -> None:
    """Count those titles again: what is asked back because it should not have been given counts no longer (C16)."""
    recount_tiers(_lines_of(case.pk), by)


def _lines_of(case_id: int) -> list[UUID]:
    return list(RecoveryLine.objects.filter(case=case_id).order_by("line__seq").values_list("line_id", flat=True))


def note(case: RecoveryCase, verb: str, by: Signer, **data: Any) -> None:
    """One event on the case's chain and one on its claim's, both under their locks; never a number of a person."""
    record(case.chain, verb, by=by, data=data)
    record(case.claim.chain, verb, by=by, data={"case": case.number} | data)


def shares(case: RecoveryCase, amounts: Iterable[tuple[RecoveryLine, int]]) -> dict[int, list[Share]]:
    """The parts of lines as the ledger takes them, by the fund that paid them."""
    payee = payee_of(case.claim)
    found: dict[int, list[Share]] = defaultdict(list)
    for line, amount in amounts:
        label = f"{case.claim} {line.line}"
        share = Share(claim_id=case.claim_id, line_id=line.line_id, payee=payee, amount_fen=amount, label=label)
        found[line.fund_id].append(share)
    return dict(sorted(found.items()))


def take_from_lines(
    case: RecoveryCase, amount_fen: int, *, written_off: bool = False
) -> list[tuple[RecoveryLine, int]]:
    """Spread an amount over what the lines still owe, in their order, and write it on them."""
    parts, left = [], amount_fen
    for line in case.lines.select_related("line").order_by("line__seq", "pk"):
        part = min(left, line.amount_fen - line.back_fen)
        if part:
            line.back_fen += part
            line.written_off_fen += part if written_off else 0
            line.save(update_fields=["back_fen", "written_off_fen"])
            parts.append((line, part))
            left -= part
    if left:
        raise RuntimeError(f"{case}: its lines owe less than the case; run the proof of the ledger")
    return parts
