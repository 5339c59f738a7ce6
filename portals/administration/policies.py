"""政策: the versions, what each parameter is and rests on, loading a draft, publishing it, what two differ in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.verdict import Verdict
from policy import queries
from policy.commands import can_load, can_publish, load_scheme, publish_scheme
from policy.models import SchemeVersion
from portals.administration.doors import onward, policy_readers
from portals.administration.forms import file_in, page_of, required_number
from portals.shared.access import PostRequest


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version's page."""

    scheme: SchemeVersion
    in_force: SchemeVersion | None
    groups: list[queries.Group]
    defaults: int  # parameters the notice is silent on
    may_publish: Verdict
    may_load: Verdict
    others: list[SchemeVersion]  # to compare it with


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what they have differently."""

    before: SchemeVersion
    after: SchemeVersion
    differences: list[queries.Difference]


@policy_readers
@require_GET
def policies(request: PostRequest) -> HttpResponse:
    """All versions, the latest first."""
    shown = {
        "page": page_of(queries.versions(), request.GET.get("page", "")),
        "in_force": queries.in_force(clock.today()),
        "may_load": can_load(request.by),
    }
    return render(request, "administration/policies.html", shown)


@policy_readers
@require_GET
def policy(request: PostRequest, pk: int) -> HttpResponse:
    """One version, every parameter with its value and basis."""
    return render(request, "administration/policy.html", {"sheet": sheet(pk, request.by)})


@policy_readers
@require_POST
def load(request: PostRequest) -> HttpResponse:
    """A scheme file becomes a draft."""
    scheme = load_scheme(data=file_in(request, "file"), by=request.by)
    messages.success(request, _("%(label)s 已载入为草稿，须由另一人核对后发布。") % {"label": scheme.label})
    return onward(request, "administration:policy", scheme.pk)


@policy_readers
@require_POST
def publish(request: PostRequest, pk: int) -> HttpResponse:
    """A draft is published by somebody else than who loaded it."""
    scheme = publish_scheme(scheme_id=pk, by=request.by)
    messages.success(request, _("%(label)s 已发布，此后不能修改。") % {"label": scheme.label})
    return onward(request, "administration:policy", scheme.pk)


@policy_readers
@require_GET
def compare(request: PostRequest) -> HttpResponse:
    """What two versions have differently."""
    sentence = _("请选择要对照的两个版本。")
    before, after = (required_number(request.GET.get(name, ""), sentence) for name in ("before", "after"))
    return render(request, "administration/compare.html", {"comparison": comparison(before, after)})


def sheet(scheme_id: int, by: Actor) -> Sheet:
    """A version's page; refuses `scheme_unknown`."""
    scheme = _version(scheme_id)
    groups = queries.parameters(scheme)
    return Sheet(
        scheme=scheme,
        in_force=queries.in_force(clock.today()),
        groups=groups,
        defaults=sum(parameter.is_default for group in groups for parameter in group.parameters),
        may_publish=can_publish(by, scheme),
        may_load=can_load(by),
        others=list(queries.versions().exclude(pk=scheme.pk)[:25]),
    )


def comparison(before_id: int, after_id: int) -> Comparison:
    """Two versions side by side; refuses `scheme_unknown`."""
    before, after = _version(before_id), _version(after_id)
    return Comparison(before, after, queries.differences(before, after))


def _version(scheme_id: int) -> SchemeVersion:
    scheme = queries.version(scheme_id)
    if scheme is None:
        raise Refusal("scheme_unknown", _("找不到该政策版本，请从政策列表重新选择。"))
    return scheme
