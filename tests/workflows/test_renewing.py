"""Every act of the road that makes an issued paper say what no longer holds takes that paper out of force."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import CalendarYear, Event
from core.timeline import breaks
from documents.models import Paper
from documents.papers import content_of, pdf_of, standing_of
from funds.models import FundSource
from portals.shared.middleware import POST_KEY
from project.demo.filing import ambassador, filed
from project.demo.people import Cast
from project.demo.walking import hang, walk
from tests.workflows.made import at, review_at, say
from workflows import issuing
from workflows.claims import Claim
from workflows.clashes import annul_line
from workflows.corrections import Parts
from workflows.deadlines import run_due
from workflows.filing import withdraw as withdraw_claim
from workflows.issuing import issue_missing
from workflows.publicity import publish
from workflows.reviews import Correction, Notice
from workflows.states import ClaimState, Step, Verb

Commit = Callable[..., Any]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def papers(subject: str, kind: str) -> list[Paper]:
    return list(Paper.objects.filter(subject=subject, kind=kind).order_by("issued_at"))


def standings(subject: str, kind: str) -> list[str]:
    return [standing_of(paper).code for paper in papers(subject, kind)]


def annul(cast: Cast, claim: Claim, number: int = 0) -> None:
    line = claim.lines.filter(status="live").order_by("seq")[number]
    annul_line(line_id=line.pk, by=cast["leader"], reason_code="material_false", note="合同不实")


def approved(cast: Cast, fund: FundSource, heads: int = 3) -> Claim:
    return walk(cast, filed(cast, "individual", heads, seed=300), ClaimState.PAYABLE, fund=fund)


def test_an_annulled_line_replaces_the_approval_form_with_the_new_sum(
    cast: Cast, fund: FundSource, commit: Any
) -> None:
    with commit():
        claim = approved(cast, fund)
    old = papers(claim.chain, "approval")[0]
    with commit():
        annul(cast, claim)
    old, new = papers(claim.chain, "approval")
    assert standing_of(old).label == f"已被 {new.number} 替代" and standing_of(new)
    assert content_of(new).live_count == 2 and new.amount_fen == claim.amount_fen < old.amount_fen
    assert len(papers(claim.chain, "deduction")) == 1
    assert issue_missing() == 0 and len(papers(claim.chain, "approval")) == 2
    assert Event.objects.filter(chain=claim.chain, verb="paper_replaced").count() >= 1 and not list(breaks())


def test_when_nobody_is_left_the_form_is_withdrawn_and_none_comes_in_its_place(
    cast: Cast, fund: FundSource, commit: Any
) -> None:
    with commit():
        claim = approved(cast, fund, heads=1)
    with commit():
        annul(cast, claim)
    assert standings(claim.chain, "approval") == ["withdrawn"]
    assert issue_missing() == 0 and standings(claim.chain, "approval") == ["withdrawn"]


def test_a_crash_between_annulment_and_paper_is_made_good(
    cast: Cast, fund: FundSource, commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with commit():
        claim = approved(cast, fund)
    with monkeypatch.context() as broken, commit():
        broken.setattr(issuing, "issue_due", lambda *_: 1 / 0)
        annul(cast, claim)
    assert standings(claim.chain, "approval") == ["valid"]
    assert issue_missing() > 0
    assert standings(claim.chain, "approval") == ["replaced", "valid"] and issue_missing() == 0


def test_a_title_counted_again_replaces_its_certificate_or_takes_it_back(
    cast: Cast, fund: FundSource, commit: Any
) -> None:
    source = filed(cast, "individual", 20, seed=300, employers=[cast.employers[1]], hired=date(2025, 4, 7))
    with commit():
        source = walk(cast, source, ClaimState.PAYABLE, fund=fund)
        claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.AWARDED)
    with commit():
        annul(cast, source)
    silver, bronze = papers(claim.chain, "certificate")
    assert (content_of(silver).tier, content_of(bronze).tier) == ("silver", "bronze")
    assert standings(claim.chain, "certificate") == standings(claim.chain, "approval") == ["replaced", "valid"]
    with commit():
        for _ in range(10):
            annul(cast, source)
    claim.refresh_from_db()
    assert claim.tier == ""
    assert standings(claim.chain, "certificate")[-1] == standings(claim.chain, "approval")[-1] == "withdrawn"
    assert "valid" not in standings(claim.chain, "certificate") + standings(claim.chain, "approval")


def published(cast: Cast, claims: list[Claim]) -> Notice:
    notice = publish(claim_ids=[claim.pk for claim in claims], by=cast["bureau"])
    hang(cast, notice)
    return notice


def test_a_notice_is_withdrawn_with_its_last_claim(cast: Cast, fund: FundSource, commit: Any) -> None:
    claims = [at(cast, filed(cast, "individual", 1, seed=seed), ClaimState.PUBLICITY) for seed in (5, 50)]
    with commit():
        notice = published(cast, claims)
    subject = f"notice:{notice.pk}"
    with commit():
        withdraw_claim(claim_id=claims[0].pk, by=cast["person"])
    assert standings(subject, "publicity") == ["valid"]
    with clock.travel(date(2025, 12, 9)):
        run_due()
        with commit():
            say(cast, review_at(claims[1], Step.LEADER_APPROVAL), Verb.REFUSE, opinion="材料不实。")
    assert standings(subject, "publicity") == ["withdrawn"] and run_due()["papers_issued"] == 0


def test_a_claim_sent_back_and_published_anew_leaves_its_old_notice(cast: Cast, fund: FundSource, commit: Any) -> None:
    claim = at(cast, filed(cast, "individual", 1, seed=5), ClaimState.PUBLICITY)
    with commit():
        first = published(cast, [claim])
    with clock.travel(date(2025, 12, 9)):
        run_due()
        with commit():
            say(cast, review_at(claim, Step.LEADER_APPROVAL), Verb.SEND_BACK, opinion="请再核。")
        assert standings(f"notice:{first.pk}", "publicity") == ["withdrawn"]
        say(cast, review_at(claim, Step.SECTION_REVIEW))
        with commit():
            second = published(cast, [claim])
    assert standings(f"notice:{second.pk}", "publicity") == ["valid"]


def test_days_that_settle_otherwise_replace_the_papers_that_named_them(
    cast: Cast, fund: FundSource, commit: Any
) -> None:
    year = CalendarYear.objects.get(pk=2026)
    known = (year.holidays, year.make_up_days, year.source)
    year.delete()
    with clock.travel(date(2025, 12, 29)), commit():
        claim = at(cast, filed(cast, "individual", 1, seed=5), ClaimState.PUBLICITY)
        other = filed(cast, "agency", 2, seed=500)
        notice = published(cast, [claim])
        say(cast, review_at(other, Step.ACCEPTANCE), Verb.RETURN, opinion="请补充。", parts=Parts(claim=True))
    letter = papers(other.chain, "correction")[0]
    assert notice.provisional and content_of(letter).provisional
    CalendarYear.objects.create(pk=2026, holidays=[*known[0], "2026-01-05"], make_up_days=known[1], source=known[2])
    with clock.travel(date(2025, 12, 30)):
        assert run_due()["deadlines_recomputed"] > 0
        assert run_due()["deadlines_recomputed"] == 0
    old, new = papers(other.chain, "correction")
    assert standing_of(old).by_number == new.number
    assert content_of(new).due_on == Correction.objects.get(claim=other).due_on and not content_of(new).provisional
    old, new = papers(f"notice:{notice.pk}", "publicity")
    notice.refresh_from_db()
    assert (new.number, notice.paper) == (f"{notice.number}-2", new) and content_of(new).closes_on == notice.closes_on
    assert standing_of(old).by_number == new.number


def test_pages_list_old_papers_with_their_standing_and_still_open_them(
    cast: Cast, fund: FundSource, commit: Any, client: Client
) -> None:
    with commit():
        claim = approved(cast, fund)
    for _ in range(2):
        with commit():
            annul(cast, claim)
    first, second, third = papers(claim.chain, "approval")
    before = pdf_of(first)
    for who, name in (("leader", "desk:claim"), ("person", "claimant:claim")):
        client.force_login(cast[who].user)
        session = client.session
        session[POST_KEY] = cast[who].post_id
        session.save()
        client.get(reverse(name, args=[claim.pk]))
        with CaptureQueriesContext(connection) as asked:
            text = client.get(reverse(name, args=[claim.pk])).content.decode()
        assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) <= 15
        for words in (f"已被 {second.number} 替代", f"已被 {third.number} 替代", "文书有效"):
            assert words in text
        assert client.get(reverse("shared:paper", args=[first.pk])).content == before
