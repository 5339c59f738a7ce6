"""The other three kinds of claim: filed at the claimant's browser; accepted, verified and approved at the officers'."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import OPINIONS, officer_of, open_of, walk
from tests.e2e.browsing import Street, Window, file, precheck, start, upload_evidence, upload_roster
from tests.portals.claimants_made import form_of
from workflows.claims import Claim
from workflows.states import ClaimState, Kind, Step

pytestmark = pytest.mark.e2e


def test_individual(street: Street, cast: Cast, funds: tuple[FundSource, FundSource]) -> None:
    """An employee types in two workers by hand; the first with a wrong number, told at its field."""
    window = street.sign_in(cast["person"])
    page = window.page
    claim = start(window, Kind.INDIVIDUAL)
    people = rows("individual", 2, seed=60, employers=[cast.employers[1]], homes=["锦峰社区"])
    page.get_by_role("link", name="添加一人").click()
    right = people[0]["id_number"]
    _fill(window, people[0] | {"id_number": right[:17] + ("1" if right[17] != "1" else "2")})
    page.get_by_role("button", name="保存并继续添加").click()
    expect(page.get_by_role("alert").get_by_role("link", name="证件号码")).to_be_visible()
    window.shot("line-wrong")
    page.locator("[name=id_number]").fill(right)
    page.get_by_role("button", name="保存并继续添加").click()
    expect(page.locator("[name=name]")).to_have_value("")
    _fill(window, people[1])
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#s2 h2 .count")).to_have_text("2")
    upload_evidence(window, claim)
    assert "1,000.00元" in precheck(window)
    window.shot("draft")
    claim = file(window, claim)
    window.shot("filed")
    _decided(street, cast, claim, fund=funds[0])
    assert claim_now(claim) == ("payable", 100_000)
    _claimant_sees(window, claim, "待拨付")


def test_platform(street: Street, cast: Cast, funds: tuple[FundSource, FundSource]) -> None:
    """A transfer platform's roster of lent workers, paid from the pool of employment subsidies."""
    window = street.sign_in(cast["platform"])
    claim = start(window, Kind.PLATFORM)
    hired = date(2025, 7, 1)
    people = rows(
        "platform", 12, seed=90, employers=cast.employers[:4], lender=cast.employers[5], hired=hired, homes=["洛阳村"]
    )
    upload_roster(window, workbook("platform", people))
    expect(window.page.get_by_role("heading", level=1)).to_have_text("通过 12 人，未通过 0 人")
    window.page.get_by_role("link", name="返回申报").last.click()
    upload_evidence(window, claim)
    assert "6,000.00元" in precheck(window)
    window.shot("draft")
    claim = file(window, claim)
    _decided(street, cast, claim, fund=funds[1])
    assert claim_now(claim) == ("payable", 600_000)
    _claimant_sees(window, claim, "待拨付")


def test_ambassador(street: Street, cast: Cast, funds: tuple[FundSource, FundSource]) -> None:
    """An employee who brought twelve is counted, approved without money, and takes out his certificate."""
    brought = filed(cast, Kind.INDIVIDUAL, 12, seed=300, employers=[cast.employers[1]], hired=date(2025, 4, 7))
    walk(cast, brought, ClaimState.PAYABLE, fund=funds[0])
    window = street.sign_in(cast["person"])
    page = window.page
    claim = start(window, Kind.AMBASSADOR)
    page.get_by_role("button", name="统计引进人数").click()
    expect(page.locator("#s2 h2 .count")).to_have_text("12")
    upload_evidence(window, claim, ["id_check", "commitment"])
    assert "铜牌" in precheck(window)
    window.shot("draft")
    claim = file(window, claim)
    _decided(street, cast, claim, fund=None)
    assert claim_now(claim) == ("awarded", 0)
    _claimant_sees(window, claim, "已授称号")
    window.read_paper(page.locator(".papers").get_by_role("link", name="证书"))


def claim_now(claim: Claim) -> tuple[str, Any]:
    """State and amount (fen) as they stand in the database."""
    fresh = Claim.objects.get(pk=claim.pk)
    return fresh.state, fresh.amount_fen


def _fill(window: Window, row: dict[str, str]) -> None:
    """Type one worker into the form, field by field."""
    for key, value in form_of(row).items():
        for word in value if isinstance(value, list) else [value]:
            field = window.page.locator(f'[name="{key}"]')
            if isinstance(value, list):
                window.page.locator(f'[name="{key}"][value="{word}"]').check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(word)
            else:
                field.fill(word)


def _decided(street: Street, cast: Cast, claim: Claim, *, fund: FundSource | None) -> None:
    """Accepted, verified by the first village on a telephone, and approved at browsers; the rest by command."""
    street.sign_in(cast["bureau"]).decide(claim, "受理", OPINIONS[Step.ACCEPTANCE], shot="acceptance")
    first = open_of(claim)[0]
    clerk = street.sign_in(officer_of(cast, first), phone=True)
    clerk.decide(claim, "提交核实意见", OPINIONS[Step.VILLAGE_RECORD], shot="village-phone")
    clerk.no_sideways_scroll()
    walk(cast, claim, ClaimState.LEADER)
    leader = street.sign_in(cast["leader"])
    leader.decide(claim, "批准", "同意。", fund=fund.name if fund else "", shot="leader")


def _claimant_sees(window: Window, claim: Claim, state: str) -> None:
    page = window.open("claimant:list")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=str(claim), exact=True))
    expect(row.locator(".state")).to_have_text(state)
    row.get_by_role("link", name=str(claim), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(state)
    window.shot("progress")
