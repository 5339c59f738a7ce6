"""代理人: an officer on leave names who acts in his review posts, from one day to another.

Four eyes stay: a deputy decides in his own name, and what he or the officer did before stands against both
(`workflows.access.unconflicted`).
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area, Cover, Post, User
from accounts.roles import REVIEWERS
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no

LONGEST_DAYS = 92


def can_cover(by: Actor) -> Verdict:
    """Whether the post may name a deputy: an officer of the road, in a post of his own."""
    if by.role not in REVIEWERS:
        return no("cover_not_yours", _("代理人由村（社区）、乡镇和民生保障局的审核岗位设置。"))
    if by.covers:
        return no("cover_of_cover", _("您正在代理他人的岗位，不能再为其指定代理人。请切换到本人岗位。"))
    return YES


def covers_of(by: Actor) -> QuerySet[Cover]:
    """The covers the person named, and those in which he stands in, the latest first."""
    return Cover.objects.filter(Q(officer=by.user_id) | Q(deputy=by.user_id)).select_related("officer", "deputy")


def deputies_for(by: Actor) -> list[User]:
    """Who may stand in: officers of the road posted in each of the officer's areas, or above it; by name."""
    found: set[int] | None = None
    for area in _areas(by.user_id):
        here = Post.objects.filter(_in_force(), area__path__in=_upward(area), role__in=sorted(REVIEWERS))
        holders = set(here.values_list("user", flat=True))
        found = holders if found is None else found & holders
    return list(User.objects.filter(pk__in=(found or set()) - {by.user_id}, is_active=True).order_by("full_name", "pk"))


def name_deputy(*, deputy_id: int, first_day: date, last_day: date, reason: str, by: Actor) -> Cover:
    """Name who acts in all of one's review posts from `first_day` to `last_day`.

    Refuses `cover_not_yours`, `cover_dates`, `cover_reason`, `deputy_unfit`, `cover_overlaps`, `deputy_on_leave`.
    """
    can_cover(by).require()
    if first_day < clock.today() or last_day < first_day or (last_day - first_day).days > LONGEST_DAYS:
        raise Refusal("cover_dates", _("代理期限须从今天或以后开始，最长三个月，截止日期不早于开始日期。"))
    if not reason.strip():
        raise Refusal("cover_reason", _("请写明设置代理的原因，如休假、出差、培训。"))
    with transaction.atomic():
        people = {user.pk: user for user in _locked({by.user_id, deputy_id})}
        if deputy_id not in {user.pk for user in deputies_for(by)}:
            raise Refusal("deputy_unfit", _("所选人员不能代理：须是本单位或上级单位的在岗审核人员。"))
        during = Q(first_day__lte=last_day, last_day__gte=first_day, ended_at=None)
        if Cover.objects.filter(during, officer=by.user_id).exists():
            raise WrongState("cover_overlaps", _("该时段已设置代理人。请先结束原有代理，或另选时段。"))
        if Cover.objects.filter(during, officer=deputy_id).exists():
            raise WrongState("deputy_on_leave", _("所选人员该时段也已委托他人代理，请另选代理人。"))
        cover = Cover.objects.create(
            officer=people[by.user_id],
            deputy=people[deputy_id],
            first_day=first_day,
            last_day=last_day,
            reason=reason.strip()[:200],
            made_at=clock.now(),
        )
        span = {"from": first_day.isoformat(), "to": last_day.isoformat()}
        record(f"user:{by.user_id}", "name_deputy", by=by, data={"cover": cover.pk, "deputy": deputy_id, **span})
    return cover


def end_cover(*, cover_id: int, by: Actor) -> Cover:
    """End a cover before its time; the deputy acts no more from this moment. Refuses `cover_not_yours`, `cover_ended`."""
    can_cover(by).require()
    with transaction.atomic():
        _locked({by.user_id})
        cover = Cover.objects.select_for_update().filter(pk=cover_id, officer=by.user_id).first()
        if cover is None:
            raise Refusal("cover_unknown", _("找不到您设置的这一代理，请刷新页面。"))
        if cover.ended_at or cover.last_day < clock.today():
            raise WrongState("cover_ended", _("该代理已经结束。"))
        cover.ended_at = clock.now()
        cover.save(update_fields=["ended_at"])
        record(f"user:{by.user_id}", "end_cover", by=by, data={"cover": cover_id, "deputy": cover.deputy_id})
    return cover


def _locked(users: Iterable[int]) -> list[User]:
    return list(User.objects.select_for_update().filter(pk__in=users).order_by("pk"))


def _areas(user_id: int) -> list[Area]:
    posts = Post.objects.filter(_in_force(), user=user_id, role__in=sorted(REVIEWERS)).select_related("area")
    return [post.area for post in posts if post.area]


def _upward(area: Area) -> list[str]:
    """The path of the area and of everything that contains it: zone/104/201, zone/104, zone."""
    parts = area.path.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _in_force() -> Q:
    today = clock.today()
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
