"""What happened in the zone in 2025: claims of every kind in every state, each deed on its day, in its officer's name.

Each strand is a generator that yields the day of its next deed; `tell` runs all strands in the order of days, so
that numbers and events follow the calendar.
"""

import heapq
from collections.abc import Iterator
from datetime import date

from core import clock
from core.jobs import run_waiting
from funds.commands import open_fund, supplement_fund
from funds.models import FundSource
from payments.batches import check_batch, draft_batch, open_batch
from payments.queries import payable_lines
from payments.results import mark_items
from payments.sealing import release_batch
from payments.sending import send_batch
from project.demo.answers import returned_money
from project.demo.batches import half_answered, pool_batches
from project.demo.debts import debts
from project.demo.filing import ambassador, draft, evidence_for, filed
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import hang, officer_of, open_of, say_yes, steps
from workflows.claims import Claim, ClaimLine
from workflows.corrections import Parts
from workflows.deadlines import run_due
from workflows.deciding import decide
from workflows.drafts import save_claim, start_claim
from workflows.filing import file_claim, withdraw
from workflows.hearing import decide_objection, investigate
from workflows.objections import Statement, object_online, record_objection
from workflows.publicity import publish
from workflows.reviews import Review
from workflows.roster_import import import_roster
from workflows.states import ClaimState, Kind, LineStatus, Step, Verb
from workflows.words import LineWord

S = ClaimState
Strand = Iterator[date]
NOT_FOUND = LineWord(Verb.DEDUCT, "not_found_at_employer", "两次上门未见本人，企业称已离职")


def tell(cast: Cast, referral: FundSource, pool: FundSource) -> None:
    """The whole story, in the order of its days."""
    strands = [
        budgets(cast, referral),
        paid_agency(cast, referral),
        ambassador_of_the_year(cast, referral),
        pooled(cast, pool),
        village_platform(cast),
        payable_agency(cast, referral),
        until(cast, date(2025, 10, 20), S.LEADER, seed=740, heads=12, by="agency2"),
        until(cast, date(2025, 11, 3), S.SECTION, seed=770, heads=10, by="agency"),
        until(cast, date(2025, 11, 5), S.BUREAU, seed=800, heads=9, by="agency2"),
        in_publicity(cast),
        objected(cast, referral),
        in_villages_with_a_clash(cast),
        individual_in_township(cast),
        by_employer(cast),
        refused(cast),
        withdrawn(cast),
        returned(cast),
        returned_money(cast, referral),
        pool_batches(cast, pool),
        half_answered(cast, referral),
        debts(cast),
        this_week(cast, referral),
    ]
    waiting: list[tuple[date, int, Strand]] = []
    for number, strand in enumerate(strands):
        heapq.heappush(waiting, (next(strand), number, strand))
    while waiting:
        day, number, strand = heapq.heappop(waiting)
        with clock.travel(day):
            following = next(strand, None)
        if following is not None:
            heapq.heappush(waiting, (max(day, following), number, strand))
    run_due()


def _pay(cast: Cast, fund: FundSource, channel: str) -> None:
    """One batch through its officers to the bank's answer, by hand."""
    batch = open_batch(fund_id=fund.pk, channel=channel, by=cast["bureau"], note="按期兑现招工引工奖补")
    lines = list(payable_lines(fund_id=fund.pk, channel=channel).values_list("pk", flat=True))
    draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
    batch = check_batch(batch_id=batch.pk, by=cast["checker"], opinion="收款信息与审批表一致。")
    release_batch(batch_id=batch.pk, by=cast["approver"], opinion="同意拨付。")
    run_waiting()
    send_batch(batch_id=batch.pk, by=cast["maker"], format_code=batch.format_code)
    mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=cast["maker"])


def budgets(cast: Cast, referral: FundSource) -> Strand:
    """The year's 指标 beside the first two: a small one for the centre's part, and more for referrals in autumn."""
    yield date(2025, 6, 16)
    open_fund(
        name="中央就业补助资金",
        allocation_no="泉财社指〔2025〕56号",
        year=2025,
        amount_fen=500_000,
        functional_code="2080799",
        economic_code="30399",
        by=cast["maker"],
    )
    yield date(2025, 9, 28)
    supplement_fund(fund_id=referral.pk, amount_fen=10_000_000, document="泉台财指〔2025〕31号", by=cast["maker2"])


def paid_agency(cast: Cast, fund: FundSource) -> Strand:
    """An agency's spring recruits: two deducted by a village, the rest paid in October."""
    yield date(2025, 8, 18)
    claim = filed(cast, Kind.AGENCY, 26, seed=100, hired=date(2025, 3, 3))
    yield date(2025, 8, 20)
    say_yes(cast, open_of(claim)[0])
    yield date(2025, 8, 22)
    review = open_of(claim)[0]
    gone = ClaimLine.objects.filter(claim=claim, verify_area=review.area).order_by("seq")[:2]
    words = {line.pk: NOT_FOUND for line in gone}
    by = officer_of(cast, review)
    decide(review_id=review.pk, by=by, verb=Verb.PASS, opinion="二人未在岗，其余属实。", lines=words)
    yield from steps(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 8, 25))
    yield date(2025, 10, 22)
    _pay(cast, fund, "public")


