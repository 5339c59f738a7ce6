"""Who sees and who may do what with a payment batch. One answer for commands, buttons and refusal pages.

Opened by the bureau; made, checked and released by three different finance officers, judged by identity, whatever
post they act in; and nobody handles a batch that pays himself, his organisation or his unit.
"""

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Actor
from accounts.models import Post
from accounts.roles import BUREAU, FINANCE, Role
from core import clock
from core.errors import NotAllowed, WrongState
from core.verdict import YES, Verdict, no
from payments.models import SEALED_STATES, Batch, BatchState
from workflows.claims import Claim

SEES_BATCHES = BUREAU | FINANCE | {Role.AUDITOR}
SEES_PAYABLE = FINANCE | {Role.AUDITOR, Role.BUREAU_HANDLER}
NOT_VISIBLE = no("batch_not_visible", gettext_lazy("您当前的岗位无权查看拨付批次，或批次不存在。"))  # type: ignore[arg-type]


class BatchVerb(models.TextChoices):
    """What can be done to a batch."""

    DRAFT = "draft", gettext_lazy("编制")
    FORMAT = "format", gettext_lazy("更换文件格式")
    CHECK = "check", gettext_lazy("复核通过")
    RELEASE = "release", gettext_lazy("批准并封存")
    RETURN = "return", gettext_lazy("退回重新编制")
    CANCEL = "cancel", gettext_lazy("撤销批次")
    SEND = "send", gettext_lazy("登记已发送")
    MARK = "mark", gettext_lazy("登记支付结果")
    FILE = "file", gettext_lazy("生成支付文件")
    DOWNLOAD = "download", gettext_lazy("下载支付文件")


V, S = BatchVerb, BatchState
ROLES: dict[BatchVerb, frozenset[Role]] = {
    V.DRAFT: frozenset({Role.FINANCE_MAKER}),
    V.FORMAT: frozenset({Role.FINANCE_MAKER}),
    V.CHECK: frozenset({Role.FINANCE_CHECKER}),
    V.RELEASE: frozenset({Role.FINANCE_APPROVER}),
    V.RETURN: frozenset({Role.FINANCE_CHECKER, Role.FINANCE_APPROVER}),
    V.CANCEL: frozenset({Role.BUREAU_HANDLER, Role.FINANCE_MAKER, Role.FINANCE_APPROVER}),
    V.SEND: frozenset({Role.FINANCE_MAKER}),
    V.MARK: frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER}),
    V.FILE: FINANCE,
    V.DOWNLOAD: FINANCE | {Role.AUDITOR},
}
HANDLERS = frozenset(role for verb, roles in ROLES.items() if verb not in (V.FILE, V.DOWNLOAD) for role in roles)
STATES: dict[BatchVerb, frozenset[BatchState]] = {
    V.DRAFT: frozenset({S.OPENED}),
    V.FORMAT: frozenset({S.DRAFTED}),
    V.CHECK: frozenset({S.DRAFTED}),
    V.RELEASE: frozenset({S.CHECKED}),
    V.RETURN: frozenset({S.DRAFTED, S.CHECKED}),
    V.CANCEL: frozenset({S.OPENED, S.DRAFTED, S.CHECKED, S.SEALED}),
    V.SEND: frozenset({S.SEALED}),
    V.MARK: frozenset({S.SENT, S.ANSWERED}),
    V.FILE: frozenset(SEALED_STATES),
    V.DOWNLOAD: frozenset(SEALED_STATES),
}
RETURNED_FROM = {Role.FINANCE_CHECKER: S.DRAFTED, Role.FINANCE_APPROVER: S.CHECKED}
DUTIES = {V.DRAFT: "made_by_id", V.FORMAT: "made_by_id", V.CHECK: "checked_by_id", V.RELEASE: "released_by_id"}
ABOUT_STATE = frozenset({"batch_moved_on", "batch_not_sealed", "batch_not_sent", "batch_closed"})


def visible_batches(by: Actor) -> QuerySet[Batch]:
    """Every batch for the bureau, finance and audit; none for anybody else."""
    return Batch.objects.all() if by.role in SEES_BATCHES else Batch.objects.none()


def can_view_batch(by: Actor, batch: Batch) -> Verdict:
    """True exactly when the batch is in `visible_batches(by)`."""
    return YES if by.role in SEES_BATCHES else NOT_VISIBLE


def can_open(by: Actor) -> Verdict:
    """The bureau handler opens a batch (拨付审批表)."""
    if by.role == Role.BUREAU_HANDLER:
        return YES
    return no("open_not_yours", _("拨付批次由劳动保障科经办人发起。"))


