"""What stands before a decision: a stopped clock, work that was handed out, opinions that are asked before a yes."""

from core.verdict import YES, Verdict, no
from workflows.consultations import Consultation
from workflows.reviews import Review
from workflows.states import Verb

FORWARD = {Verb.ACCEPT, Verb.PASS, Verb.APPROVE}
SUSPENDED = no("review_suspended", "该事项已挂起，期限暂停计算。请先恢复办理。")
DELEGATED = no("review_delegated", "该事项已委派他人，尚未答复。请等待答复，或收回委派后办理。")
CONSULTED = no("opinions_open", "征求的意见尚未答复齐全。请等待答复，或收回征求后办理。")
ASKED_ALREADY = no("consultation_open", "该事项已在征求意见或委派中。请等待答复，或先收回。")


def waits(review: Review, verb: str | None = None) -> Verdict:
    """Whether something stands before a decision: a stopped clock, work handed out, opinions asked before a yes."""
    if review.suspended_at:
        return SUSPENDED
    match consulting_of(review):
        case Consultation.Mode.DELEGATE:
            return DELEGATED
        case Consultation.Mode.EVERY | Consultation.Mode.ONE if verb in FORWARD:
            return CONSULTED
    return YES


def consulting_of(review: Review) -> str:
    """The mode of the open round; asked only when the review was read without `with_consultation`."""
    known = getattr(review, "consulting", None)
    if known is None:
        found = Consultation.objects.filter(review=review.pk, ending="").values_list("mode", flat=True).first()
        known = review.consulting = found or ""  # type: ignore[attr-defined]
    return known