def ambassador_of_the_year(cast: Cast, fund: FundSource) -> Strand:
    """An employee of one enterprise brings twenty-two, is paid for them, and becomes a silver ambassador."""
    yield date(2025, 8, 26)
    claim = filed(cast, Kind.INDIVIDUAL, 22, seed=300, employers=[cast.employers[1]], hired=date(2025, 4, 7))
    yield from steps(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 8, 28))
    yield date(2025, 10, 23)
    _pay(cast, fund, "private")
    yield date(2025, 10, 24)
    title = ambassador(cast, by=cast["person"])
    yield from steps(cast, title, S.AWARDED, on=date(2025, 10, 27))


def pooled(cast: Cast, fund: FundSource) -> Strand:
    """A transfer platform's claim, approved and waiting for its money."""
    yield date(2025, 9, 10)
    claim = filed(cast, Kind.PLATFORM, 15, seed=500, hired=date(2025, 7, 1))
    yield from steps(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 9, 12))


def village_platform(cast: Cast) -> Strand:
    """A platform that a village runs: that village verifies nothing of it."""
    yield date(2025, 11, 12)
    more = {"hired": date(2025, 7, 1), "by": cast["platform2"], "homes": ["杏田村", "洛阳村"]}
    claim = filed(cast, Kind.PLATFORM, 12, seed=530, **more)
    yield from steps(cast, claim, S.TOWNSHIP, on=date(2025, 11, 13))


def payable_agency(cast: Cast, fund: FundSource) -> Strand:
    """Approved after the October batch; it waits for the next one."""
    yield date(2025, 10, 9)
    claim = filed(cast, Kind.AGENCY, 18, seed=700, hired=date(2025, 5, 6))
    yield from steps(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 10, 10))


def until(cast: Cast, day: date, state: ClaimState, *, seed: int, heads: int, by: str) -> Strand:
    """An agency's claim filed on a day and walked to a station."""
    yield day
    claim = filed(cast, Kind.AGENCY, heads, seed=seed, by=cast[by], hired=date(2025, 6, 3))
    yield from steps(cast, claim, state, on=day)


def in_publicity(cast: Cast) -> Strand:
    """Published last Thursday; the period runs, two villages have not hung the sheet yet, and somebody objects."""
    yield date(2025, 11, 4)
    claim = filed(cast, Kind.AGENCY, 14, seed=830, hired=date(2025, 6, 3))
    yield from steps(cast, claim, S.PUBLICITY, on=date(2025, 11, 5))
    yield date(2025, 11, 20)
    notice = publish(claim_ids=[claim.pk], by=cast["bureau"])
    yield date(2025, 11, 21)
    hang(cast, notice, but=2)
    yield date(2025, 11, 24)
    said = Statement(
        "郭丽华",
        "13805961203",
        "我与该员工同村，十月起他一直在外地做工，没有在公示的企业上班，请核查。",
        "洛阳镇陈埭头村18号",
    )
    worker = ClaimLine.objects.filter(claim=claim, status=LineStatus.LIVE).select_related("worker").order_by("seq")[2]
    object_online(entry_id=notice.entries.get().pk, said=said, people=[worker.worker.name])  # type: ignore[union-attr]


def objected(cast: Cast, fund: FundSource) -> Strand:
    """Two objections to one notice: one upheld, its person annulled; one dismissed, and the claim is approved."""
    yield date(2025, 9, 22)
    claim = filed(cast, Kind.AGENCY, 8, seed=1120, by=cast["agency2"], hired=date(2025, 5, 6))
    yield from steps(cast, claim, S.PUBLICITY, on=date(2025, 9, 23))
    yield date(2025, 10, 20)
    notice = publish(claim_ids=[claim.pk], by=cast["bureau"])
    hang(cast, notice)
    entry = notice.entries.get()
    first, second = ClaimLine.objects.filter(claim=claim, status=LineStatus.LIVE).order_by("seq")[:2]
    yield date(2025, 10, 22)
    said = Statement("庄志强", "13805960077", "该员工九月中旬已经离职，企业仍将其列入在岗名单，请核查。")
    left = record_objection(entry_id=entry.pk, by=cast["bureau"], said=said, line_ids=[first.pk])
    yield date(2025, 10, 23)
    said = Statement("陈美玉", "13805960088", "听说该员工是企业自己招的，不是机构引进的，请核查。")
    hearsay = object_online(entry_id=entry.pk, said=said)
    yield date(2025, 10, 24)
    found = "经电话和上门核实，该员工已于9月15日离职，企业10月起停缴社保。"
    investigate(objection_id=left.pk, by=cast["bureau2"], findings=found, proposal="upheld")
    found = "经核对推荐函、入职登记和机构服务台账，该员工由机构推荐入职，推荐日期早于入职日期。"
    investigate(objection_id=hearsay.pk, by=cast["bureau2"], findings=found, proposal="dismissed", line_ids=[second.pk])
    yield date(2025, 10, 27)
    opinion, reason = "离职属实，不再符合稳定就业条件。", "not_found_at_employer"
    decide_objection(objection_id=left.pk, by=cast["section"], uphold=True, opinion=opinion, reason_code=reason)
    opinion = "材料齐全，时间吻合，异议所述情况不实。"
    decide_objection(objection_id=hearsay.pk, by=cast["section"], uphold=False, opinion=opinion)
    yield from steps(cast, claim, S.PAYABLE, fund=fund, on=date(2025, 10, 28))


