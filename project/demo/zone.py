"""The zone's published policy and its funds for the year."""

from datetime import date

from core import clock
from funds.commands import open_fund
from funds.models import FundSource
from policy.commands import load_scheme, publish_scheme
from policy.loading import shipped
from project.demo.people import Cast

BUDGET_DAY = date(2025, 2, 10)  # when the year's 指标 came down


def fund_and_scheme(cast: Cast) -> tuple[FundSource, FundSource]:
    """Publish the shipped schemes by two people and open the two funds: (referral rewards, transfer subsidies)."""
    for path in shipped():
        draft = load_scheme(data=path.read_bytes(), by=cast["section"])
        publish_scheme(scheme_id=draft.pk, by=cast["leader"])
    with clock.travel(BUDGET_DAY):
        return _funds(cast)


def _funds(cast: Cast) -> tuple[FundSource, FundSource]:
    """The year's two funds."""
    referral = open_fund(
        name="招工引工奖补专项资金",
        allocation_no="泉台财指〔2025〕18号",
        year=2025,
        amount_fen=80_000_000,
        functional_code="2080701",
        economic_code="30399",
        by=cast["maker"],
    )
    pool = open_fund(
        name="区就业补助资金",
        allocation_no="泉台财指〔2025〕7号",
        year=2025,
        amount_fen=30_000_000,
        functional_code="2080701",
        economic_code="30399",
        by=cast["maker"],
    )
    return referral, pool
