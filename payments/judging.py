"""What a bank's answer means for each transfer of a batch. Pure: no database, no clock.

Controls C17 and C19 of the brief: a row is booked only when it names one transfer of the batch, with the sealed
amount, once in the file, and does not contradict what is booked. Any other row is set aside alone; the others go on.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.money import yuan
from payments.answers import ParkedFor, RowVerdict
from payments.formats import Answer, AnswerRow

OPEN = frozenset({"pending", "unknown"})
LABELS = {"settled": "支付成功", "returned": "退票", "unknown": "结果不明"}
_NUMBER = re.compile(r"\d{9,}")
_LONGEST_REASON, _LONGEST_REFERENCE, _LONGEST_PLACE, _LONGEST_WORDS = 120, 64, 60, 200


@dataclass(frozen=True, slots=True)
class Expected:
    """A transfer as it stands: what was sealed, and what is booked by now. `said_on` says when, for a sentence."""

    transfer_id: int
    reference: str
    amount_fen: int
    outcome: str  # pending, settled, returned, unknown
    said_on: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of the answer with its verdict. `words` says why it was set aside and what to do."""

    row: AnswerRow
    transfer_id: int | None
    verdict: RowVerdict
    parked_for: str = ""
    words: str = ""


def judge(answer: Answer, expected: Mapping[str, Expected], elsewhere: Mapping[str, str]) -> list[Judged]:
    """Judge every row, in order. `expected` is by reference; `elsewhere` names the batch of references of others.

    When one reference stands in several rows that say the same, the first is judged and the rest are set aside; when
    they differ, all are, because nobody can say which is true.
    """
    by_reference: dict[str, set[tuple[int | None, str]]] = {}
    for row in answer.rows:
        by_reference.setdefault(row.reference, set()).add((row.amount_fen, row.outcome))
    times = Counter(row.reference for row in answer.rows)
    met: set[str] = set()
    judged = []
    for row in answer.rows:
        transfer = expected.get(row.reference)
        again = times[row.reference] > 1 and (row.reference in met or len(by_reference[row.reference]) > 1)
        met.add(row.reference)
        judged.append(_judge_one(row, transfer, again=again, elsewhere=elsewhere.get(row.reference, "")))
    return judged


def _judge_one(row: AnswerRow, transfer: Expected | None, *, again: bool, elsewhere: str) -> Judged:
    if row.fault:
        return _parked(row, transfer, ParkedFor.UNREADABLE, row.fault)
    if transfer is None:
        return _parked(row, None, ParkedFor.NOT_FOUND, _not_found(elsewhere))
    if again:
        return _parked(
            row,
            transfer,
            ParkedFor.TWICE,
            _("这一笔在文件中出现不止一次，请向银行核实是否重复支付。"),
        )
    if row.amount_fen is not None and row.amount_fen != transfer.amount_fen:
        return _parked(
            row,
            transfer,
            ParkedFor.AMOUNT,
            _("银行回单金额%(theirs)s元，封存金额%(ours)s元，请向银行核实后重新取得回单。")
            % {"theirs": yuan(row.amount_fen), "ours": yuan(transfer.amount_fen)},
        )
    if transfer.outcome == row.outcome:
        return Judged(row, transfer.transfer_id, RowVerdict.SAME)
    if transfer.outcome in OPEN:
        return Judged(row, transfer.transfer_id, RowVerdict.BOOKED)
    return _parked(
        row,
        transfer,
        ParkedFor.CONTRADICTS,
        _("已于%(when)s登记为“%(booked)s”，本文件为“%(said)s”，请向银行核实。")
        % {"when": transfer.said_on, "booked": LABELS[transfer.outcome], "said": LABELS[row.outcome]},
    )


def _not_found(elsewhere: str) -> str:
    if elsewhere:
        return _("这一笔属于批次%(batch)s，请把该批次的回单导入该批次。") % {"batch": elsewhere}
    return _("本批次没有这个业务编号，请核对是否拿错文件，或向银行核实。")


def _parked(row: AnswerRow, transfer: Expected | None, why: ParkedFor, words: str) -> Judged:
    return Judged(
        row, transfer.transfer_id if transfer else None, RowVerdict.PARKED, why, plain(words)[:_LONGEST_WORDS]
    )


def wrong_total(answer: Answer) -> str:
    """Why the totals that the file states do not hold over its own rows; empty when they hold or there are none.

    Rows whose amount cannot be read (each set aside already) may make up what is missing, never what is too much.
    """
    count = len(answer.rows)
    if answer.count is not None and answer.count != count:
        return _("文件写明共%(stated)s笔，实有%(found)s笔，请向银行核实文件是否完整。") % {
            "stated": answer.count,
            "found": count,
        }
    amounts = [row.amount_fen for row in answer.rows if row.amount_fen is not None]
    total, unread = sum(amounts), count - len(amounts)
    if answer.total_fen is None or not amounts or answer.total_fen == total or (unread and answer.total_fen > total):
        return ""
    return _("文件写明合计%(stated)s元，各行相加为%(found)s元，请向银行核实文件是否完整。") % {
        "stated": yuan(answer.total_fen),
        "found": yuan(total),
    }


def plain(text: str) -> str:
    """A text of the bank with every number that could be an account, a phone or an ID number hidden but its end."""
    return _NUMBER.sub(lambda found: f"****{found.group()[-4:]}", text)


def kept(row: AnswerRow) -> tuple[str, str, str]:
    """Place, reference and reason of a row as they are kept: short, and without numbers of persons."""
    return row.where[:_LONGEST_PLACE], plain(row.reference)[:_LONGEST_REFERENCE], plain(row.reason)[:_LONGEST_REASON]
