"""What happened in the zone in 2025: claims of every kind in every state, each deed on its day, in its officer's name."""

from datetime import date

from core import clock
from funds.models import FundSource
from payments.batches import check_batch, draft_batch, open_batch
from payments.queries import payable_lines
from payments.results import mark_items
from payments.sealing import release_batch
from project.demo.filing import ambassador, draft, evidence_for, filed
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import officer_of, open_of, say_yes, walk
from workflows.claims import Claim, ClaimLine
from workflows.corrections import Parts
from workflows.deadlines import run_due
from workflows.deciding import decide
from workflows.drafts import save_claim, start_claim
from workflows.filing import file_claim, withdraw
from workflows.publicity import publish
from workflows.reviews import Review
from workflows.roster_lines import import_roster
from workflows.states import ClaimState, Kind, Step, Verb
from workflows.words import LineWord

S = ClaimState
NOT_FOUND = LineWord(Verb.DEDUCT, "not_found_at_employer", "两次上门未见本人，企业称已离职")


def tell(cast: Cast, referral: FundSource, pool: FundSource) -> None:
    """The whole story, in the order of its days."""
    paid_agency(cast, referral)
    ambassador_of_the_year(cast, referral)
    pooled(cast, pool)
    on_the_road(cast, referral)
    ended(cast)
    today(cast, referral)
    run_due()


def _on(day: date, cast: Cast, kind: str, heads: int, *, seed: int, **more: object) -> Claim:
    with clock.travel(day):
        return filed(cast, kind, heads, seed=seed, **more)


def _pay(cast: Cast, fund: FundSource, channel: str, day: date, *, returned: int = 0) -> None:
    """One batch through its three officers to the bank's answer, by hand."""
    with clock.travel(day):
        batch = open_batch(fund_id=fund.pk, channel=channel, by=cast["bureau"], note="按期兑现招工引工奖补")
        lines = list(payable_lines(fund_id=fund.pk, channel=channel).values_list("pk", flat=True))
        draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
        check_batch(batch_id=batch.pk, by=cast["checker"], opinion="收款信息与审批表一致。")
        release_batch(batch_id=batch.pk, by=cast["approver"], opinion="同意拨付。")
        items = list(batch.items.order_by("pk").values_list("pk", flat=True))
        if returned:
            mark_items(
                batch_id=batch.pk, item_ids=items[:returned], outcome="returned", by=cast["maker"], reason="户名不符"
            )
        mark_items(batch_id=batch.pk, item_ids=items[returned:], outcome="paid", by=cast["maker"])


def paid_agency(cast: Cast, fund: FundSource) -> None:
    """An agency's spring recruits: two deducted by a village, the rest paid in October."""
    claim = _on(date(2025, 8, 18), cast, Kind.AGENCY, 26, seed=100, hired=date(2025, 3, 3))
    with clock.travel(date(2025, 8, 20)):
        say_yes(cast, open_of(claim)[0])
    with clock.travel(date(2025, 8, 22)):
        review = open_of(claim)[0]
        gone = ClaimLine.objects.filter(claim=claim, verify_area=review.area).order_by("seq")[:2]
        decide(
            review_id=review.pk,
            by=officer_of(cast, review),
            verb=Verb.PASS,
            opinion="二人未在岗，其余属实。",
            lines={line.pk: NOT_FOUND for line in gone},
        )
    walk(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 8, 25))
    _pay(cast, fund, "public", date(2025, 10, 22))


def ambassador_of_the_year(cast: Cast, fund: FundSource) -> None:
    """An employee of one enterprise brings twenty-two, is paid for them, and becomes a silver ambassador."""
    mine = [cast.employers[1]]
    claim = _on(date(2025, 8, 26), cast, Kind.INDIVIDUAL, 22, seed=300, employers=mine, hired=date(2025, 4, 7))
    walk(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 8, 28))
    _pay(cast, fund, "private", date(2025, 10, 23))
    with clock.travel(date(2025, 10, 24)):
        title = ambassador(cast, by=cast["person"])
    walk(cast, title, S.AWARDED, on=date(2025, 10, 27))


def pooled(cast: Cast, fund: FundSource) -> None:
    """Transfer platforms: one approved, one run by a village that may not verify itself."""
    hired = date(2025, 7, 1)
    claim = _on(date(2025, 9, 10), cast, Kind.PLATFORM, 15, seed=500, hired=hired)
    walk(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 9, 12))
    more = {"hired": hired, "by": cast["platform2"], "homes": ["杏田村", "洛阳村"]}
    claim = _on(date(2025, 11, 12), cast, Kind.PLATFORM, 12, seed=530, **more)
    walk(cast, claim, S.TOWNSHIP, on=date(2025, 11, 13))


