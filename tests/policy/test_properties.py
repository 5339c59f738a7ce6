"""What holds for any claim: totals, caps, tiers, order, and no facts that make the rules throw."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.assess import assess
from policy.assessment import Assessment, Outcome, Severity
from policy.facts import ClaimantFacts, ClaimFacts, CountedLine, EmployerFacts, LineFacts, OtherClaim
from policy.months import add_months, age_on
from policy.rules.ambassador import tier_of
from policy.terms import Terms
from tests.policy.examples import FACTORY, agency, ambassador, individual, lent, notice, platform, terms, worker

LABEL = "qtz-2023-3/1"
TIER_ORDER = [None, "bronze", "silver", "gold"]
CAPPED = {
    cap: terms(caps_yuan__agency_per_year=cap, caps_yuan__individual_per_year=cap) for cap in (0, 700, 2500, 50000)
}
SWITCHED = [
    terms(policy__valid_to=None, policy__tail_filing_deadline=date(2026, 6, 30), filing_window__mode="months",
          eligibility__worker_upper_age_rule="statutory_progressive", eligibility__worker_origin_rule="rural_hukou",
          ambassador__count_window="rolling_12m", caps_yuan__pool_per_year=1200, caps_yuan__agency_per_year=1500),
    terms(policy__expiry_applies_to="qualifying_date", eligibility__worker_upper_age_rule="none",
          eligibility__worker_origin_rule="outside_zone", ambassador__count_window="policy_period",
          duplicates__one_payment_per_worker_per_policy=False, eligibility__employer_must_be_in_zone="any"),
]  # fmt: skip

text = st.text(max_size=12)
some_date = st.one_of(st.dates(), st.sampled_from([date.min, date.max]), st.dates(date(2023, 1, 1), date(2027, 1, 1)))
maybe_date = st.none() | some_date
maybe_bool = st.none() | st.booleans()
small = st.integers(-3, 200)
uscc = st.sampled_from([FACTORY.uscc, "", "X", "{employer}"])
person = st.sampled_from(["p1", "p2", "p3", "boss"])
kind = st.sampled_from(["agency", "individual", "platform", "ambassador"])
kinds_of_evidence = st.frozensets(st.sampled_from(["contract", "insurance_proof", "hr_licence", "payroll_proof", "x"]))
employers = st.builds(
    EmployerFacts, name=text, uscc=uscc, uscc_fault=st.just("") | text, in_zone=maybe_bool, is_dispatch=st.booleans(),
    is_public_body=st.booleans(), legal_representative=st.none() | person, insured_headcount=st.none() | small,
)  # fmt: skip
rivals = st.builds(
    OtherClaim, kind=kind, slot=st.sampled_from(["referral:qtz-2023-3", "pool:1:2025", ""]), on=some_date, number=text,
    status=st.sampled_from(["open", "approved", "paid"]), employer_uscc=uscc, same_number=st.booleans(),
)  # fmt: skip
any_line = st.builds(
    LineFacts, ref=text, person=st.none() | person, name=text, id_fault=st.just("") | text, birth=maybe_date,
    sex=st.sampled_from(["male", "female", ""]), employer=employers, lender=st.none() | employers, hire_date=maybe_date,
    lending_to=maybe_date, contract_from=maybe_date, contract_to=maybe_date, insured_from=maybe_date,
    insurance=st.frozensets(st.sampled_from(["养老", "医疗", "{x}"])), insured_months=st.none() | small,
    payroll_months=st.none() | small, still_employed=maybe_bool, is_dispatch_worker=st.booleans(),
    origin_in_zone=maybe_bool, rural_hukou=maybe_bool, insured_in_zone_before=maybe_bool, phone_shared_by=small,
    slot=st.sampled_from(["", "pool:1:2025", "referral:qtz-2023-3"]), evidence=kinds_of_evidence,
    others=st.lists(rivals, max_size=3).map(tuple),
)  # fmt: skip
claimants = st.builds(
    ClaimantFacts, name=text, uscc=uscc, uscc_fault=st.just("") | text, person=st.none() | person,
    legal_representative=st.none() | person, in_zone=maybe_bool, licence_from=maybe_date, licence_to=maybe_date,
    public_payroll=st.booleans(), employer_hr_of=st.frozensets(uscc), employed_at=st.frozensets(uscc),
    blacklisted=st.booleans(), paid_this_year_fen=st.integers(-100, 10**9),
)  # fmt: skip
counted_lines = st.builds(
    CountedLine, ref=text, person=person, employer_uscc=uscc, hire_date=some_date, approved=st.booleans()
)
any_claim = st.builds(
    ClaimFacts, kind=kind, filed_on=some_date, claimant=claimants, lines=st.lists(any_line, max_size=4).map(tuple),
    counted=st.lists(counted_lines, max_size=4).map(tuple), count_year=st.none() | st.integers(1, 9999),
    employer=st.none() | employers, evidence=kinds_of_evidence,
)  # fmt: skip
any_terms = st.sampled_from([notice(), *CAPPED.values(), *SWITCHED])


def unique_refs(claim: ClaimFacts) -> bool:
    """Lines are told apart by their refs, as in the database."""
    return len({line.ref for line in claim.lines}) == len(claim.lines)


@settings(max_examples=400)
@given(any_claim.filter(unique_refs), any_terms)
def test_any_facts_get_an_answer_that_adds_up(claim: ClaimFacts, under: Terms) -> None:
    result = assess(claim, under, LABEL)
    lines = () if claim.kind == "ambassador" else claim.lines
    assert [line.ref for line in result.lines] == [line.ref for line in lines]
    assert result.total_fen == sum(line.amount_fen for line in result.lines) + result.bonus_fen
    for line in result.lines:
        blocked = any(finding.severity == Severity.BLOCK for finding in line.findings)
        assert (line.outcome == Outcome.REFUSE) == blocked == (line.amount_fen == 0)
        assert 0 <= line.amount_fen <= result.rate_fen
        assert all(finding.ref == line.ref for finding in line.findings)
    assert all(finding.ref is None for finding in result.findings)
    if any(finding.severity == Severity.BLOCK for finding in result.findings):
        assert result.total_fen == 0
        assert result.tier is None


@given(any_claim.filter(unique_refs), any_terms)
def test_the_same_facts_get_the_same_answer(claim: ClaimFacts, under: Terms) -> None:
    assert assess(claim, under, LABEL) == assess(claim, under, LABEL)


lines_of_mixed_worth = st.lists(
    st.sampled_from([{}, {"insured_months": 1}, {"insured_in_zone_before": True}, {"still_employed": False}]),
    max_size=40,
)


@given(lines_of_mixed_worth, st.integers(0, 6_000_00), st.sampled_from(sorted(CAPPED)))
def test_a_cap_only_takes_away(spoilt: list[dict], paid: int, cap: int) -> None:
    claim = agency(*(worker(n, **change) for n, change in enumerate(spoilt)), claimant={"paid_this_year_fen": paid})
    free, capped = assess(claim, notice(), LABEL), assess(claim, CAPPED[cap], LABEL)
    room = max(0, cap * 100 - paid)
    assert capped.total_fen == min(free.total_fen, room)
    assert capped.cap_cut_fen == free.total_fen - capped.total_fen
    assert all(a.amount_fen <= b.amount_fen for a, b in zip(capped.lines, free.lines, strict=True))


def total(result: Assessment) -> int:
    return result.total_fen


@given(lines_of_mixed_worth, st.sampled_from([notice(), *CAPPED.values()]))
def test_one_more_worker_never_lowers_a_referral_claim(spoilt: list[dict], under: Terms) -> None:
    lines = [worker(n, **change) for n, change in enumerate(spoilt)]
    for make in (agency, individual):
        totals = [total(assess(make(*lines[:n]), under, LABEL)) for n in range(len(lines) + 1)]
        assert totals == sorted(totals)


@given(st.integers(1, 40), st.integers(1, 6))
def test_one_more_worker_never_lowers_a_platform_claim(heads: int, more: int) -> None:
    smaller = assess(platform(*map(lent, range(heads))), notice(), LABEL)
    larger = assess(platform(*map(lent, range(heads + more))), notice(), LABEL)
    assert smaller.total_fen <= larger.total_fen
    assert smaller.total_fen == (heads * 500_00 if heads >= 10 else 0)


@given(st.integers(0, 200))
def test_tiers_are_inclusive_and_rise_with_the_count(heads: int) -> None:
    result = assess(ambassador(heads), notice(), LABEL)
    wanted = "gold" if heads > 29 else "silver" if heads > 19 else "bronze" if heads > 9 else None
    assert (result.tier, result.headcount, result.total_fen) == (wanted, heads, 0)
    more = tier_of(heads + 1, notice())
    assert TIER_ORDER.index(more) >= TIER_ORDER.index(result.tier)


@given(st.integers(0, 60), st.sampled_from([(1, 2, 3), (5, 6, 50), (10, 20, 30)]))
def test_tier_thresholds_and_bonus_come_from_the_terms(heads: int, steps: tuple[int, int, int]) -> None:
    names = ("bronze", "silver", "gold")
    bonus = dict(zip(names, (1000, 3000, 5000), strict=True))
    under = terms(ambassador__tiers=dict(zip(names, steps, strict=True)), ambassador__tier_bonus_yuan=bonus)
    reached = [name for name, step in zip(names, steps, strict=True) if heads >= step]
    result = assess(ambassador(heads), under, LABEL)
    assert result.tier == (reached[-1] if reached else None)
    assert result.total_fen == result.bonus_fen == (bonus[reached[-1]] * 100 if reached else 0)


@given(some_date, st.integers(-40_000, 40_000))
def test_month_arithmetic_never_throws(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later >= day) == (months >= 0) or later in (date.min, date.max, day)


def test_months_end_and_birthdays() -> None:
    assert add_months(date(2024, 11, 30), 3) == date(2025, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2025, 12, 31), 1) == date(2026, 1, 31)
    assert [age_on(date(2008, 2, 29), day) for day in (date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28))] == [
        15,
        16,
        16,
    ]
