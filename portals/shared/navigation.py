"""Which pages a role is offered. An offer grants nothing: each page asks its own door."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import CLAIMANTS, FINANCE, REVIEWERS, Role

Item = tuple[str | Promise, str, str]  # label, URL name, icon

MINE: Item = (_("我的申报"), "claimant:list", "list")
NEW: Item = (_("新建申报"), "claimant:new", "plus")
INBOX: Item = (_("待办"), "desk:inbox", "inbox")
DONE: Item = (_("已办"), "desk:done", "done")
CLAIMS: Item = (_("全部申报"), "desk:claims", "list")
PUBLICITY: Item = (_("公示"), "desk:publicity", "notice")
OBJECTIONS: Item = (_("异议"), "desk:objections", "shield")
BOARDS: Item = (_("公示栏"), "desk:boards", "notice")
RETURNS: Item = (_("月报"), "returns:returns", "calendar")
PICTURE: Item = (_("统计"), "returns:picture", "list")
PAYABLE: Item = (_("待拨付"), "finance:payable", "coins")
PAYMENTS: Item = (_("拨付"), "finance:batches", "coins")
BATCHES: Item = (_("批次"), "finance:batches", "batch")
ANSWERS: Item = (_("回单与退票"), "finance:parked", "inbox")
FUNDS: Item = (_("资金"), "finance:funds", "purse")
RECOVERIES: Item = (_("追回"), "finance:recoveries", "back")
POLICIES: Item = (_("政策"), "administration:policies", "book")
USERS: Item = (_("用户与岗位"), "administration:users", "users")
CALENDAR: Item = (_("工作日历"), "administration:calendar", "calendar")
LOCKS: Item = (_("登录锁定"), "administration:locks", "lock")
JOBS: Item = (_("后台任务"), "administration:jobs", "jobs")
INTEGRITY: Item = (_("完整性核对"), "administration:integrity", "shield")
EVENTS: Item = (_("操作记录"), "administration:events", "log")

OFFERS: dict[Role, tuple[Item, ...]] = {
    **dict.fromkeys(CLAIMANTS, (MINE, NEW)),
    **dict.fromkeys(REVIEWERS, (INBOX, DONE, CLAIMS, BOARDS, RETURNS, PICTURE)),
    Role.BUREAU_HANDLER: (INBOX, DONE, CLAIMS, PUBLICITY, OBJECTIONS, PAYMENTS, RECOVERIES, RETURNS, PICTURE),
    Role.SECTION_HEAD: (INBOX, DONE, CLAIMS, PUBLICITY, OBJECTIONS, RECOVERIES, POLICIES, RETURNS, PICTURE),
    Role.BUREAU_LEADER: (INBOX, DONE, CLAIMS, OBJECTIONS, RECOVERIES, FUNDS, POLICIES, RETURNS, PICTURE),
    **dict.fromkeys(FINANCE, (PAYABLE, BATCHES, ANSWERS, RECOVERIES, FUNDS, CLAIMS)),
    Role.AUDITOR: (CLAIMS, BATCHES, RECOVERIES, FUNDS, POLICIES, EVENTS, JOBS, INTEGRITY, RETURNS, PICTURE),
    Role.SYSTEM_ADMIN: (USERS, CALENDAR, JOBS, INTEGRITY),
    Role.SECURITY_ADMIN: (LOCKS, EVENTS),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation; `current` when the page in view lies under it."""

    label: str
    url: str
    icon: str
    current: bool = False


def entries(role: Role | None, path: str = "") -> list[Entry]:
    """What `role` is offered, in order; the entry with the longest address that `path` begins with is current."""
    found = [(label, url, icon) for label, name, icon in OFFERS.get(role, ()) if (url := address(name))]  # type: ignore[arg-type]
    here = max((url for _label, url, _icon in found if path.startswith(url)), key=len, default=None)
    return [Entry(str(label), url, icon, url == here) for label, url, icon in found]


def start(role: Role | None) -> str | None:
    """The page a role starts on: the first it is offered."""
    return next((entry.url for entry in entries(role)), None)


def address(name: str) -> str | None:
    """The address of a URL name; None when no page has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
