"""The scheme file as it ships, and each way a scheme file can be wrong."""

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.months import statutory_pension_day
from policy.rules import DEDUCTION_REASONS, OFFICER_REASONS, RULES
from policy.rules.catalogue import markdown
from policy.rules.evidence import EVIDENCE_LABELS
from policy.rules.periods import filing_deadline, qualifying_date
from policy.terms import DEFAULT_MARK, in_force, terms_from
from tests.policy.examples import SCHEME_FILE, bonus_scheme, notice, scheme_dict, terms


def test_the_notice_says_what_it_says() -> None:
    it = notice()
    assert (it.code, it.version, it.doc_no) == ("qtz-2023-3", 1, "泉台管办规〔2023〕3号")
    assert (it.valid_from, it.valid_to) == (date(2023, 2, 9), date(2025, 12, 31))
    rates, tiers = it.amounts_yuan, it.ambassador.tiers
    assert (rates.pool_adjustment_per_person, rates.agency_referral_per_person, rates.individual_referral_per_person) == (
        500, 1000, 500,
    )  # fmt: skip
    assert (tiers.bronze, tiers.silver, tiers.gold) == (10, 20, 30)
    assert [it.tier_bonus_fen(tier) for tier in ("bronze", "silver", "gold", "")] == [0, 0, 0, 0]
    assert (it.caps_yuan.pool_per_year, it.caps_yuan.agency_per_year, it.caps_yuan.individual_per_year) == (None,) * 3
    assert [it.sla_days(step) for step in ("acceptance", "village", "township", "bureau", "publicity")] == [
        5,
        5,
        5,
        10,
        5,
    ]


def test_every_parameter_is_cited() -> None:
    it, parameters = notice(), 0
    for group in fields(it):
        if not is_dataclass(getattr(it, group.name)):
            continue
        for parameter in fields(getattr(it, group.name)):
            assert it.article(f"{group.name}.{parameter.name}").strip()
            parameters += 1
    assert parameters == len(it.citations) == 90
    assert it.article("amounts_yuan.agency_referral_per_person") == "泉台管办规〔2023〕3号一（六）"
    assert it.article("ambassador.tiers.gold") == "泉台管办规〔2023〕3号一（六）"
    assert it.article("eligibility.contract_min_months").startswith(f"{DEFAULT_MARK}：A9")
    with pytest.raises(KeyError):
        it.article("amounts_yuan.nothing")


def test_the_articles_that_are_cited_are_in_the_notice_or_marked_as_ours() -> None:
    marks = {citation.split("〔2023〕3号")[-1] for citation in notice().citations.values() if "泉台管办规" in citation}
    assert {mark[:4] for mark in marks} == {
        "文号",
        "成文日期",
        "末段（自",
        "末段（有",
        "末段（具",
        "一（四）",
        "一（六）",
        "附件1、",
        "二（二）",
    }


def test_terms_survive_the_database() -> None:
    as_stored = json.loads(json.dumps(scheme_dict(), default=str))
    assert terms_from(as_stored) == notice()


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2023, 2, 8), False), (date(2023, 2, 9), True), (date(2025, 12, 31), True), (date(2026, 1, 1), False)],
)
def test_in_force_includes_both_ends(day: date, inside: bool) -> None:
    assert in_force(notice(), day) is inside
    assert in_force(terms(policy__valid_to=None), date(2099, 1, 1)) is True


def test_the_last_possible_filing_day_of_the_notice() -> None:
    assert qualifying_date(date(2025, 12, 31), "agency", notice()) == date(2026, 3, 31)
    assert filing_deadline(date(2025, 12, 31), "agency", notice()) == date(2027, 3, 31)
    assert filing_deadline(date(2025, 12, 31), "platform", notice()) == date(2026, 1, 31) + timedelta(days=365)
    early = terms(policy__tail_filing_deadline=date(2026, 6, 30))
    assert filing_deadline(date(2025, 12, 31), "agency", early) == date(2026, 6, 30)


def broken(group: str, name: str | None, entry: Any) -> dict[str, Any]:
    """The scheme file with one group or parameter replaced, or removed (None)."""
    content = scheme_dict()
    holder, key = (content, group) if name is None else (content[group], name)
    if entry is None:
        del holder[key]
    else:
        holder[key] = entry
    return content


