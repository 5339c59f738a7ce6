"""What the matrix of addresses is asked about: claims in several states, a batch, a paper, jobs, and who is there."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from accounts.acting import Actor
from core import clock
from core.jobs import Job, enqueue, run_waiting
from core.timeline import SYSTEM
from documents.files import store
from documents.models import Paper, StoredFile
from documents.papers import pdf_of
from funds.models import FundSource
from payments.account_changes import propose_account
from payments.bank_results import import_result
from payments.batches import check_batch, draft_batch, open_batch, release_batch, send_batch
from payments.models import AccountChange, Batch, RecoveryCase, ResultFile, ResultRow, Transfer
from payments.reconciliation import keep
from payments.recovery.deciding import decide_case
from payments.recovery.opening import open_case
from payments.recovery.rechecks import list_due
from payments.results import mark_items
from policy.models import SchemeVersion
from project.demo.filing import draft, filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from tests.payments.answered import PROOF, answer, said
from tests.portals import register_world, returns_world
from workflows.attention import Copy, DeedVerb
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.consultations import Seat
from workflows.consulting import consult
from workflows.filing import file_claim
from workflows.hearings import BoardPosting, Objection
from workflows.issuing import issue_due
from workflows.noticing import copy_to
from workflows.objections import Statement, record_objection
from workflows.publicity import publish
from workflows.reviews import Notice, NoticeEntry, Review
from workflows.samples import Reverification
from workflows.states import ClaimState
from workflows.waivers import Waiver

MISSING = 987654
HOSTILE = "9" * 40


@dataclass
class World:
    """Claims in several states, and what hangs on them."""

    cast: Cast
    claims: list[Claim] = field(default_factory=list)
    batch: Batch | None = None
    paper: Paper | None = None

    def pks(self, rows: Any) -> list[Any]:
        """The ids of these rows, one that does not exist and one that no database holds."""
        return [*rows, MISSING, HOSTILE]

    def claim(self) -> list[Any]:
        return self.pks(claim.pk for claim in self.claims)

    def lines(self) -> list[Any]:
        """One line of each claim, and none."""
        return [*(self._line(claim) for claim in self.claims), uuid4()]

    def claim_and_line(self) -> list[Any]:
        """Each claim with its own line, the first claim with another's, and what does not exist."""
        pairs = [(claim.pk, self._line(claim)) for claim in self.claims]
        return [*pairs, (pairs[0][0], pairs[-1][1]), (pairs[0][0], uuid4()), (MISSING, uuid4()), (HOSTILE, uuid4())]

    def _line(self, claim: Claim) -> Any:
        return ClaimLine.objects.filter(claim=claim).values_list("pk", flat=True).first()

    def reviews(self) -> list[Any]:
        return self.pks(Review.objects.filter(claim__in=self.claims, outcome="").values_list("pk", flat=True))

    def hands(self) -> list[Any]:
        """A village's review and the first open one with every deed, and what is none."""
        reviews = [self.reviews()[0], MISSING, HOSTILE]
        return [(pk, verb) for pk in reviews for verb in (*DeedVerb.values, "nonsense")]

    def seats(self) -> list[Any]:
        return self.pks(Seat.objects.values_list("pk", flat=True))

    def copies(self) -> list[Any]:
        return self.pks(Copy.objects.values_list("pk", flat=True))

    def evidence(self) -> list[Any]:
        return self.pks(Evidence.objects.filter(claim=claim).values_list("pk", flat=True)[0] for claim in self.claims)

    def notices(self) -> list[Any]:
        return self.pks(Notice.objects.values_list("pk", flat=True))

    def shown(self) -> list[Any]:
        """Numbers of notices, and what is none."""
        return [*Notice.objects.values_list("number", flat=True), "GS-2025-99", "不存在", "9" * 300]

    def recipients(self) -> list[Any]:
        return [(number, seq) for number in self.shown() for seq in (1, 9)]

    def entries(self) -> list[Any]:
        return self.pks(NoticeEntry.objects.values_list("pk", flat=True))

    def boards(self) -> list[Any]:
        return self.pks(BoardPosting.objects.values_list("pk", flat=True))

    def objections(self) -> list[Any]:
        return [*Objection.objects.values_list("pk", flat=True), uuid4()]

    def waivers(self) -> list[Any]:
        return self.pks(Waiver.objects.values_list("pk", flat=True))

    def second_looks(self) -> list[Any]:
        return self.pks(Reverification.objects.values_list("pk", flat=True)[:4])

    def batches(self) -> list[Any]:
        return self.pks([self.batch.pk])  # type: ignore[union-attr]

    def sent_batches(self) -> list[Any]:
        return self.pks(Batch.objects.values_list("pk", flat=True))

    def result_files(self) -> list[Any]:
        return self.pks(ResultFile.objects.values_list("pk", flat=True))

    def parked_rows(self) -> list[Any]:
        return self.pks(ResultRow.objects.filter(verdict="parked").values_list("pk", flat=True))

    def returned_transfers(self) -> list[Any]:
        return self.pks(Transfer.objects.values_list("pk", flat=True))

    def runs(self) -> list[Any]:
        """A kept reconciliation, and none."""
        return self.pks([keep(SYSTEM).pk])

    def account_changes(self) -> list[Any]:
        return [*AccountChange.objects.values_list("pk", flat=True), uuid4()]

    def funds(self) -> list[Any]:
        return self.pks(FundSource.objects.values_list("pk", flat=True))

    def papers(self) -> list[Any]:
        return [self.paper.pk, uuid4()]  # type: ignore[union-attr]

    def files(self) -> list[Any]:
        return [StoredFile.objects.filter(name="校验结果.xlsx").values_list("pk", flat=True)[0], uuid4()]

    def recoveries(self) -> list[Any]:
        return self.pks(RecoveryCase.objects.values_list("pk", flat=True))

    def jobs(self) -> list[Any]:
        """One of an agency, with a file that names its worker; one of the system; none."""
        return [*Job.objects.values_list("pk", flat=True), uuid4()]

    def users(self) -> list[Any]:
        return self.pks([self.cast["agency2"].user_id])

    def posts(self) -> list[Any]:
        return self.pks([self.cast["agency2"].post_id])

    def people(self) -> list[Any]:
        return [*register_world.people(), uuid4()]

    def key_groups(self) -> list[Any]:
        return self.pks(register_world.groups())

    def merges(self) -> list[Any]:
        return self.pks(register_world.merges())

    def imports(self) -> list[Any]:
        return self.pks(register_world.imports())

    def returns(self) -> list[Any]:
        return self.pks(returns_world.returns())

    def returns_and_people(self) -> list[Any]:
        return [*returns_world.people(), (MISSING, uuid4()), (HOSTILE, uuid4())]

    def rounds_and_towns(self) -> list[Any]:
        return [*returns_world.towns(), (MISSING, 1), (HOSTILE, 1)]

    def town_returns(self) -> list[Any]:
        return self.pks(returns_world.reports())

    def schemes(self) -> list[Any]:
        return self.pks(SchemeVersion.objects.values_list("pk", flat=True))


