"""Funds and shares for the tests of the ledger, without claims: the ledger knows a line by its id alone."""

import itertools
from uuid import UUID, uuid4

from core.timeline import SYSTEM
from funds.ledger import Share, appropriate
from funds.models import FundSource

_numbers = itertools.count(1)


def fund(amount_fen: int = 10_000_00) -> FundSource:
    source = FundSource.objects.create(
        name="区就业补助资金",
        allocation_no=f"泉台财指〔2025〕{next(_numbers)}号",
        year=2025,
        functional_code="2080701",
        economic_code="30399",
    )
    appropriate(fund_id=source.pk, amount_fen=amount_fen, by=SYSTEM)
    source.refresh_from_db()
    return source


def share(fen: int = 1_000_00, *, claim: int = 1, payee: str = "org:1", line: UUID | None = None) -> Share:
    return Share(claim_id=claim, line_id=line or uuid4(), payee=payee, amount_fen=fen)


def columns(source: FundSource) -> dict[str, int]:
    """The fund's money as its row says, without what is zero."""
    source.refresh_from_db()
    names = ("left", "held", "payable", "batched", "paid", "claimed", "recovered", "written_off")
    found = {name: getattr(source, f"{name}_fen") for name in names}
    return {name: fen for name, fen in found.items() if fen}
