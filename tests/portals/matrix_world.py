"""What the matrix of addresses is asked about: claims in several states, a batch, a paper, jobs, and who is there."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from accounts.acting import Actor
from core import clock
from core.jobs import Job, enqueue
from documents.files import store
from documents.models import Paper, StoredFile
from documents.papers import pdf_of
from funds.models import FundSource
from payments.batches import draft_batch, open_batch
from payments.models import Batch
from policy.models import SchemeVersion
from project.demo.filing import draft, filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.issuing import issue_due
from workflows.reviews import Review
from workflows.states import ClaimState

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

    def evidence(self) -> list[Any]:
        return self.pks(Evidence.objects.filter(claim=claim).values_list("pk", flat=True)[0] for claim in self.claims)

    def batches(self) -> list[Any]:
        return self.pks([self.batch.pk])  # type: ignore[union-attr]

    def papers(self) -> list[Any]:
        return [self.paper.pk, uuid4()]  # type: ignore[union-attr]

    def files(self) -> list[Any]:
        return [StoredFile.objects.filter(name="校验结果.xlsx").values_list("pk", flat=True)[0], uuid4()]

    def jobs(self) -> list[Any]:
        """One of an agency, with a file that names its worker; one of the system; none."""
        return [*Job.objects.values_list("pk", flat=True), uuid4()]

    def users(self) -> list[Any]:
        return self.pks([self.cast["agency2"].user_id])

    def posts(self) -> list[Any]:
        return self.pks([self.cast["agency2"].post_id])

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
    made_for(world.claims[2], cast["agency2"])
    enqueue("workflows.sign_day", arguments={})
    return world


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
