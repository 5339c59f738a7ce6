"""Exports of the administrators' lists: accounts, the log, locks and sign-ins. Their words are the pages' own."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

from accounts import locks as log_ins
from accounts import queries as accounts
from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.verdict import YES, Verdict, no
from documents.exports import AT_ONCE, Export, Filters, columns, in_chunks, local, register
from portals.administration import events, wording
from portals.administration.forms import number_in

ACCOUNT_KEEPERS = frozenset({Role.SYSTEM_ADMIN})
SECURITY_KEEPERS = frozenset({Role.SECURITY_ADMIN})
LOG_READERS = frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})


def _only(roles: Collection[Role], sentence: str) -> Callable[[Actor, Filters], Verdict]:
    refused = no("not_your_role", sentence)
    return lambda by, _filters: YES if by.role in roles else refused


def _user_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    today = clock.today()
    for account in in_chunks(accounts.users(q=filters.get("q", ""))):
        posts = "；".join(str(post) for post in account.posts.all() if post.holds_on(today))
        yield account.username, account.full_name, posts, "启用" if account.is_active else "已停用"


def _event_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    found = iter(in_chunks(events.narrowed(*_narrowing(filters))))
    while some := list(islice(found, AT_ONCE)):
        for row in events.rows_of(some, by):
            details = "；".join(f"{name}：{value}" for name, value in row.details)
            yield row.subject, row.seq, local(row.at), row.verb, row.by_label, details, row.hash


def _narrowing(filters: Filters) -> tuple[str, int | None]:
    return events.narrowing(filters.get("kind", ""), number_in(filters.get("number", "").strip()))


def _event_words(filters: Filters) -> str:
    kind, number = _narrowing(filters)
    return "对象：" + wording.subject(f"{kind}:{number or ''}") if kind else ""


def _lock_rows(_by: Actor, _filters: Filters) -> Iterator[Sequence[object]]:
    for lock in list(log_ins.locked()):
        yield lock["username"], lock["failures"], local(lock["last"])


def _sign_in_rows(_by: Actor, _filters: Filters) -> Iterator[Sequence[object]]:
    for entry in in_chunks(log_ins.recent()):
        yield entry.username or "—", local(entry.attempt_time), local(entry.logout_time), entry.ip_address or ""


register(
    Export(
        kind="users",
        title="用户与岗位",
        columns=columns(("登录名", "text", 18), ("姓名", "text", 16), ("现任岗位", "text", 60), ("账号", "text", 10)),
        rows=_user_rows,
        may=_only(ACCOUNT_KEEPERS, "账号清单由系统管理员导出，请切换岗位。"),
        describe=lambda filters: f"查找：{filters['q']}" if filters.get("q") else "",
        filters=("q",),
    )
)
register(
    Export(
        kind="events",
        title="操作记录",
        columns=columns(
            ("对象", "text", 20), ("序号", "integer", 8), ("时间", "moment", 20), ("操作", "text", 16),
            ("操作人", "text", 40), ("内容", "text", 60), ("校验", "text", 16),
        ),
        rows=_event_rows,
        count=lambda _by, filters: events.narrowed(*_narrowing(filters)).count(),
        may=_only(LOG_READERS, "操作记录由安全管理员和审计员导出，请切换岗位。"),
        describe=_event_words,
        filters=("kind", "number"),
    )
)  # fmt: skip
register(
    Export(
        kind="locks",
        title="登录锁定",
        columns=columns(("登录名", "text", 18), ("失败次数", "integer", 10), ("最近一次", "moment", 20)),
        rows=_lock_rows,
        may=_only(SECURITY_KEEPERS, "登录锁定由安全管理员导出，请切换岗位。"),
    )
)
register(
    Export(
        kind="sign_ins",
        title="登录记录",
        columns=columns(
            ("登录名", "text", 18), ("登录", "moment", 20), ("退出", "moment", 20), ("网络地址", "text", 20)
        ),
        rows=_sign_in_rows,
        count=lambda _by, _filters: log_ins.recent().count(),
        may=_only(SECURITY_KEEPERS, "登录记录由安全管理员导出，请切换岗位。"),
    )
)
