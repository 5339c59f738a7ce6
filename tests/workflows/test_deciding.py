"""Decisions: who may, once, with which words on lines, and who comes second is told who was first."""

import pytest

from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import say_yes
from tests.workflows.made import at, lines_in, open_of, review_at, say
from workflows.claims import Claim
from workflows.deciding import decide, decide_many
from workflows.recalling import recall
from workflows.reviews import Decision, Review
from workflows.states import ClaimState, LineStatus, ReviewOutcome, Step, Verb
from workflows.words import LineWord

LUOYANG, XINGTIAN = "350521104201", "350521104215"
GONE = LineWord(Verb.DEDUCT, "not_found_at_employer", "上门未见到本人")


@pytest.fixture
def cast(ours: tuple[Cast, FundSource, Claim]) -> Cast:
    return ours[0]


@pytest.fixture
def fund(ours: tuple[Cast, FundSource, Claim]) -> FundSource:
    return ours[1]


@pytest.fixture
def claim(ours: tuple[Cast, FundSource, Claim]) -> Claim:
    return ours[2]


def test_one_review_a_village_and_the_last_one_moves_the_claim(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    assert {(r.step, r.area.code) for r in open_of(claim)} == {
        (Step.VILLAGE_RECORD, LUOYANG),
        (Step.VILLAGE_RECORD, XINGTIAN),
    }
    say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG))
    say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    claim.refresh_from_db()
    assert claim.state == ClaimState.VILLAGE
    say(cast, review_at(claim, Step.VILLAGE_RECORD, XINGTIAN))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, XINGTIAN))
    assert claim.state == ClaimState.TOWNSHIP
    assert [r.step for r in open_of(claim)] == [Step.TOWNSHIP_REVIEW]


def test_whoever_comes_second_is_told_who_was_first(cast: Cast, claim: Claim) -> None:
    review = open_of(claim)[0]
    say_yes(cast, review)
    with pytest.raises(WrongState, match=r"已由黄美雄于2025-11-24 \d\d:\d\d办理（通过）") as caught:
        say_yes(cast, review)
    assert caught.value.code == "already_decided"
    assert Decision.objects.filter(review=review).count() == 1


def test_another_village_cannot_decide(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    review = review_at(claim, Step.VILLAGE_RECORD, LUOYANG)
    with pytest.raises(NotAllowed) as caught:
        say(cast, review, by=cast[f"clerk:{XINGTIAN}"])
    assert caught.value.code == "review_not_yours"


def test_a_words_on_a_foreign_line_is_refused(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    foreign = lines_in(claim, XINGTIAN)[0]
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG), lines={foreign.pk: GONE})
    assert caught.value.code == "line_not_here"


def test_the_clerk_proposes_and_the_head_makes_it_count(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    first, second, *_rest = lines_in(claim, LUOYANG)
    say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG), lines={first.pk: GONE, second.pk: GONE})
    first.refresh_from_db()
    assert first.status == LineStatus.LIVE
    say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG), lines={second.pk: LineWord(Verb.PASS)})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.reason_code) == (LineStatus.DEDUCTED, "not_found_at_employer")
    assert second.status == LineStatus.LIVE
    assert claim.amount_fen == 7 * 100_000


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (LineWord(Verb.DEDUCT, ""), "reason_missing"),
        (LineWord(Verb.DEDUCT, "because"), "reason_missing"),
        (LineWord(Verb.RETURN, "", " "), "note_missing"),
    ],
)
def test_words_need_their_reasons(cast: Cast, claim: Claim, word: LineWord, code: str) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG), lines={lines_in(claim, LUOYANG)[0].pk: word})
    assert caught.value.code == code


def test_a_head_sends_back_to_his_clerk_and_the_claim_stays(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG), Verb.SEND_BACK, opinion="请补充上门记录")
    assert claim.state == ClaimState.VILLAGE
    assert review_at(claim, Step.VILLAGE_RECORD, LUOYANG).round == 2


@pytest.mark.parametrize("verb", [Verb.SEND_BACK, Verb.REFUSE])
def test_a_no_needs_an_opinion(cast: Cast, claim: Claim, verb: Verb) -> None:
    claim = at(cast, claim, ClaimState.SECTION)
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(claim, Step.SECTION_REVIEW), verb)
    assert caught.value.code == "opinion_missing"


def test_nobody_holds_two_duties_of_one_claim_even_in_another_post(cast: Cast, claim: Claim) -> None:
    """The village head was promoted to the township; identity counts, not the post (C15)."""
    from accounts.acting import Actor
    from accounts.models import Post
    from accounts.roles import Role

    claim = at(cast, claim, ClaimState.TOWNSHIP)
    head = cast[f"head:{LUOYANG}"]
    review = review_at(claim, Step.TOWNSHIP_REVIEW)
    post = Post.objects.create(
        user=head.user, role=Role.TOWNSHIP_HANDLER, area=review.area, valid_from=head.post.valid_from
    )
    with pytest.raises(NotAllowed) as caught:
        say(cast, review, by=Actor(head.user, post))
    assert caught.value.code == "acted_before"


