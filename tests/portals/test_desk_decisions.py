"""Decisions through the desk's forms: once, with reasons, in bulk, on clashes and publicity."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Area
from core import clock
from funds.models import FundSource
from policy.rules import DEDUCTION_REASONS
from project.demo.people import Cast, make_cast
from project.demo.walking import hang
from tests.portals.desk_made import claim_at, decided, review_of, signed_in, worker
from workflows.claims import Claim
from workflows.reviews import Correction, Decision, Notice, Review
from workflows.states import ClaimState, LineStatus, ReviewOutcome, Verb

pytestmark = pytest.mark.django_db
REASON = next(iter(DEDUCTION_REASONS))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def villages() -> list[Area]:
    return [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]


def clerk(cast: Cast, village: Area) -> Client:
    return signed_in(cast[f"clerk:{village.code}"])


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content.decode()[:300]
    return response.content.decode()


def test_a_decision_posts_once_and_the_second_hears_who_was_first(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    client, review = clerk(cast, villages[0]), review_of(claim, villages[0])
    said = {"verb": "pass", "opinion": "情况属实"}
    assert client.post(reverse("desk:decide", args=[review.pk]), said).status_code == 302
    again = client.post(reverse("desk:decide", args=[review.pk]), said)
    assert again.status_code == 409
    words = again.content.decode()
    assert cast[f"clerk:{villages[0].code}"].user.full_name in words
    assert "2025-11-24" in words
    assert Decision.objects.filter(review=review).count() == 1


def test_a_deduction_needs_its_reason_and_then_counts(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=3)
    client, review, line = signed_in(cast["bureau"]), review_of(claim), claim.lines.get(seq=2)
    bare = client.post(reverse("desk:decide", args=[review.pk]), {"verb": "pass", f"line-{line.pk}": "deduct"})
    assert bare.status_code == 422
    assert "核减原因" in bare.content.decode()
    full = {"verb": "pass", f"line-{line.pk}": "deduct", f"reason-{line.pk}": REASON, f"note-{line.pk}": "已离职"}
    assert client.post(reverse("desk:decide", args=[review.pk]), full).status_code == 302
    head = signed_in(cast["section"])
    shown = page(head, "desk:claim", claim.pk)
    assert "采纳经办意见：核减" in shown
    assert head.post(reverse("desk:decide", args=[review_of(claim).pk]), {"verb": "pass"}).status_code == 302
    line.refresh_from_db()
    assert (line.status, line.reason_code) == (LineStatus.DEDUCTED, REASON)
    assert Claim.objects.get(pk=claim.pk).amount_fen == 200_000


def test_the_head_may_overrule_his_clerk(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=3)
    line = claim.lines.get(seq=2)
    signed_in(cast["bureau"]).post(
        reverse("desk:decide", args=[review_of(claim).pk]),
        {"verb": "pass", f"line-{line.pk}": "deduct", f"reason-{line.pk}": REASON},
    )
    signed_in(cast["section"]).post(
        reverse("desk:decide", args=[review_of(claim).pk]), {"verb": "pass", f"line-{line.pk}": "pass"}
    )
    line.refresh_from_db()
    assert line.status == LineStatus.LIVE
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.PUBLICITY


def test_a_return_opens_the_marked_people_and_materials_only(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=3)
    client, line = signed_in(cast["bureau"]), claim.lines.get(seq=3)
    where = reverse("desk:decide", args=[review_of(claim).pk])
    assert client.post(where, {"verb": Verb.RETURN, "opinion": "请补合同"}).status_code == 422
    said = {"verb": Verb.RETURN, "opinion": "请补合同", f"line-{line.pk}": Verb.RETURN, "part-evidence": ["contract"]}
    assert client.post(where, said).status_code == 302
    parts = Correction.objects.get(claim=claim).parts
    assert parts == {"lines": [str(line.pk)], "evidence": ["contract"], "claim": False}


def test_bulk_answers_for_each_item_a_refusal_too(cast: Cast, villages: list[Area]) -> None:
    good = [claim_at(cast, ClaimState.VILLAGE, villages=villages[:1]) for _ in range(3)]
    foreign = claim_at(cast, ClaimState.VILLAGE, villages=villages[1:])
    client = clerk(cast, villages[0])
    ids = [review_of(c, villages[0]).pk for c in good]
    client.post(reverse("desk:decide", args=[ids[1]]), {"verb": "pass"})
    sent = [*ids, review_of(foreign, villages[1]).pk, ids[0]]
    shown = client.post(reverse("desk:bulk"), {"review": sent, "verb": "pass", "opinion": "情况属实"})
    assert [(a.ok, a.code) for a in shown.context["answers"]] == [
        (True, "done"),
        (False, "already_decided"),
        (True, "done"),
        (False, "review_not_yours"),
    ]
    words = shown.content.decode()
    assert "共4项，已办理2项" in words
    assert all(c.number in words for c in [*good, foreign])
    assert Review.objects.filter(claim=foreign, outcome="").count() == 1


def test_a_clerk_takes_his_word_back_while_nobody_has_acted(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    client, review = clerk(cast, villages[0]), review_of(claim, villages[0])
    client.post(reverse("desk:decide", args=[review.pk]), {"verb": "pass"})
    assert "收回我的处理" in page(client, "desk:claim", claim.pk)
    assert client.post(reverse("desk:recall", args=[review.pk])).status_code == 302
    assert review_of(claim, villages[0]).step == review.step
    assert client.post(reverse("desk:recall", args=[review.pk])).status_code == 409


def test_a_used_correction_disables_its_button_and_says_why(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages)
    decided(claim, cast["bureau"], "bureau_review", ReviewOutcome.RETURNED)
    Correction.objects.create(
        claim=claim,
        level="bureau",
        note="请补合同",
        opened_at=clock.now(),
        due_on=clock.today(),
        answered_at=clock.now(),
        changes=[
            {
                "line": str(claim.lines.get(seq=1).pk),
                "field": "hire_date",
                "before": "2025-06-01",
                "after": "2025-06-09",
            }
        ],
    )
    shown = page(signed_in(cast["bureau"]), "desk:claim", claim.pk)
    button = re.search(r'<button[^>]*value="return_for_correction"[^>]*>', shown)
    assert button is not None
    assert " disabled" in button.group()
    assert "已退回补正过一次" in shown
    assert not re.search(r'<button[^>]*value="pass"[^>]* disabled', shown)
    assert "<del>2025-06-01</del>" in shown
    assert "<ins>2025-06-09</ins>" in shown


def test_who_acted_before_finds_every_button_disabled(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.SECTION, villages=villages)
    head = cast["section"]
    decided(claim, head, "bureau_review", ReviewOutcome.PASSED)
    client = signed_in(head)
    shown = page(client, "desk:claim", claim.pk)
    buttons = re.findall(r'<button[^>]*name="verb"[^>]*>', shown)
    assert len(buttons) == 3
    assert all(" disabled" in button for button in buttons)
    assert "经办、审核、审批须由不同的人办理" in shown
    assert client.post(reverse("desk:decide", args=[review_of(claim).pk]), {"verb": "pass"}).status_code == 403


def test_the_leader_chooses_a_fund_that_has_enough(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.LEADER, villages=villages, heads=2)
    codes = {"year": 2025, "functional_code": "2080701", "economic_code": "30399"}
    poor = FundSource.objects.create(name="中央资金", allocation_no="甲1号", amount_fen=100_000, **codes)
    rich = FundSource.objects.create(name="区级资金", allocation_no="乙2号", amount_fen=900_000, **codes)
    client, where = signed_in(cast["leader"]), reverse("desk:decide", args=[review_of(claim).pk])
    shown = page(client, "desk:claim", claim.pk)
    assert re.search(rf'value="{poor.pk}" disabled', shown)
    assert "甲1号" in shown
    assert "9,000.00" in shown
    assert client.post(where, {"verb": "approve", "fund": str(poor.pk)}).status_code in {409, 422}
    assert client.post(where, {"verb": "approve"}).status_code == 422
    assert client.post(where, {"verb": "approve", "fund": str(rich.pk), "opinion": "同意。"}).status_code == 302
    claim.refresh_from_db()
    rich.refresh_from_db()
    assert (claim.state, claim.fund_id, rich.reserved_fen) == (ClaimState.PAYABLE, rich.pk, 200_000)


def test_the_handler_decides_a_clash_beside_both_claims(cast: Cast, villages: list[Area]) -> None:
    people = [worker()]
    first = claim_at(cast, ClaimState.BUREAU, villages=villages, people=people, on=clock.today() - timedelta(days=9))
    later = claim_at(
        cast, ClaimState.BUREAU, villages=villages, people=people, held=True, by=cast["agency2"], on=clock.today()
    )
    client = signed_in(cast["bureau"])
    shown = page(client, "desk:claim", later.pk)
    assert first.number in shown
    assert "最先申报" in shown
    assert "由此申报保留" in shown
    watched = page(signed_in(cast["auditor"]), "desk:claim", later.pk)
    assert first.number in watched
    assert "由此申报保留" not in watched
    keep = first.lines.get()
    assert client.post(reverse("desk:clash", args=[keep.pk]), {"opinion": ""}).status_code == 422
    assert client.post(reverse("desk:clash", args=[keep.pk]), {"opinion": "先申报且有推荐函"}).status_code == 302
    assert later.lines.get().status == LineStatus.DEDUCTED
    assert first.lines.get().status == LineStatus.LIVE


def test_claims_are_published_together_and_go_on_only_when_the_period_is_over(cast: Cast, villages: list[Area]) -> None:
    claims = [claim_at(cast, ClaimState.PUBLICITY, villages=villages) for _ in range(3)]
    client = signed_in(cast["bureau"])
    assert page(client, "desk:publicity").count('name="claim"') == 3
    assert client.post(reverse("desk:publish"), {"claim": [c.pk for c in claims[:2]]}).status_code == 302
    assert page(client, "desk:publicity").count('name="claim"') == 1
    assert "公示中，还剩5个工作日" in page(client, "desk:publicity")
    assert client.post(reverse("desk:end_publicity", args=[claims[0].pk])).status_code == 409
    hang(cast, Notice.objects.get())
    with clock.travel(Notice.objects.get().closes_on + timedelta(days=1)):
        assert "公示期满，转审批" in page(client, "desk:publicity")
        assert client.post(reverse("desk:end_publicity", args=[claims[0].pk])).status_code == 302
    assert Claim.objects.get(pk=claims[0].pk).state == ClaimState.LEADER
    assert signed_in(cast["section"]).post(reverse("desk:publish"), {"claim": claims[2].pk}).status_code == 403
