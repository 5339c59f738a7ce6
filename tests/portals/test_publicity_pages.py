"""The pages of publicity: a village's phone, the desk's hearing of an objection, and what strangers see and may say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Actor
from core import clock
from core.models import Event
from documents.files import read
from documents.models import StoredFile
from funds.models import FundSource
from portals.public.limits import OBJECTIONS_A_DAY
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.walking import hang, photo, walk
from project.demo.zone import fund_and_scheme
from tests.portals.desk_made import signed_in
from workflows.claims import Claim, ClaimLine
from workflows.hearings import BoardPosting, Objection
from workflows.holds import held_lines
from workflows.objections import Statement, object_online, record_objection
from workflows.publicity import publish
from workflows.reviews import Notice, NoticeEntry
from workflows.states import ClaimState, LineStatus

pytestmark = pytest.mark.django_db
AFTER = date(2025, 12, 2)
SAID = {"name": "林素珍", "phone": "13805960001", "content": "该人员七月起就没有在企业上班。", "address": ""}
OTHER = SAID | {"name": "黄国强", "phone": "13805960002"}


@pytest.fixture
def cast(settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]


@pytest.fixture
def notice(cast: Cast, fund: FundSource) -> Notice:
    """A person's claim over three people of two villages, published."""
    claim = walk(cast, filed(cast, "individual", 3, seed=5, homes=["洛阳村", "锦峰社区"]), ClaimState.PUBLICITY)
    return publish(claim_ids=[claim.pk], by=cast["bureau"])


