"""Who imports bank answers, settles rows that were set aside, and changes accounts after a return.

Finance makers and checkers import; a row set aside is settled by a finance officer who did not import its file; an
account is changed by one officer and confirmed by another. Nobody handles what pays himself or his side (回避).
"""

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import FINANCE, Role
from core.errors import NotAllowed, WrongState
from core.timeline import Signer
from core.verdict import YES, Verdict, no
from payments.access import SEES_BATCHES, disinterested, unconcerned
from payments.answers import ResultFile
from payments.models import SENT_STATES, Batch
from registry.models import BankAccount
from workflows.claims import Claim

IMPORTS = frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER})
SETTLES = FINANCE
PROPOSES = frozenset({Role.BUREAU_HANDLER, Role.FINANCE_MAKER})
CONFIRMS = frozenset({Role.FINANCE_CHECKER, Role.FINANCE_APPROVER})
SEES_RESULTS = SEES_BATCHES


def can_import(by: Signer, batch: Batch, interest: Verdict | None = None) -> Verdict:
    """Whether the actor may import an answer for the batch now. The system (a shell without an officer) may."""
    if isinstance(by, Actor) and by.role not in IMPORTS:
        return no("result_not_yours", _("银行回单由财政经办、财政复核导入。"))
    if batch.state not in SENT_STATES:
        return no(
            "batch_not_sent",
            _("批次现为“%(state)s”，尚未发送银行，不能导入回单。") % {"state": batch.get_state_display()},
        )
    if not isinstance(by, Actor):
        return YES
    return disinterested(by, batch) if interest is None else interest


def require_import(by: Signer, batch: Batch) -> None:
    """Raise the refusal of `can_import`."""
    _require(can_import(by, batch))


def can_settle(by: Actor, result_file: ResultFile, interest: Verdict | None = None) -> Verdict:
    """Whether the actor may settle rows of this file that were set aside."""
    if by.role not in SETTLES:
        return no("result_not_yours", _("挂起的回单由财政岗位处理。"))
    if by.user_id == result_file.imported_by_id:
        return no("result_same_person", _("挂起的回单须由导入人以外的财政人员处理。"))
    return disinterested(by, result_file.batch) if interest is None else interest


def can_propose(by: Actor, account: BankAccount) -> Verdict:
    """Whether the actor may enter a corrected account in place of this one."""
    if by.role not in PROPOSES:
        return no("account_not_yours", _("收款账户由劳动保障科经办人或财政经办更正。"))
    return unconcerned(by, Claim.objects.filter(account=account))


def can_confirm(by: Actor, account: BankAccount, proposed_by_id: int) -> Verdict:
    """Whether the actor may confirm or turn down a change that another officer entered."""
    if by.role not in CONFIRMS:
        return no("account_not_yours", _("收款账户的更正由财政复核或财政批准确认。"))
    if by.user_id == proposed_by_id:
        return no("account_same_person", _("账户更正须由录入人以外的人员确认。"))
    return unconcerned(by, Claim.objects.filter(account=account))


def require_verdict(verdict: Verdict) -> None:
    """Raise a verdict that is a no."""
    _require(verdict)


def _require(verdict: Verdict) -> None:
    if not verdict:
        raise (WrongState if verdict.code == "batch_not_sent" else NotAllowed)(verdict.code, verdict.reason)
