"""Accounts and posts, by the system administrator: opened and closed, granted and ended; nothing is ever deleted.

Nobody grants himself a post, and nobody holds two of the three administration duties (GB/T 22239 8.1.5: system,
security and audit apart). Every command writes an event on the chain of the user concerned.
"""

import re
import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area, Organisation, Post, User
from accounts.roles import ADMINISTRATION, OF_AREA, OF_ORGANISATION, Role
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no

USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,59}")
SIGNS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing taken for something else when read out
FIRST_PASSWORD_LENGTH = 14


def can_administer(by: Actor) -> Verdict:
    """Whether the post keeps accounts and posts."""
    if by.role == Role.SYSTEM_ADMIN:
        return YES
    return no("accounts_not_yours", _("账号和岗位由系统管理员设置。"))


def can_change(by: Actor, user: User) -> Verdict:
    """Whether the post may close this account or grant it a post: not one's own, and not a closed one."""
    if not (verdict := can_administer(by)):
        return verdict
    if user.pk == by.user_id:
        return no("account_self", _("自己的账号和岗位由另一位系统管理员办理。"))
    return YES if user.is_active else _closed(user)


def open_account(*, username: str, full_name: str, by: Actor) -> tuple[User, str]:
    """Open an account; returns it with its first password, which is shown once and kept nowhere in plain.

    Refuses `accounts_not_yours`, `account_invalid` (with the fields), `username_taken`.
    """
    can_administer(by).require()
    username, full_name = username.strip().lower(), full_name.strip()
    faults = {}
    if not USERNAME.fullmatch(username):
        faults["username"] = _("登录名为3至60位小写字母、数字或 . _ -，以字母开头。")
    if not 2 <= len(full_name) <= 60:
        faults["full_name"] = _("请填写2至60个字的姓名。")
    if faults:
        raise Refusal("account_invalid", _("账号填写有误，请按提示更正。"), fields=faults)
    password = first_password()
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(username, full_name, password)
        except IntegrityError as error:
            raise Refusal("username_taken", _("登录名“%(name)s”已被使用，请另取一个。") % {"name": username}) from error
        record(f"user:{user.pk}", "open_account", by=by)
    return user, password


def reset_password(*, user_id: int, by: Actor) -> tuple[User, str]:
    """Give the account a fresh password (shown once) and end its sessions. Refuses `account_closed`."""
    can_administer(by).require()
    password = first_password()
    with transaction.atomic():
        user = _locked(user_id)
        _require_open(user)
        user.set_password(password)
        user.save(update_fields=["password"])
        record(f"user:{user.pk}", "reset_password", by=by)
    return user, password


def close_account(*, user_id: int, by: Actor, reason: str) -> User:
    """Close an account: nobody signs in with it again, its posts end today, its deeds stay.

    Refuses `account_self`, `account_closed`, `reason_missing`, `last_administrator`.
    """
    can_administer(by).require()
    if not (words := reason.strip()[:200]):
        raise Refusal("reason_missing", _("请写明停用账号的原因。"))
    if user_id == by.user_id:
        raise Refusal("account_self", _("不能停用自己的账号，请由另一位系统管理员办理。"))
    with transaction.atomic():
        user = _locked(user_id)
        _require_open(user)
        _require_another_administrator(Post.objects.filter(user=user))
        user.is_active = False
        user.save(update_fields=["is_active"])
        today = clock.today()
        running = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), user=user)
        ended = running.filter(valid_from__lte=today).update(valid_to=today)
        for post in running.filter(valid_from__gt=today):  # had not begun
            post.valid_to = post.valid_from
            post.save(update_fields=["valid_to"])
        record(f"user:{user.pk}", "close_account", by=by, data={"reason": words, "posts_ended": ended})
    return user


def grant_post(
    *,
    user_id: int,
    role: str,
    by: Actor,
    area_id: int | None = None,
    organisation_id: int | None = None,
    valid_from: date | None = None,
) -> Post:
    """Give the user a post from a day on (today). The role decides which area or organisation it belongs to.

    Refuses `account_self`, `account_closed`, `role_unknown`, `post_place` (what the role needs), `post_known`,
    `two_administration_duties`.
    """
    can_administer(by).require()
    if user_id == by.user_id:
        raise Refusal("account_self", _("不能给自己授予岗位，请由另一位系统管理员办理。"))
    if role not in Role.values:
        raise Refusal("role_unknown", _("请选择岗位角色。"))
    area, organisation = place_of(Role(role), area_id, organisation_id)
    begins = valid_from or clock.today()
    with transaction.atomic():
        user = _locked(user_id)
        _require_open(user)
        held = Post.objects.filter(user=user).filter(Q(valid_to=None) | Q(valid_to__gte=begins))
        if held.filter(role=role, area=area, organisation=organisation).exists():
            raise WrongState("post_known", _("%(user)s 已担任该岗位，不必重复授予。") % {"user": user})
        _require_one_duty(Role(role), held)
        post = Post.objects.create(user=user, role=role, area=area, organisation=organisation, valid_from=begins)
        data = {
            "post": post.pk,
            "role": role,
            "area": area and area.pk,
            "organisation": organisation and organisation.pk,
        }
        record(f"user:{user.pk}", "grant_post", by=by, data=data | {"from": begins.isoformat()})
    return post


