"""The decision on one review, and taking one's own decision back."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials, onward
from workflows import queries
from workflows.deciding import decide as decide_review
from workflows.recalling import recall as recall_review
from workflows.states import Verb


@officials
@require_POST
def decide(request: DeskRequest, review: int) -> HttpResponse:
    """One decision: the verb of the pressed button, the opinion, the lines singled out, the fund."""
    verb, words = forms.verb_in(request.POST.get("verb", "")), forms.words_in(request.POST)
    named = [pk for pk, word in words.items() if word.verb == Verb.RETURN] if verb == Verb.RETURN else []
    claim = decide_review(
        review_id=review,
        by=request.by,
        verb=verb,
        opinion=request.POST.get("opinion", ""),
        lines={} if verb == Verb.RETURN else words,
        fund_id=forms.number_in(request.POST.get("fund", "")),
        parts=forms.parts_in(request.POST, named),
        set_aside=request.POST.getlist("objection")[:100],
        back_to=forms.number_in(request.POST.get("back_to", "")),
    )
    messages.success(
        request,
        _("%(claim)s 已办理：%(verb)s。现处于“%(state)s”。")
        % {"claim": claim, "verb": verb.label, "state": claim.get_state_display()},
    )
    return _next_one(request, review)


def _next_one(request: DeskRequest, review: int) -> HttpResponse:
    """The next claim of the inbox this one was opened from, as it was filtered; else the inbox."""
    wish = tray.came_with(request)
    if wish is None:
        return onward(request, "desk:inbox")
    following = queries.next_after(review, request.by, sort=wish.sort, **wish.narrowed)
    if following is None:
        return onward(request, "desk:inbox")
    return onward(request, "desk:claim", following.claim_id, query=wish.carried)


@officials
@require_POST
def recall(request: DeskRequest, review: int) -> HttpResponse:
    """Take back one's own last decision while nobody has acted on it."""
    claim = recall_review(review_id=review, by=request.by)
    messages.success(request, _("%(claim)s 已收回，可重新办理。") % {"claim": claim})
    return onward(request, "desk:claim", claim.pk)
