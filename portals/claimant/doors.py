"""Who may open a claimant's page at all. What he may see or do there is `workflows.access`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from accounts.roles import CLAIMANTS
from portals.shared.access import PostRequest, for_roles

__all__ = ["PostRequest", "claimants", "onward"]

SENTENCE = "申报页面仅供机构、平台、企业用工信息员和个人申报人使用，请在页面上方切换岗位。"


def claimants(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, and acting in a post that files claims; else 403 with a sentence."""
    return for_roles(CLAIMANTS, SENTENCE)(view)


def onward(request: PostRequest, name: str, *args: Any, at: str = "") -> HttpResponse:
    """The next page, at its section `at`; for a form sent by script a redirect that the browser follows."""
    page = redirect(name, *args).url
    url = page + (f"#{at}" if at else "")
    if not request.htmx:
        return redirect(url)
    response = HttpResponseClientRedirect(url)
    here = (request.htmx.current_url_abs_path or "").partition("#")[0]
    if at and here == page:
        response["HX-Refresh"] = "true"  # to another section of the same page a browser only scrolls
    return response
