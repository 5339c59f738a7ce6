"""The finance pages: the whole road by forms, doors by role, buttons from verdicts, queries and page sizes."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.acting import Actor
from accounts.roles import FINANCE, Role
from core.jobs import run_waiting
from funds.models import FundSource
from payments import access, batches
from payments.models import Batch, BatchState, PaymentFile, PaymentItem
from tests.payments import made
from tests.payments.made import Office, drafted, line_ids, payable, sealed

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["post_id"] = actor.post_id
    session.save()
    return client


def refused(response: object) -> str:
    """The code of the refusal a page shows."""
    return response.content.decode().split('data-refusal="')[1].split('"')[0]  # type: ignore[attr-defined]


def test_the_whole_road_by_forms(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=3), payable(source, heads=2)
    bureau, maker, checker, approver = map(signed_in, (office.bureau, office.maker, office.checker, office.approver))
    answer = bureau.post(reverse("finance:open"), {"fund": source.pk, "channel": "public", "note": "十一月"})
    batch = Batch.objects.get()
    page = reverse("finance:batch", args=[batch.pk])
    assert (answer.status_code, answer.url) == (302, page)
    listed = maker.get(reverse("finance:payable"), {"fund": source.pk, "channel": "public"}).content.decode()
    assert claim.number in listed
    assert 'data-fen="300000"' in listed
    chosen = {"batch": batch.pk, "claim": [claim.pk], "line": [str(pk) for pk in line_ids(other)[:1]]}
    assert maker.post(reverse("finance:draft"), chosen).url == page
    assert checker.post(reverse("finance:check", args=[batch.pk]), {"opinion": "无误"}).url == page
    assert approver.post(reverse("finance:release", args=[batch.pk]), {"opinion": "同意"}).url == page
    batch.refresh_from_db()
    assert (batch.state, batch.count, batch.total_fen) == (BatchState.SEALED, 4, 4_000_00)
    run_waiting()
    file = maker.get(reverse("finance:download", args=[batch.pk, made.FORMAT, "payment"]))
    assert sha256(file.content).hexdigest() == PaymentFile.objects.get().sha256
    seal = maker.get(reverse("finance:download", args=[batch.pk, "sealed", "payment"]))
    assert sha256(seal.content).hexdigest() == batch.sha256
    assert "attachment" in file["Content-Disposition"]
    pdf = approver.get(reverse("shared:paper", args=[batch.paper_id]))
    assert pdf.content.startswith(b"%PDF-")
    sending = reverse("finance:send", args=[batch.pk])
    assert maker.post(sending, {"format": made.FORMAT}).url == page
    mark = reverse("finance:mark", args=[batch.pk])
    back = {"claim": [other.pk], "outcome": "returned", "reason_code": "holder_differs", "reason": "请核对"}
    assert maker.post(mark, back).status_code == 302
    assert maker.post(mark, {"all": "1", "outcome": "settled"}).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert PaymentItem.objects.get(claim=other).reason == "户名不符：请核对"
    shown = maker.get(page).content.decode()
    assert "人民币肆仟元整" in shown
    assert "户名不符" in shown
    assert claim.account.number not in shown


def test_return_and_cancel_by_forms(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    checker, bureau = signed_in(office.checker), signed_in(office.bureau)
    empty = checker.post(reverse("finance:return", args=[batch.pk]), {"reason": ""})
    assert (empty.status_code, refused(empty)) == (422, "reason_missing")
    checker.post(reverse("finance:return", args=[batch.pk]), {"reason": "请核对"})
    bureau.post(reverse("finance:cancel", args=[batch.pk]), {"reason": "不办了"})
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED


def test_a_second_click_is_told_who_was_first(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    checker = signed_in(office.checker)
    check = reverse("finance:check", args=[batch.pk])
    answers = [checker.post(check).status_code for _click in range(3)]
    assert answers == [302, 409, 409]


def test_a_reason_not_chosen_is_asked_for(office: Office, source: FundSource) -> None:
    batch = made.sent(office, source, payable(source))
    answer = signed_in(office.maker).post(
        reverse("finance:mark", args=[batch.pk]), {"all": "1", "outcome": "returned", "reason_code": "nonsense"}
    )
    assert (answer.status_code, refused(answer)) == (422, "reason_missing")


@pytest.mark.parametrize("role", Role)
def test_who_opens_which_page(office: Office, source: FundSource, role: Role) -> None:
    batch = sealed(office, source, payable(source))
    client = signed_in(made.officer(role, "某人"))
    sees = role in access.SEES_BATCHES
    lists = role in FINANCE | {Role.AUDITOR, Role.BUREAU_HANDLER}
    expected = {
        reverse("finance:batches"): 200 if sees else 403,
        reverse("finance:batch", args=[batch.pk]): 200 if sees else 403,
        reverse("finance:batch", args=[10**30]): 403,
        reverse("finance:funds"): 200 if sees else 403,
        reverse("finance:payable"): 200 if lists else 403,
        reverse("finance:open"): 200 if role == Role.BUREAU_HANDLER else 403,
        reverse("finance:download", args=[batch.pk, "sealed", "payment"]): 200
        if role in FINANCE | {Role.AUDITOR}
        else 403,
        reverse("shared:paper", args=[batch.paper_id]): 200 if sees else 403,
    }
    assert {url: client.get(url).status_code for url in expected} == expected
    if not sees:
        assert batch.number not in client.get(reverse("finance:batch", args=[batch.pk])).content.decode()


POSTS = [
    "draft",
    "open",
    "check",
    "return",
    "release",
    "cancel",
    "choose_format",
    "make_file",
    "send",
    "mark",
    "move",
    "funds",
]


def address(name: str, pk: int) -> str:
    if name == "download":
        return reverse("finance:download", args=[pk, made.FORMAT, "payment"])
    return reverse(f"finance:{name}", args=[] if name in ("draft", "open", "funds", "move") else [pk])


@pytest.mark.parametrize("name", POSTS)
def test_nobody_acts_unless_it_is_his_to_do(office: Office, source: FundSource, name: str) -> None:
    batch = sealed(office, source, payable(source))
    strangers = [made.officer(role, "外人") for role in (Role.AGENCY_CLERK, Role.VILLAGE_CLERK, Role.AUDITOR)]
    sent = {"reason": "x", "outcome": "settled", "all": "1", "fund": source.pk, "channel": "public", "batch": batch.pk}
    sent |= {"claim": [1], "name": "x", "amount": "1", "year": "2025", "functional_code": "1", "economic_code": "1"}
    for stranger in strangers:
        assert signed_in(stranger).post(address(name, batch.pk), sent).status_code == 403
    assert Client().post(address(name, batch.pk), sent).status_code == 302
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("name", [*POSTS, "batch", "download", "payable", "batches"])
@pytest.mark.parametrize("junk", ["", "-1", "x" * 400, "9" * 40, "é😀", "\x00"])
def test_junk_is_answered_with_a_sentence(office: Office, source: FundSource, name: str, junk: str) -> None:
    keys = ["batch", "claim", "line", "fund", "channel", "outcome", "reason", "amount", "year", "page", "state", "all"]
    sent = dict.fromkeys(keys, junk)
    for actor in (office.maker, office.bureau, office.approver):
        client = signed_in(actor)
        url = address(name, 10**25) if name not in ("payable", "batches") else reverse(f"finance:{name}")
        assert client.post(url, sent).status_code in (403, 405, 409, 422)
        assert client.get(url, sent).status_code in (200, 403, 405, 422)


def test_buttons_are_drawn_from_verdicts(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    page = reverse("finance:batch", args=[batch.pk])
    act = reverse("finance:check", args=[batch.pk])
    assert f'action="{act}"' in signed_in(office.checker).get(page).content.decode()
    shown = signed_in(office.maker).get(page).content.decode()
    assert f'action="{act}"' not in shown
    assert access.can(office.maker, batch, access.BatchVerb.CHECK).reason in shown
    both = made.posted(office.maker.user, Role.FINANCE_CHECKER)
    assert "须由不同的人办理" in signed_in(both).get(page).content.decode()


@pytest.mark.parametrize("many", [2, 60])
def test_pages_ask_a_fixed_number_of_questions(
    office: Office, source: FundSource, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = made.sent(office, source, *[payable(source, heads=1) for _n in range(many)])
    for n in range(many):
        payable(source, heads=1)
        batches.open_batch(fund_id=source.pk, channel="public", note=str(n), by=office.bureau)
    client = signed_in(office.maker)
    pages: dict[str, Callable[[str], int]] = {
        reverse("finance:payable"): lambda text: text.count('name="claim"'),
        reverse("finance:batches"): lambda text: text.count('<th scope="row">'),
        reverse("finance:batch", args=[batch.pk]): lambda text: text.count('name="transfer"'),
    }
    sizes = []
    for url, count in pages.items():
        client.get(url)
        with django_assert_max_num_queries(MOST):
            sizes.append(count(client.get(url).content.decode()))
    assert sizes == ([2, 3, 2] if many == 2 else [50, 25, 50])


def test_one_claim_line_by_line(office: Office, source: FundSource) -> None:
    claim = payable(source, heads=60)
    client = signed_in(office.maker)
    shown = client.get(reverse("finance:payable"), {"fund": source.pk, "claim": claim.pk}).content.decode()
    assert shown.count('name="line"') == 50
    assert client.get(reverse("finance:payable"), {"claim": "987"}).status_code == 200


def test_claims_without_an_account_are_told(office: Office, source: FundSource) -> None:
    claim = payable(source)
    claim.account = None
    claim.save()
    shown = signed_in(office.maker).get(reverse("finance:payable")).content.decode()
    assert "1件已批准的申报没有收款账户" in shown
    assert claim.number not in shown


def test_a_fund_is_opened_by_form(office: Office) -> None:
    sent = {"name": "区就业补助资金", "allocation_no": "泉财指〔2025〕1号", "year": "2025", "amount": "500000.50"}
    sent |= {"functional_code": "2080701", "economic_code": "30399"}
    client = signed_in(office.maker)
    assert client.post(reverse("finance:funds"), sent).status_code == 302
    assert FundSource.objects.get().amount_fen == 500_000_50
    assert client.post(reverse("finance:funds"), sent | {"amount": "5万"}).status_code == 422
    assert "500,000.50" in client.get(reverse("finance:funds")).content.decode()
