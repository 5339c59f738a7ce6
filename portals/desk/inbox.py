"""待办 and 已办: what the acting post owes, what it has decided, and one decision over several items."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials
from workflows import queries, trays
from workflows.attention import DeedVerb
from workflows.colleagues import has_colleague
from workflows.deciding import decide_many
from workflows.handing_on import reassign_many
from workflows.objection_page import waiting_for

BULK = 200


@officials
@require_GET
def inbox(request: DeskRequest) -> HttpResponse:
    """Open reviews of the acting post, the most urgent first; filtered, ordered, and kept so in the address."""
    shown = tray.inbox(request.by, tray.wish_in(request.GET))
    beside = {"waiting": waiting_for(request.by), "waits": trays.waiting(request.by)}
    colleagues = has_colleague(request.by).select_related("user") if shown.verbs else []
    return render(request, "desk/inbox.html", {"tray": shown, "colleagues": colleagues, **beside})


@officials
@require_POST
def bulk(request: DeskRequest) -> HttpResponse:
    """The same decision on each selected review, or all of them to a colleague; an answer for each one is shown."""
    picked = forms.numbers_in(request.POST.getlist("review"))[:BULK]
    words = request.POST.get("opinion", "")
    if request.POST.get("verb") == DeedVerb.REASSIGN:
        post = forms.number_in(request.POST.get("post", "")) or 0
        answers = reassign_many(review_ids=picked, post_id=post, by=request.by, note=words)
    else:
        verb = forms.verb_in(request.POST.get("verb", ""))
        answers = decide_many(review_ids=picked, by=request.by, verb=verb, opinion=words)
    return render(request, "desk/bulk.html", {"answers": answers, "done": sum(answer.ok for answer in answers)})


@officials
@require_GET
def done(request: DeskRequest) -> HttpResponse:
    """Reviews the officer has decided, the latest first, each with whether he may still take it back."""
    page = tray.page_of(queries.done(request.by), request.GET.get("page", ""))
    return render(request, "desk/done.html", {"page": page, "rows": tray.decided(request.by, page)})
