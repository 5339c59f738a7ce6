"""Who sees the funds and who may add to them; one answer for commands, buttons, pages and exports."""

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import BUREAU, FINANCE, Role
from core.verdict import YES, Verdict, no

SEES_FUNDS = BUREAU | FINANCE | {Role.AUDITOR}


def can_see(by: Actor) -> Verdict:
    """The bureau, which promises the money, finance, which pays it, and audit."""
    if by.role in SEES_FUNDS:
        return YES
    return no("funds_not_visible", _("资金来源仅供民生保障局、财政和审计岗位查看，请切换岗位。"))


def can_open(by: Actor) -> Verdict:
    """Finance registers what the treasury has given, and adds to it (预算法 Art. 13)."""
    return YES if by.role in FINANCE else no("fund_not_yours", _("资金来源由财政岗位登记。"))
