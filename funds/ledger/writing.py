"""The one writer of the ledger: a voucher, its postings and the fund's balances, together or not at all.

The fund's row is changed first, by one conditional UPDATE: it locks the fund against every other movement until the
caller's transaction ends, and refuses what the fund has not. Under that lock each line's own pot is asked, so no line
moves twice, and only then the rows are written. Queries: a fixed few, and about seven a thousand shares on SQLite.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal, WrongState
from core.money import yuan
from core.timeline import Signer
from funds.ledger.shares import Share
from funds.models import Entry, FundSource, Posting, Voucher
from funds.movements import OF_THE_FUND, Movement, Pot, Road

COLUMNS = {
    Pot.PAYABLE: "payable_fen",
    Pot.BATCHED: "batched_fen",
    Pot.PAID: "paid_fen",
    Pot.CLAIMED: "claimed_fen",
    Pot.RECOVERED: "recovered_fen",
    Pot.WRITTEN_OFF: "written_off_fen",
}
LINES_A_QUERY = 2000
ROWS_A_QUERY = 1000  # on SQLite Django cuts it down to what the engine takes


def write(
    movement: Movement, road: Road, *, fund_id: int, shares: Sequence[Share], by: Signer, **about: Any
) -> Voucher:
    """Move the shares along the road in this fund; `about` is the voucher's batch, case, source, reason, other fund.

    Refuses `fund_unknown`, `fund_short`, `already_reserved`, `money_elsewhere` (with where the line's money is).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("money moves inside the transaction that says why")
    shares = _ordered(shares)
    total = sum(share.amount_fen for share in shares)
    _move_balances(fund_id, movement, road, total, shares)
    _require_room(fund_id, movement, road, shares)
    return _write_rows(movement, road, fund_id, total, [_of(share) for share in shares], by, about)


def write_budget(
    movement: Movement, road: Road, *, fund_id: int, amount_fen: int, by: Signer, reason: str, source: str = ""
) -> Voucher:
    """Move the fund's own money, which belongs to no line: 指标下达, 追加指标, 调减指标.

    Refuses `fund_unknown`, and `fund_short` when more is to be taken back than is available.
    """
    if amount_fen <= 0:
        raise ValueError("a budget moves by a positive number of fen")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("money moves inside the transaction that says why")
    _move_balances(fund_id, movement, road, amount_fen, ())
    about = {"reason": reason, "source": source}
    return _write_rows(movement, road, fund_id, amount_fen, [{"amount_fen": amount_fen}], by, about)


def fund_of(fund_id: int) -> FundSource:
    """The fund as it stands; refuses `fund_unknown`."""
    fund = FundSource.objects.filter(pk=fund_id).first()
    if fund is None:
        raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
    return fund


def _ordered(shares: Sequence[Share]) -> list[Share]:
    """By claim, so that a claim's postings stand together; each line once, each amount above zero."""
    if not shares:
        raise ValueError("a movement has at least one share")
    if any(share.amount_fen <= 0 or not share.payee for share in shares):
        raise ValueError("a share is a payee's positive number of fen")
    if len({share.line_id for share in shares}) != len(shares):
        raise ValueError("a line has one share in a movement")
    return sorted(shares, key=lambda share: share.claim_id)


def _move_balances(fund_id: int, movement: Movement, road: Road, total: int, shares: Sequence[Share]) -> None:
    changes, room = _changes(road, total)
    if FundSource.objects.filter(room, pk=fund_id).update(**changes):
        return
    fund = fund_of(fund_id)
    if road[1] == Pot.BUDGET:
        raise Refusal(
            "fund_short",
            _("%(fund)s 可用指标%(left)s元，不足调减的%(wanted)s元；已占用的指标不能调减，请核对金额。")
            % {"fund": fund, "left": yuan(fund.left_fen), "wanted": yuan(total)},
        )
    if road[0] == Pot.AVAILABLE:
        raise Refusal(
            "fund_short",
            _("%(fund)s 可用余额%(left)s元，不足%(wanted)s元。请改选其他资金来源，或先追加指标。")
            % {"fund": fund, "left": yuan(fund.left_fen), "wanted": yuan(total)},
        )
    _require_room(fund_id, movement, road, shares)
    raise RuntimeError(f"fund {fund_id}: its lines have what its balance lacks; run the proof of the ledger")


def _changes(road: Road, total: int) -> tuple[dict[str, Any], Q]:
    """What the fund's columns become, and what they must hold for it. `reserved` has no column: it is the rest."""
    taken_from, put_into = road
    changes: dict[str, Any] = {}
    room = Q()
    if taken_from == Pot.BUDGET:
        return {"amount_fen": F("amount_fen") + total}, room
    if put_into == Pot.BUDGET:
        return {"amount_fen": F("amount_fen") - total}, Q(reserved_fen__lte=F("amount_fen") - total)
    if taken_from == Pot.AVAILABLE:
        changes["reserved_fen"] = F("reserved_fen") + total
        room = Q(reserved_fen__lte=F("amount_fen") - total)
    elif taken_from == Pot.RESERVED:
        used = sum((F(column) for column in COLUMNS.values()), start=F("payable_fen") - F("payable_fen"))
        room = Q(reserved_fen__gte=used + total)
    else:
        column = COLUMNS[taken_from]
        changes[column] = F(column) - total
        room = Q(**{f"{column}__gte": total})
    if put_into == Pot.AVAILABLE:
        changes["reserved_fen"] = F("reserved_fen") - total
        room &= Q(reserved_fen__gte=total)
    elif put_into in COLUMNS:
        changes[COLUMNS[put_into]] = F(COLUMNS[put_into]) + total
    return changes or {"reserved_fen": F("reserved_fen")}, room


def _require_room(fund_id: int, movement: Movement, road: Road, shares: Sequence[Share]) -> None:
    """Each line has in the pot it leaves what it moves; a line that is reserved has nothing anywhere."""
    if road[0] == Pot.AVAILABLE:
        if movement == Movement.RESERVED:
            _require_nothing(shares)
        return
    there = standing(shares, fund_id=fund_id, pot=road[0])
    for share in shares:
        if there.get((share.line_id, share.payee), 0) < share.amount_fen:
            raise _elsewhere(share, movement)


def standing(shares: Sequence[Share], **where: Any) -> dict[tuple[UUID, str], int]:
    """What the shares' lines have, by line and payee, in the named fund and pot."""
    found: dict[tuple[UUID, str], int] = {}
    for some in _in_parts(shares, LINES_A_QUERY):
        entries = Entry.objects.filter(line_id__in=[share.line_id for share in some], **where).order_by()
        sums = entries.values_list("line_id", "payee").annotate(fen=Sum("amount_fen"))
        found |= {(line_id, payee): fen for line_id, payee, fen in sums if fen}
    return found


def _require_nothing(shares: Sequence[Share]) -> None:
    taken = {line_id for line_id, _payee in standing(shares, pot__in=set(Pot) - OF_THE_FUND)}
    for share in shares:
        if share.line_id in taken:
            raise WrongState(
                "already_reserved",
                _("%(share)s已占用过指标，不能重复占用，请刷新页面核对。") % {"share": _named(share)},
            )


def _elsewhere(share: Share, movement: Movement) -> WrongState:
    """The sentence for money that is not where the movement takes it from: where it is, if anywhere."""
    entries = Entry.objects.filter(line_id=share.line_id).exclude(pot__in=OF_THE_FUND).order_by()
    sums = entries.values_list("pot").annotate(fen=Sum("amount_fen"))
    where = "、".join(f"“{Pot(pot).label}”{yuan(fen)}元" for pot, fen in sums if fen)
    return WrongState(
        "money_elsewhere",
        _("%(share)s的款项现为%(where)s，不能办理“%(movement)s”%(wanted)s元，请刷新页面核对。")
        % {
            "share": _named(share),
            "where": where or _("“未占用指标”"),
            "movement": movement.label,
            "wanted": yuan(share.amount_fen),
        },
    )


def _named(share: Share) -> str:
    return share.label or _("所选人员")


def _of(share: Share) -> dict[str, Any]:
    return {
        "claim_id": share.claim_id,
        "line_id": share.line_id,
        "payee": share.payee,
        "amount_fen": share.amount_fen,
    }


def _write_rows(
    movement: Movement,
    road: Road,
    fund_id: int,
    total: int,
    rows: Sequence[dict[str, Any]],
    by: Signer,
    about: dict[str, Any],
) -> Voucher:
    voucher = Voucher.objects.create(
        fund_id=fund_id,
        movement=movement,
        taken_from=road[0],
        put_into=road[1],
        count=len(rows),
        total_fen=total,
        by_id=by.user_id,
        post_id=by.post_id,
        by_label=by.label,
        at=clock.now(),
        **about,
    )
    once = f"{movement}:{voucher.batch}" if voucher.batch else ""
    Posting.objects.bulk_create([Posting(voucher=voucher, once=once, **row) for row in rows], batch_size=ROWS_A_QUERY)
    return voucher


def _in_parts(shares: Sequence[Share], size: int) -> Iterator[list[Share]]:
    rest = iter(shares)
    while some := list(islice(rest, size)):
        yield some
