"""A claim's money as the ledger knows it: whose it is, and each line's share."""

from collections.abc import Iterable

from funds.ledger import Share
from workflows.claims import Claim, ClaimLine


def payee_of(claim: Claim) -> str:
    """The claimant in the ledger: ``org:12`` or ``user:7``."""
    return f"org:{claim.claimant_org_id}" if claim.claimant_org_id else f"user:{claim.claimant_user_id}"


def shares_of(claim: Claim, lines: Iterable[ClaimLine]) -> list[Share]:
    """What the claim's lines are worth, a share each; lines worth nothing have none."""
    payee = payee_of(claim)
    return [
        Share(claim_id=claim.pk, line_id=line.pk, payee=payee, amount_fen=line.amount_fen, label=f"{claim} {line}")
        for line in lines
        if line.amount_fen
    ]
