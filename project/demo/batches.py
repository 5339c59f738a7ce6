"""Batches of November in every state: taken back after sealing, sent, half answered, sealed, checked, opened."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from core.jobs import run_waiting
from funds.models import FundSource
from payments.batches import (
    cancel_batch,
    check_batch,
    draft_batch,
    mark_items,
    open_batch,
    release_batch,
    send_batch,
)
from payments.models import Batch
from payments.queries import payable_lines
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import steps
from workflows.states import ClaimState, Kind


def pool_batches(cast: Cast, fund: FundSource) -> Iterator[date]:
    """The transfer platform's money in parts: one batch taken back, one sent, one sealed, one checked, one empty."""
    yield date(2025, 11, 12)
    lines = list(payable_lines(fund_id=fund.pk, channel="public").values_list("pk", flat=True)[:12])
    wrong = _sealed(cast, fund, lines[:4], "平台调剂奖补第一批")
    cancel_batch(batch_id=wrong.pk, by=cast["approver"], reason="平台来函称开户银行更名，撤销后重新编制。")
    yield date(2025, 11, 13)
    batch = _sealed(cast, fund, lines[:4], "平台调剂奖补第一批（重编）")
    yield date(2025, 11, 14)
    _sent(cast, batch)
    yield date(2025, 11, 21)
    _sealed(cast, fund, lines[4:8], "平台调剂奖补第二批")
    yield date(2025, 11, 24)
    _checked(cast, fund, lines[8:11], "平台调剂奖补第三批")
    open_batch(fund_id=fund.pk, channel="public", by=cast["bureau"], note="12月平台调剂奖补")


def half_answered(cast: Cast, fund: FundSource) -> Iterator[date]:
    """Two people's claims in one batch: the bank has paid one and said nothing of the other yet."""
    claims = []
    for turn, name in enumerate(("person2", "person3")):
        yield date(2025, 10, 29)
        claim = filed(cast, Kind.INDIVIDUAL, 2, seed=1300 + 10 * turn, by=cast[name], hired=date(2025, 6, 3))
        yield from steps(cast, claim, ClaimState.PAYABLE, fund=fund, on=date(2025, 10, 30))
        claims.append(claim.pk)
    yield date(2025, 11, 20)
    batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"], note="11月个人引进奖补第二批")
    draft_batch(batch_id=batch.pk, claim_ids=claims, by=cast["maker"])
    check_batch(batch_id=batch.pk, by=cast["checker"], opinion="收款信息与审批表一致。")
    release_batch(batch_id=batch.pk, by=cast["approver"], opinion="同意拨付。")
    yield date(2025, 11, 21)
    _sent(cast, batch)
    yield date(2025, 11, 24)
    mark_items(batch_id=batch.pk, claim_ids=claims[:1], outcome="settled", by=cast["maker"])


def _checked(cast: Cast, fund: FundSource, lines: Sequence[UUID], note: str) -> Batch:
    batch = open_batch(fund_id=fund.pk, channel="public", by=cast["bureau"], note=note)
    draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
    return check_batch(batch_id=batch.pk, by=cast["checker"], opinion="收款信息与审批表一致。")


def _sealed(cast: Cast, fund: FundSource, lines: Sequence[UUID], note: str) -> Batch:
    batch = _checked(cast, fund, lines, note)
    return release_batch(batch_id=batch.pk, by=cast["approver"], opinion="同意拨付。")


def _sent(cast: Cast, batch: Batch) -> None:
    run_waiting()
    send_batch(batch_id=batch.pk, by=cast["maker"], format_code=Batch.objects.get(pk=batch.pk).format_code)
