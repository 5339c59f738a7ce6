"""A claimant's way from nothing to a filed claim, through the pages only."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import clock
from funds.models import FundSource
from project.demo.filing import FILES, draft, filed
from project.demo.people import Cast
from project.demo.walking import walk
from registry.models import BankAccount
from tests.portals.claimants_made import browser, few_queries, form_of, people, picture, roster, start, zone
from workflows.claims import Claim, ClaimLine, CountedReferral, Evidence
from workflows.states import ClaimState

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    return zone(settings, tmp_path)


@pytest.mark.parametrize(("kind", "who"), [("agency", "agency"), ("individual", "person"), ("platform", "platform")])
def test_a_claim_goes_from_draft_to_filed_through_the_pages(cast: Cast, kind: str, who: str) -> None:
    client = browser(cast[who])
    claim = start(client, kind)
    here = f"/claims/{claim.pk}/"
    made = people(cast, kind, 12, 9000)
    answer = client.post(f"{here}roster/", {"file": roster(kind, made)})
    assert (answer.status_code, "通过 12 人，未通过 0 人" in answer.content.decode()) == (200, True)
    for evidence in FILES[kind]:  # type: ignore[index]
        assert client.post(f"{here}evidence/add/", {"kind": evidence, "file": picture(evidence)}).status_code == 302
    checked = client.get(f"{here}precheck/").content.decode()
    assert "不予支持</dt><dd>" in checked and "人民币" in checked
    answer = client.post(f"{here}file/", {"declared": "1"})
    claim.refresh_from_db()
    assert (answer.status_code, claim.state) == (302, ClaimState.FILED)
    assert claim.number in client.get(here).content.decode()
    assert ClaimLine.objects.filter(claim=claim, status="live").count() == 12


def test_an_officer_of_an_employer_files_for_an_employee(cast: Cast) -> None:
    client = browser(cast["hr"])
    page = client.get("/claims/new/").content.decode()
    assert "柯雅芸" in page and "邱志明" not in page
    claim = start(client, "individual", person=cast["person"].user_id)
    assert claim.claimant_user_id == cast["person"].user_id
    refused = client.post("/claims/new/", {"kind": "individual", "person": cast["person2"].user_id})
    assert (refused.status_code, "只能为本企业在职员工" in refused.content.decode()) == (422, True)


def test_an_ambassador_counts_and_sees_how_far_it_reaches(cast: Cast) -> None:
    fund = FundSource.objects.first()
    done = filed(cast, "individual", 11, seed=300, employers=[cast.employers[1]])
    walk(cast, done, ClaimState.PAYABLE, fund=fund)
    client = browser(cast["person"])
    claim = start(client, "ambassador", year="2025")
    assert client.post(f"/claims/{claim.pk}/count/").status_code == 302
    with few_queries():
        page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert CountedReferral.objects.filter(claim=claim).count() == 11
    assert "已达到铜牌标准，距银牌还差9人" in page
    numbers = [line.worker.id_number for line in ClaimLine.objects.filter(claim=done).select_related("worker")]
    assert not any(number in page for number in numbers)
    answer = client.post(f"/claims/{claim.pk}/file/", {"declared": "1"})
    claim.refresh_from_db()
    assert (answer.status_code, claim.state) == (302, ClaimState.FILED)


def test_the_cards_say_how_much_and_on_what_ground(cast: Cast) -> None:
    with few_queries():
        page = browser(cast["person"]).get("/claims/new/").content.decode()
    assert "个人引进" in page and "引工大使" in page and "机构引进" not in page
    assert ">500</strong>" in page and "泉台管办规〔2023〕3号一（六）" in page
    assert "铜牌 10" in page and "劳动合同、社保缴费证明" in page


def test_a_kind_of_another_post_is_not_started(cast: Cast) -> None:
    answer = browser(cast["person"]).post("/claims/new/", {"kind": "agency"})
    assert (answer.status_code, Claim.objects.count()) == (403, 0)


def test_the_draft_saves_itself_and_says_when(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    answer = client.post(f"/claims/{claim.pk}/save/", {"contact": "王经理", "note": "分两批到岗"}, headers=HTMX)
    claim.refresh_from_db()
    minute = claim.saved_at.astimezone(clock.SHANGHAI)
    assert f"已保存 {minute:%H:%M}" in answer.content.decode()
    assert (claim.contact, claim.note) == ("王经理", "分两批到岗")
    client.post(f"/claims/{claim.pk}/save/", {"note": ""}, headers=HTMX)
    claim.refresh_from_db()
    assert (claim.contact, claim.note) == ("王经理", "")
    plain = client.post(f"/claims/{claim.pk}/save/", {"contact": "李经理"})
    assert (plain.status_code, plain["Location"]) == (302, f"/claims/{claim.pk}/#s1")


def test_only_ones_own_account_can_be_chosen_and_none_is_shown_whole(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    own = BankAccount.objects.get(organisation=cast.agencies[0])
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert f"****{own.number[-4:]}" in page and own.number not in page
    foreign = BankAccount.objects.get(organisation=cast.agencies[1])
    answer = client.post(
        f"/claims/{claim.pk}/save/", {"account": foreign.pk}, headers=HTMX | {"HX-Target": "answer-saved"}
    )
    claim.refresh_from_db()
    assert (answer.status_code, claim.account_id) == (422, own.pk)
    assert "收款账户必须是" in answer.content.decode()


@pytest.mark.parametrize("kind", ["agency", "platform"])
def test_a_worker_is_added_changed_and_removed_by_the_form(cast: Cast, kind: str) -> None:
    client = browser(cast[kind])
    claim = start(client, kind)
    here, row = f"/claims/{claim.pk}/lines/", people(cast, kind, 1, 9100)[0]
    assert client.post(f"{here}add/", form_of(row)).status_code == 302
    line = ClaimLine.objects.select_related("worker", "home").get(claim=claim)
    assert (line.worker.name, line.home.name, line.employer_name) == (row["name"], "洛阳村委会", row["employer_name"])
    page = client.get(f"{here}{line.pk}/").content.decode()
    assert row["id_number"] in page and f'value="{row["hire_date"]}"' in page
    assert client.post(f"{here}{line.pk}/", form_of(row) | {"job": "电工"}).status_code == 302
    line.refresh_from_db()
    assert (line.details["job"], ClaimLine.objects.filter(claim=claim).count()) == ("电工", 1)
    assert client.post(f"{here}{line.pk}/remove/").status_code == 302
    assert not ClaimLine.objects.filter(claim=claim).exists()


def test_the_form_keeps_what_was_typed_and_names_each_fault(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    wrong = form_of(people(cast, "agency", 1, 9200)[0]) | {
        "id_number": "350521199003070014",
        "phone": "12345",
        "contract_from": "2025-13-01",
        "employer_uscc": "",
    }
    answer = client.post(f"/claims/{claim.pk}/lines/add/", wrong)
    text = answer.content.decode()
    assert (answer.status_code, ClaimLine.objects.filter(claim=claim).count()) == (422, 0)
    for sentence in ("校验码不对", "手机号码应为11位", "这一天在日历上不存在", "未填写，请补充。"):
        assert sentence in text
    assert 'value="350521199003070014"' in text


def test_the_same_worker_twice_is_told_in_the_form(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    row = form_of(people(cast, "agency", 1, 9300)[0])
    client.post(f"/claims/{claim.pk}/lines/add/", row)
    again = client.post(f"/claims/{claim.pk}/lines/add/", row)
    assert (again.status_code, "该人员已在名单第1行" in again.content.decode()) == (422, True)


def test_filing_without_the_declaration_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    claim = draft(cast, "agency", 2, seed=9400)
    client = browser(cast["agency"])
    answer = client.post(f"/claims/{claim.pk}/file/", {}, headers=HTMX | {"HX-Target": "answer-file"})
    claim.refresh_from_db()
    assert (answer.status_code, claim.state) == (422, ClaimState.DRAFT)
    assert "请先阅读并勾选承诺" in answer.content.decode() and "HX-Retarget" not in answer
    assert ClaimLine.objects.filter(claim=claim).count() == 2
    filed_now = client.post(f"/claims/{claim.pk}/file/", {"declared": "1"}, headers=HTMX)
    assert filed_now["HX-Redirect"] == f"/claims/{claim.pk}/"


def test_the_precheck_names_rule_sentence_and_article_and_narrows(cast: Cast) -> None:
    claim = draft(cast, "agency", 6, seed=9500)
    ClaimLine.objects.filter(claim=claim, seq=2).update(hire_date=date(2025, 11, 1), contract_from=date(2025, 11, 1))
    client = browser(cast["agency"])
    with few_queries():
        whole = client.get(f"/claims/{claim.pk}/precheck/").content.decode()
    narrow = client.get(f"/claims/{claim.pk}/precheck/?only=problems", headers=HTMX).content.decode()
    assert whole.count('class="checked-line"') == 6
    assert narrow.count('class="checked-line"') == 1 and "<html" not in narrow
    assert "不符合 C" in narrow and "<cite>" in narrow
    assert "5,000.00" in narrow and "人民币伍仟元整" in narrow
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.DRAFT


@pytest.mark.parametrize("who", ["agency2", "person", "hr", "platform"])
def test_another_ones_draft_cannot_be_opened_or_touched(cast: Cast, who: str) -> None:
    claim = draft(cast, "agency", 1, seed=9600)
    line, evidence = ClaimLine.objects.get(claim=claim), Evidence.objects.filter(claim=claim).first()
    client, here = browser(cast[who]), f"/claims/{claim.pk}/"
    assert evidence is not None
    gets = (here, f"{here}precheck/", f"{here}lines/add/", f"{here}lines/{line.pk}/")
    posts = ("save/", "file/", "withdraw/", "answer/", f"lines/{line.pk}/remove/", "count/")
    assert {client.get(url).status_code for url in gets} == {403}
    assert {client.post(here + url, {"reason": "x", "declared": "1"}).status_code for url in posts} == {403}
    assert client.post(f"/claims/evidence/{evidence.pk}/remove/").status_code == 403
    assert client.post(f"{here}roster/", {"file": roster("agency", people(cast, "agency", 1, 1))}).status_code == 403
    assert client.post(f"{here}evidence/add/", {"kind": "contract", "file": picture("x")}).status_code == 403
    assert client.get(f"/shared/evidence/{evidence.pk}/").status_code in {403, 404}
    claim.refresh_from_db()
    evidence.refresh_from_db()
    assert (claim.state, evidence.replaced_at, claim.lines.count()) == (ClaimState.DRAFT, None, 1)


def test_officials_have_no_business_on_the_claimants_pages(cast: Cast) -> None:
    claim = draft(cast, "agency", 1, seed=9700)
    for who in ("bureau", "maker", "auditor", "sysadmin"):
        client = browser(cast[who])
        assert {client.get(url).status_code for url in ("/claims/", "/claims/new/", f"/claims/{claim.pk}/")} == {403}


def test_hostile_text_is_shown_as_text(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    script = '"><script>alert(1)</script>'
    row = form_of(people(cast, "agency", 1, 9800)[0]) | {"employer_name": script, "job": script}
    assert client.post(f"/claims/{claim.pk}/lines/add/", row).status_code == 302
    client.post(f"/claims/{claim.pk}/save/", {"contact": script, "note": script})
    hostile = picture("x", '"><img src=x onerror=alert(1)>.png')
    client.post(f"/claims/{claim.pk}/evidence/add/", {"kind": "contract", "file": hostile})
    line = ClaimLine.objects.get(claim=claim)
    for url in (f"/claims/{claim.pk}/", f"/claims/{claim.pk}/lines/{line.pk}/", f"/claims/{claim.pk}/precheck/"):
        text = client.get(url).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in client.get(f"/claims/{claim.pk}/").content.decode()


def test_the_pages_ask_few_questions_whatever_their_size(cast: Cast) -> None:
    claim = draft(cast, "agency", 60, seed=9900)
    client = browser(cast["agency"])
    for _more in range(3):
        start(client, "agency")
    line = ClaimLine.objects.filter(claim=claim).first()
    assert line is not None
    for url in ("/claims/", "/claims/new/", f"/claims/{claim.pk}/", f"/claims/{claim.pk}/?page=2", f"/claims/{claim.pk}/precheck/",
                f"/claims/{claim.pk}/lines/add/", f"/claims/{claim.pk}/lines/{line.pk}/"):  # fmt: skip
        with few_queries():
            assert client.get(url).status_code == 200
    assert client.get(f"/claims/{claim.pk}/?page=2").content.decode().count('id="line-') == 10


@pytest.mark.parametrize(
    "url", ["/claims/999999/", "/claims/9999999999999999999999/", "/claims/roster-template/ambassador/"]
)
def test_what_does_not_exist_is_no_error(cast: Cast, url: str) -> None:
    assert browser(cast["agency"]).get(url).status_code in {403, 404}
