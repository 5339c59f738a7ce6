"""Facts that nothing is wrong with, to be spoilt one at a time, and scheme versions to judge them by."""

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from policy.facts import ClaimantFacts, ClaimFacts, CountedLine, EmployerFacts, LineFacts, OtherClaim
from policy.terms import Terms, terms_from

SCHEME_FILE = Path(__file__).parents[2] / "policy" / "schemes" / "qtz-2023-3.toml"
FILED = date(2025, 11, 24)
HIRED = date(2025, 6, 2)
FACTORY = EmployerFacts(name="海山鞋业有限公司", uscc="91350521MA0000000N", in_zone=True, legal_representative="boss")
WORKSHOP = EmployerFacts(name="东园机械有限公司", uscc="91350521MA00000010", in_zone=True, legal_representative="chief")
LENDER = EmployerFacts(name="洛阳食品有限公司", uscc="91350521MA00000029", legal_representative="lender")


def scheme_dict(**changes: Any) -> dict[str, Any]:
    """The notice's scheme file with some values changed, written as ``group__parameter=value``; None unsets."""
    content = tomllib.loads(SCHEME_FILE.read_text(encoding="utf-8"))
    for path, value in changes.items():
        group, _, name = path.partition("__")
        if not name:
            content[group] = value
            continue
        entry = {key: content[group][name][key] for key in ("source", "article", "note") if key in content[group][name]}
        content[group][name] = entry | ({"unset": True} if value is None else {"value": value})
    return content


def bonus_scheme() -> dict[str, Any]:
    """A test scheme whose ambassadors get a bonus: bronze 1000, silver 3000, gold 5000 yuan."""
    bonus = {"bronze": 1000, "silver": 3000, "gold": 5000}
    return scheme_dict(code="test-bonus", ambassador__tier_bonus_yuan=bonus)


@cache
def notice() -> Terms:
    """The notice's terms as they ship."""
    return terms_from(scheme_dict())


def terms(**changes: Any) -> Terms:
    """The notice's terms with some values changed."""
    return terms_from(scheme_dict(**changes)) if changes else notice()


def worker(n: int = 0, **changes: Any) -> LineFacts:
    """A referred worker whom every rule lets through."""
    line = LineFacts(
        ref=f"r{n}",
        person=f"p{n}",
        name="张三",
        birth=date(1990, 3, 7),
        sex="male",
        employer=FACTORY,
        hire_date=HIRED,
        contract_from=HIRED,
        contract_to=date(2026, 6, 1),
        insurance=frozenset({"养老", "医疗"}),
        insured_from=HIRED,
        insured_months=5,
        still_employed=True,
        insured_in_zone_before=False,
        evidence=frozenset({"hr_licence", "contract", "insurance_proof"}),
    )
    return replace(line, **changes)


def lent(n: int = 0, **changes: Any) -> LineFacts:
    """A lent worker whom every rule lets through; every second one goes to another enterprise."""
    line = LineFacts(
        ref=f"r{n}",
        person=f"p{n}",
        birth=date(1990, 3, 7),
        sex="female",
        employer=(FACTORY, WORKSHOP)[n % 2],
        lender=LENDER,
        hire_date=HIRED,
        lending_to=date(2025, 7, 1),
        payroll_months=1,
        slot="pool:1:2025",
        evidence=frozenset({"lending_agreement", "payroll_proof"}),
    )
    return replace(line, **changes)


def agency(*lines: LineFacts, claimant: dict[str, Any] | None = None, **changes: Any) -> ClaimFacts:
    """An agency's claim in good order."""
    who = ClaimantFacts(
        name="泉台人力资源有限公司", uscc="91350521MA00000037", legal_representative="agent", in_zone=True,
        licence_from=date(2023, 1, 1), licence_to=date(2026, 1, 1),
    )  # fmt: skip
    return replace(
        ClaimFacts(kind="agency", filed_on=FILED, claimant=replace(who, **claimant or {}), lines=lines), **changes
    )


def individual(*lines: LineFacts, claimant: dict[str, Any] | None = None, **changes: Any) -> ClaimFacts:
    """A person's claim in good order."""
    who = ClaimantFacts(name="李四", person="me", in_zone=True, employed_at=frozenset({FACTORY.uscc}))
    claim = ClaimFacts(kind="individual", filed_on=FILED, claimant=replace(who, **claimant or {}), lines=lines)
    return replace(claim, **changes)


def platform(*lines: LineFacts, claimant: dict[str, Any] | None = None, **changes: Any) -> ClaimFacts:
    """A platform's claim in good order: ten lent workers in two enterprises unless `lines` say otherwise."""
    who = ClaimantFacts(name="制鞋行业协会", uscc="51350521MA00000045", platform_type="association")
    lines = lines or tuple(lent(n) for n in range(10))
    claim = ClaimFacts(kind="platform", filed_on=FILED, claimant=replace(who, **claimant or {}), lines=lines)
    return replace(claim, **changes)


def counted(n: int, **changes: Any) -> CountedLine:
    """An approved referral that an ambassador counts."""
    line = CountedLine(ref=f"c{n}", person=f"p{n}", employer_uscc=FACTORY.uscc, hire_date=HIRED, approved=True)
    return replace(line, **changes)


def ambassador(heads: int, *more: CountedLine, claimant: dict[str, Any] | None = None, **changes: Any) -> ClaimFacts:
    """An ambassador who counts so many heads, and what else is given."""
    who = ClaimantFacts(name="李四", person="me", in_zone=True, employed_at=frozenset({FACTORY.uscc}))
    claim = ClaimFacts(
        kind="ambassador", filed_on=FILED, claimant=replace(who, **claimant or {}), employer=FACTORY, count_year=2025,
        counted=(*(counted(n) for n in range(heads)), *more),
    )  # fmt: skip
    return replace(claim, **changes)


def other(**changes: Any) -> OtherClaim:
    """The same worker in an agency's approved claim under the notice."""
    rival = OtherClaim(
        kind="agency", slot="referral:qtz-2023-3", status="approved", on=date(2024, 3, 1), number="YG-2024-104-000001",
        employer_uscc=WORKSHOP.uscc,
    )  # fmt: skip
    return replace(rival, **changes)
