"""What the page of one deed around a review shows: the review, whether it may be done, and who can be named."""

from dataclasses import dataclass

from accounts.acting import Actor
from accounts.models import Post
from core.errors import NotAllowed
from core.verdict import Verdict
from workflows import access, around, colleagues
from workflows.attention import DeedVerb
from workflows.claims import Claim
from workflows.consultations import Consultation, with_consultation
from workflows.reviews import Review

NAMES_ONE = {DeedVerb.REASSIGN, DeedVerb.DELEGATE}
MODES = [mode for mode in Consultation.Mode if mode != Consultation.Mode.DELEGATE]


@dataclass(frozen=True, slots=True)
class HandPage:
    """A deed's form; `people` can be named, one or (`many`) several."""

    claim: Claim
    review: Review | None
    verb: DeedVerb
    verdict: Verdict
    people: list[Post]
    many: bool

    @property
    def modes(self) -> list[tuple[str, str]]:
        """The ways of asking, where there are several."""
        return [(mode.value, str(mode.label)) for mode in MODES] if self.verb == DeedVerb.ASK else []

    @property
    def names(self) -> bool:
        """Whether somebody is named."""
        return self.verb in NAMES_ONE | {DeedVerb.ASK, DeedVerb.COPY}


def hand_page(*, review_id: int, verb: DeedVerb, by: Actor) -> HandPage:
    """The form of a deed around a review the actor may see; refuses `claim_not_visible`."""
    found = Review.objects.filter(pk=review_id, claim__in=access.visible_to(by).values("pk"))
    related = ("claim__claimant_org", "claim__claimant_user", "area", "assignee")
    review = with_consultation(found).select_related(*related).first()
    if review is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    verdict = around.can_urge(by, review) if verb == DeedVerb.URGE else around.can_hand_on(by, review, verb)
    people: list[Post] = []
    if verdict and verb in NAMES_ONE:
        people = list(colleagues.same_post(review, but=by))
    elif verdict and verb == DeedVerb.ASK:
        people = colleagues.witnesses(review.claim, but=by)
    return HandPage(review.claim, review, verb, verdict, people, many=verb == DeedVerb.ASK)


def copy_page(*, claim_id: int, by: Actor) -> HandPage:
    """The form of a copy of a claim the actor may see; refuses `claim_not_visible`."""
    claim = access.visible_to(by).select_related("claimant_org", "claimant_user").filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    verdict = around.can_copy(by)
    people = colleagues.witnesses(claim, but=by, reviewers_only=False) if verdict else []
    return HandPage(claim, None, DeedVerb.COPY, verdict, people, many=True)
