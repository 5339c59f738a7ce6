"""引工大使: counts approved referrals of the year, one village review, a title or a bonus, counted again when annulled."""

from datetime import date

import pytest

from core import clock
from core.errors import Refusal, WrongState
from core.jobs import run_waiting
from core.models import Event
from documents.models import Paper
from funds.models import FundSource
from payments.batches import check_batch, draft_batch, mark_items, open_batch, release_batch, send_batch
from payments.recovery.deciding import decide_case
from payments.recovery.lifting import lift_case
from payments.recovery.opening import open_case
from policy.models import SchemeVersion
from portals.desk.sheet import sheet
from project.demo.filing import ambassador, filed
from project.demo.people import Cast
from project.demo.walking import open_of, walk
from tests.payments.made import officer
from workflows.claims import Claim
from workflows.clashes import annul_line
from workflows.drafts import start_claim
from workflows.states import ClaimState, Kind


def brought(cast: Cast, fund: FundSource, heads: int) -> Claim:
    claim = filed(cast, "individual", heads, seed=300, employers=[cast.employers[1]], hired=date(2025, 4, 7))
    return walk(cast, claim, ClaimState.PAYABLE, fund=fund)


@pytest.mark.parametrize(("heads", "tier"), [(10, "bronze"), (19, "bronze"), (20, "silver"), (30, "gold")])
def test_the_tier_goes_by_approved_heads_inclusive(cast: Cast, fund: FundSource, heads: int, tier: str) -> None:
    brought(cast, fund, heads)
    claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.AWARDED)
    assert (claim.state, claim.tier, claim.amount_fen) == (ClaimState.AWARDED, tier, 0)


def test_nine_are_not_enough(cast: Cast, fund: FundSource) -> None:
    brought(cast, fund, 9)
    with pytest.raises(Refusal) as caught:
        ambassador(cast, by=cast["person"])
    assert caught.value.code == "claim_refused"


def test_unapproved_referrals_do_not_count(cast: Cast, fund: FundSource) -> None:
    filed(cast, "individual", 12, seed=300, employers=[cast.employers[1]], hired=date(2025, 4, 7))
    with pytest.raises(Refusal):
        ambassador(cast, by=cast["person"])


def test_one_village_review_in_the_employers_village(cast: Cast, fund: FundSource) -> None:
    brought(cast, fund, 10)
    claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.VILLAGE)
    assert [review.area.code for review in open_of(claim)] == ["350521105001"]


def test_the_certificate_is_issued_once(cast: Cast, fund: FundSource, django_capture_on_commit_callbacks) -> None:
    brought(cast, fund, 10)
    with django_capture_on_commit_callbacks(execute=True):
        claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.AWARDED)
    kinds = sorted(Paper.objects.filter(subject=claim.chain).values_list("kind", flat=True))
    assert kinds == ["approval", "certificate", "roster"]


def test_an_annulled_line_counts_no_more(cast: Cast, fund: FundSource) -> None:
    source = brought(cast, fund, 20)
    claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.AWARDED)
    assert claim.tier == "silver"
    annul_line(line_id=source.lines.first().pk, by=cast["leader"], reason_code="material_false", note="合同不实")
    claim.refresh_from_db()
    assert claim.tier == "bronze"


def test_a_second_claim_for_the_year_is_refused(cast: Cast, fund: FundSource) -> None:
    brought(cast, fund, 10)
    ambassador(cast, by=cast["person"])
    with pytest.raises(WrongState) as caught:
        start_claim(kind=Kind.AMBASSADOR, by=cast["person"], count_year=2025)
    assert caught.value.code == "ambassador_year_taken"


def test_a_policy_with_a_bonus_goes_on_to_payment(cast: Cast, fund: FundSource) -> None:
    brought(cast, fund, 20)
    first = SchemeVersion.objects.get()
    terms = dict(first.terms)
    bonus = terms["ambassador"]["tier_bonus_yuan"] | {"value": {"bronze": 500, "silver": 1000, "gold": 2000}}
    terms |= {"version": 2, "ambassador": terms["ambassador"] | {"tier_bonus_yuan": bonus}}
    SchemeVersion.objects.create(
        code=first.code,
        version=2,
        doc_no=first.doc_no,
        title=first.title,
        valid_from=first.valid_from,
        valid_to=first.valid_to,
        terms=terms,
        sha256="0" * 64,
        status="published",
        drafted_by=cast["section"].user,
        drafted_at=clock.now(),
        published_by=cast["leader"].user,
        published_at=clock.now(),
    )
    claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.PAYABLE, fund=fund)
    assert (claim.state, claim.amount_fen, claim.fund) == (ClaimState.PAYABLE, 100_000, fund)
    assert claim.lines.get().worker is None


def test_the_leader_is_asked_for_a_fund_only_when_money_moves(cast: Cast, fund: FundSource) -> None:
    brought(cast, fund, 10)
    claim = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.LEADER)
    shown = sheet(claim_id=claim.pk, by=cast["leader"], line_page=1, only="", words={})
    assert shown.page.my_review is not None and shown.funding is None


def test_who_is_asked_back_counts_no_more_until_it_is_lifted(cast: Cast, fund: FundSource) -> None:
    """C16 after payment: false claims count no longer, a sum that was too high does; a lifted recovery counts again."""
    source = brought(cast, fund, 10)
    pay(cast, fund, source)
    title = walk(cast, ambassador(cast, by=cast["person"]), ClaimState.AWARDED)
    first, second = source.lines.order_by("seq")[:2]
    tiers = []
    for line, ground in ((first, "overpaid"), (second, "false_claim")):
        facts = {"facts": "经核查，该员工未到岗。", "article": "本区默认口径 A9", "by": cast["bureau2"]}
        case = open_case(claim_id=source.pk, amounts={line.pk: line.amount_fen}, ground=ground, **facts)
        case = decide_case(case_id=case.pk, order=True, opinion="同意追回。", by=cast["section"])
        tiers.append(Claim.objects.get(pk=title.pk).tier)
    lift_case(case_id=case.pk, reason="复核属实，予以撤销。", by=officer("bureau_leader", "曾立群"))
    tiers.append(Claim.objects.get(pk=title.pk).tier)
    assert tiers == ["bronze", "", "bronze"]
    said = Event.objects.filter(chain=title.chain, verb="recount").order_by("seq")
    assert [(e.data["before"], e.data["after"]) for e in said][1:] == [("bronze", ""), ("", "bronze")]


def pay(cast: Cast, fund: FundSource, claim: Claim) -> None:
    """The claim in a batch of its own, to the bank's yes."""
    batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"])
    draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=cast["maker"])
    check_batch(batch_id=batch.pk, by=cast["checker"])
    batch = release_batch(batch_id=batch.pk, by=cast["approver"])
    run_waiting()
    send_batch(batch_id=batch.pk, by=cast["maker"], format_code=batch.format_code)
    mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=cast["maker"])
