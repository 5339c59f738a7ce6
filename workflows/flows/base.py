"""The road every kind of claim shares. The one home of states and moves: diagrams, tables and tests come from here.

A transition says source, target, who may, on what condition, and the label an official reads. `workflows.access`
asks who; these methods only move. A test walks each of them from every state.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, Role
from workflows.claims import Claim
from workflows.states import ClaimState as S
from workflows.states import Kind

BEFORE_APPROVAL = [S.FILED, S.CORRECTION, S.VILLAGE, S.TOWNSHIP, S.BUREAU, S.SECTION, S.PUBLICITY, S.LEADER]
FIRST_STOPS = State.RETURN_VALUE(S.VILLAGE, S.TOWNSHIP, S.BUREAU)
BACK = _("退回指定环节")
back = State.RETURN_VALUE


def by(*roles: Role) -> dict[str, Any]:
    """The `permission` and the documentation of a transition that only these roles set off."""
    return {"permission": lambda flow, actor: actor.role in roles, "custom": {"roles": roles}}


BY_CLAIMANT = by(*sorted(CLAIMANTS))
BY_SYSTEM: dict[str, Any] = {"permission": lambda flow, actor: not isinstance(actor, Actor), "custom": {"roles": ()}}


class ClaimFlow:
    """A claim on its road. Holds the row; the command that moves it holds the lock and saves it."""

    kind: Kind
    state = State(S, default=S.DRAFT)

    def __init__(self, claim: Claim) -> None:
        self.claim = claim

    @state.getter()
    def _get_state(self) -> S:
        return S(self.claim.state)

    @state.setter()
    def _set_state(self, value: S) -> None:
        self.claim.state = S(value)

    @state.transition(source=S.DRAFT, target=S.FILED, label=_("提交申报"), **BY_CLAIMANT)
    def file(self) -> None:
        """The claimant files; the number is given and the slots are taken."""

    @state.transition(source=S.FILED, target=FIRST_STOPS, label=_("受理"), **by(Role.BUREAU_HANDLER))
    def accept(self, first: S) -> S:
        """The bureau accepts; `first` is the nearest stop that has somebody to verify (A25–A27)."""
        return first

    @state.transition(source=S.FILED, target=FIRST_STOPS, label=_("视为受理"), **BY_SYSTEM)
    def deem_accepted(self, first: S) -> S:
        """Silence after the limit counts as acceptance and passes nothing."""
        return first

    @state.transition(
        source=[S.FILED, S.VILLAGE, S.TOWNSHIP, S.BUREAU],
        target=S.CORRECTION,
        label=_("退回补正"),
        **by(Role.BUREAU_HANDLER, Role.VILLAGE_HEAD, Role.TOWNSHIP_LEAD),
    )
    def return_for_correction(self) -> None:
        """Back to the claimant, once a level; only the named parts open."""

    @state.transition(
        source=S.CORRECTION,
        target=State.RETURN_VALUE(S.FILED, S.VILLAGE, S.TOWNSHIP, S.BUREAU),
        label=_("提交补正"),
        **BY_CLAIMANT,
    )
    def answer_correction(self, level: S) -> S:
        """The claimant answers; the claim returns to the level that asked."""
        return level

    @state.transition(source=S.VILLAGE, target=S.TOWNSHIP, label=_("村级核实完毕"), **by(Role.VILLAGE_HEAD))
    def villages_confirmed(self) -> None:
        """The last village concerned has confirmed."""

    @state.transition(source=S.TOWNSHIP, target=S.BUREAU, label=_("乡镇审核完毕"), **by(Role.TOWNSHIP_LEAD))
    def townships_signed(self) -> None:
        """The last township concerned has signed."""

    @state.transition(source=S.BUREAU, target=S.SECTION, label=_("经办审核通过"), **by(Role.BUREAU_HANDLER))
    def pass_bureau(self) -> None:
        """The handler of the labour section passes it on."""

    @state.transition(source=S.SECTION, target=S.PUBLICITY, label=_("科室审核通过"), **by(Role.SECTION_HEAD))
    def pass_section(self) -> None:
        """The section head passes it to publicity."""

    @state.transition(source=S.PUBLICITY, target=S.LEADER, label=_("公示期满"), **by(Role.BUREAU_HANDLER))
    def end_publicity(self) -> None:
        """The period is over and nothing stands against it."""

    @state.transition(source=S.LEADER, target=S.PAYABLE, label=_("批准"), **by(Role.BUREAU_LEADER))
    def approve(self) -> None:
        """The leader approves and names the fund; the approval form is issued."""

    @state.transition(source=S.TOWNSHIP, target=back(S.VILLAGE), label=BACK, **by(Role.TOWNSHIP_LEAD))
    @state.transition(source=S.BUREAU, target=back(S.VILLAGE, S.TOWNSHIP), label=BACK, **by(Role.BUREAU_HANDLER))
    @state.transition(
        source=S.SECTION, target=back(S.VILLAGE, S.TOWNSHIP, S.BUREAU), label=BACK, **by(Role.SECTION_HEAD)
    )
    @state.transition(
        source=S.LEADER, target=back(S.VILLAGE, S.TOWNSHIP, S.BUREAU, S.SECTION), label=BACK, **by(Role.BUREAU_LEADER)
    )
    def send_back(self, to: S) -> S:
        """An officer sends it to a named earlier step; what rests on that step is decided again, the rest stands."""
        return to

    @state.transition(source=S.SECTION, target=S.BUREAU, label=_("收回"), **by(Role.BUREAU_HANDLER))
    @state.transition(source=S.PUBLICITY, target=S.SECTION, label=_("收回"), **by(Role.SECTION_HEAD))
    def recall(self) -> None:
        """An officer takes back his own decision while nobody has acted on it."""

    @state.transition(source=S.FILED, target=S.REFUSED, label=_("不予支持"), **by(Role.BUREAU_HANDLER))
    @state.transition(source=S.BUREAU, target=S.REFUSED, label=_("不予支持"), **by(Role.BUREAU_HANDLER))
    @state.transition(source=S.SECTION, target=S.REFUSED, label=_("不予支持"), **by(Role.SECTION_HEAD))
    @state.transition(source=S.LEADER, target=S.REFUSED, label=_("不予支持"), **by(Role.BUREAU_LEADER))
    def refuse(self) -> None:
        """Final, with reasons and the remedies."""

    @state.transition(source=[S.DRAFT, *BEFORE_APPROVAL], target=S.WITHDRAWN, label=_("撤回申报"), **BY_CLAIMANT)
    def withdraw(self) -> None:
        """The claimant takes the claim back before the leader's approval; the workers' slots are free again."""
