"""Money: strict reading, plain writing, and 大写 against an independent reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.money import LARGEST_FEN, parse_yuan, plain_yuan, rmb_upper, yuan

AMOUNTS = st.integers(0, LARGEST_FEN)


@pytest.mark.parametrize(
    ("fen", "upper"),
    [
        (0, "人民币零元整"),
        (500_00, "人民币伍佰元整"),
        (1000_00, "人民币壹仟元整"),
        (12345_67, "人民币壹万贰仟叁佰肆拾伍元陆角柒分"),
        (1409_50, "人民币壹仟肆佰零玖元伍角整"),
        (6007_14, "人民币陆仟零柒元壹角肆分"),
        (16409_02, "人民币壹万陆仟肆佰零玖元零贰分"),
        (325_04, "人民币叁佰贰拾伍元零肆分"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (10_00, "人民币壹拾元整"),
        (10001_00, "人民币壹万零壹元整"),
        (100010_00, "人民币壹拾万零壹拾元整"),
        (107000_53, "人民币壹拾万柒仟元伍角叁分"),
        (100_000_001_00, "人民币壹亿零壹元整"),
        (100_001_000_00, "人民币壹亿零壹仟元整"),
        (100_010_000_00, "人民币壹亿零壹万元整"),
        (LARGEST_FEN, "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_upper_case_amounts_of_the_payment_rules(fen: int, upper: str) -> None:
    assert rmb_upper(fen) == upper


def read_upper(text: str) -> int:
    """An independent reader of 大写: adds up what it sees, knows nothing of how the writer places 零."""
    digits = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    body = text.removeprefix("人民币").removesuffix("整")
    whole, rest = body.split("元") if "元" in body else ("", body)
    total = section = digit = 0
    for char in whole:
        if char in digits:
            digit = digits[char]
        elif char in places:
            section, digit = section + digit * places[char], 0
        else:
            total, section, digit = total + (section + digit) * {"万": 10**4, "亿": 10**8}[char], 0, 0
    fen, digit = (total + section + digit) * 100, 0
    for char in rest:
        if char in digits:
            digit = digits[char]
        else:
            fen += digit * {"角": 10, "分": 1}[char]
    return fen


@given(AMOUNTS)
def test_upper_case_reads_back_to_the_same_amount(fen: int) -> None:
    assert read_upper(rmb_upper(fen)) == fen


@given(AMOUNTS)
def test_upper_case_never_doubles_or_misplaces_zero(fen: int) -> None:
    text = rmb_upper(fen)
    assert "零零" not in text
    assert fen == 0 or not any(bad in text for bad in ("零元", "零万", "零亿", "零整", "人民币零"))
    assert text.endswith("整") == (fen % 10 == 0)


@pytest.mark.parametrize("fen", [-1, LARGEST_FEN + 1])
def test_upper_case_refuses_what_no_paper_carries(fen: int) -> None:
    with pytest.raises(Refusal) as refused:
        rmb_upper(fen)
    assert refused.value.code == "amount_range"


@given(st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_both_writings_name_the_same_amount(fen: int) -> None:
    assert yuan(fen).replace(",", "") == plain_yuan(fen)


@given(AMOUNTS)
def test_plain_yuan_reads_back(fen: int) -> None:
    assert parse_yuan(plain_yuan(fen)) == fen


def test_writing() -> None:
    assert (yuan(1_000_00), plain_yuan(1_000_00)) == ("1,000.00", "1000.00")
    assert (yuan(-1_234_567_05), yuan(-5)) == ("-1,234,567.05", "-0.05")
    assert [parse_yuan(text) for text in ("500", "0", "0.5", "0.05", " 12.30 ")] == [50000, 0, 50, 5, 1230]


@pytest.mark.parametrize(
    "typed",
    ["500元", "1,000", "1，000", "５００", "5OO", "1e3", "1E3", "1.234", "-5", "+5", "", " ", ".5", "5.", "007", "٥٠٠",
     "1 000", "￥5", "5\n", "NaN", "9" * 5000, "\ud800", None, 500, 5.0, b"5", True],
)  # fmt: skip
def test_anything_but_a_plain_amount_is_refused_with_a_sentence(typed: object) -> None:
    with pytest.raises(Refusal) as refused:
        parse_yuan(typed)
    assert refused.value.code == "amount_format"
    assert "两位小数" in refused.value.message


@given(st.one_of(st.text(), st.integers(), st.none(), st.floats(), st.binary()))
def test_reading_anything_gives_an_amount_or_a_refusal(typed: object) -> None:
    try:
        assert 0 <= parse_yuan(typed) <= LARGEST_FEN
    except Refusal as refused:
        assert refused.code == "amount_format"
