"""Uploads that fail kindly, corrections that open only what was named, and a filed claim as its claimant follows it."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from documents.files import read
from documents.models import StoredFile
from funds.models import FundSource
from project.demo.filing import draft, filed
from project.demo.people import Cast
from project.demo.walking import walk
from tests.portals.claimants_made import browser, few_queries, form_of, people, picture, roster, start, zone
from tests.workflows.made import lines_in, review_at, say
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.corrections import Parts
from workflows.reviews import Correction
from workflows.states import ClaimState, LineStatus, Step, Verb
from workflows.words import LineWord

LUOYANG = "350521104201"
LOCKED = "补正只能修改退回时指明的部分"
HTMX = {"HX-Request": "true", "HX-Target": "answer-files"}
HOSTILE = {
    "not a workbook": ("花名册.xlsx", b"<html><script>alert(1)</script></html>"),
    "a truncated zip": ("花名册.xlsx", b"PK\x03\x04" + b"\x00" * 64),
    "nothing": ("花名册.xlsx", b""),
    "a program": ("花名册.exe", b"MZ\x90\x00" * 200),
}


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    return zone(settings, tmp_path)


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return FundSource.objects.order_by("pk")[0]


# Uploads


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_roster_is_refused_with_a_sentence_and_nothing_is_saved(cast: Cast, what: str) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    name, data = HOSTILE[what]
    answer = client.post(f"/claims/{claim.pk}/roster/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert "data-refusal" in answer.content.decode() or "提示代码" in answer.content.decode()
    assert (ClaimLine.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("照片.png", b"<svg onload=alert(1)>"),
        ("合同.pdf", b"%PDF-1.4 cut off"),
        ("x.png", b"%PDF-1.4\n%%EOF"),
        ("空.png", b""),
    ],
)
def test_hostile_evidence_is_refused_in_place(cast: Cast, name: str, data: bytes) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    sent = {"kind": "contract", "file": SimpleUploadedFile(name, data)}
    answer = client.post(f"/claims/{claim.pk}/evidence/add/", sent, headers=HTMX)
    assert (answer.status_code, "HX-Retarget" in answer, "<html" in answer.content.decode()) == (422, False, False)
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_no_file_and_no_kind_are_told(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    assert "请先选择文件" in client.post(f"/claims/{claim.pk}/roster/").content.decode()
    answer = client.post(f"/claims/{claim.pk}/evidence/add/", {"kind": "", "file": picture("x")})
    assert (answer.status_code, "请选择材料类别" in answer.content.decode()) == (422, True)


def test_failed_rows_come_back_and_go_in_when_mended(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    made = people(cast, "agency", 5, 7000, phone="12345")
    made[3]["id_number"] = made[3]["id_number"][:-1] + ("1" if made[3]["id_number"][-1] != "1" else "2")
    page = client.post(f"/claims/{claim.pk}/roster/", {"file": roster("agency", made)}).content.decode()
    assert "通过 3 人，未通过 2 人" in page and "手机号码应为11位" in page and "校验码不对" in page
    assert ClaimLine.objects.filter(claim=claim).count() == 3
    back = StoredFile.objects.get(name="未通过人员.xlsx")
    answer = client.get(f"/claims/roster-result/{back.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    columns = {str(cell.value).lstrip("*"): cell.column for cell in sheet[1]}
    sound = people(cast, "agency", 5, 7000)
    for row, source in ((2, sound[0]), (3, sound[3])):
        assert sheet.cell(row, columns["姓名"]).value == source["name"]
        sheet.cell(row, columns["手机"]).value = source["phone"]
        sheet.cell(row, columns["证件号码"]).value = source["id_number"]
    out = io.BytesIO()
    book.save(out)
    again = client.post(f"/claims/{claim.pk}/roster/", {"file": SimpleUploadedFile("未通过人员.xlsx", out.getvalue())})
    assert "通过 2 人，未通过 0 人" in again.content.decode()
    assert ClaimLine.objects.filter(claim=claim).count() == 5


def test_a_result_is_for_the_user_who_uploaded_only(cast: Cast) -> None:
    client = browser(cast["agency"])
    claim = start(client, "agency")
    client.post(f"/claims/{claim.pk}/roster/", {"file": roster("agency", people(cast, "agency", 2, 7100))})
    result = StoredFile.objects.get(name="校验结果.xlsx")
    assert client.get(f"/claims/roster-result/{result.pk}/").content == read(result)
    assert browser(cast["agency2"]).get(f"/claims/roster-result/{result.pk}/").status_code == 403


def test_the_template_is_an_excel_file_that_reads_as_empty(cast: Cast) -> None:
    client = browser(cast["agency"])
    answer = client.get("/claims/roster-template/agency/")
    claim = start(client, "agency")
    sent = {"file": SimpleUploadedFile("模板.xlsx", answer.content)}
    told = client.post(f"/claims/{claim.pk}/roster/", sent)
    assert (told.status_code, "没有填写人员" in told.content.decode()) == (422, True)


def test_a_lines_own_file_is_kept_with_the_line(cast: Cast) -> None:
    claim = draft(cast, "agency", 2, seed=7200)
    line = ClaimLine.objects.get(claim=claim, seq=2)
    client = browser(cast["agency"])
    sent = {"kind": "id_check", "line": str(line.pk), "file": picture("x")}
    assert client.post(f"/claims/{claim.pk}/evidence/add/", sent).status_code == 302
    own = Evidence.objects.get(line=line)
    assert f"/evidence/{own.pk}/" in client.get(f"/claims/{claim.pk}/lines/{line.pk}/").content.decode()
    assert client.post(f"/claims/evidence/{own.pk}/remove/").status_code == 302
    own.refresh_from_db()
    assert own.replaced_at is not None


# Corrections


@pytest.fixture
def returned(cast: Cast) -> Claim:
    """A claim sent back at acceptance: its second line and its contracts are open, nothing else."""
    claim = filed(cast, "agency", 3, seed=7300, homes=["洛阳村"])
    second = ClaimLine.objects.get(claim=claim, seq=2)
    parts = Parts(lines=[second.pk], evidence=["contract"])
    return say(cast, review_at(claim, Step.ACCEPTANCE), Verb.RETURN, opinion="请核对第2行，补合同", parts=parts)


def test_a_correction_says_what_is_asked_and_opens_only_that(cast: Cast, returned: Claim) -> None:
    client, here = browser(cast["agency"]), f"/claims/{returned.pk}/"
    first, second = ClaimLine.objects.filter(claim=returned, seq__lte=2).order_by("seq")
    with few_queries():
        page = client.get(here).content.decode()
    due = Correction.objects.get(claim=returned).due_on
    assert "请核对第2行，补合同" in page and f"至{due.isoformat()}" in page and "已锁定" in page
    assert f"/lines/{second.pk}/" in page and f"/lines/{first.pk}/" not in page
    assert "fieldset disabled" in page and "/roster/" not in page and "/lines/add/" not in page
    page = client.get("/claims/").content.decode()
    assert "去补正" in page and "还剩" in page


def test_a_correction_refuses_every_other_part(cast: Cast, returned: Claim) -> None:
    client, here = browser(cast["agency"]), f"/claims/{returned.pk}/"
    first = ClaimLine.objects.select_related("worker").get(claim=returned, seq=1)
    row = form_of(people(cast, "agency", 1, 7300)[0])
    contact = returned.contact
    answers = [
        client.post(f"{here}save/", {"contact": "别人"}),
        client.get(f"{here}lines/{first.pk}/"),
        client.post(f"{here}lines/{first.pk}/", row | {"job": "电工"}),
        client.post(f"{here}lines/add/", row),
        client.post(f"{here}evidence/add/", {"kind": "hr_licence", "file": picture("y")}),
    ]
    assert [(answer.status_code, LOCKED in answer.content.decode()) for answer in answers] == [(403, True)] * 5
    second = ClaimLine.objects.get(claim=returned, seq=2)
    assert client.post(f"{here}lines/{second.pk}/remove/").status_code == 422
    returned.refresh_from_db()
    first.refresh_from_db()
    assert (returned.contact, first.details["job"], returned.lines.count()) == (contact, "缝纫工", 3)


def test_the_named_parts_are_mended_and_sent_back(cast: Cast, returned: Claim) -> None:
    client, here = browser(cast["agency"]), f"/claims/{returned.pk}/"
    second = ClaimLine.objects.get(claim=returned, seq=2)
    made = form_of(people(cast, "agency", 2, 7300)[1] | {"village": "洛阳村", "hukou_in_zone": "是"})
    employer = {"employer_name": second.employer_name, "employer_uscc": second.employer_uscc}
    assert client.post(f"{here}lines/{second.pk}/", made | employer | {"job": "电工"}).status_code == 302
    assert client.post(f"{here}evidence/add/", {"kind": "contract", "file": picture("新合同")}).status_code == 302
    answer = client.post(f"{here}answer/")
    returned.refresh_from_db()
    assert (answer.status_code, returned.state) == (302, ClaimState.FILED)
    changed = {change["field"] for change in Correction.objects.get(claim=returned).changes}
    assert {"job", "evidence:contract"} <= changed
    assert "提交补正" in client.get(here).content.decode()


# Following a claim


def test_a_filed_claim_shows_where_it_stands_until_when_and_who_said_what(cast: Cast) -> None:
    claim = walk(cast, filed(cast, "agency", 4, seed=7400, homes=["洛阳村"]), ClaimState.VILLAGE)
    gone = lines_in(claim, LUOYANG)[0]
    word = {gone.pk: LineWord(Verb.DEDUCT, "not_found_at_employer", "上门未见到本人")}
    say(cast, review_at(claim, Step.VILLAGE_RECORD), lines=word)
    say(cast, review_at(claim, Step.VILLAGE_CONFIRM))
    client = browser(cast["agency"])
    with few_queries():
        page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert 'aria-current="step"' in page and "还剩" in page and "洛阳镇" in page
    assert "上门未见到本人" in page and "材料齐全，予以受理。" in page
    assert "3,000.00" in page and "人民币叁仟元整" in page
    assert 'class="road-map"' in page and 'id="withdraw-dialog"' in page and 'name="declared"' not in page


def test_an_approved_claim_offers_its_papers_and_says_what_is_paid(
    cast: Cast, fund: FundSource, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        claim = walk(cast, filed(cast, "agency", 2, seed=7500), ClaimState.PAYABLE, fund=fund)
    client = browser(cast["agency"])
    with few_queries():
        page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "未拨付" in page and "审批表" in page and "/paper/" in page
    assert 'id="withdraw-dialog"' not in page
    answer = client.post(f"/claims/{claim.pk}/withdraw/", {"reason": "不想要了"})
    assert (answer.status_code, Claim.objects.get(pk=claim.pk).state) == (403, ClaimState.PAYABLE)


def test_withdrawing_frees_the_workers(cast: Cast) -> None:
    claim = filed(cast, "agency", 2, seed=7600)
    client = browser(cast["agency"])
    assert 'id="withdraw-dialog"' in client.get(f"/claims/{claim.pk}/").content.decode()
    assert client.post(f"/claims/{claim.pk}/withdraw/", {"reason": "重复填报"}).status_code == 302
    assert set(claim.lines.values_list("status", flat=True)) == {LineStatus.RELEASED}
    assert "已撤回" in client.get(f"/claims/{claim.pk}/").content.decode()


def test_a_filed_claim_can_no_longer_be_written(cast: Cast) -> None:
    claim = filed(cast, "agency", 2, seed=7700)
    client, here = browser(cast["agency"]), f"/claims/{claim.pk}/"
    line = ClaimLine.objects.filter(claim=claim).first()
    assert line is not None
    posts = ("save/", "file/", f"lines/{line.pk}/remove/")
    assert {client.post(here + url, {"declared": "1"}).status_code for url in posts} == {403}
    assert client.get(f"{here}lines/{line.pk}/").status_code == 403