def text(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def upload(data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("公示栏.jpg", data or photo(), "image/jpeg")


def entry_of(notice: Notice) -> NoticeEntry:
    return notice.entries.select_related("claim").get()


def test_a_village_records_its_board_and_others_see_who_has_not(cast: Cast, notice: Notice) -> None:
    mine, other = notice.boards.select_related("area").order_by("pk")
    clerk = signed_in(cast[f"clerk:{mine.area.code}"])
    assert "公示栏待张贴1份" in text(clerk, "desk:inbox")
    assert text(clerk, "desk:boards").count('name="photo"') == 1
    for photo_given, day, status in ((None, "2025-11-24", 422), (upload(), "2025-11-23", 422), (upload(b"x"), "", 422)):
        sent = {"on": day} | ({"photo": photo_given} if photo_given else {})
        assert clerk.post(reverse("desk:board_post", args=[mine.pk]), sent).status_code == status
    assert (
        clerk.post(reverse("desk:board_post", args=[other.pk]), {"on": "2025-11-24", "photo": upload()}).status_code
        == 403
    )
    assert (
        clerk.post(reverse("desk:board_post", args=[mine.pk]), {"on": "2025-11-24", "photo": upload()}).status_code
        == 302
    )
    assert (
        clerk.post(reverse("desk:board_post", args=[mine.pk]), {"on": "2025-11-24", "photo": upload()}).status_code
        == 409
    )
    mine.refresh_from_db()
    assert (mine.posted_on, mine.until) == (date(2025, 11, 24), date(2025, 12, 1)) and mine.photo is not None
    assert read(mine.photo).startswith(b"\xff\xd8\xff") and b"Exif" not in read(mine.photo)
    bureau = signed_in(cast["bureau"])
    page = text(bureau, "desk:notice", notice.pk)
    assert "1个尚未张贴" in page and "第5日，24时届满" in page and page.count("不计") == 2
    assert bureau.get(reverse("desk:board_photo", args=[mine.pk])).status_code == 200
    assert (
        signed_in(cast[f"clerk:{other.area.code}"]).get(reverse("desk:board_photo", args=[mine.pk])).status_code == 403
    )
    with clock.travel(AFTER):
        assert other.area.name + "尚未在公示栏张贴" in text(bureau, "desk:publicity")
        assert bureau.post(reverse("desk:end_publicity", args=[entry_of(notice).claim_id])).status_code == 409
        waive = reverse("desk:board_waive", args=[other.pk])
        assert bureau.post(waive, {"reason": "公示栏维修"}).status_code == 403
        assert signed_in(cast["section"]).post(waive, {"reason": ""}).status_code == 422
        assert signed_in(cast["section"]).post(waive, {"reason": "公示栏维修"}).status_code == 302
        assert bureau.post(reverse("desk:end_publicity", args=[entry_of(notice).claim_id])).status_code == 302


def test_a_written_objection_from_the_desk_to_its_end(cast: Cast, notice: Notice, fund: FundSource) -> None:
    hang(cast, notice)
    entry = entry_of(notice)
    first = ClaimLine.objects.filter(claim=entry.claim_id).order_by("seq")[0]
    bureau, section, leader = (signed_in(cast[who]) for who in ("bureau", "section", "leader"))
    form = text(bureau, "desk:objection_new", entry.pk)
    assert form.count('name="line"') == 3
    scan = SimpleUploadedFile("异议书.jpg", photo(), "image/jpeg")
    sent = SAID | {"line": [str(first.pk)], "scan": scan}
    assert section.post(reverse("desk:objection_record", args=[entry.pk]), sent).status_code == 403
    assert bureau.post(reverse("desk:objection_record", args=[entry.pk]), SAID | {"content": "不实"}).status_code == 422
    sent["scan"] = SimpleUploadedFile("异议书.jpg", photo(), "image/jpeg")
    assert bureau.post(reverse("desk:objection_record", args=[entry.pk]), sent).status_code == 302
    objection = Objection.objects.get()
    for client, name in ((bureau, "林素珍"), (signed_in(cast["auditor"]), "林*珍")):
        page = text(client, "desk:objection", objection.pk)
        assert name in page and "13805960001" not in page and objection.code not in page
    contact = reverse("desk:objection_contact", args=[objection.pk])
    for client in (leader, signed_in(cast["auditor"])):
        assert client.post(contact).status_code == 403
    assert "13805960001" in section.post(contact).content.decode()
    assert leader.get(reverse("desk:objection_scan", args=[objection.pk])).status_code == 403
    assert section.get(reverse("desk:objection_scan", args=[objection.pk])).status_code == 200
    read = Event.objects.filter(chain=entry.claim.chain, verb="read_objector")
    assert [(event.by_label, event.data["what"]) for event in read] == [
        (cast["section"].label, "contact"), (cast["section"].label, "scan"),
    ]  # fmt: skip
    assert "13805960001" not in str([event.data for event in read])
    assert "异议待核查1件" in text(bureau, "desk:inbox")
    with clock.travel(date(2025, 12, 9)):
        assert "已逾期1件" in text(bureau, "desk:inbox") and "已逾期1个工作日" in text(
            bureau, "desk:objections", only="late"
        )
    with clock.travel(AFTER):
        assert bureau.post(reverse("desk:end_publicity", args=[entry.claim_id])).status_code == 302
        review = Claim.objects.get(pk=entry.claim_id).reviews.get(outcome="")
        page = text(leader, "desk:claim", entry.claim_id)
        assert f'name="objection" value="{objection.number}"' in page
        decide, said = reverse("desk:decide", args=[review.pk]), {"verb": "approve", "fund": fund.pk}
        assert leader.post(decide, said).status_code == 409
        assert leader.post(decide, said | {"objection": objection.number}).status_code == 302
        asked = {"scope": "keep", "findings": "已上门核实，在岗。", "proposal": "dismissed"}
        assert bureau.post(reverse("desk:objection_investigate", args=[objection.pk]), asked).status_code == 302
        end = reverse("desk:objection_decide", args=[objection.pk])
        assert "异议待处理决定1件" in text(section, "desk:inbox")
        assert section.post(end, {"verdict": "nonsense", "opinion": "无"}).status_code == 422
        assert section.post(end, {"verdict": "dismissed", "opinion": "经核实在岗。"}).status_code == 302
        assert section.post(end, {"verdict": "upheld", "opinion": "无"}).status_code == 409
        assert "待补充批准1人" in text(leader, "desk:inbox")
        assert "补充批准" in text(leader, "desk:objection", objection.pk)
        assert leader.post(reverse("desk:approve_suspended", args=[entry.claim_id])).status_code == 302
    first.refresh_from_db()
    assert first.status == LineStatus.LIVE


def test_strangers_see_masked_recipients_and_nothing_else(cast: Cast, notice: Notice, client: Client) -> None:
    entry = entry_of(notice)
    workers = {line.worker.name for line in ClaimLine.objects.filter(claim=entry.claim_id) if line.worker}
    whole = entry.claim.claimant_name
    pages = [
        text(client, "public:notices"),
        text(client, "public:notice", notice.number),
        text(client, "public:objection_form", notice.number, 1),
    ]
    assert notice.number in pages[0] and f"{whole[0]}*" in pages[1] and "1,500.00" in pages[1]
    for page in pages:
        assert not [secret for secret in {*workers, whole, str(entry.claim)} if secret in page]
    hang(cast, notice)
    with clock.travel(AFTER):
        walk(cast, entry.claim, ClaimState.LEADER)
        assert "公示期已满" in text(client, "public:notice", notice.number, status=404)
        assert client.get(reverse("public:objection_form", args=[notice.number, 1])).status_code == 404


def test_an_objection_on_line_answers_alike_whoever_is_named(cast: Cast, notice: Notice, client: Client) -> None:
    entry = entry_of(notice)
    line = ClaimLine.objects.filter(claim=entry.claim_id).select_related("worker")[0]
    assert line.worker is not None
    address = reverse("public:objection_form", args=[notice.number, 1])
    answers = []
    for said in (SAID | {"people": line.worker.name}, OTHER | {"people": "查无此人"}):
        answer = client.post(address, said)
        assert answer.status_code == 200
        made = Objection.objects.get(code=answer.context["objection"].code)
        main = answer.content.decode().split("<main")[1]
        answers.append(main.replace(made.number, "").replace(made.code, ""))
        status = text(client, "public:objection", code=made.code.lower())
        assert made.number in status and "核查中" in status and "林素珍" not in status
    assert answers[0] == answers[1]
    assert held_lines([entry.claim_id]) == set(
        ClaimLine.objects.filter(claim=entry.claim_id).values_list("pk", flat=True)
    )
    assert client.post(address, SAID).status_code == 422
    refused = client.post(address, OTHER | {"phone": "110"})
    assert refused.status_code == 422 and "黄国强" in refused.content.decode()
    assert text(client, "public:objection", status=404, code="23456789AB")


def test_objections_on_line_have_a_small_share(notice: Notice, client: Client) -> None:
    address = reverse("public:objection_form", args=[notice.number, 1])
    codes = [client.post(address, {"name": "x"}).status_code for _ in range(OBJECTIONS_A_DAY + 1)]
    assert codes == [422] * OBJECTIONS_A_DAY + [429]
    assert not Objection.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, SAID, REMOTE_ADDR="10.0.0.7").status_code == 403


def cost(by: Actor | None, name: str, *args: object) -> int:
    client = signed_in(by) if by else Client()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    sweeping = ('DELETE FROM "core_share"', 'SELECT "core_share"."key"')  # by the first question of a minute
    return len([sql for sql in asked if not sql.startswith(sweeping)])


def test_pages_cost_the_same_with_one_objection_and_village_as_with_many(cast: Cast, notice: Notice) -> None:
    entry = entry_of(notice)
    hang(cast, notice, but=1)
    first = object_online(entry_id=entry.pk, said=Statement("林素珍", "13805960001", SAID["content"]))
    asked: list[tuple[Actor | None, str, tuple[object, ...], int]] = [
        (cast["bureau"], "desk:notice", (notice.pk,), 15),
        (cast["section"], "desk:objections", (), 8),
        (cast["section"], "desk:objection", (first.pk,), 14),
        (cast["bureau"], "desk:publicity", (), 16),
        (cast["clerk:350521104201"], "desk:boards", (), 6),
        (None, "public:notices", (), 6),
        (None, "public:notice", (notice.number,), 10),
    ]
    before = [cost(by, name, *args) for by, name, args, _most in asked]
    assert [(name, count) for count, (_by, name, _args, most) in zip(before, asked, strict=True) if count > most] == []
    for number in range(5):
        said = Statement("黄国强", f"1380596001{number}", SAID["content"])
        record_objection(entry_id=entry.pk, by=cast["bureau"], said=said)
    areas = BoardPosting.objects.filter(notice=notice).values_list("area", flat=True)
    more = cast["clerk:350521104209"].post.area
    assert more is not None and more.pk not in set(areas)
    BoardPosting.objects.create(notice=notice, area=more, days=7)
    assert [cost(by, name, *args) for by, name, args, _most in asked] == before
    assert StoredFile.objects.filter(name="公示栏.jpg").count() == 1
