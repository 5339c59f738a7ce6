"""Where each figure of the reconciliation comes from: each over its own source and never over another's.

Approvals are the live lines of approved claims, batches are payment items, the bank is the rows of its answers, and the
ledger its postings; recoveries are the lines of their cases. All are cut the same way: by fund, kind of claim, township,
claimant or month. A month is the day of the approval, of the sealing, of the sending, of the answer or of the order to
pay back, whatever source the amount is from.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import models
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth
from django.utils.translation import gettext_lazy as _

from core import clock
from funds.models import Entry, Posting
from funds.movements import OF_THE_FUND, Movement, Pot
from payments.answers import ResultRow, RowVerdict, Settlement
from payments.models import Batch, Outcome, PaymentItem, RecoveryCase, RecoveryLine
from payments.recovery.rows import ORDERED, CaseState
from workflows.claims import Claim, ClaimLine
from workflows.states import LineStatus

AMOUNT = F("amount_fen")
FEN = BigIntegerField()
Key = int | str | date | None
Expression = Combinable
BOOKED = Q(verdict=RowVerdict.BOOKED) | Q(settlement__kind=Settlement.Kind.BOOKED)
APPROVED = Q(status=LineStatus.LIVE, claim__approved_at__isnull=False, claim__fund__isnull=False)
IN_BATCH = Q(transfer__isnull=False) & ~Q(outcome=Outcome.WITHDRAWN)
FROM_A_FILE = Q(voucher__source__startswith="result:")


class Cut(models.TextChoices):
    """What the money is summed up by."""

    FUND = "fund", _("资金来源")
    KIND = "kind", _("类别")
    TOWNSHIP = "township", _("乡镇")
    CLAIMANT = "claimant", _("申报人")
    MONTH = "month", _("月份")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the rows it is read from, what each is worth in fen, and its key for each cut."""

    rows: Callable[[], QuerySet[Any]]
    keys: Mapping[str, Expression]
    fen: Expression = AMOUNT

    def sums(self, cut: str, funds: Collection[int] | None = None) -> dict[Key, int]:
        """The figure by key, of these funds or of all; one query."""
        return {plain(key): fen for _code, key, fen in self.summed(cut, funds) if fen}

    def cut_by(self, cut: str, funds: Collection[int] | None = None) -> QuerySet[Any]:
        """The figure's rows with their key as `cut`, of these funds or of all."""
        rows = self.rows().order_by()
        if funds is not None:
            rows = rows.annotate(of_fund=self.keys[Cut.FUND]).filter(of_fund__in=funds)
        return rows.annotate(cut=self.keys[cut])

    def summed(self, cut: str, funds: Collection[int] | None = None, code: str = "") -> QuerySet[Any]:
        """(code, key, sum in fen) by key; may be united with those of another figure."""
        coded = self.cut_by(cut, funds).annotate(code=Value(code, output_field=CharField()))
        return coded.values_list("code", "cut").annotate(sum_fen=Sum(self.fen))


def plain(key: Any) -> Key:
    """Months come as moments: their first day."""
    return key.astimezone(clock.SHANGHAI).date() if hasattr(key, "astimezone") else cast(Key, key)


def _month(moment: str | Subquery) -> Expression:
    return TruncMonth(moment, tzinfo=clock.SHANGHAI)


def _payee(claim: str = "claim") -> Expression:
    """A claim's claimant as the ledger writes him: ``org:12``, ``user:7``."""
    org = Concat(Value("org:"), Cast(f"{claim}__claimant_org_id", CharField()))
    user = Concat(Value("user:"), Cast(f"{claim}__claimant_user_id", CharField()))
    an_org = Q(**{f"{claim}__claimant_org__isnull": False})
    return Case(When(an_org, then=org), default=user, output_field=CharField())


def _live_fund() -> Expression:
    """A line's fund: of the batch that pays it, else the claim's. What is paid stays when its claim moves on."""
    paying = PaymentItem.objects.filter(line=OuterRef("pk"), live=True).values("batch__fund_id")[:1]
    return Coalesce(Subquery(paying), F("claim__fund_id"), output_field=BigIntegerField())


def _of_claim(field: str, **more: Any) -> Subquery:
    return Subquery(Claim.objects.filter(pk=OuterRef("claim_id")).values(field)[:1], **more)


def _line_keys() -> dict[str, Expression]:
    return {
        Cut.FUND: _live_fund(),
        Cut.KIND: F("claim__kind"),
        Cut.TOWNSHIP: F("verify_area_id"),
        Cut.CLAIMANT: _payee(),
        Cut.MONTH: _month("claim__approved_at"),
    }


def _item_keys(moment: str) -> dict[str, Expression]:
    return {
        Cut.FUND: F("batch__fund_id"),
        Cut.KIND: F("claim__kind"),
        Cut.TOWNSHIP: F("line__verify_area_id"),
        Cut.CLAIMANT: _payee(),
        Cut.MONTH: _month(moment),
    }


def _ledger_keys(fund: str, moment: Expression) -> dict[str, Expression]:
    area = ClaimLine.objects.filter(pk=OuterRef("line_id")).values("verify_area_id")[:1]
    return {
        Cut.FUND: F(fund),
        Cut.KIND: _of_claim("kind"),
        Cut.TOWNSHIP: Subquery(area),
        Cut.CLAIMANT: F("payee"),
        Cut.MONTH: moment,
    }


def _when_sealed() -> Expression:
    batch = Batch.objects.filter(number=OuterRef("voucher__batch")).values("released_at")[:1]
    return _month(Subquery(batch, output_field=DateTimeField()))


