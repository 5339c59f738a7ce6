"""待办 and 已办: what the acting post owes, what it has decided, and one decision over several items."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials
from workflows import queries
from workflows.deciding import decide_many
from workflows.objection_page import waiting_for


@officials
@require_GET
def inbox(request: DeskRequest) -> HttpResponse:
    """Open reviews of the acting post, the most urgent first; filtered by kind, risk and due date."""
    wish = tray.wish_in(request.GET)
    return render(
        request, "desk/inbox.html", {"tray": tray.inbox(request.by, wish), "waiting": waiting_for(request.by)}
    )


@officials
@require_POST
def bulk(request: DeskRequest) -> HttpResponse:
    """The same decision on each selected review; an answer for each one is shown."""
    answers = decide_many(
        review_ids=forms.numbers_in(request.POST.getlist("review"))[: tray.PAGE],
        by=request.by,
        verb=forms.verb_in(request.POST.get("verb", "")),
        opinion=request.POST.get("opinion", ""),
    )
    return render(request, "desk/bulk.html", {"answers": answers, "done": sum(answer.ok for answer in answers)})


@officials
@require_GET
def done(request: DeskRequest) -> HttpResponse:
    """Reviews the officer has decided, the latest first, each with whether he may still take it back."""
    page = tray.page_of(queries.done(request.by), request.GET.get("page", ""))
    return render(request, "desk/done.html", {"page": page, "rows": tray.decided(request.by, page)})