def make_world() -> World:
    """A draft, a claim in villages, another agency's in another village, an approved one in a batch."""
    cast = make_cast()
    fund: FundSource = fund_and_scheme(cast)[0]
    world = World(cast)
    with clock.travel(date(2025, 10, 9)):
        paid = filed(cast, "individual", 2, seed=3300, homes=["白奇村"])
    paid = walk(cast, paid, ClaimState.PAYABLE, fund=fund, on=date(2025, 10, 10))
    world.claims = [
        draft(cast, "agency", 2, seed=3000),
        walk(cast, filed(cast, "agency", 4, seed=3100, homes=["洛阳村", "锦峰社区"]), ClaimState.VILLAGE),
        walk(cast, filed(cast, "agency", 2, seed=3200, by=cast["agency2"], homes=["白奇村"]), ClaimState.VILLAGE),
        paid,
        filed(cast, "platform", 10, seed=3400, homes=["白奇村"]),
    ]
    issue_due(paid.pk, "系统")
    world.paper = Paper.objects.get(subject=paid.chain, kind=Paper.Kind.APPROVAL)
    pdf_of(world.paper)
    world.batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"])
    draft_batch(batch_id=world.batch.pk, claim_ids=[paid.pk], by=cast["maker"])
    returned_payment(cast, fund)
    world.claims.append(recovered(cast, fund))
    shown = walk(cast, filed(cast, "individual", 2, seed=3500, by=cast["person2"]), ClaimState.PUBLICITY)
    world.claims.append(shown)
    entry = publish(claim_ids=[shown.pk], by=cast["bureau"]).entries.get()
    words = Statement("异议某某人", "13805960001", "该人员七月起就没有在企业上班。")
    record_objection(entry_id=entry.pk, by=cast["bureau"], said=words, line_ids=[shown.lines.first().pk])
    asking = {"review_id": world.claims[4].reviews.get(outcome="").pk, "by": cast["bureau"], "mode": "every"}
    consult(post_ids=[cast["leader"].post_id], question="该平台是否重复申报？", **asking)
    copy_to(claim_id=world.claims[4].pk, post_ids=[cast["leader"].post_id], by=cast["section"], note="请阅")
    made_for(world.claims[2], cast["agency2"])
    register_world.make_register(cast)
    returns_world.make_returns(cast)
    enqueue("workflows.sign_day", arguments={})
    late = draft(cast, "agency", 1, seed=3800, homes=["白奇村"], hired=date(2024, 3, 1))
    world.claims.append(file_claim(claim_id=late.pk, by=cast["agency"], plea="洪灾停产。"))
    return world


