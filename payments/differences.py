"""What does not balance, line by line and transfer by transfer: the fine end of the reconciliation.

The sums of `payments.figures` can agree by chance, two faults of one fen against each other; these cannot. Each question
is one query over the tables of the other side, and a hundred answers of each are enough to act on.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.money import yuan
from funds.ledger import Imbalance, prove
from funds.ledger.proving import MOST
from funds.models import Entry, Posting
from funds.movements import OF_THE_FUND, Movement
from payments.answers import ResultRow
from payments.figures import APPROVED, BOOKED, FROM_A_FILE, IN_BATCH
from payments.models import Batch, Outcome, PaymentItem, Transfer
from payments.recovery.differences import recovery_differences
from workflows.claims import ClaimLine

FINAL = (Outcome.SETTLED, Outcome.RETURNED)
PAIRS = {
    "approved": "approved_ledger",
    "batched": "batched_ledger",
    "settled": "settled_ledger",
    "returned": "returned_ledger",
}


def find() -> list[Imbalance]:
    """All that does not balance, with the ledger's own proof; empty when everything does. About a dozen queries."""
    found = [*prove(), *_lines(), *_strays(), *_items(), *_transfers(), *_answers(), *_batches()]
    return [*found, *recovery_differences()]


def lines_compared() -> QuerySet[ClaimLine]:
    """Lines of approved claims with what each side has of them in fen: see PAIRS."""
    held = Entry.objects.filter(line_id=OuterRef("pk")).exclude(pot__in=OF_THE_FUND)
    worth = Case(When(APPROVED, then=F("amount_fen")), default=Value(0), output_field=BigIntegerField())
    sides: dict[str, Any] = {
        "approved": worth,
        "approved_ledger": _sum(held, "line_id"),
        "batched": _sum(PaymentItem.objects.filter(IN_BATCH, line=OuterRef("pk")), "line_id"),
        "batched_ledger": _posted(Movement.BATCHED) - _posted(Movement.UNBATCHED),
    }
    for outcome, movement in ((Outcome.SETTLED, Movement.SETTLED), (Outcome.RETURNED, Movement.RETURNED)):
        sides[str(outcome)] = _sum(PaymentItem.objects.filter(line=OuterRef("pk"), outcome=outcome), "line_id")
        sides[f"{outcome}_ledger"] = _posted(movement)
    sides = {f"{name}_fen": side for name, side in sides.items()}
    return ClaimLine.objects.filter(claim__approved_at__isnull=False).annotate(**sides)


def unbalanced() -> Q:
    """The condition, on `lines_compared`, that two sides of a line differ."""
    wrong = Q()
    for own, ledger in PAIRS.items():
        wrong |= ~Q(**{f"{own}_fen": F(f"{ledger}_fen")})
    return wrong


def _posted(movement: Movement) -> Any:
    return _sum(Posting.objects.filter(line_id=OuterRef("pk"), voucher__movement=movement), "line_id")


def _sum(rows: QuerySet[Any], by: str) -> Any:
    total = rows.order_by().values(by).annotate(n=Sum("amount_fen")).values("n")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())


def _lines() -> Iterator[Imbalance]:
    words = {"approved": _("批准"), "batched": _("列入批次"), "settled": _("支付成功"), "returned": _("退票")}
    for line in lines_compared().filter(unbalanced()).select_related("claim").order_by("claim_id", "seq")[:MOST]:
        for own, ledger in PAIRS.items():
            found, booked = getattr(line, f"{own}_fen"), getattr(line, f"{ledger}_fen")
            if found != booked:
                message = _("%(claim)s %(line)s：%(what)s%(found)s元，账簿%(booked)s元。") % {
                    "claim": line.claim,
                    "line": line,
                    "what": words[own],
                    "found": yuan(found),
                    "booked": yuan(booked),
                }
                yield Imbalance(f"line_{own}", f"line:{line.pk}", found, booked, message)


def _strays() -> Iterator[Imbalance]:
    """Postings of a line that there is not, or that was never approved."""
    known = ClaimLine.objects.filter(pk=OuterRef("line_id"), claim__approved_at__isnull=False)
    rows = Posting.objects.filter(~Exists(known), line_id__isnull=False).order_by("pk")
    for posting in rows[:MOST]:
        message = _("第%(pk)d号分录%(fen)s元没有对应的已批准人员。") % {
            "pk": posting.pk,
            "fen": yuan(posting.amount_fen),
        }
        yield Imbalance("posting_stray", f"posting:{posting.pk}", 0, posting.amount_fen, message)