def in_villages_with_a_clash(cast: Cast) -> Strand:
    """Forty workers in seven villages, two of which have answered; three of the workers are named by a rival too."""
    yield date(2025, 11, 10)
    claim = filed(cast, Kind.AGENCY, 40, seed=860, hired=date(2025, 7, 1))
    yield from steps(cast, claim, S.VILLAGE, on=date(2025, 11, 11))
    yield date(2025, 11, 14)
    rival = filed(cast, Kind.AGENCY, 6, seed=897, by=cast["agency2"], hired=date(2025, 7, 1))
    yield date(2025, 11, 17)
    for review in open_of(claim)[1:3]:
        say_yes(cast, review)
    yield from steps(cast, rival, S.BUREAU, on=date(2025, 11, 17))


def individual_in_township(cast: Cast) -> Strand:
    """A person's own claim at the township."""
    yield date(2025, 11, 13)
    claim = filed(cast, Kind.INDIVIDUAL, 5, seed=930, by=cast["person2"], hired=date(2025, 7, 1))
    yield from steps(cast, claim, S.TOWNSHIP, on=date(2025, 11, 14))


def by_employer(cast: Cast) -> Strand:
    """An enterprise's employment officer files for an employee."""
    yield date(2025, 11, 18)
    claim = start_claim(kind=Kind.INDIVIDUAL, by=cast["hr"], claimant_user_id=cast["person"].user_id)
    people = rows("individual", 3, seed=960, employers=[cast.employers[1]], hired=date(2025, 7, 1))
    import_roster(claim_id=claim.pk, by=cast["hr"], data=workbook("individual", people), name="花名册.xlsx")
    evidence_for(claim, cast["hr"])
    save_claim(claim_id=claim.pk, by=cast["hr"], declared=True)
    file_claim(claim_id=claim.pk, by=cast["hr"])


def refused(cast: Cast) -> Strand:
    """Refused by the bureau, with its reasons."""
    yield date(2025, 10, 9)
    claim = filed(cast, Kind.INDIVIDUAL, 2, seed=980, by=cast["person3"], hired=date(2025, 6, 3))
    yield from steps(cast, claim, S.BUREAU, on=date(2025, 10, 10))
    yield date(2025, 10, 24)
    review = Review.objects.get(claim=claim, step=Step.BUREAU_REVIEW, outcome="")
    why = "经核查，所附劳动合同签署单位与参保单位不一致，未提供有效证明。"
    decide(review_id=review.pk, by=cast["bureau"], verb=Verb.REFUSE, opinion=why)


def withdrawn(cast: Cast) -> Strand:
    """Taken back by its claimant."""
    yield date(2025, 10, 30)
    claim = filed(cast, Kind.AGENCY, 4, seed=990, by=cast["agency2"], hired=date(2025, 6, 3))
    yield date(2025, 10, 31)
    withdraw(claim_id=claim.pk, by=cast["agency2"], reason="名单有误，核实后重新申报。")


def returned(cast: Cast) -> Strand:
    """Back for correction of one line and one paper."""
    yield date(2025, 11, 18)
    claim: Claim = filed(cast, Kind.AGENCY, 7, seed=1000, hired=date(2025, 6, 3))
    yield date(2025, 11, 20)
    review = open_of(claim)[0]
    line = ClaimLine.objects.filter(claim=claim).order_by("seq")[:1]
    why = "第1行员工合同起始日期与参保起始年月不一致，请核对后更正，并补充银行账户证明。"
    parts = Parts(lines=[item.pk for item in line], evidence=["bank_proof"])
    decide(review_id=review.pk, by=cast["bureau"], verb=Verb.RETURN, opinion=why, parts=parts)


def this_week(cast: Cast, fund: FundSource) -> Strand:
    """What waits this morning: new claims, a draft, and a batch on the checker's table."""
    yield date(2025, 11, 20)
    filed(cast, Kind.AGENCY, 11, seed=1030, hired=date(2025, 7, 1))
    yield date(2025, 11, 21)
    filed(cast, Kind.INDIVIDUAL, 2, seed=1060, by=cast["person2"], hired=date(2025, 7, 1))
    yield date(2025, 11, 24)
    draft(cast, Kind.AGENCY, 5, seed=1080, hired=date(2025, 7, 1))
    batch = open_batch(fund_id=fund.pk, channel="public", by=cast["bureau"], note="11月第二批")
    lines = list(payable_lines(fund_id=fund.pk, channel="public").values_list("pk", flat=True))
    draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
