"""What the bank is asked to do: one transfer a claim, over its lines in the batch. The workbook and the paper print it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from django.utils.translation import gettext as _

from payments.models import PaymentItem
from workflows.claims import Claim
from workflows.states import Kind


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer: `heads` lines of one claim to one account, `amount_fen` their sum."""

    seq: int
    claim: Claim
    payee: str
    account: str  # whole number: only for the sealed file and the paper
    bank: str
    cnaps: str
    heads: int
    amount_fen: int

    @property
    def purpose(self) -> str:
        """What stands in the bank's remark."""
        return _("引工奖补（%(kind)s）") % {"kind": Kind(self.claim.kind).label}

    @property
    def note(self) -> str:
        if self.claim.kind == Kind.AMBASSADOR:
            return _("引工大使奖励")
        return _("共%(heads)d人") % {"heads": self.heads}

    def cells(self) -> tuple[int, str, str, str, str, str, int, str, str]:
        """The row of 明细: 序号, 业务编号, 收款人户名, 收款账号, 开户银行, 联行号, 金额 (fen), 用途, 备注."""
        return (
            self.seq,
            str(self.claim),
            self.payee,
            self.account,
            self.bank,
            self.cnaps,
            self.amount_fen,
            self.purpose,
            self.note,
        )


def transfers_of(items: Sequence[PaymentItem]) -> list[Transfer]:
    """The transfers of live items that are in order of claim."""
    made = []
    for seq, (_claim_id, group) in enumerate(groupby(items, key=lambda item: item.claim_id), 1):
        mine = list(group)
        account = mine[0].account
        made.append(
            Transfer(
                seq=seq,
                claim=mine[0].claim,
                payee=account.holder,
                account=account.number,
                bank=account.bank,
                cnaps=account.cnaps,
                heads=len(mine),
                amount_fen=sum(item.amount_fen for item in mine),
            )
        )
    return made


def digest(transfers: Sequence[Transfer]) -> str:
    """SHA-256 over the rows of 明细, to check a copy of the sheet by its content."""
    rows = [transfer.cells() for transfer in transfers]
    return sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