DEFAULT = {"source": "default", "note": "A1"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (broken("amounts_yuan", None, None), "missing amounts_yuan"),
        (broken("bonus", None, {}), "unknown bonus"),
        (broken("amounts_yuan", "pool_adjustment_per_person", None), "missing pool_adjustment_per_person"),
        (broken("amounts_yuan", "extra", {"value": 1} | DEFAULT), "unknown extra"),
        (broken("amounts_yuan", "pool_adjustment_per_person", 500), "must be a table"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": 500}), "source must be one of"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": 500, "source": "default"}), "needs a note"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": 500, "source": "notice"}), "needs its article"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": 500, "why": "", **DEFAULT}), "unknown key why"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": "500"} | DEFAULT), "must be of type int"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": 500.0} | DEFAULT), "must be of type int"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": True} | DEFAULT), "must be of type int"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"value": -1} | DEFAULT), "between 0"),
        (broken("amounts_yuan", "pool_adjustment_per_person", {"unset": True} | DEFAULT), "missing value"),
        (broken("amounts_yuan", "pool_adjustment_per_person", DEFAULT), "either value or unset"),
        (broken("caps_yuan", "pool_per_year", {"unset": False} | DEFAULT), "unset can only be true"),
        (broken("policy", "valid_from", {"value": "9.2.2023"} | DEFAULT), "must be a date"),
        (broken("policy", "valid_to", {"value": date(2023, 2, 8)} | DEFAULT), "before policy.valid_from"),
        (broken("filing_window", "mode", {"value": "weekly"} | DEFAULT), "must be one of anytime, months"),
        (broken("filing_window", "months", {"value": [13]} | DEFAULT), "months from 1 to 12"),
        (broken("ambassador", "tiers", {"value": {"bronze": 20, "silver": 20, "gold": 30}} | DEFAULT), "must rise"),
        (broken("ambassador", "tiers", {"value": {"bronze": 10, "silver": 20}} | DEFAULT), "missing gold"),
        (broken("monthly_report", "due_day", {"value": 31} | DEFAULT), "between 1 and 28"),
        (broken("sampling", "high_risk_pct", {"value": 101} | DEFAULT), "at most 100"),
        (broken("evidence", "ambassador", {"value": {"required": ["roster"], "optional": ["roster"]}} | DEFAULT), "either"),
        (broken("evidence", "ambassador", {"value": {"required": ["photo"], "optional": []}} | DEFAULT), "must be one of"),
        (broken("version", None, 0), "starts at 1"),
        (broken("code", None, "a\nb"), "text of one line"),
        ([], "must be a table"),
        (None, "must be a table"),
    ],
    ids=range(30),
)  # fmt: skip
def test_a_wrong_scheme_file_is_refused_by_name(content: Any, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        terms_from(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["policy", "amounts_yuan", "ambassador", "evidence", "code", "masking"]))
def test_any_junk_is_a_value_error(junk: Any, group: str) -> None:
    content = scheme_dict()
    content[group] = junk
    try:
        terms_from(content)
    except ValueError:
        return
    assert group == "code"
    assert isinstance(junk, str)


def test_the_test_scheme_pays_a_bonus() -> None:
    it = terms_from(bonus_scheme())
    assert it.code == "test-bonus"
    assert [it.tier_bonus_fen(tier) for tier in ("bronze", "silver", "gold", "")] == [100000, 300000, 500000, 0]


@pytest.mark.parametrize(
    ("born", "sex", "pension"),
    [
        (date(1964, 12, 31), "male", date(2024, 12, 31)),
        (date(1965, 1, 15), "male", date(2025, 2, 15)),
        (date(1965, 12, 1), "male", date(2026, 3, 1)),
        (date(1976, 9, 1), "male", date(2039, 9, 1)),
        (date(1974, 12, 31), "female", date(2024, 12, 31)),
        (date(1975, 1, 15), "female", date(2025, 2, 15)),
        (date(1984, 11, 1), "female", date(2039, 11, 1)),
    ],
)
def test_the_progressive_pension_age(born: date, sex: str, pension: date) -> None:
    assert statutory_pension_day(born, sex) == pension


def test_rules_are_numbered_named_once_and_rest_on_something() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    for rule in RULES:
        assert re.fullmatch(r"[AC]\d{1,2}", rule.number)
        assert bool(rule.term) != bool(rule.law)
        assert rule.article(notice())
        assert rule.label
        assert re.search(r"[\u4e00-\u9fff]", rule.message)


def test_deduction_reasons_name_every_ground_and_the_officers_own() -> None:
    grounds = {rule.code for rule in RULES if rule.severity != "info" and rule.kinds != ("ambassador",)}
    assert set(DEDUCTION_REASONS) == grounds | set(OFFICER_REASONS)
    assert DEDUCTION_REASONS["not_found_at_employer"] == "核实未到岗"
    assert len(set(DEDUCTION_REASONS.values())) == len(DEDUCTION_REASONS)


def test_the_catalogue_lists_every_rule() -> None:
    plain, cited = markdown(), markdown(notice())
    for rule in RULES:
        assert f"| {rule.number} | `{rule.code}` | {rule.label} |" in plain
        assert rule.message in plain
        assert rule.article(notice()) in cited
    assert all(f"`{code}`" in plain for code in OFFICER_REASONS)


def test_rules_and_terms_are_pure() -> None:
    folder = Path(SCHEME_FILE).parents[1]
    pure = [
        *folder.glob("rules/*.py"),
        *(folder / f"{x}.py" for x in ("terms", "parameters", "assess", "months", "facts")),
    ]
    assert len(pure) >= 15
    for file in pure:
        found = re.findall(r"^\s*(?:from|import) (\w+)", file.read_text(encoding="utf-8"), re.M)
        assert set(found) <= {
            "policy",
            "dataclasses",
            "datetime",
            "calendar",
            "collections",
            "functools",
            "types",
            "typing",
        }, file
        assert not re.search(r"\.today\(|\.now\(|open\(", file.read_text(encoding="utf-8"))


def test_every_kind_of_evidence_has_a_name() -> None:
    sets = [getattr(notice().evidence, kind) for kind in ("agency", "individual", "platform", "ambassador")]
    assert {kind for one in sets for kind in (*one.required, *one.optional)} == set(EVIDENCE_LABELS)
