"""What goes to a bank and what comes back, free of any model: rows and head of a payment file, rows of an answer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Outcome = Literal["settled", "returned", "unknown"]
Channel = Literal["public", "private"]

OUTCOMES: tuple[Outcome, ...] = ("settled", "returned", "unknown")
CHANNELS: dict[str, str] = {"public": "对公", "private": "对私"}
# 退票原因 (brief section 8); `other` is what a returned item gets when no word of the format file is found.
REASONS: dict[str, str] = {
    "holder_differs": "户名不符",
    "account_wrong": "账号错误",
    "account_closed": "账户已销户",
    "account_frozen": "账户冻结",
    "other": "其他原因",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer. `seq` counts from 1; `reference` is what the bank answers by; `amount_fen` is positive fen.

    `account` and `id_number` are whole numbers: rows live only until the file is written.
    """

    seq: int
    reference: str
    payee: str = field(repr=False)
    account: str = field(repr=False)
    bank: str
    bank_code: str
    amount_fen: int
    purpose: str
    note: str
    id_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above and below the rows. `count` is the number of rows, `total_fen` their sum in fen.

    `channel` is public or private, `payer` the account the money leaves, `applicant` the organ that asks for it,
    `policy` the scheme versions, `seal` the SHA-256 of the sealed batch.
    """

    number: str
    fund: str
    allocation_no: str
    functional_code: str
    economic_code: str
    channel: str
    made_on: date
    count: int
    total_fen: int
    payer: str = ""
    payer_account: str = field(default="", repr=False)
    payer_bank: str = ""
    applicant: str = ""
    policy: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot go into a format: `seq` of the row (0: the head), the column's title, a sentence.

    The sentence names the place and what to do, never the value.
    """

    seq: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a bank says of one transfer. `where` is its place (``明细!B7`` or ``第7行``).

    `amount_fen` is None when the file has no amounts. `fault` says why the row cannot be believed; its outcome is then
    always unknown and `reason` repeats the sentence, so that it can only be parked, never booked.
    """

    reference: str
    amount_fen: int | None
    outcome: Outcome
    reason_code: str
    reason: str
    where: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer file: its rows in order, and the totals it states itself (None when it states none)."""

    rows: tuple[AnswerRow, ...]
    total_fen: int | None
    count: int | None
