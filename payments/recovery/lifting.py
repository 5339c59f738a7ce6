"""Lifting a recovery (撤销追回): the decision was wrong, or a review reversed it. What is not back yet is rightly paid.

行政处罚法 aside: an organ takes a wrong decision of its own back, by another person than who made it, and says why.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from documents.papers import withdraw
from funds.ledger import drop_claim
from payments.locking import plain_words
from payments.models import RecoveryCase
from payments.recovery import access
from payments.recovery.access import CaseVerb
from payments.recovery.booking import case_locked, note, recount_titles, shares, titles_of
from payments.recovery.rows import CaseState


def lift_case(*, case_id: int, reason: str, by: Actor) -> RecoveryCase:
    """Lift the order: what is still owed counts as rightly paid again, and the 追回通知书 is out of force.

    What came back, was set off or written off stays so; to give it back takes a payment of its own. Titles that counted
    the people are counted again (C16). Refuses
    `recovery_unknown`, `reason_missing`, `recovery_lifted` for the second, and whoever may not (`payments.recovery.access`).
    """
    words = plain_words(reason, code="reason_missing", needed=_("请写明撤销追回的理由和依据。"))
    with transaction.atomic():
        case, _claims = case_locked(case_id, titles_of(case_id))
        access.require(by, case, CaseVerb.LIFT)
        dropped = case.owed_fen
        left = [
            (line, line.amount_fen - line.back_fen) for line in case.lines.select_related("line").order_by("line__seq")
        ]
        for fund_id, part in shares(case, [(line, fen) for line, fen in left if fen]).items():
            drop_claim(fund_id=fund_id, shares=part, case=case.number, by=by, reason=words)
        if case.paper:
            withdraw(case.paper, reason=words, by_label=by.label)
        case.state, case.lifted_why = CaseState.LIFTED, words
        case.lifted_by, case.lifted_post, case.lifted_at = by.user, by.post, clock.now()
        case.save()
        note(case, "lift_recovery", by, amount_fen=dropped, opinion=words)
        recount_titles(case, by)
    return case
