"""The ledger: every fen of every fund, from its 指标 to the payee's account, in double entry (decision 0009)."""

from funds.ledger.moving import (
    appropriate,
    claim_back,
    drop_claim,
    enter_batch,
    give_back,
    leave_batch,
    make_payable,
    move_to_fund,
    offset_back,
    receive_back,
    reduce,
    release,
    reserve,
    settle,
    supplement,
    write_off,
)
from funds.ledger.proving import Imbalance, prove
from funds.ledger.reading import statement_of, whereabouts
from funds.ledger.shares import Share
from funds.movements import Movement, Pot

__all__ = [
    "Imbalance", "Movement", "Pot", "Share", "appropriate", "claim_back", "drop_claim", "enter_batch", "give_back",
    "leave_batch", "make_payable", "move_to_fund", "offset_back", "prove", "receive_back", "reduce", "release", "reserve", "settle",
    "statement_of", "supplement", "whereabouts", "write_off",
]  # fmt: skip
