"""An agency's claim for three hundred workers, from the empty roster to the money, everybody at his own browser."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from core.calendar import WorkingDays
from funds.models import FundSource
from payments.models import BatchState
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import OPINIONS, hang, officer_of, open_of, say_yes
from tests.e2e.browsing import Street, file, precheck, start, upload_evidence, upload_roster
from tests.e2e.paying import pay
from workflows.claims import Claim
from workflows.reviews import NoticeEntry
from workflows.states import ClaimState, Kind, Step

pytestmark = pytest.mark.e2e
HEADS = 300


def test_agency(street: Street, cast: Cast, funds: tuple[FundSource, FundSource], settings: Any) -> None:
    claim = _file(street, cast)
    _first_village(street, cast, claim)
    _townships(street, cast, claim)
    _bureau(street, cast, claim)
    _publish(street, cast, claim, settings)
    _leader(street, cast, claim)
    batch = pay(street, cast, claim, funds[0])
    assert batch.state == BatchState.CLOSED
    clerk = street.sign_in(cast["agency"])
    clerk.open("claimant:list").get_by_role("link", name=str(claim), exact=True).click()
    expect(clerk.page.locator(".now-words")).to_have_text("已拨付 奖补资金300,000.00元已拨付到收款账户。")
    clerk.shot("paid")


def _file(street: Street, cast: Cast) -> Claim:
    """Three bad cells are named, the failed rows are mended and sent again, and the claim is filed."""
    clerk = street.sign_in(cast["agency"])
    page = clerk.page
    clerk.shot("list-empty")
    claim = start(clerk, Kind.AGENCY)
    clerk.shot("draft-empty")
    people = rows("agency", HEADS, seed=10, employers=cast.employers[:4])
    right = {key: people[at][key] for at, key in ((1, "id_number"), (7, "phone"), (11, "hire_date"))}
    people[1]["id_number"] = right["id_number"][:17] + ("0" if right["id_number"][17] != "0" else "1")
    people[7]["phone"] = "12345"
    people[11]["hire_date"] = "2025-02-30"
    upload_roster(clerk, workbook("agency", people))
    expect(page.get_by_role("heading", level=1)).to_have_text("通过 297 人，未通过 3 人")
    faults = page.get_by_role("table", name="问题和办法")
    for cell in ("E3", "J9", "N13"):
        expect(faults.get_by_role("cell", name=cell, exact=True)).to_have_count(1)
    expect(faults.locator("tbody tr")).to_have_count(3)
    clerk.shot("roster-faults")
    name, failed = clerk.take(page.get_by_role("link", name="下载未通过人员（Excel）"))
    assert name.endswith(".xlsx")
    upload_roster(clerk, _mended(failed, right), name)
    expect(page.get_by_role("heading", level=1)).to_have_text("通过 3 人，未通过 0 人")
    clerk.shot("roster-mended")
    page.get_by_role("link", name="返回申报").last.click()
    expect(page.locator("#s2 h2 .count")).to_have_text(str(HEADS))
    upload_evidence(clerk, claim)
    told = precheck(clerk)
    assert "300,000.00元" in told
    clerk.shot("draft-full")
    claim = file(clerk, claim)
    clerk.shot("filed")
    assert claim.lines.count() == HEADS
    return claim


def _mended(failed: bytes, right: dict[str, str]) -> bytes:
    """The workbook of failed rows as the clerk mends it: the wrong cells by their headings."""
    book = load_workbook(io.BytesIO(failed))
    sheet = book.worksheets[0]
    titles = {"证件号码": "id_number", "手机": "phone", "入职日期": "hire_date"}
    head = next(row for row in sheet.iter_rows() if any(cell.value and "姓名" in str(cell.value) for cell in row))
    bare = {cell.column: str(cell.value).strip(" *＊") for cell in head if cell.value}
    wrong = [row for row in sheet.iter_rows(min_row=head[0].row + 1) if row[1].value]
    assert len(wrong) == len(titles)
    for row, (title, key) in zip(wrong, titles.items(), strict=True):
        row[next(column for column, name in bare.items() if name == title) - 1].value = right[key]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _first_village(street: Street, cast: Cast, claim: Claim) -> None:
    """Accepted at the bureau; the first village on its telephones; the other villages by command."""
    bureau = street.sign_in(cast["bureau"])
    bureau.shot("inbox")
    bureau.decide(claim, "受理", OPINIONS[Step.ACCEPTANCE], shot="acceptance")
    bureau.shot("accepted")
    first, *others = open_of(claim)
    assert len(others) > 3
    clerk = street.sign_in(officer_of(cast, first), phone=True)
    clerk.no_sideways_scroll()
    clerk.shot("village-inbox-phone")
    clerk.open("desk:claim", claim.pk)
    clerk.no_sideways_scroll()
    clerk.decide(claim, "提交核实意见", OPINIONS[Step.VILLAGE_RECORD], shot="village-claim-phone")
    head = street.sign_in(cast[f"head:{first.area.code}"], phone=True)
    head.decide(claim, "同意", OPINIONS[Step.VILLAGE_CONFIRM], shot="village-head-phone")
    for review in others:
        say_yes(cast, review)
    for review in open_of(claim):
        say_yes(cast, review)


def _townships(street: Street, cast: Cast, claim: Claim) -> None:
    """The first township's two officers; the other townships by command."""
    claim.refresh_from_db()
    assert claim.state == ClaimState.TOWNSHIP
    first, *others = open_of(claim)
    handler = street.sign_in(officer_of(cast, first))
    handler.decide(claim, "提交审核意见", OPINIONS[Step.TOWNSHIP_REVIEW], shot="township")
    lead = street.sign_in(cast[f"lead:{first.area.code}"])
    lead.decide(claim, "同意", OPINIONS[Step.TOWNSHIP_SIGN], shot="township-sign")
    for review in others:
        say_yes(cast, review)
    for review in open_of(claim):
        say_yes(cast, review)