def can(by: Actor, batch: Batch, verb: BatchVerb, interest: Verdict | None = None) -> Verdict:
    """Whether the actor may do this to the batch now. `interest`: the answer of `disinterested`, when known already."""
    if by.role not in ROLES[verb]:
        who = "、".join(str(role.label) for role in sorted(ROLES[verb], key=list(Role).index))
        return no("batch_not_yours", _("“%(verb)s”由%(who)s办理。") % {"verb": verb.label, "who": who})
    if batch.state not in STATES[verb]:
        return _state_verdict(batch, verb)
    if verb == V.RETURN and batch.state != RETURNED_FROM[by.role]:
        return no("batch_not_yours", _("待复核的批次由财政复核退回，待批准的批次由财政批准退回。"))
    if verb == V.CANCEL and (batch.state == S.SEALED) != (by.role == Role.FINANCE_APPROVER):
        return no("batch_not_yours", _("已封存的批次由财政批准撤销，封存前由劳动保障科经办或财政经办撤销。"))
    if verb in (V.FILE, V.DOWNLOAD):
        return YES
    if not (verdict := _other_person(by, batch, verb)):
        return verdict
    return disinterested(by, batch) if interest is None else interest


def _other_person(by: Actor, batch: Batch, verb: BatchVerb) -> Verdict:
    """Nobody does two duties of one batch, also after changing posts."""
    if verb in DUTIES or verb == V.RETURN:
        mine = DUTIES.get(verb, "")
        done = {name for name in ("opened_by_id", *DUTIES.values()) if getattr(batch, name) == by.user_id}
        if done - {mine}:
            return no(
                "batch_same_person",
                _("您已办理过本批次的其他环节，发起、编制、复核、批准须由不同的人办理。"),
            )
    return YES


def disinterested(by: Actor, batch: Batch) -> Verdict:
    """Whether the batch, as it stands, pays nobody on the actor's side; one query."""
    return unconcerned(by, Claim.objects.filter(payment_items__batch=batch, payment_items__live=True))


def unconcerned(by: Actor, claims: QuerySet[Claim]) -> Verdict:
    """Whether none of the claims pays the actor, an organisation or unit he ever had a post in, or was decided by him.

    Judged over all his posts, past ones too (回避). A finance officer who decided a claim on its road does not pay it.
    """
    posts = Post.objects.filter(user=by.user_id)
    side = (
        Q(claimant_user=by.user_id)
        | Q(created_by=by.user_id)
        | Q(account__user=by.user_id)
        | Q(claimant_org__in=posts.filter(organisation__isnull=False).values("organisation"))
        | Q(claimant_org__operated_by__in=posts.filter(area__isnull=False).values("area"))
    )
    if by.role in FINANCE:
        side |= Q(reviews__decided_by=by.user_id)
    concerned = claims.filter(side).order_by("pk").values_list("number", flat=True).first()
    if concerned is None:
        return YES
    return no(
        "batch_pays_you",
        _("本批次中的 %(claim)s 与您本人或您所在单位有关，或您办理过该申报的审核，须由他人办理（回避）。")
        % {"claim": concerned},
    )


def require(by: Actor, batch: Batch, verb: BatchVerb) -> None:
    """Raise the refusal of `can`: WrongState when the batch has moved on, NotAllowed otherwise."""
    verdict = can(by, batch, verb)
    if verdict:
        return
    raise (WrongState if verdict.code in ABOUT_STATE else NotAllowed)(verdict.code, verdict.reason)


def _state_verdict(batch: Batch, verb: BatchVerb) -> Verdict:
    """Why the batch's state does not let the verb happen: who was first, and when."""
    state = BatchState(batch.state)
    if verb in (V.SEND, V.MARK, V.FILE, V.DOWNLOAD) and state not in (*SEALED_STATES, S.CANCELLED):
        return no("batch_not_sealed", _("批次尚未批准封存（%(state)s），不能办理。") % {"state": state.label})
    if verb == V.MARK and state == S.SEALED:
        return no("batch_not_sent", _("批次尚未发送，不能登记支付结果，请先登记已发送。"))
    if state == S.CLOSED:
        return no("batch_closed", _("批次已办结，各笔支付结果均已登记。"))
    who, at = {
        S.DRAFTED: (batch.made_by, batch.made_at),
        S.CHECKED: (batch.checked_by, batch.checked_at),
        S.SEALED: (batch.released_by, batch.released_at),
        S.SENT: (batch.sent_by, batch.sent_at),
    }.get(state, (None, None))
    if who is None or at is None:
        return no("batch_moved_on", _("批次现为“%(state)s”，不能办理该事项。") % {"state": state.label})
    return no(
        "batch_moved_on",
        _("批次已由%(who)s于%(when)s办理，现为“%(state)s”，不能办理该事项。")
        % {"who": who.full_name, "when": f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}", "state": state.label},
    )
