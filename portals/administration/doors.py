"""Which roles open which pages. Administrators see accounts, the calendar and the log, never a claim."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.jobs import KEEPERS, WATCHERS
from accounts.roles import Role
from portals.shared.access import PostRequest, View, for_roles

Door = Callable[[View], View]

policy_readers: Door = for_roles(
    {Role.SECTION_HEAD, Role.BUREAU_LEADER, Role.AUDITOR},
    _("政策版本供劳动保障科负责人、分管局领导和审计员查看，请切换岗位。"),  # type: ignore[arg-type]
)
account_keepers: Door = for_roles(
    {Role.SYSTEM_ADMIN},
    _("账号、岗位和工作日历由系统管理员维护，请切换岗位。"),  # type: ignore[arg-type]
)
security_keepers: Door = for_roles(
    {Role.SECURITY_ADMIN},
    _("登录锁定和登录记录由安全管理员处理，请切换岗位。"),  # type: ignore[arg-type]
)
log_readers: Door = for_roles(
    {Role.SECURITY_ADMIN, Role.AUDITOR},
    _("操作记录供安全管理员和审计员查看，请切换岗位。"),  # type: ignore[arg-type]
)


job_watchers: Door = for_roles(
    WATCHERS,
    _("后台任务供系统管理员和审计员查看，请切换岗位。"),  # type: ignore[arg-type]
)


job_keepers: Door = for_roles(
    KEEPERS,
    _("核对和清理由系统管理员办理，请切换岗位。"),  # type: ignore[arg-type]
)


def onward(request: PostRequest, name: str, *args: int) -> HttpResponse:
    """The next page; for a form sent by script a redirect that the browser follows."""
    response = redirect(name, *args)
    return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]
