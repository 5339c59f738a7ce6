"""Work in the background at real browsers: an import that is followed to its end, and a walk over everything kept."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from core.jobs import run_waiting
from documents.files import store
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import walk
from tests.e2e.browsing import Street, start, upload_roster
from workflows.claims import ClaimLine
from workflows.states import ClaimState, Kind

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
def test_an_import_is_followed_from_the_queue_to_its_result(
    street: Street, cast: Cast, funds: tuple[FundSource, FundSource], settings: Any, phone: bool
) -> None:
    settings.JOBS_CARRIER = "database"
    clerk = street.sign_in(cast["agency"], phone=phone)
    page, kind = clerk.page, "phone" if phone else "desk"
    claim = start(clerk, Kind.AGENCY)
    people = rows("agency", 6, seed=9400, employers=cast.employers[:4])
    people[2]["phone"] = "12345"
    upload_roster(clerk, workbook("agency", people))
    expect(page.get_by_text("已排队，即将开始。")).to_be_visible()
    clerk.shot(f"roster-waiting-{kind}")
    clerk.no_sideways_scroll()
    draft = clerk.open("claimant:claim", claim.pk)
    expect(draft.locator("#s2 .job")).to_be_visible()
    expect(draft.get_by_role("button", name="上传花名册")).to_have_count(0)
    clerk.shot(f"draft-importing-{kind}")
    clerk.open("claimant:roster_imported", claim.pk)
    assert ClaimLine.objects.count() == 0
    assert run_waiting() == 1
    expect(page.get_by_role("heading", level=1)).to_have_text("通过 5 人，未通过 1 人")  # the page came by itself
    assert ClaimLine.objects.filter(claim=claim).count() == 5


def test_a_lost_file_is_found_by_the_administrators_button(street: Street, cast: Cast, settings: Any) -> None:
    settings.JOBS_CARRIER = "database"
    file = store(data=b"one", name="a.pdf", content_type="application/pdf", by_id=None)
    Path(default_storage.path(file.path)).unlink()
    keeper = street.sign_in(cast["sysadmin"])
    page = keeper.open("administration:integrity")
    page.get_by_role("button", name="立即检查").click()
    expect(page.locator(".job")).to_be_visible()
    keeper.shot("integrity-waiting")
    assert run_waiting() == 1
    expect(page.get_by_role("heading", name=re.compile("未解决的问题（1）"))).to_be_visible()
    expect(page.get_by_role("cell", name=f"file:{file.pk}")).to_be_visible()
    keeper.shot("integrity-found")
    keeper.no_sideways_scroll()


def test_a_form_is_previewed_before_it_is_signed_and_followed_until_it_can_be_opened(
    street: Street, cast: Cast, funds: tuple[FundSource, FundSource], settings: Any
) -> None:
    claim = walk(cast, filed(cast, "individual", 2, seed=9500, homes=["白奇村"]), ClaimState.LEADER)
    leader = street.sign_in(cast["leader"])
    page = leader.open("desk:claim", claim.pk)
    expect(page.get_by_role("link", name="签署前预览审批表（草稿，PDF）")).to_be_visible()
    leader.shot("preview")
    leader.no_sideways_scroll()
    settings.JOBS_CARRIER = "database"
    walk(cast, claim, ClaimState.PAYABLE, fund=funds[0])
    page = leader.open("desk:claim", claim.pk)
    expect(page.get_by_role("link", name="审批表预览（PDF）")).to_have_count(0)
    expect(page.locator(".job").filter(has_text="制作文书文件")).to_have_count(1)
    leader.shot("papers-making")
    leader.no_sideways_scroll()
    assert run_waiting() >= 1
    expect(page.locator(".job")).to_have_count(0)  # the page came by itself
    expect(page.get_by_role("link", name=re.compile("审批表 .*（PDF）"))).to_be_visible()
