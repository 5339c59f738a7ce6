"""The pages of funds: balances and bars, a statement that adds up, 追加指标, the unpaid, who may, and how many queries."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Area
from accounts.roles import Role
from core import clock
from core.models import Event
from core.timeline import SYSTEM
from funds import ledger
from funds.access import SEES_FUNDS
from funds.ledger import prove
from funds.models import FundSource
from funds.queries import bar_of
from payments.budget_exports import _statement_rows, _unpaid_rows
from payments.budgets import fund_page, unpaid_page
from portals.desk.funding import funding
from project.demo.people import make_cast
from tests.payments import made
from tests.payments.made import Office
from tests.portals.desk_made import claim_at, signed_in
from workflows.claims import ClaimLine
from workflows.payees import shares_of
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return made.office()


def test_a_statement_tells_each_step_and_what_was_left_after_it(office: Office) -> None:
    source, other = made.fund(20_000_00), made.fund(5_000_00, allocation_no="泉财指〔2025〕9号")
    claims = [made.payable(source, heads=heads) for heads in (3, 2)]
    (first, *_rest) = ClaimLine.objects.filter(claim=claims[0]).order_by("seq")
    ledger.release(fund_id=source.pk, shares=shares_of(claims[0], [first]), by=SYSTEM, reason="不再支持")
    lines = ClaimLine.objects.filter(claim=claims[1])
    shares = shares_of(claims[1], lines)
    ledger.move_to_fund(from_fund_id=source.pk, to_fund_id=other.pk, shares=shares, by=SYSTEM, reason="资金不足")
    rows = fund_page(fund_id=source.pk, by=office.maker).page
    assert [(r.line.movement, r.claim, r.line.heads, r.line.fen, r.line.left_fen) for r in rows] == [
        ("moved", claims[1].number, 2, 2_000_00, 18_000_00),
        ("released", claims[0].number, 1, 1_000_00, 16_000_00),
        ("payable", claims[1].number, 2, 2_000_00, 15_000_00),
        ("reserved", claims[1].number, 2, 2_000_00, 15_000_00),
        ("payable", claims[0].number, 3, 3_000_00, 17_000_00),
        ("reserved", claims[0].number, 3, 3_000_00, 17_000_00),
        ("appropriated", "", 0, 20_000_00, 20_000_00),
    ]
    assert rows[0].other == str(other) and rows[0].who == claims[1].claimant_name
    shown = signed_in(office.maker).get(reverse("finance:fund", args=[source.pk]), {"movement": "released"})
    text = shown.content.decode()
    assert text.count('<th scope="row">') == 1 and "不再支持" in text and "+1,000.00" in text
    exported = list(_statement_rows(office.maker, {"fund": str(source.pk)}))
    assert [(row[3], row[6], row[7]) for row in exported] == [(r.claim, r.line.fen, r.line.left_fen) for r in rows]
    assert list(_statement_rows(office.maker, {})) == []


def test_the_bar_is_as_wide_as_the_money() -> None:
    fund = FundSource(amount_fen=400, reserved_fen=300, payable_fen=100, batched_fen=50, paid_fen=75, claimed_fen=25)
    assert [(part.pot, part.x, part.width) for part in bar_of(fund)] == [
        ("paid", 0, 250), ("batched", 250, 125), ("payable", 375, 250), ("reserved", 625, 125),
    ]  # fmt: skip
    assert bar_of(FundSource()) == []


def test_what_the_treasury_adds_is_added_once(office: Office) -> None:
    source, client = made.fund(1_000_00), signed_in(office.checker)
    url, sent = (
        reverse("finance:supplement", args=[source.pk]),
        {"amount": "500.50", "document": "泉台财指〔2025〕31号"},
    )
    assert client.post(url, sent).status_code == 302
    again = client.post(url, sent)
    assert (again.status_code, "不能重复追加" in again.content.decode()) == (409, True)
    assert client.post(url, {"amount": "0", "document": ""}).status_code == 422
    assert client.post(reverse("finance:supplement", args=[987654]), sent).status_code == 422
    assert signed_in(office.bureau).post(url, sent | {"document": "另"}).status_code == 403
    source.refresh_from_db()
    assert source.amount_fen == source.left_fen == 1_500_50
    assert Event.objects.filter(chain=f"fund:{source.pk}", verb="supplement_fund").count() == 1
    assert "泉台财指〔2025〕31号" in client.get(reverse("finance:fund", args=[source.pk])).content.decode()
    assert prove() == []


def test_the_years_unpaid_stand_as_they_stood_at_its_end(office: Office) -> None:
    source = made.fund(20_000_00)
    waiting, sealed, gone = (made.payable(source) for _n in range(3))
    for claim, states in ((sealed, ["enter_batch"]), (gone, ["enter_batch", "settle"])):
        shares = shares_of(claim, ClaimLine.objects.filter(claim=claim))
        for state in states:
            more = {"source": "hand"} if state == "settle" else {}
            getattr(ledger, state)(fund_id=source.pk, shares=shares, batch="BF-2025-001", by=SYSTEM, **more)
    with clock.travel(date(2026, 1, 5)):
        for claim in (waiting, sealed):
            shares = shares_of(claim, ClaimLine.objects.filter(claim=claim))
            if claim == waiting:
                ledger.enter_batch(fund_id=source.pk, shares=shares, batch="BF-2026-001", by=SYSTEM)
            number = "BF-2026-001" if claim == waiting else "BF-2025-001"
            ledger.settle(fund_id=source.pk, shares=shares, batch=number, by=SYSTEM, source="hand")
        shown = unpaid_page(by=office.auditor, year=2025, page="")
        assert [(r.claim, r.heads, r.fen, r.payable, r.batched) for r in shown.page] == [
            (waiting.number, 2, 2_000_00, 2_000_00, 0),
            (sealed.number, 2, 2_000_00, 0, 2_000_00),
        ]
        assert (shown.total_fen, shown.until) == (4_000_00, date(2025, 12, 31))
        assert [row[0] for row in _unpaid_rows(office.auditor, {"year": "2025"})] == [waiting.number, sealed.number]
        text = signed_in(office.auditor).get(reverse("finance:unpaid"), {"year": "2025"}).content.decode()
        assert "截至2025年12月31日" in text and waiting.number in text and gone.number not in text
        assert unpaid_page(by=office.auditor, year=None, page="").year == 2026


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_funds(office: Office, role: Role) -> None:
    source, client = made.fund(), signed_in(made.officer(role, "某人"))
    pages = [reverse("finance:funds"), reverse("finance:unpaid"), reverse("finance:fund", args=[source.pk])]
    assert {client.get(page).status_code for page in pages} == {200 if role in SEES_FUNDS else 403}
    text = client.get(pages[0]).content.decode()
    assert ('name="allocation_no"' in text) == role.startswith("finance_")


def test_a_year_that_is_none_is_refused(office: Office) -> None:
    sent = {
        "name": "甲",
        "allocation_no": "乙1号",
        "year": "25",
        "amount": "1",
        "functional_code": "1",
        "economic_code": "1",
    }
    client = signed_in(office.maker)
    for year in ("25", "20255", "二〇二五", "9" * 30):
        assert client.post(reverse("finance:funds"), sent | {"year": year}).status_code == 422
    assert not FundSource.objects.exists()


def queries_of(office: Office, many: int) -> dict[str, int]:
    source = made.fund(allocation_no=f"{many}号")
    for n in range(many):
        made.payable(source, heads=1)
        made.fund(allocation_no=f"{many}-{n}号")
    client, counts = signed_in(office.maker), {}
    for page in (reverse("finance:funds"), reverse("finance:unpaid"), reverse("finance:fund", args=[source.pk])):
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            text = client.get(page).content.decode()
        assert len(re.findall(r'<th scope="row">', text)) >= min(many, 25)
        counts[re.sub(r"\d+", "n", page)] = len(captured)
    return counts


def test_pages_ask_a_fixed_number_of_questions(office: Office) -> None:
    few = queries_of(office, 2)
    assert queries_of(office, 60) == few
    assert max(few.values()) <= 16


def test_the_leader_is_told_before_he_signs() -> None:
    """One fund short: which and by how much. All short: that he cannot sign, and what is to be done first."""
    cast = make_cast()
    villages = [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]
    claim = claim_at(cast, ClaimState.LEADER, villages=villages, heads=2)
    client, where = signed_in(cast["leader"]), reverse("desk:claim", args=[claim.pk])
    poor = made.fund(1_500_00, allocation_no="甲1号")
    text = client.get(where).content.decode()
    assert "各资金来源余额均不足，现在不能批准" in text and "差500.00元" in text
    assert re.search(rf'value="{poor.pk}" disabled', text)
    rich = made.fund(9_000_00, allocation_no="乙2号")
    text = client.get(where).content.decode()
    assert "部分资金来源余额不足" in text and "批准后余7,000.00元" in text and "现在不能批准" not in text
    assert re.search(rf'value="{rich.pk}">', text)


def test_funds_of_this_year_come_first_each_with_what_it_would_have_left() -> None:
    old, new = FundSource(name="甲", year=2024, amount_fen=900), FundSource(name="乙", year=2025, amount_fen=300)
    found = funding([old, new], 400)
    assert [(c.fund.name, c.after_fen, c.short_fen) for c in found.choices] == [("乙", -100, 100), ("甲", 500, 0)]
    assert (found.some_short, found.all_short) == (True, False)
    assert (funding([], 400).all_short, funding([new], 301).all_short, funding([new], 300).all_short) == (
        False, True, False,
    )  # fmt: skip


def test_what_the_treasury_cuts_is_cut_once_and_only_what_is_free(office: Office) -> None:
    source, client = made.fund(1_000_00), signed_in(office.maker)
    url, page = (reverse(f"finance:{name}", args=[source.pk]) for name in ("reduce", "fund"))
    sent = {"amount": "400.00", "document": "泉台财指〔2025〕40号", "reason": "年中压减"}
    assert url in client.get(page).content.decode()
    assert client.post(url, sent | {"amount": "1000.01"}).status_code == 422
    assert client.post(url, sent).url == page
    assert client.post(url, sent).status_code == 409
    assert signed_in(office.bureau).post(url, sent | {"document": "另"}).status_code == 403
    source.refresh_from_db()
    assert (source.amount_fen, source.left_fen) == (600_00, 600_00)
    shown = client.get(page).content.decode()
    assert "调减指标" in shown and "年中压减" in shown and "泉台财指〔2025〕40号" in shown
    assert prove() == []