def _items() -> Iterator[Imbalance]:
    """Items that are not what their line is worth."""
    wrong = PaymentItem.objects.filter(live=True).exclude(amount_fen=F("line__amount_fen"))
    for item in wrong.select_related("batch", "claim", "line").order_by("pk")[:MOST]:
        message = _("%(batch)s 中 %(claim)s %(line)s：支付项%(found)s元，批准%(worth)s元。") % {
            "batch": item.batch,
            "claim": item.claim,
            "line": item.line,
            "found": yuan(item.amount_fen),
            "worth": yuan(item.line.amount_fen),
        }
        yield Imbalance("item_amount", f"line:{item.line_id}", item.line.amount_fen, item.amount_fen, message)


def _transfers() -> Iterator[Imbalance]:
    """Transfers that are not the sum of their items, or whose items have another answer."""
    mine = PaymentItem.objects.filter(transfer=OuterRef("pk"))
    other = mine.exclude(outcome=OuterRef("outcome"))
    heads = mine.order_by().values("transfer").annotate(n=Count("pk")).values("n")
    rows = Transfer.objects.annotate(
        items_fen=_sum(mine, "transfer"), heads=Coalesce(Subquery(heads), 0), other=Exists(other)
    )
    for transfer in rows.exclude(items_fen=F("amount_fen"), heads=F("count"), other=False).order_by("pk")[:MOST]:
        if transfer.other and transfer.items_fen == transfer.amount_fen:
            message = _("%(transfer)s 与其支付项的支付结果不一致。") % {"transfer": transfer}
        else:
            message = _("%(transfer)s 封存%(sealed)s元%(count)d人，支付项合计%(fen)s元%(heads)d人。") % {
                "transfer": transfer,
                "sealed": yuan(transfer.amount_fen),
                "count": transfer.count,
                "fen": yuan(transfer.items_fen),
                "heads": transfer.heads,
            }
        yield Imbalance("transfer", f"transfer:{transfer.pk}", transfer.amount_fen, transfer.items_fen, message)


def _answers() -> Iterator[Imbalance]:
    """Answers that a booked row of the bank does not bear out: another amount, another outcome, or no row at all.

    What was marked by hand has no row; the ledger says so with its source.
    """
    booked = ResultRow.objects.filter(BOOKED, transfer=OuterRef("pk"), outcome__in=FINAL).order_by("pk")
    line = PaymentItem.objects.filter(transfer=OuterRef("pk")).values("line_id")[:1]
    movements = (Movement.SETTLED, Movement.RETURNED)
    by_hand = Posting.objects.filter(
        ~FROM_A_FILE,
        line_id=OuterRef("a_line"),
        voucher__batch=OuterRef("batch__number"),
        voucher__movement__in=movements,
    )
    rows = Transfer.objects.annotate(
        said=Subquery(booked.values("outcome")[:1]),
        said_fen=Subquery(booked.values(n=Coalesce("amount_fen", "transfer__amount_fen"))[:1]),
        a_line=Subquery(line),
    )
    differs = Q(said__isnull=False) & (~Q(said=F("outcome")) | ~Q(said_fen=F("amount_fen")))
    unproved = Q(said__isnull=True, outcome__in=FINAL) & ~Exists(by_hand)
    for transfer in rows.filter(differs | unproved).order_by("pk")[:MOST]:
        stated = transfer.said_fen or 0
        if transfer.said is None:
            words = _("%(transfer)s 登记为“%(outcome)s”，没有银行回单，也没有手工登记。")
        else:
            words = _("%(transfer)s 封存%(sealed)s元、登记为“%(outcome)s”，银行回单为%(stated)s元、“%(said)s”。")
        message = words % {
            "transfer": transfer,
            "outcome": transfer.get_outcome_display(),
            "sealed": yuan(transfer.amount_fen),
            "stated": yuan(stated),
            "said": Outcome(transfer.said).label if transfer.said else "",
        }
        yield Imbalance("bank", f"transfer:{transfer.pk}", transfer.amount_fen, stated, message)


def _batches() -> Iterator[Imbalance]:
    """Sealed batches whose control totals are not their transfers'."""
    mine = Transfer.objects.filter(batch=OuterRef("pk"))
    heads = mine.order_by().values("batch").annotate(n=Sum("count")).values("n")
    rows = Batch.objects.exclude(sha256="").annotate(fen=_sum(mine, "batch"), heads=Coalesce(Subquery(heads), 0))
    for batch in rows.exclude(fen=F("total_fen"), heads=F("count")).order_by("pk")[:MOST]:
        message = _("%(batch)s 封存%(sealed)s元%(count)s人，付款明细合计%(fen)s元%(heads)s人。") % {
            "batch": batch,
            "sealed": yuan(batch.total_fen or 0),
            "count": batch.count,
            "fen": yuan(batch.fen),
            "heads": batch.heads,
        }
        yield Imbalance("batch", f"batch:{batch.pk}", batch.total_fen or 0, batch.fen, message)