def end_post(*, post_id: int, by: Actor, on: date | None = None) -> Post:
    """End a post; `on` (today) is its last day. Refuses `post_unknown`, `post_ended`, `post_dates`, `last_administrator`."""
    can_administer(by).require()
    with transaction.atomic():
        found = Post.objects.filter(pk=post_id).values_list("user_id", flat=True).first()
        if found is None:
            raise Refusal("post_unknown", _("找不到该岗位，请刷新页面。"))
        user = _locked(found)
        post = Post.objects.select_related("area", "organisation").get(pk=post_id)
        last = on or max(clock.today(), post.valid_from)
        if post.valid_to is not None and post.valid_to <= max(last, clock.today()):
            raise WrongState("post_ended", _("该岗位已于%(day)s终止。") % {"day": post.valid_to.isoformat()})
        if last < post.valid_from or last < clock.today():
            raise Refusal("post_dates", _("终止日期不能早于任职起始日期和今天。"))
        _require_another_administrator(Post.objects.filter(pk=post.pk))
        post.valid_to = last
        post.save(update_fields=["valid_to"])
        record(f"user:{user.pk}", "end_post", by=by, data={"post": post.pk, "role": post.role, "to": last.isoformat()})
    return post


def place_of(role: Role, area_id: int | None, organisation_id: int | None) -> tuple[Area | None, Organisation | None]:
    """The one area or organisation of a post in this role; refuses `post_place` with what the role needs.

    A village's clerk belongs to a village, a township's to a township (or the industrial area, which signs like
    one), an agency's to an agency; an individual claimant to his home; everybody else to the zone.
    """
    if role in OF_ORGANISATION:
        organisation = Organisation.objects.filter(pk=organisation_id or 0, kind=OF_ORGANISATION[role]).first()
        if organisation is None or area_id:
            kind = Organisation.Kind(OF_ORGANISATION[role]).label
            raise Refusal("post_place", _("“%(role)s”须选择所属的%(kind)s。") % {"role": role.label, "kind": kind})
        return None, organisation
    kinds = area_kinds(role)
    area = Area.objects.filter(pk=area_id or 0, kind__in=kinds).first()
    if area is None or organisation_id:
        words = "、".join(str(Area.Kind(kind).label) for kind in kinds)
        raise Refusal("post_place", _("“%(role)s”须选择所属的%(kind)s。") % {"role": role.label, "kind": words})
    return area, None


def area_kinds(role: Role) -> list[str]:
    """The kinds of area a role can be posted in; empty for roles of an organisation."""
    if role in OF_ORGANISATION:
        return []
    if OF_AREA.get(role) == "township":
        return [Area.Kind.TOWNSHIP, Area.Kind.INDUSTRIAL]
    if role == Role.INDIVIDUAL:
        return [Area.Kind.VILLAGE, Area.Kind.TOWNSHIP, Area.Kind.INDUSTRIAL, Area.Kind.ZONE]
    return [OF_AREA.get(role, Area.Kind.ZONE)]


def first_password() -> str:
    """A random password that meets the zone's rules."""
    while True:
        password = "".join(secrets.choice(SIGNS) for _n in range(FIRST_PASSWORD_LENGTH))
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise Refusal("user_unknown", _("找不到该用户，请刷新页面。"))
    return user


def _require_open(user: User) -> None:
    if not user.is_active:
        verdict = _closed(user)
        raise WrongState(verdict.code, verdict.reason)


def _closed(user: User) -> Verdict:
    return no("account_closed", _("%(user)s 的账号已停用。如需恢复使用，请另开新账号。") % {"user": user})


def _require_one_duty(role: Role, held: QuerySet[Post]) -> None:
    if role not in ADMINISTRATION:
        return
    other = held.filter(role__in=ADMINISTRATION).exclude(role=role).first()
    if other or held.filter(role=role).exists():
        has = Role(other.role).label if other else role.label
        raise WrongState(
            "two_administration_duties",
            _("该用户已担任%(has)s。系统管理、安全管理、审计三员必须分设，一人只能担任其中一项。") % {"has": has},
        )


def _require_another_administrator(ending: QuerySet[Post]) -> None:
    """Somebody must be left who can keep the accounts."""
    if not ending.filter(role=Role.SYSTEM_ADMIN).exists():
        return
    rest = Post.objects.filter(role=Role.SYSTEM_ADMIN, valid_to=None, user__is_active=True)
    if not rest.exclude(pk__in=ending.values("pk")).exists():
        raise WrongState("last_administrator", _("这是最后一位系统管理员，须先设置另一位再办理。"))
