"""Judging a bank's rows, without a database: booked, the same, or set aside alone."""

import pytest

from payments.formats import Answer, AnswerRow
from payments.judging import Expected, judge, kept, wrong_total

ONE, TWO = "BF-2025-001-0001", "BF-2025-001-0002"


def row(
    reference: str = ONE, fen: int | None = 1_000_00, outcome: str = "settled", reason: str = "", fault: str = ""
) -> AnswerRow:
    return AnswerRow(reference, fen, outcome, "", reason, "第2行", fault)  # type: ignore[arg-type]


def judged(*rows: AnswerRow, booked: str = "pending") -> list[tuple[str, str]]:
    expected = {
        ONE: Expected(1, ONE, 1_000_00, booked, "2025-11-20 10:00"),
        TWO: Expected(2, TWO, 2_000_00, "pending"),
    }
    answers = judge(Answer(rows, None, None), expected, {"BF-2025-002-0001": "BF-2025-002"})
    assert [bool(one.words) for one in answers] == [one.verdict == "parked" for one in answers]
    assert all(one.words.endswith("。") for one in answers if one.words)
    return [(str(one.verdict), str(one.parked_for)) for one in answers]


@pytest.mark.parametrize("outcome", ["settled", "returned", "unknown"])
def test_an_answer_to_what_waits_is_booked(outcome: str) -> None:
    assert judged(row(outcome=outcome)) == [("booked", "")]
    assert judged(row(outcome=outcome, fen=None)) == [("booked", "")]


def test_unknown_waits_until_it_is_answered() -> None:
    assert judged(row(outcome="unknown"), booked="unknown") == [("same", "")]
    assert judged(row(outcome="returned"), booked="unknown") == [("booked", "")]
    assert judged(row(outcome="settled"), booked="unknown") == [("booked", "")]


@pytest.mark.parametrize("booked", ["settled", "returned"])
def test_what_is_booked_stays_whatever_comes(booked: str) -> None:
    for outcome in ("settled", "returned", "unknown"):
        expected = ("same", "") if outcome == booked else ("parked", "contradicts")
        assert judged(row(outcome=outcome), booked=booked) == [expected]


def test_each_doubt_sets_aside_its_row_alone() -> None:
    assert judged(row(fen=1_000_01), row(TWO, 2_000_00)) == [("parked", "amount_differs"), ("booked", "")]
    assert judged(row("BF-2025-001-0003"), row(TWO, 2_000_00)) == [("parked", "item_unknown"), ("booked", "")]
    assert judged(row(outcome="unknown", fault="该行金额无法识别。")) == [("parked", "row_unreadable")]
    assert judged(row(""), row()) == [("parked", "item_unknown"), ("booked", "")]


def test_a_stranger_of_another_batch_is_named() -> None:
    stranger = judge(Answer((row("BF-2025-002-0001"),), None, None), {}, {"BF-2025-002-0001": "BF-2025-002"})
    assert "BF-2025-002" in stranger[0].words


def test_one_item_twice() -> None:
    assert judged(row(), row()) == [("booked", ""), ("parked", "twice_in_file")]
    assert judged(row(), row(outcome="returned")) == [("parked", "twice_in_file")] * 2
    assert judged(row(), row(fen=1)) == [("parked", "twice_in_file"), ("parked", "twice_in_file")]


def test_totals_that_do_not_hold() -> None:
    rows = (row(), row(TWO, 2_000_00))
    assert wrong_total(Answer(rows, None, None)) == ""
    assert wrong_total(Answer(rows, 3_000_00, 2)) == ""
    assert "3笔" in wrong_total(Answer(rows, 3_000_00, 3))
    assert "3,000.01" in wrong_total(Answer(rows, 3_000_01, 2))
    half_read = (row(fen=None), row(TWO, 2_000_00))
    assert wrong_total(Answer(half_read, 3_000_00, 2)) == ""
    assert wrong_total(Answer(half_read, 1_999_99, 2)).endswith("。")


def test_numbers_of_persons_are_not_kept() -> None:
    number = "6228480012345678901"
    place, reference, reason = kept(row(number, reason=f"账号{number}不存在"))
    assert number not in place + reference + reason
    assert reference == "****8901"
    assert kept(row(reason="户名不符"))[1:] == (ONE, "户名不符")
