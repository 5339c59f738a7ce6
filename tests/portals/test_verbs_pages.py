"""The second verbs on the desk: the menu and its forms, the trays beside the inbox, the next one after a decision."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Area, Cover
from core import clock
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, review_of, signed_in
from tests.standing import fresh, standing
from workflows.attention import Copy, Deed, Favourite, SavedView
from workflows.claims import Claim
from workflows.consultations import Seat
from workflows.reviews import Review
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
World = tuple[Cast, list[Claim]]


def made() -> World:
    """Three claims at the bureau: one late, one due today, one fresh with the most people."""
    cast = make_cast()
    village, today = [Area.objects.get(code="350521104201")], clock.today()
    late = claim_at(cast, ClaimState.BUREAU, villages=village, on=today - timedelta(days=30))
    due = claim_at(cast, ClaimState.BUREAU, villages=village, risky=1)
    new = claim_at(cast, ClaimState.BUREAU, villages=village, heads=5)
    Review.objects.filter(claim=due).update(due_on=today)
    return cast, [late, due, new]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(django_db_blocker, made, files=tmp_path_factory.mktemp("files")) as both:
        yield both


@pytest.fixture
def cast(world: World, db: None) -> Cast:
    return fresh(world)[0]


@pytest.fixture
def claims(world: World, db: None) -> list[Claim]:
    return fresh(world)[1]


def numbers(client: Any, **query: str) -> list[int]:
    return [row.review.claim_id for row in client.get(reverse("desk:inbox"), query).context["tray"].rows]


def test_the_inbox_is_ordered_as_the_address_says_and_banded_by_due_date(cast: Cast, claims: list[Claim]) -> None:
    client, (late, due, new) = signed_in(cast["bureau"]), claims
    assert numbers(client) == [late.pk, due.pk, new.pk]
    assert numbers(client, sort="amount") == [new.pk, late.pk, due.pk]
    assert numbers(client, sort="risk")[0] == due.pk
    assert numbers(client, sort="amount", due="today") == [due.pk]
    shown = client.get(reverse("desk:inbox")).content.decode()
    assert [shown.count(f'colspan="9">{band}<') for band in ("已逾期", "今日到期", "未到期", "已挂起")] == [1, 1, 1, 0]
    assert 'colspan="9"' not in client.get(reverse("desk:inbox"), {"sort": "amount"}).content.decode()


def test_a_suspended_review_is_neither_late_nor_due(cast: Cast, claims: list[Claim]) -> None:
    client = signed_in(cast["bureau"])
    hand = reverse("desk:hand", args=[review_of(claims[0]).pk, "suspend"])
    assert client.post(hand, {"words": "等待仲裁"}).status_code == 302
    tiles = {tile.name: tile.count for tile in client.get(reverse("desk:inbox")).context["tray"].tiles}
    assert tiles == {"全部": 3, "今日到期": 1, "已逾期": 0, "有风险": 1, "已挂起": 1}
    assert numbers(client, due="suspended") == [claims[0].pk]
    shown = client.get(reverse("desk:claim", args=[claims[0].pk])).content.decode()
    assert "期限暂停计算" in shown and reverse("desk:hand", args=[review_of(claims[0]).pk, "resume"]) in shown


def test_the_next_claim_of_the_same_inbox_follows_a_decision(cast: Cast, claims: list[Claim]) -> None:
    client, (late, due, new) = signed_in(cast["bureau"]), claims
    page = client.get(reverse("desk:claim", args=[due.pk]), {"from": "inbox"})
    assert 'name="next" value="from=inbox"' in page.content.decode()
    said = {"verb": "pass", "opinion": "同意", "next": "from=inbox"}
    answer = client.post(reverse("desk:decide", args=[review_of(due).pk]), said)
    assert answer.url == reverse("desk:claim", args=[new.pk]) + "?from=inbox"
    answer = client.post(reverse("desk:decide", args=[review_of(new).pk]), said | {"next": "from=inbox&sort=amount"})
    assert answer.url == reverse("desk:claim", args=[late.pk]) + "?from=inbox&sort=amount"
    assert client.post(reverse("desk:decide", args=[review_of(late).pk]), said).url == reverse("desk:inbox")


def test_a_claim_opened_from_the_inbox_stays_under_it_in_the_navigation(cast: Cast, claims: list[Claim]) -> None:
    client, address = signed_in(cast["bureau"]), reverse("desk:claim", args=[claims[0].pk])
    for origin, label in (("inbox", "待办"), ("done", "已办"), ("", "全部申报"), ("nonsense", "全部申报")):
        entries = client.get(address, {"from": origin}).context["shell"].entries
        assert [entry.label for entry in entries if entry.current] == [label]


def test_the_menu_names_what_can_be_done_and_why_not(cast: Cast, claims: list[Claim]) -> None:
    items = {item.label: item.verdict for item in _sheet(cast, "bureau", claims[0]).more}
    assert {label: verdict.code for label, verdict in items.items()} == {
        "转办": "", "委派": "", "征求意见": "", "挂起": "", "抄送": "",
    }  # fmt: skip
    others = {item.label.split("：")[0]: item.verdict.code for item in _sheet(cast, "section", claims[0]).more}
    assert others == {"催办": "", "抄送": ""}
    assert [item.label for item in _sheet(cast, "auditor", claims[0]).more] == ["抄送"]


def _sheet(cast: Cast, who: str, claim: Claim) -> Any:
    return signed_in(cast[who]).get(reverse("desk:claim", args=[claim.pk])).context["sheet"]


def test_forms_carry_out_what_they_say(cast: Cast, claims: list[Claim]) -> None:
    bureau, head, claim = signed_in(cast["bureau"]), signed_in(cast["section"]), claims[2]
    review = review_of(claim).pk
    to = {"post": cast["section"].post_id, "mode": "every", "words": "是否重复？"}
    form = bureau.get(reverse("desk:hand", args=[review, "ask"])).content.decode()
    assert cast["section"].user.full_name in form and "会签" in form
    assert bureau.post(reverse("desk:hand", args=[review, "ask"]), to).status_code == 302
    assert "是否重复？" in head.get(reverse("desk:asked")).content.decode()
    assert head.get(reverse("desk:inbox")).context["waits"] == (1, 0)
    seat = Seat.objects.get()
    assert head.post(reverse("desk:answer", args=[seat.pk]), {"stance": "disagree", "words": "重复"}).status_code == 302
    assert "不同意" in bureau.get(reverse("desk:claim", args=[claim.pk])).content.decode()
    assert head.post(reverse("desk:hand", args=[review, "urge"]), {"words": "请抓紧"}).status_code == 302
    assert "催办1次" in bureau.get(reverse("desk:inbox")).content.decode()
    assert claim.number in head.get(reverse("desk:begun")).content.decode()
    assert head.get(reverse("desk:hand", args=[review, "suspend"])).content.decode().count("<textarea") == 0
    assert bureau.get(reverse("desk:hand", args=[review, "nonsense"])).status_code == 404


def test_copies_favourites_views_and_what_is_new(cast: Cast, claims: list[Claim]) -> None:
    bureau, leader, claim = signed_in(cast["bureau"]), signed_in(cast["leader"]), claims[0]
    bureau.post(reverse("desk:copy", args=[claim.pk]), {"post": cast["leader"].post_id, "words": "请阅"})
    assert claim.number in leader.get(reverse("desk:copies")).content.decode()
    leader.post(reverse("desk:copy_read", args=[Copy.objects.get().pk]))
    assert Copy.objects.get().read_at
    leader.post(reverse("desk:favour", args=[claim.pk]), {"keep": "1"})
    assert claim.number in leader.get(reverse("desk:favourites")).content.decode()
    leader.post(reverse("desk:favour", args=[claim.pk]), {"keep": "0"})
    assert not Favourite.objects.exists()
    kept = bureau.post(reverse("desk:view_keep"), {"name": "大额", "sort": "amount", "kind": "agency"})
    assert kept.url == reverse("desk:inbox") + "?kind=agency&sort=amount"
    assert "大额" in bureau.get(reverse("desk:inbox")).content.decode()
    bureau.post(reverse("desk:view_drop", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()
    bureau.post(reverse("desk:seen", args=[claim.pk]))
    page = reverse("desk:claim", args=[claim.pk])
    assert "以来的变化" not in bureau.get(page).content.decode()
    leader.post(reverse("desk:hand", args=[review_of(claim).pk, "urge"]), {"words": "请抓紧"})
    assert "以来的变化" in bureau.get(page).content.decode()


def test_a_deputy_is_named_and_works_in_the_officers_post(cast: Cast, claims: list[Claim]) -> None:
    today = clock.today().isoformat()
    said = {"deputy": cast["bureau2"].user_id, "first": today, "last": today, "reason": "年休假"}
    assert signed_in(cast["bureau"]).post(reverse("desk:leave"), said).status_code == 302
    deputy = signed_in(cast["bureau2"])
    deputy.post(reverse("acting"), {"post": cast["bureau"].post_id})
    assert f"（代理{cast['bureau'].user.full_name}）" in deputy.get(reverse("desk:inbox")).content.decode()
    deputy.post(reverse("desk:decide", args=[review_of(claims[0]).pk]), {"verb": "pass", "opinion": "同意"})
    assert Review.objects.filter(decided_by=cast["bureau2"].user, decided_for=cast["bureau"].user).count() == 1
    signed_in(cast["bureau"]).post(reverse("desk:leave_end", args=[Cover.objects.get().pk]))
    assert Cover.objects.get().ended_at


def test_many_go_to_a_colleague_at_once(cast: Cast, claims: list[Claim]) -> None:
    picked = [review_of(claim).pk for claim in claims]
    said = {"review": picked, "verb": "reassign", "post": cast["bureau2"].post_id}
    shown = signed_in(cast["bureau"]).post(reverse("desk:bulk"), said)
    assert [answer.ok for answer in shown.context["answers"]] == [True] * 3
    assert Deed.objects.filter(verb="reassign").count() == 3
    assert len(numbers(signed_in(cast["bureau2"]))) == 3 and numbers(signed_in(cast["bureau"])) == []


@pytest.mark.parametrize("name", ["inbox", "asked", "begun", "copies", "favourites", "leave"])
def test_every_tray_keeps_the_bound_of_queries(cast: Cast, claims: list[Claim], name: str) -> None:
    client = signed_in(cast["bureau"])
    for claim in claims:
        client.post(reverse("desk:favour", args=[claim.pk]), {"keep": "1"})
        client.post(reverse("desk:copy", args=[claim.pk]), {"post": cast["leader"].post_id})
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(f"desk:{name}")).status_code == 200
    assert len(asked) <= MOST_QUERIES, [query["sql"] for query in asked]