def on_the_road(cast: Cast, fund: FundSource) -> None:
    """Claims at every station, some late, one with a worker that two claims name."""
    agency, second = cast["agency"], cast["agency2"]
    claim = _on(date(2025, 9, 22), cast, Kind.AGENCY, 18, seed=700, hired=date(2025, 5, 6))
    walk(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 9, 24))
    for day, until, seed, heads, by in (
        (date(2025, 10, 20), S.LEADER, 740, 12, second),
        (date(2025, 11, 3), S.SECTION, 770, 10, agency),
        (date(2025, 11, 5), S.BUREAU, 800, 9, second),
    ):
        claim = _on(day, cast, Kind.AGENCY, heads, seed=seed, by=by, hired=date(2025, 6, 3))
        walk(cast, claim, until, on=day)
    claim = _on(date(2025, 11, 4), cast, Kind.AGENCY, 14, seed=830, hired=date(2025, 6, 3))
    walk(cast, claim, S.PUBLICITY, on=date(2025, 11, 5))
    with clock.travel(date(2025, 11, 20)):
        publish(claim_ids=[claim.pk], by=cast["bureau"])
    claim = _on(date(2025, 11, 10), cast, Kind.AGENCY, 40, seed=860, hired=date(2025, 7, 1))
    walk(cast, claim, S.VILLAGE, on=date(2025, 11, 11))
    with clock.travel(date(2025, 11, 17)):
        for review in open_of(claim)[:2]:
            say_yes(cast, review)
    clash = {"by": second, "hired": date(2025, 7, 1)}
    _on(date(2025, 11, 14), cast, Kind.AGENCY, 6, seed=897, **clash)  # three of them stand in the claim above
    walk(cast, Claim.objects.latest("pk"), S.BUREAU, on=date(2025, 11, 17))
    claim = _on(date(2025, 11, 13), cast, Kind.INDIVIDUAL, 5, seed=930, by=cast["person2"], hired=date(2025, 7, 1))
    walk(cast, claim, S.TOWNSHIP, on=date(2025, 11, 14))
    with clock.travel(date(2025, 11, 18)):
        by_employer(cast)


def by_employer(cast: Cast) -> Claim:
    """An enterprise's employment officer files for an employee."""
    claim = start_claim(kind=Kind.INDIVIDUAL, by=cast["hr"], claimant_user_id=cast["person"].user_id)
    people = rows("individual", 3, seed=960, employers=[cast.employers[1]], hired=date(2025, 7, 1))
    import_roster(claim_id=claim.pk, by=cast["hr"], data=workbook("individual", people), name="花名册.xlsx")
    evidence_for(claim, cast["hr"])
    save_claim(claim_id=claim.pk, by=cast["hr"], declared=True)
    return file_claim(claim_id=claim.pk, by=cast["hr"])


def ended(cast: Cast) -> None:
    """One refused with its reasons, one withdrawn, one back for correction."""
    claim = _on(date(2025, 10, 9), cast, Kind.INDIVIDUAL, 2, seed=980, by=cast["person3"], hired=date(2025, 6, 3))
    walk(cast, claim, S.BUREAU, on=date(2025, 10, 10))
    with clock.travel(date(2025, 10, 24)):
        refuse = Review.objects.get(claim=claim, step=Step.BUREAU_REVIEW, outcome="")
        why = "经核查，所附劳动合同签署单位与参保单位不一致，未提供有效证明。"
        decide(review_id=refuse.pk, by=cast["bureau"], verb=Verb.REFUSE, opinion=why)
    claim = _on(date(2025, 10, 30), cast, Kind.AGENCY, 4, seed=990, by=cast["agency2"], hired=date(2025, 6, 3))
    with clock.travel(date(2025, 10, 31)):
        withdraw(claim_id=claim.pk, by=cast["agency2"], reason="名单有误，核实后重新申报。")
    claim = _on(date(2025, 11, 18), cast, Kind.AGENCY, 7, seed=1000, hired=date(2025, 6, 3))
    with clock.travel(date(2025, 11, 20)):
        review = open_of(claim)[0]
        line = claim.lines.order_by("seq").first()
        decide(
            review_id=review.pk,
            by=cast["bureau"],
            verb=Verb.RETURN,
            opinion="第1行员工合同起始日期与参保起始年月不一致，请核对后更正，并补充银行账户证明。",
            parts=Parts(lines=[line.pk] if line else [], evidence=["bank_proof"]),
        )


def today(cast: Cast, fund: FundSource) -> None:
    """What waits this morning: new claims, drafts, and a batch on the checker's table."""
    _on(date(2025, 11, 20), cast, Kind.AGENCY, 11, seed=1030, hired=date(2025, 7, 1))
    _on(date(2025, 11, 21), cast, Kind.INDIVIDUAL, 2, seed=1060, by=cast["person2"], hired=date(2025, 7, 1))
    draft(cast, Kind.AGENCY, 5, seed=1080, hired=date(2025, 7, 1))
    batch = open_batch(fund_id=fund.pk, channel="public", by=cast["bureau"], note="11月第二批")
    lines = list(payable_lines(fund_id=fund.pk, channel="public").values_list("pk", flat=True))
    draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
