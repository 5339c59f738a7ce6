"""One command, one transaction: the claim's row is locked first, then everything is read again."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Area
from core import clock
from core.errors import Refusal, WrongState
from workflows.claims import Claim, ClaimLine
from workflows.consultations import with_consultation
from workflows.reviews import Review
from workflows.states import LineStatus

RELATED = (
    "claimant_org__operated_by",
    "claimant_user",
    "created_post",
    "scheme",
    "employer__area__parent",
    "account",
    "fund",
)
ACTIVE = (LineStatus.LIVE, LineStatus.HELD)


def locked(claims: QuerySet[Claim]) -> Claim:
    """The one claim of a query, under its lock and fresh; refuses (`claim_unknown`) when there is none."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a claim is locked inside the transaction that changes it")
    claim = claims.select_for_update(of=("self",)).select_related(*RELATED).first()
    if claim is None:
        raise Refusal("claim_unknown", _("找不到该申报或待办事项，可能已被撤销，请刷新页面。"))
    return claim


def claim_locked(claim_id: int) -> Claim:
    """A claim by its id, under its lock."""
    return locked(Claim.objects.filter(pk=claim_id).order_by())


class Case:
    """A locked claim with all its reviews: what a decision needs to know, read in two queries."""

    def __init__(self, claim: Claim, *, fresh: bool = False) -> None:
        """`fresh`: the claim was only just filed and has no reviews to read."""
        self.claim = claim
        query = with_consultation(Review.objects.filter(claim=claim)).select_related("area__parent", "decided_by")
        self.reviews = [] if fresh else list(query)
        for review in self.reviews:
            review.claim = claim
        self._lines: list[ClaimLine] | None = None

    @classmethod
    def of_review(cls, review_id: int) -> tuple["Case", Review]:
        """The case of a review, locked; refuses when the review was decided already, with who and when."""
        case = cls(locked(Claim.objects.filter(reviews=review_id).order_by()))
        review = next(item for item in case.reviews if item.pk == review_id)
        if not review.is_open:
            raise WrongState("already_decided", already_decided(review))
        return case, review

    def still_open(self, *steps: str) -> list[Review]:
        """Open reviews of these steps (of all, when none is named)."""
        return [review for review in self.reviews if review.is_open and (not steps or review.step in steps)]

    def last(self, step: str, area: Area) -> Review | None:
        """The latest review of a step in an area."""
        found = [review for review in self.reviews if review.step == step and review.area_id == area.pk]
        return found[-1] if found else None

    @property
    def lines(self) -> list[ClaimLine]:
        """The claim's lines that are not dead, with their verifying areas; one query, once."""
        if self._lines is None:
            query = ClaimLine.objects.filter(claim=self.claim, status__in=ACTIVE)
            self._lines = list(query.select_related("verify_area__parent").defer("details", "phone"))
        return self._lines

    def lines_of(self, area: Area) -> list[ClaimLine]:
        """The active lines an area answers for: a township answers for its villages' too."""
        return [line for line in self.lines if line.verify_area and area.contains(line.verify_area)]

    def areas(self) -> list[Area]:
        """The verifying areas concerned: of the lines, or for an ambassador of his employer."""
        if self.claim.employer_id:
            return [self.claim.employer.area] if self.claim.employer.area else []  # type: ignore[union-attr]
        return distinct(line.verify_area for line in self.lines if line.verify_area)


def distinct(areas: Iterable[Area]) -> list[Area]:
    """Areas once each, in order of path."""
    return sorted({area.pk: area for area in areas}.values(), key=lambda area: area.path)


def already_decided(review: Review) -> str:
    """The sentence for whoever comes second."""
    if review.decided_by is None or review.decided_at is None:
        return _("该事项已由系统处理（%(outcome)s），不能再办理。") % {"outcome": review.get_outcome_display()}
    moment = review.decided_at.astimezone(clock.SHANGHAI)
    return _("该事项已由%(who)s于%(when)s办理（%(outcome)s），不能重复办理。") % {
        "who": review.decided_by.full_name,
        "when": f"{moment:%Y-%m-%d %H:%M}",
        "outcome": review.get_outcome_display(),
    }
