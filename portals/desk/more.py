"""更多: the second verbs on a claim page, each with where it leads or why it cannot be done now."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.verdict import YES, Verdict, no
from workflows import around
from workflows.attention import DeedVerb
from workflows.claim_page import ClaimPage
from workflows.reviews import Review
from workflows.states import Step

URGED_AT_MOST = 6
NO_COLLEAGUE = no("no_colleague", "本岗位目前没有其他人员，不能转办或委派。")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu; `url` leads to its form."""

    label: str
    url: str
    verdict: Verdict


def items(by: Actor, page: ClaimPage) -> list[Item]:
    """What may be done around the actor's own review, then what anybody may who sees the claim; no query."""
    mine = page.my_review
    found = _own(by, mine, page) if mine and mine.step != Step.PUBLISH else []
    others = [review for review in page.open_reviews if review is not mine]
    found += [
        _of(DeedVerb.URGE, review, verdict, f"：{review.area.name} {review.get_step_display()}")
        for review in others[:URGED_AT_MOST]
        if (verdict := around.can_urge(by, review)).code != "urge_not_yours"
    ]
    return [*found, Item(_("抄送"), reverse("desk:copy", args=[page.claim.pk]), around.can_copy(by))]


def _own(by: Actor, mine: Review, page: ClaimPage) -> list[Item]:
    verbs = [DeedVerb.REASSIGN, DeedVerb.DELEGATE, DeedVerb.ASK]
    if not around.can_hand_on(by, mine, DeedVerb.TAKE_BACK):
        verbs.append(DeedVerb.RESUME if mine.suspended_at else DeedVerb.SUSPEND)
    else:
        verbs = [DeedVerb.TAKE_BACK, DeedVerb.REASSIGN, DeedVerb.SUSPEND]
    found = []
    for verb in verbs:
        verdict = around.can_hand_on(by, mine, verb)
        if verdict and verb in {DeedVerb.REASSIGN, DeedVerb.DELEGATE} and not page.has_colleague:
            verdict = NO_COLLEAGUE
        found.append(_of(verb, mine, verdict))
    return found


def _of(verb: DeedVerb, review: Review, verdict: Verdict = YES, more: str = "") -> Item:
    return Item(f"{verb.label}{more}", reverse("desk:hand", args=[review.pk, verb.value]), verdict)
