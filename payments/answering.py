"""The one door by which a bank's answer changes anything: transfers, their items, the ledger, the batch's state.

Every answer comes through here, from a file or by hand. Settled and returned are final (a contradiction is refused,
the same again changes nothing); unknown stays unknown until it is answered.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal, WrongState
from core.timeline import Signer, record
from payments.booking import book_answers
from payments.locking import note_claims
from payments.models import (
    ANSWERED,
    LIVE,
    SENT_STATES,
    WAITING,
    Batch,
    BatchState,
    Outcome,
    PaymentItem,
    ReturnReason,
    Transfer,
)

LONGEST_REASON = 120
VERBS = {Outcome.SETTLED: "paid", Outcome.RETURNED: "returned", Outcome.UNKNOWN: "bank_unknown"}  # on claims' chains
_NUMBER = re.compile(r"\d{9,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of one transfer. `reason_code` (`ReturnReason`) with returned, and only then."""

    outcome: str
    reason_code: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        """The reason as it stands on the items; numbers a bank wrote into it are left out (PIPL Art. 28)."""
        said = _NUMBER.sub(_("（号码略）"), self.reason.strip())
        if self.reason_code in ReturnReason.values:
            label = str(ReturnReason(self.reason_code).label)
            said = f"{label}：{said}" if said and said != label else label
        return said[:LONGEST_REASON]


def answer_transfers(*, batch: Batch, outcomes: Mapping[int, Answer], by: Signer, source: str) -> list[Transfer]:
    """Write what the bank did with transfers (by id) of a sent batch that the caller has locked; those that changed.

    `source` says where it is written: ``result:12``, ``hand``. What has that answer already is left alone. All or
    nothing. Refuses `batch_not_sent`, `transfer_unknown`, `outcome_unknown`, `reason_missing` (returned without a known
    code) and `marked_otherwise`. The batch is answered with the first answer and closed with the last.
    """
    if batch.state not in SENT_STATES:
        raise WrongState("batch_not_sent", _("批次尚未发送，不能登记银行回执。"))
    changed = _changed(batch, outcomes)
    if not changed:
        return []
    items = list(
        PaymentItem.objects.filter(transfer__in=[transfer.pk for transfer in changed], outcome__in=WAITING)
        .select_related("claim")
        .only("amount_fen", "transfer", "line", "claim__number", "claim__claimant_org", "claim__claimant_user")
        .order_by("claim_id", "id")
    )
    _write(changed, outcomes)
    groups: dict[str, list[PaymentItem]] = defaultdict(list)
    for item in items:
        groups[outcomes[item.transfer_id or 0].outcome].append(item)
    for outcome in ANSWERED:
        if mine := groups.get(outcome):
            note_claims(VERBS[outcome], mine, batch, by)
    told_items = [(item, *_said(outcomes[item.transfer_id or 0])) for item in items]
    book_answers(batch, told_items, by, source)
    _note_batch(batch, changed, outcomes, by, source)
    return changed


def _said(answer: Answer) -> tuple[str, str]:
    return answer.outcome, answer.words


def _changed(batch: Batch, outcomes: Mapping[int, Answer]) -> list[Transfer]:
    """The transfers that are to change; refuses what is unknown, unsound or contradicts a final answer."""
    found = Transfer.objects.filter(batch=batch).order_by("seq")
    transfers = [transfer for transfer in found if transfer.pk in outcomes]
    if len(transfers) != len(outcomes):
        raise Refusal("transfer_unknown", _("有的支付项不在本批次中，请刷新页面后重新选择。"))
    changed = []
    for transfer in transfers:
        answer = outcomes[transfer.pk]
        _require_sound(answer)
        if transfer.outcome == answer.outcome:
            continue
        if transfer.outcome not in WAITING:
            raise WrongState(
                "marked_otherwise",
                _("%(transfer)s 已于%(when)s登记为“%(answer)s”，不能改登，请核对银行回单。") % told(transfer),
            )
        changed.append(transfer)
    return changed


def _require_sound(answer: Answer) -> None:
    if answer.outcome not in ANSWERED:
        raise Refusal("outcome_unknown", _("请选择“已支付”或“退票”。"))
    if (answer.outcome == Outcome.RETURNED) != (answer.reason_code in ReturnReason.values):
        raise Refusal("reason_missing", _("登记退票必须选择退票原因，其他结果不填退票原因。"))


def told(transfer: Transfer) -> dict[str, object]:
    """What a refusal says of a transfer that was answered already."""
    when = transfer.answered_at.astimezone(clock.SHANGHAI) if transfer.answered_at else None
    return {
        "transfer": transfer,
        "when": f"{when:%Y-%m-%d %H:%M}" if when else "",
        "answer": transfer.get_outcome_display(),
    }


def _write(changed: Sequence[Transfer], outcomes: Mapping[int, Answer]) -> None:
    """Both tables, one statement each."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    words = {answer: answer.words for answer in set(outcomes.values())}
    answers = [(transfer.pk, outcomes[transfer.pk]) for transfer in changed]
    _many(
        "UPDATE payments_transfer SET outcome = %s, reason_code = %s, reason = %s, answered_at = %s WHERE id = %s",
        [(a.outcome, a.reason_code, words[a], now, pk) for pk, a in answers],
    )
    _many(
        "UPDATE payments_paymentitem SET outcome = %s, live = %s, reason = %s, answered_at = %s WHERE transfer_id = %s",
        [(a.outcome, a.outcome in LIVE, words[a], now, pk) for pk, a in answers],
    )


def _many(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def _note_batch(
    batch: Batch, changed: Sequence[Transfer], outcomes: Mapping[int, Answer], by: Signer, source: str
) -> None:
    """The batch's own event, and its state: answered while something waits, closed with the last answer."""
    data: dict[str, object] = {"source": source}
    for outcome in ANSWERED:
        mine = [transfer.amount_fen for transfer in changed if outcomes[transfer.pk].outcome == outcome]
        if mine:
            data |= {str(outcome): len(mine), f"{outcome}_fen": sum(mine)}
    reasons = {outcomes[transfer.pk].words for transfer in changed} - {""}
    if len(reasons) == 1:
        data["reason"] = reasons.pop()
    record(batch.chain, "answer_batch", by=by, data=data)
    waits = Transfer.objects.filter(batch=batch, outcome__in=WAITING).exists()
    state = BatchState.ANSWERED if waits else BatchState.CLOSED
    if state != batch.state:
        batch.state = state
        batch.save(update_fields=["state"])
        if state == BatchState.CLOSED:
            record(batch.chain, "close_batch", by=by)
