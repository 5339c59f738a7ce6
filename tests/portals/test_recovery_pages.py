"""The pages of recovery: the whole road by forms, doors by role, what a claim's page and its claimant are shown."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from core import clock
from funds.models import FundSource
from payments.models import Recheck, RecoveryCase
from payments.recovery.access import SEES_CASES
from payments.recovery.rechecks import list_due
from policy.commands import load_scheme, publish_scheme
from policy.loading import shipped
from tests.payments import made
from tests.payments.made import Office, line_ids, payable
from tests.payments.recovered import Bureau, bureau, ordered, paid
from tests.portals.test_finance import refused, signed_in
from workflows.claims import Claim

pytestmark = pytest.mark.django_db
MOST = 25


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()


@pytest.fixture
def people() -> Bureau:
    return bureau()


def test_the_whole_road_by_forms(office: Office, source: FundSource, people: Bureau) -> None:
    agency = made.agency()
    with clock.travel(date(2025, 8, 1)):
        claim = paid(office, source, agency)
    list_due()
    handler, head, leader = map(signed_in, (people.handler, people.head, people.leader))
    listed = handler.get(reverse("finance:rechecks")).content.decode()
    assert claim.number in listed
    row = Recheck.objects.order_by("pk")[0]
    found = {"recheck": [row.pk], "outcome": "stopped", "stopped_on": "2025-09-01", "note": ""}
    assert handler.post(reverse("finance:recheck_record"), found).status_code == 302
    page = reverse("finance:recovery_open", args=[claim.pk])
    link = f"{page}?line={row.item.line_id}&amp;ground=insurance_stopped"
    assert link in handler.get(reverse("finance:rechecks"), {"only": "stopped"}).content.decode()
    form = handler.get(page, {"line": row.item.line_id, "ground": "insurance_stopped"}).content.decode()
    assert form.count("checked") == 1 and 'value="1000.00"' in form
    first, second = line_ids(claim)
    told = {"line": [first, second], f"amount-{first}": "1000.00", f"amount-{second}": "1000", "facts": "已停保。"}
    answer = handler.post(page, told | {"ground": "insurance_stopped"})
    assert answer.status_code == 302, refused(answer)
    case_page = answer.url
    case = RecoveryCase.objects.get()
    assert (case_page, case.article) == (reverse("finance:recovery", args=[case.pk]), "本区默认口径 A9、核查规则 C07")
    order = {"order": "1", "opinion": "同意。", "days": "15", "part-day": ["2025-12-01", "2026-01-05", ""]}
    order |= {"part-amount": ["500", "1500", ""]}
    assert head.post(reverse("finance:recovery_decide", args=[case.pk]), order).url == case_page
    again = head.post(reverse("finance:recovery_decide", args=[case.pk]), order)
    assert (again.status_code, refused(again)) == (409, "recovery_moved_on")
    got = {"amount": "500", "on": "2025-11-24", "reference": "入库2025-118"}
    maker = signed_in(office.maker)
    assert maker.post(reverse("finance:recovery_receive", args=[case.pk]), got).url == case_page
    later = payable(source, agency, heads=1)
    offset = {"claim": later.pk, "line": line_ids(later), "reason": "同意抵扣。"}
    assert later.number in leader.get(case_page).content.decode()
    assert leader.post(reverse("finance:recovery_offset", args=[case.pk]), offset).url == case_page
    plan = {"part-day": ["2026-02-02"], "part-amount": ["500"], "opinion": "同意延期。"}
    assert leader.post(reverse("finance:recovery_plan", args=[case.pk]), plan).url == case_page
    off = {"amount": "500", "reason": "企业已注销。"}
    assert signed_in(people.writer).post(reverse("finance:recovery_write_off", args=[case.pk]), off).url == case_page
    case.refresh_from_db()
    shown = maker.get(case_page).content.decode()
    assert case.state == "closed" and "入库2025-118" in shown and "人民币贰仟元整" in shown
    assert case.number in handler.get(reverse("desk:claim", args=[claim.pk])).content.decode()


def test_an_order_is_lifted_by_the_leader_and_stays_to_be_read(
    office: Office, source: FundSource, people: Bureau
) -> None:
    case = ordered(people, paid(office, source))
    page, lift = (reverse(f"finance:{name}", args=[case.pk]) for name in ("recovery", "recovery_lift"))
    head, leader = signed_in(people.head), signed_in(people.leader)
    assert "撤销追回" in head.get(page).content.decode() and lift not in head.get(page).content.decode()
    assert (head.post(lift, {"reason": "复核"}).status_code, lift in leader.get(page).content.decode()) == (403, True)
    assert refused(leader.post(lift, {"reason": " "})) == "reason_missing"
    assert leader.post(lift, {"reason": "行政复议决定撤销。"}).url == page
    assert refused(leader.post(lift, {"reason": "再次"})) == "recovery_lifted"
    shown = leader.get(page).content.decode()
    assert "已撤销追回" in shown and "行政复议决定撤销。" in shown and people.leader.user.full_name in shown


@pytest.mark.parametrize("role", Role)
def test_who_opens_which_page(office: Office, source: FundSource, people: Bureau, role: Role) -> None:
    claim = paid(office, source, heads=1)
    case = ordered(people, claim)
    client = signed_in(made.officer(role, "某人"))
    sees = 200 if role in SEES_CASES else 403
    expected = {
        reverse("finance:recoveries"): sees,
        reverse("finance:rechecks"): sees,
        reverse("finance:recovery", args=[case.pk]): sees,
        reverse("finance:recovery", args=[10**30]): 403,
        reverse("finance:recovery_open", args=[claim.pk]): 200 if role == Role.BUREAU_HANDLER else 403,
        reverse("shared:paper", args=[case.paper_id]): sees,
    }
    assert {url: client.get(url).status_code for url in expected} == expected


def test_the_claimant_reads_his_own_notice_only(office: Office, source: FundSource, people: Bureau) -> None:
    published = load_scheme(data=shipped()[0].read_bytes(), by=people.head)
    publish_scheme(scheme_id=published.pk, by=people.leader)  # a claimant's page names its terms
    claim, foreign = paid(office, source, heads=1), paid(office, source, heads=1)
    mine, other = ordered(people, claim), ordered(people, foreign)
    client = signed_in(made.Actor(claim.created_by, claim.created_post))
    page = client.get(reverse("claimant:claim", args=[claim.pk])).content.decode()
    assert mine.number in page and other.number not in page
    assert client.get(reverse("shared:paper", args=[mine.paper_id])).status_code == 200
    assert client.get(reverse("shared:paper", args=[other.paper_id])).status_code == 403
    assert client.get(reverse("finance:recovery", args=[mine.pk])).status_code == 403


def test_overdue_cases_stand_out(office: Office, source: FundSource, people: Bureau) -> None:
    with clock.travel(date(2025, 10, 9)):
        late = ordered(people, paid(office, source, heads=1))
    ordered(people, paid(office, source, heads=1))
    client = signed_in(office.checker)
    assert "有1件追回款逾期" in client.get(reverse("finance:recoveries")).content.decode()
    page = client.get(reverse("finance:recoveries"), {"state": "overdue"})
    assert [case.pk for case in page.context["page"]] == [late.pk]
    assert "逾期未退" in client.get(reverse("finance:recovery", args=[late.pk])).content.decode()


def test_pages_ask_as_little_for_many_as_for_one(office: Office, source: FundSource, people: Bureau) -> None:
    def asked(client: Client, *urls: str) -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts.append(len(seen))
        return counts

    def measured(claim: Claim) -> list[int]:
        case = ordered(people, claim)
        list_due()
        return asked(
            signed_in(people.leader),
            reverse("finance:recoveries"),
            reverse("finance:rechecks"),
            reverse("finance:recovery", args=[case.pk]),
            reverse("desk:claim", args=[claim.pk]),
        )

    with clock.travel(date(2025, 8, 1)):
        small, large = paid(office, source, heads=1), paid(office, source, heads=12)
    before = measured(small)
    after = measured(large)
    assert before == after and max(before) <= MOST