def test_nobody_decides_a_claim_of_his_own_organisation(cast: Cast, claim: Claim) -> None:
    from accounts.models import Post
    from accounts.roles import Role

    Post.objects.create(
        user=cast["bureau"].user,
        role=Role.AGENCY_CLERK,
        organisation=claim.claimant_org,
        valid_from=cast["bureau"].post.valid_from,
        valid_to=cast["bureau"].post.valid_from,
    )
    with pytest.raises(NotAllowed) as caught:
        say_yes(cast, open_of(claim)[0])
    assert caught.value.code == "own_claim"


def test_a_village_that_runs_the_platform_is_skipped(cast: Cast, fund: FundSource) -> None:
    claim = filed(cast, "platform", 10, seed=400, by=cast["platform2"], homes=["杏田村"])
    claim = say_yes(cast, open_of(claim)[0])
    assert claim.state == ClaimState.TOWNSHIP
    assert [r.area.code for r in open_of(claim)] == ["350521104"]


def test_refusal_is_final_frees_the_slots_and_names_reasons(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.BUREAU)
    claim = say(cast, review_at(claim, Step.BUREAU_REVIEW), Verb.REFUSE, opinion="合同系伪造")
    assert claim.state == ClaimState.REFUSED
    assert set(claim.lines.values_list("status", flat=True)) == {LineStatus.RELEASED}
    assert not open_of(claim)


def test_recall_only_while_nobody_acted_after(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.SECTION)
    passed = Review.objects.get(claim=claim, step=Step.BUREAU_REVIEW)
    claim = recall(review_id=passed.pk, by=cast["bureau"])
    assert claim.state == ClaimState.BUREAU
    claim = at(cast, claim, ClaimState.PUBLICITY)
    last = Review.objects.filter(claim=claim, step=Step.BUREAU_REVIEW, outcome=ReviewOutcome.PASSED).latest("pk")
    with pytest.raises(WrongState) as caught:
        recall(review_id=last.pk, by=cast["bureau"])
    assert caught.value.code == "recall_too_late"


def test_recall_of_the_section_brings_its_deductions_back(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.BUREAU)
    line = lines_in(claim, LUOYANG)[0]
    say(cast, review_at(claim, Step.BUREAU_REVIEW), lines={line.pk: GONE})
    say(cast, review_at(claim, Step.SECTION_REVIEW))
    line.refresh_from_db()
    assert line.status == LineStatus.DEDUCTED
    recall(review_id=Review.objects.get(claim=claim, step=Step.SECTION_REVIEW).pk, by=cast["section"])
    line.refresh_from_db()
    assert line.status == LineStatus.LIVE
    with pytest.raises(NotAllowed):
        recall(review_id=Review.objects.filter(claim=claim).first().pk, by=cast["section"])


def test_the_leader_names_a_fund_that_can_carry_it(cast: Cast, fund: FundSource, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.LEADER)
    review = review_at(claim, Step.LEADER_APPROVAL)
    with pytest.raises(Refusal) as caught:
        say(cast, review, Verb.APPROVE)
    assert caught.value.code == "fund_missing"
    FundSource.objects.filter(pk=fund.pk).update(amount_fen=100)
    with pytest.raises(Refusal) as caught:
        say(cast, review, Verb.APPROVE, fund_id=fund.pk)
    assert caught.value.code == "fund_short"
    claim.refresh_from_db()
    assert claim.state == ClaimState.LEADER
    assert not Event.objects.filter(chain=claim.chain, verb=Verb.APPROVE).exists()


def test_bulk_answers_item_by_item(cast: Cast, claim: Claim) -> None:
    other = filed(cast, "individual", 2, seed=900)
    mine = [open_of(claim)[0].pk, open_of(other)[0].pk]
    say_yes(cast, open_of(other)[0])
    answers = decide_many(review_ids=[*mine, 987654], by=cast["bureau"], verb=Verb.ACCEPT)
    assert [(a.ok, a.code) for a in answers] == [(True, "done"), (False, "already_decided"), (False, "claim_unknown")]


LEDGER = 6  # what the two vouchers of an approval take more than the one UPDATE before there was a ledger
HEARD = 4  # an approval asks for the notice's period, the villages' boards, open objections and doubts of second looks


DRAWN = 2  # the sample and its work, when a claim comes to a township or the bureau


def test_a_decision_takes_at_most_fifteen_queries(cast: Cast, fund: FundSource, django_assert_max_num_queries) -> None:
    claim = filed(cast, "agency", 120, seed=2000)
    while claim.state != ClaimState.PAYABLE:
        if claim.state == ClaimState.PUBLICITY:
            claim = at(cast, claim, ClaimState.LEADER)
            continue
        review = open_of(claim)[0]
        by, words = cast, {}
        if review.step == Step.VILLAGE_RECORD:
            words = {line.pk: GONE for line in lines_in(claim, review.area.code)[:1]}
        from project.demo.walking import officer_of

        verb = {Step.ACCEPTANCE: Verb.ACCEPT, Step.LEADER_APPROVAL: Verb.APPROVE}.get(review.step, Verb.PASS)
        fund_id = fund.pk if review.step == Step.LEADER_APPROVAL else None
        with django_assert_max_num_queries(15 + (LEDGER + HEARD if fund_id else DRAWN)):
            claim = decide(review_id=review.pk, by=officer_of(by, review), verb=verb, lines=words, fund_id=fund_id)