def returned_payment(cast: Cast, fund: FundSource) -> None:
    """A sent batch whose answer returned its transfer and names a stranger, and the account's correction that waits."""
    with clock.travel(date(2025, 10, 9)):
        claim = filed(cast, "individual", 1, seed=3600, by=cast["person2"], homes=["白奇村"])
    walk(cast, claim, ClaimState.PAYABLE, fund=fund, on=date(2025, 10, 10))
    batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"], note="退票")
    draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=cast["maker"])
    check_batch(batch_id=batch.pk, by=cast["checker"])
    release_batch(batch_id=batch.pk, by=cast["approver"])
    run_waiting()
    send_batch(batch_id=batch.pk, by=cast["maker"], format_code="bank-xlsx")
    rows = [*said(batch, "returned"), ("BF-2025-999-0001", 100, "settled", "")]
    import_result(batch_id=batch.pk, data=answer(rows), name="回单.csv", by=cast["maker"])
    propose_account(
        transfer_id=batch.transfers.get().pk,
        bank="中国农业银行泉州台商投资区支行",
        number="6228480010012345678",
        evidence=(PROOF, "银行卡.pdf"),
        reason="原账户已销户",
        by=cast["maker"],
    )


def recovered(cast: Cast, fund: FundSource) -> Claim:
    """A claim paid in August, of whose two people one is to be re-checked and the other's money is asked back."""
    with clock.travel(date(2025, 7, 7)):
        claim = filed(cast, "individual", 2, seed=3700, by=cast["person3"], homes=["白奇村"], hired=date(2025, 3, 3))
    claim = walk(cast, claim, ClaimState.PAYABLE, fund=fund, on=date(2025, 7, 8))
    with clock.travel(date(2025, 8, 18)):
        batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"], note="八月")
        draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=cast["maker"])
        check_batch(batch_id=batch.pk, by=cast["checker"])
        release_batch(batch_id=batch.pk, by=cast["approver"])
        run_waiting()
        send_batch(batch_id=batch.pk, by=cast["maker"], format_code="bank-xlsx")
        mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=cast["maker"])
    line = claim.lines.order_by("seq")[0]
    told = {"ground": "insurance_stopped", "facts": "社保系统显示已停保。", "article": "本区默认口径 A9"}
    case = open_case(claim_id=claim.pk, amounts={line.pk: line.amount_fen}, by=cast["bureau"], **told)
    decide_case(case_id=case.pk, order=True, opinion="同意追回。", by=cast["section"])
    list_due()
    return claim


def made_for(claim: Claim, by: Actor) -> None:
    """A finished job whose file holds a worker's name in plain text."""
    name = ClaimLine.objects.filter(claim=claim).select_related("worker")[0].worker.name
    file = store(data=name.encode(), name="清单.csv", content_type="text/csv", by_id=by.user_id)
    Job.objects.create(
        kind="workflows.sign_day",
        state=Job.State.DONE,
        finished_at=clock.now(),
        result={"file": str(file.pk)},
        asked_by=by.user,
        asked_post=by.post_id,
    )
