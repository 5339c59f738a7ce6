"""Which pages a role is offered. An offer grants nothing: each page asks its own door."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import CLAIMANTS, FINANCE, REVIEWERS, TOWNSHIP, Role

Item = tuple[str | Promise, str, str]  # label, URL name, icon

MINE: Item = (_("我的申报"), "claimant:list", "list")
NEW: Item = (_("新建申报"), "claimant:new", "plus")
INBOX: Item = (_("待办"), "desk:inbox", "inbox")
DONE: Item = (_("已办"), "desk:done", "done")
CLAIMS: Item = (_("全部申报"), "desk:claims", "list")
PUBLICITY: Item = (_("公示"), "desk:publicity", "notice")
OBJECTIONS: Item = (_("异议"), "desk:objections", "shield")
EXCEPTIONS: Item = (_("例外"), "desk:exceptions", "shield")
LISTS: Item = (_("核查名单"), "desk:lists", "list")
SECOND_LOOKS: Item = (_("复核"), "desk:second_looks", "done")
BOARDS: Item = (_("公示栏"), "desk:boards", "notice")
PEOPLE: Item = (_("劳动力"), "register:people", "users")
RETURNS: Item = (_("月报"), "returns:returns", "calendar")
PICTURE: Item = (_("统计"), "returns:picture", "list")
PAYABLE: Item = (_("待拨付"), "finance:payable", "coins")
PAYMENTS: Item = (_("拨付"), "finance:batches", "coins")
BATCHES: Item = (_("批次"), "finance:batches", "batch")
ANSWERS: Item = (_("回单与退票"), "finance:parked", "inbox")
FUNDS: Item = (_("资金"), "finance:funds", "purse")
RECONCILIATION: Item = (_("对账"), "finance:reconciliation", "balance")
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
    **dict.fromkeys(REVIEWERS, (INBOX, DONE, CLAIMS, BOARDS, PEOPLE, RETURNS, PICTURE)),
    **dict.fromkeys(TOWNSHIP, (INBOX, DONE, CLAIMS, SECOND_LOOKS, BOARDS, PEOPLE, RETURNS, PICTURE)),
    Role.BUREAU_HANDLER: (
        INBOX,
        DONE,
        CLAIMS,
        SECOND_LOOKS,
        LISTS,
        PUBLICITY,
        OBJECTIONS,
        PAYMENTS,
        RECOVERIES,
        PEOPLE,
        RETURNS,
        PICTURE,
    ),
    Role.SECTION_HEAD: (
        INBOX,
        DONE,
        CLAIMS,
        LISTS,
        PUBLICITY,
        OBJECTIONS,
        RECOVERIES,
        POLICIES,
        PEOPLE,
        RETURNS,
        PICTURE,
    ),
    Role.BUREAU_LEADER: (
        INBOX,
        DONE,
        CLAIMS,
        EXCEPTIONS,
        OBJECTIONS,
        RECOVERIES,
        FUNDS,
        RECONCILIATION,
        POLICIES,
        PEOPLE,
        RETURNS,
        PICTURE,
    ),
    **dict.fromkeys(FINANCE, (PAYABLE, BATCHES, ANSWERS, RECOVERIES, FUNDS, RECONCILIATION, CLAIMS)),
    Role.AUDITOR: (
        CLAIMS,
        SECOND_LOOKS,
        EXCEPTIONS,
        BATCHES,
        RECOVERIES,
        FUNDS,
        RECONCILIATION,
        POLICIES,
        EVENTS,
        JOBS,
        INTEGRITY,
        PEOPLE,
        RETURNS,
        PICTURE,
    ),
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


ORIGINS = {
    "inbox": "desk:inbox", "asked": "desk:inbox", "begun": "desk:inbox", "copies": "desk:inbox",
    "favourites": "desk:inbox", "done": "desk:done",
}  # fmt: skip


def entries(role: Role | None, path: str = "", origin: str = "") -> list[Entry]:
    """What `role` is offered, in order; the entry with the longest address that `path` begins with is current.

    A page that was opened from a list says so in its address (`origin`): that list's entry is then current.
    """
    found = [(label, url, icon) for label, name, icon in OFFERS.get(role, ()) if (url := address(name))]  # type: ignore[arg-type]
    came = address(ORIGINS[origin]) if origin in ORIGINS else None
    path = came if came and any(url == came for _label, url, _icon in found) else path
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