def _bureau(street: Street, cast: Cast, claim: Claim) -> None:
    street.sign_in(cast["bureau"]).decide(claim, "同意", OPINIONS[Step.BUREAU_REVIEW], shot="bureau")
    street.sign_in(cast["section"]).decide(claim, "同意", OPINIONS[Step.SECTION_REVIEW], shot="section")


def _publish(street: Street, cast: Cast, claim: Claim, settings: Any) -> None:
    """The notice is published, its days pass, and the handler ends it."""
    bureau = street.sign_in(cast["bureau"])
    page = bureau.open("desk:publicity")
    page.get_by_role("checkbox", name=f"选择 {claim}").check()
    bureau.shot("publicity-waiting")
    page.get_by_role("button", name="发布公示").click()
    page = bureau.open("desk:publicity")
    expect(page.locator(".notice")).to_contain_text("公示中")
    bureau.shot("publicity-shown")
    assert len(bureau.read_paper(page.get_by_role("link", name="公示表（PDF）"))) > 10_000
    expect(page.get_by_role("button", name="公示期满，转审批")).to_have_count(0)
    notice = NoticeEntry.objects.get(claim=claim).notice
    closes = notice.closes_on
    hang(cast, notice)
    settings.BUSINESS_DATE = WorkingDays.load().next_working(closes + timedelta(days=1))
    page.reload()
    expect(page.locator(".notice")).to_contain_text("公示期满")
    page.get_by_role("button", name="公示期满，转审批").click()
    expect(page.get_by_role("button", name="公示期满，转审批")).to_have_count(0)
    claim.refresh_from_db()
    assert claim.state == ClaimState.LEADER


def _leader(street: Street, cast: Cast, claim: Claim) -> None:
    """Approved on the fund; the approval paper opens."""
    leader = street.sign_in(cast["leader"])
    leader.decide(claim, "批准", OPINIONS[Step.LEADER_APPROVAL], fund="招工引工奖补专项资金", shot="leader")
    claim.refresh_from_db()
    assert claim.state == ClaimState.PAYABLE
    assert claim.fund is not None
    page = leader.open("desk:claim", claim.pk)
    papers = page.locator(".papers").get_by_role("link")
    assert len(leader.read_paper(papers.first)) > 10_000
    leader.shot("approved")
