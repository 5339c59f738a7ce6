"""Saved views of the inbox: kept under a name, by the person, in every post of his."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import User
from core.errors import Refusal
from core.timeline import record
from workflows.attention import SavedView
from workflows.trays import MOST_VIEWS


def save_view(*, name: str, query: str, by: Actor) -> SavedView:
    """Keep a view; the same name again replaces it. Refuses `view_unnamed`, `views_full`."""
    name = name.strip()[:20]
    if not name:
        raise Refusal("view_unnamed", _("请为视图起一个名称，例如“本周到期”。"))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user_id)
        mine = SavedView.objects.filter(user=by.user_id)
        if not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
            raise Refusal("views_full", _("最多保存%(n)d个视图，请先删除不用的视图。") % {"n": MOST_VIEWS})
        view, _made = SavedView.objects.update_or_create(user=by.user, name=name, defaults={"query": query[:300]})
        record(f"user:{by.user_id}", "save_view", by=by, data={"view": view.pk})
    return view


def drop_view(*, view_id: int, by: Actor) -> None:
    """Forget a view of one's own; refuses `view_unknown`."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user_id)
        if not SavedView.objects.filter(pk=view_id, user=by.user_id).delete()[0]:
            raise Refusal("view_unknown", _("找不到该视图，请刷新页面。"))
        record(f"user:{by.user_id}", "drop_view", by=by, data={"view": view_id})
