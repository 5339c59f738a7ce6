"""How pages write money, days and moments."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.errors import Refusal
from core.verdict import Verdict
from portals.templatetags import yingong
from workflows.claims import Claim

LATE_EVENING = datetime(2025, 11, 24, 16, 30, tzinfo=UTC)  # already the 25th in Shanghai


def written(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("yuan", 100_000, "1,000.00"),
        ("yuan", 0, "0.00"),
        ("yuan", None, "—"),
        ("yuan_short", 100_000, "1,000"),
        ("yuan_short", 100_050, "1,000.50"),
        ("yuan_short", 100_000_000, "1,000,000"),
        ("upper_rmb", 140_950, "人民币壹仟肆佰零玖元伍角整"),
        ("upper_rmb", None, "—"),
        ("day", date(2025, 3, 7), "2025-03-07"),
        ("day", LATE_EVENING, "2025-11-25"),
        ("day", None, "—"),
        ("day_zh", date(2025, 3, 7), "2025年3月7日"),
        ("moment", LATE_EVENING, "2025-11-25 00:30"),
        ("moment", None, "—"),
        ("mask_phone", "13812345678", "138****5678"),
        ("mask_account", "6222021234567890", "****7890"),
        ("mask_id", "350521199001010011", "350***********0011"),
    ],
)
def test_filters_write_for_people(source: str, value: object, text: str) -> None:
    assert written("{{ value|" + source + " }}", value=value) == text


def test_an_amount_that_is_no_number_is_never_drawn_as_one() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        written("{{ value|yuan }}", value="1,000元")


def test_qs_changes_some_parts_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/", {"q": "洛阳 & 张坂", "state": "filed", "page": "3"})
    assert (
        written('{% qs page=4 state="" %}', request=request)
        == "?q=%E6%B4%9B%E9%98%B3+%26+%E5%BC%A0%E5%9D%82&amp;page=4"
    )
    assert request.GET["page"] == "3"
    assert written("{% qs page=2 %}") == "?page=2"


def test_turning_pages_keeps_the_filters() -> None:
    pages = Paginator(range(60), 25)
    request = RequestFactory().get("/", {"kind": "agency", "page": "2"})
    text = render_to_string("components/pagination.html", {"page": pages.get_page(2), "request": request})
    assert 'rel="prev" href="?kind=agency&amp;page=1"' in text
    assert 'rel="next" href="?kind=agency&amp;page=3"' in text
    assert "第2页，共3页，60项" in text
    assert render_to_string("components/pagination.html", {"page": Paginator([1], 25).get_page(1)}).strip() == ""


def test_a_disabled_button_shows_its_reason_and_points_to_it() -> None:
    verdict = Verdict(False, "须由另一人复核。", "same_person")
    text = render_to_string("components/disabled_button.html", {"id": "check", "label": "复核", "verdict": verdict})
    assert 'disabled aria-describedby="why-check"' in text
    assert '<p class="action-why" id="why-check">须由另一人复核。</p>' in text


def test_words_of_a_refusal_are_escaped() -> None:
    refusal = Refusal("bad_name", "<b>姓名</b>有误", fields={"name": "<i>请核对</i>"})
    text = render_to_string("components/refusal.html", {"refusal": refusal})
    assert "&lt;b&gt;姓名" in text
    assert "<i>" not in text


@pytest.mark.parametrize(
    ("state", "paid", "word"),
    [
        ("payable", "unpaid", "待拨付"),
        ("payable", "partly_paid", "部分拨付"),
        ("payable", "paid", "已拨付"),
        ("village", "unpaid", "村（社区）核实"),
    ],
)
def test_a_claims_state_says_whether_it_is_paid(state: str, paid: str, word: str) -> None:
    claim = Claim(state=state)
    claim.payment_state = paid
    assert yingong.state_label(claim) == word
