"""What one claim line moves: the unit every movement is made of."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Share:
    """One line's money: whose it is (``org:12`` or ``user:7``) and how much (`amount_fen` > 0).

    `label` is how a refusal names it to an official, e.g. ``YG-2025-104-000007 第3行``; it is not stored.
    """

    claim_id: int
    line_id: UUID
    payee: str
    amount_fen: int
    label: str = ""
