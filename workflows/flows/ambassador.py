"""引工大使: a title for those who brought 10, 20 or 30 in a year (notice 一（六）). It counts, never owns, lines."""

from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from accounts.roles import Role
from workflows.flows.base import ClaimFlow, by
from workflows.states import ClaimState as S
from workflows.states import Kind


class AmbassadorFlow(ClaimFlow):
    """One village review, in the employer's village. Without a bonus the road ends in the title."""

    kind = Kind.AMBASSADOR

    @ClaimFlow.state.transition(
        source=S.LEADER,
        target=State.RETURN_VALUE(S.AWARDED, S.PAYABLE),
        label=_("批准"),
        **by(Role.BUREAU_LEADER),
    )
    def approve(self, bonus_fen: int = 0) -> S:
        """The leader awards the title; a policy with a bonus goes on to payment."""
        return S.PAYABLE if bonus_fen else S.AWARDED
