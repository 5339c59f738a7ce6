"""待拨付 by fund and channel: where money waits, and which of them a page or an export shows."""

from dataclasses import dataclass

from django.db.models import Case, Count, Sum, Value, When

from funds.models import FundSource
from payments import queries
from payments.models import Batch


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be paid from one fund by one channel (对公 or 对私): claims, heads and fen."""

    fund: FundSource
    channel: str
    claims: int = 0
    heads: int = 0
    fen: int = 0

    @property
    def channel_label(self) -> str:
        """对公 or 对私."""
        return str(Batch.Channel(self.channel).label)


def all_waiting() -> list[Waiting]:
    """Every fund and channel with money waiting, in order of funds, 对公 first; two queries."""
    channel = Case(When(claim__account__organisation__isnull=False, then=Value("public")), default=Value("private"))
    found = queries.payable_lines().order_by().annotate(channel=channel).values_list("claim__fund", "channel")
    sums = found.annotate(Count("claim", distinct=True), Count("pk"), Sum("amount_fen"))
    by_place = {(fund, way): counted for fund, way, *counted in sums}
    return [
        Waiting(fund, way, *by_place[fund.pk, way])
        for fund in queries.funds()
        for way in Batch.Channel.values
        if (fund.pk, way) in by_place
    ]


def chosen(places: list[Waiting], *, fund_id: int, channel: str) -> Waiting | None:
    """The place asked for, empty or not; with only one of both named, or none, the first that fits and has money.

    None when no fund is registered.
    """
    way = channel if channel in Batch.Channel.values else ""
    fund = queries.funds().filter(pk=fund_id).first()
    for place in places:
        if fund in (None, place.fund) and way in ("", place.channel):
            return place
    fund = fund or queries.funds().first()
    return Waiting(fund, way or Batch.Channel.PUBLIC) if fund else None
