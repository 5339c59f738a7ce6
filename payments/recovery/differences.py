"""What does not balance about recoveries: each case's lines and repayments against the ledger's postings of the case."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.money import yuan
from funds.ledger import Imbalance
from funds.ledger.proving import MOST
from funds.models import Posting, Voucher
from funds.movements import Movement, Pot
from payments.models import RecoveryCase, RecoveryLine, Repayment
from payments.recovery.rows import ORDERED, CaseState

BOOKED_AS = {
    Repayment.Kind.RECEIVED: Movement.RECOVERED,
    Repayment.Kind.OFFSET: Movement.OFFSET,
    Repayment.Kind.WRITTEN_OFF: Movement.WRITTEN_OFF,
}


def recovery_differences() -> Iterator[Imbalance]:
    """Lines and cases that the ledger tells otherwise; two queries, or one more a kind of repayment."""
    yield from _lines()
    yield from _cases()


def _lines() -> Iterator[Imbalance]:
    """Of each line: what is asked back and what of it is settled, against what the case moved of the line."""
    moved = Posting.objects.filter(line_id=OuterRef("line_id"), voucher__case=OuterRef("case__number"))
    of_debt = moved.filter(voucher__taken_from=Pot.CLAIMED)
    asked = Case(When(case__state=CaseState.LIFTED, then=F("back_fen")), default=F("amount_fen"))
    rows = RecoveryLine.objects.filter(case__state__in=ORDERED).annotate(
        asked=asked,
        asked_ledger=_sum(moved.filter(voucher__movement=Movement.RECOVERY_CLAIMED))
        - _sum(moved.filter(voucher__movement=Movement.RECOVERY_DROPPED)),
        back_ledger=_sum(of_debt.exclude(voucher__movement=Movement.RECOVERY_DROPPED)),
        off_ledger=_sum(of_debt.filter(voucher__movement=Movement.WRITTEN_OFF)),
    )
    same = Q(asked=F("asked_ledger"), back_fen=F("back_ledger"), written_off_fen=F("off_ledger"))
    for one in rows.exclude(same).select_related("case__claim", "line").order_by("pk")[:MOST]:
        found, booked = (
            (one.asked, one.asked_ledger) if one.asked != one.asked_ledger else (one.back_fen, one.back_ledger)
        )
        message = _(
            "%(case)s %(line)s：应追回%(asked)s元、已结清%(back)s元，账簿为%(asked_ledger)s元、%(back_ledger)s元。"
        ) % {
            "case": one.case,
            "line": one.line,
            "asked": yuan(one.asked),
            "back": yuan(one.back_fen),
            "asked_ledger": yuan(one.asked_ledger),
            "back_ledger": yuan(one.back_ledger),
        }
        yield Imbalance("recovery_line", f"line:{one.line_id}", found, booked, message)


def _cases() -> Iterator[Imbalance]:
    """Of each case: its receipts, set-offs and write-offs against the vouchers of that kind."""
    cases: Any = RecoveryCase.objects.all()
    wrong = Q()
    for kind, movement in BOOKED_AS.items():
        rows = Repayment.objects.filter(case=OuterRef("pk"), kind=kind).order_by().values("case")
        vouchers = Voucher.objects.filter(case=OuterRef("number"), movement=movement, taken_from=Pot.CLAIMED)
        total = vouchers.order_by().values("case").annotate(n=Sum("total_fen")).values("n")
        cases = cases.annotate(
            **{kind: _or_zero(rows.annotate(n=Sum("amount_fen")).values("n")), f"{kind}_ledger": _or_zero(total)}
        )
        wrong |= ~Q(**{kind: F(f"{kind}_ledger")})
    for case in cases.filter(wrong).order_by("pk")[:MOST]:
        for kind in BOOKED_AS:
            found, booked = getattr(case, kind), getattr(case, f"{kind}_ledger")
            if found != booked:
                message = _("%(case)s 的%(kind)s登记%(found)s元，账簿%(booked)s元。") % {
                    "case": case,
                    "kind": kind.label,
                    "found": yuan(found),
                    "booked": yuan(booked),
                }
                yield Imbalance(f"recovery_{kind}", f"case:{case.pk}", found, booked, message)


def _sum(rows: Any) -> Coalesce:
    return _or_zero(rows.order_by().values("line_id").annotate(n=Sum("amount_fen")).values("n"))


def _or_zero(total: Any) -> Coalesce:
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())