def _when_answered() -> Expression:
    item = PaymentItem.objects.filter(
        line=OuterRef("line_id"), batch__number=OuterRef("voucher__batch"), transfer__isnull=False
    )
    return _month(Subquery(item.values("answered_at")[:1], output_field=DateTimeField()))


def _when_ordered() -> Expression:
    case = RecoveryCase.objects.filter(number=OuterRef("voucher__case")).values("decided_at")[:1]
    return _month(Subquery(case, output_field=DateTimeField()))


def _recoveries(fen: Expression) -> Figure:
    """Lines of cases in which a recovery was ordered, whatever became of it."""
    keys: dict[str, Expression] = {
        Cut.FUND: F("fund_id"),
        Cut.KIND: F("case__claim__kind"),
        Cut.TOWNSHIP: F("line__verify_area_id"),
        Cut.CLAIMANT: _payee("case__claim"),
        Cut.MONTH: _month("case__decided_at"),
    }
    return Figure(lambda: RecoveryLine.objects.filter(case__state__in=ORDERED), keys, fen)


def _items(which: Q, moment: str) -> Figure:
    return Figure(lambda: PaymentItem.objects.filter(which), _item_keys(moment))


def _posted(which: Q, moment: Expression, back: Movement | None = None) -> Figure:
    """Postings; those of the movement `back` count against the figure."""
    signed = Case(When(voucher__movement=back, then=-AMOUNT), default=AMOUNT, output_field=FEN) if back else AMOUNT
    return Figure(lambda: Posting.objects.filter(which), _ledger_keys("voucher__fund_id", moment), signed)


def _held() -> QuerySet[Entry]:
    """What the ledger has taken from funds for lines, wherever it lies now."""
    return Entry.objects.exclude(pot__in=OF_THE_FUND)


def _bank(outcome: Outcome) -> Figure:
    """What booked rows state, a transfer once: shared out to its items, what they differ by on the first of them."""

    def rows() -> QuerySet[PaymentItem]:
        stated = ResultRow.objects.filter(BOOKED, transfer=OuterRef("transfer"), outcome=outcome).order_by("pk")
        same = PaymentItem.objects.filter(transfer=OuterRef("transfer")).order_by().values("transfer")
        return PaymentItem.objects.filter(Exists(stated)).annotate(
            stated_fen=Subquery(stated.values(n=Coalesce("amount_fen", "transfer__amount_fen"))[:1], output_field=FEN),
            whole_fen=Subquery(same.annotate(n=Sum("amount_fen")).values("n"), output_field=FEN),
            first=Subquery(same.annotate(n=Min("pk")).values("n")),
        )

    rest = Case(When(pk=F("first"), then=F("stated_fen") - F("whole_fen")), default=Value(0), output_field=FEN)
    return Figure(rows, _item_keys("answered_at"), AMOUNT + rest)


def _movement(*movements: Movement) -> Q:
    return Q(voucher__movement__in=movements)


def sums_by(cut: str, funds: Collection[int] | None = None) -> dict[str, dict[Key, int]]:
    """Every figure by key, each over its own source, asked together: one query."""
    known = figures()
    first, *others = (figure.summed(cut, funds, code) for code, figure in known.items())
    sums: dict[str, dict[Key, int]] = {code: {} for code in known}
    for code, key, fen in first.union(*others, all=True):
        if fen:
            sums[code][plain(key)] = int(fen)
    return sums


def figures() -> dict[str, Figure]:
    """Every figure by its code."""
    asked = Case(When(case__state=CaseState.LIFTED, then=F("back_fen")), default=AMOUNT, output_field=FEN)
    settled, returned = _movement(Movement.SETTLED), _movement(Movement.RETURNED)
    recovered = _movement(Movement.RECOVERED, Movement.OFFSET) & Q(voucher__taken_from=Pot.CLAIMED)
    held_month = _month(_of_claim("approved_at", output_field=DateTimeField()))
    return {
        "approved": Figure(lambda: ClaimLine.objects.filter(APPROVED), _line_keys()),
        "approved_ledger": Figure(_held, _ledger_keys("fund_id", held_month)),
        "batched": _items(IN_BATCH, "batch__released_at"),
        "batched_ledger": _posted(
            _movement(Movement.BATCHED, Movement.UNBATCHED), _when_sealed(), back=Movement.UNBATCHED
        ),
        "sent": _items(IN_BATCH & Q(batch__sent_at__isnull=False), "batch__sent_at"),
        "settled": _items(Q(outcome=Outcome.SETTLED), "answered_at"),
        "settled_bank": _bank(Outcome.SETTLED),
        "settled_hand": _posted(settled & ~FROM_A_FILE, _when_answered()),
        "settled_ledger": _posted(settled, _when_answered()),
        "returned": _items(Q(outcome=Outcome.RETURNED), "answered_at"),
        "returned_bank": _bank(Outcome.RETURNED),
        "returned_hand": _posted(returned & ~FROM_A_FILE, _when_answered()),
        "returned_ledger": _posted(returned, _when_answered()),
        "claimed": _recoveries(asked),
        "claimed_ledger": _posted(
            _movement(Movement.RECOVERY_CLAIMED, Movement.RECOVERY_DROPPED),
            _when_ordered(),
            back=Movement.RECOVERY_DROPPED,
        ),
        "recovered": _recoveries(F("back_fen") - F("written_off_fen")),
        "recovered_ledger": _posted(recovered, _when_ordered()),
    }
