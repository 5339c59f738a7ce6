"""The terms of a scheme version: every rate, tier, condition and window, with what it rests on.

Pure: reads a dict (the parsed scheme file, or its JSON in the database), does no I/O. Each parameter is a table
``{value, source, article, note}``; `source` is `notice`, `law` or `default` (our default, which the bureau may
change). ``{unset = true, …}`` says that a parameter is deliberately not set.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from policy.parameters import (
    Ambassador,
    Amounts,
    Caps,
    Checks,
    Duplicates,
    Eligibility,
    EvidenceTerms,
    FilingWindow,
    Masking,
    MonthlyReport,
    Policy,
    Publicity,
    RetentionYears,
    Sampling,
    SlaWorkingDays,
    VerificationRoute,
)

DEFAULT_MARK = "系统默认（可调整）"
LATER = "本版本发布时尚无此项，按默认值"  # of a parameter that an older version lacks
HEADER = ("code", "version", "title", "issuer")
ENTRY_KEYS = {"value", "unset", "source", "article", "note"}
SOURCES = ("notice", "law", "default")
LONGEST_TEXT = 500
TIERS = ("gold", "silver", "bronze")  # from the highest down
LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """One scheme version. Groups and fields are named as in the scheme file."""

    code: str
    version: int
    title: str
    issuer: str
    policy: Policy
    amounts_yuan: Amounts
    ambassador: Ambassador
    eligibility: Eligibility
    duplicates: Duplicates
    caps_yuan: Caps
    filing_window: FilingWindow
    sla_working_days: SlaWorkingDays
    publicity: Publicity
    verification_route: VerificationRoute
    monthly_report: MonthlyReport
    sampling: Sampling
    retention_years: RetentionYears
    masking: Masking
    evidence: EvidenceTerms
    checks: Checks
    citations: Mapping[str, str]

    @property
    def doc_no(self) -> str:
        """The notice's number."""
        return self.policy.doc_no

    @property
    def valid_from(self) -> date:
        """First day in force."""
        return self.policy.valid_from

    @property
    def valid_to(self) -> date | None:
        """Last day in force; None is open-ended."""
        return self.policy.valid_to

    def sla_days(self, step: str) -> int:
        """Working days that a step may take, by its name in `sla_working_days`; AttributeError when unknown."""
        return int(getattr(self.sla_working_days, step))

    def tier_bonus_fen(self, tier: str) -> int:
        """The bonus of a tier (gold, silver, bronze) in fen; 0 below bronze."""
        return getattr(self.ambassador.tier_bonus_yuan, tier) * 100 if tier in TIERS else 0

    def article(self, path: str) -> str:
        """What a parameter rests on, e.g. of ``amounts_yuan.agency_referral_per_person``; KeyError when unknown.

        A part of a parameter (``ambassador.tiers.gold``) rests on what the whole rests on.
        """
        while path not in self.citations and path.count(".") > 1:
            path = path.rpartition(".")[0]
        return self.citations[path]


def in_force(terms: Terms, on: date) -> bool:
    """Whether the scheme version is in force on a day, both ends included (A20, A21)."""
    return terms.valid_from <= on and (terms.valid_to is None or on <= terms.valid_to)


def terms_from(content: object) -> Terms:
    """Terms of a parsed scheme file or of its JSON; ValueError names the first parameter that is wrong."""
    content = _table(content, "方案文件")
    hints = _hints(Terms)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    _same_keys(content, {*HEADER, *groups}, "方案文件")
    header = {name: _value(content[name], hints[name], name) for name in HEADER}
    doc_no = _doc_no(content)
    citations: dict[str, str] = {}
    read = {name: _group(content[name], kind, name, doc_no, citations) for name, kind in groups.items()}
    terms = Terms(**header, **read, citations=citations)
    _check(terms)
    return terms


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _doc_no(content: Mapping[str, Any]) -> str:
    entry = _table(_table(content["policy"], "policy").get("doc_no"), "policy.doc_no")
    return _value(entry.get("value"), str, "policy.doc_no")


def _group(content: object, kind: type, path: str, doc_no: str, citations: dict[str, str]) -> Any:
    """One group of parameters, and their citations."""
    table, hints = _table(content, path), _hints(kind)
    later = {field.name for field in fields(kind) if field.default is not MISSING}
    _same_keys(table, set(hints), path, later)
    values = {}
    for name, hint in hints.items():
        here = f"{path}.{name}"
        if name not in table:
            citations[here] = f"{DEFAULT_MARK}：{LATER}"
            continue
        entry = _table(table[name], here)
        if unknown := set(entry) - ENTRY_KEYS:
            raise ValueError(f"{here}: unknown key {sorted(map(str, unknown))[0]}")
        citations[here] = _citation(entry, here, doc_no)
        values[name] = _value(_set_value(entry, here), hint, here)
    return kind(**values)


def _set_value(entry: Mapping[str, Any], path: str) -> object:
    if ("value" in entry) == ("unset" in entry):
        raise ValueError(f"{path}: give either value or unset = true")
    if "unset" in entry and entry["unset"] is not True:
        raise ValueError(f"{path}: unset can only be true")
    return entry.get("value")


def _citation(entry: Mapping[str, Any], path: str, doc_no: str) -> str:
    source = entry.get("source")
    if source not in SOURCES:
        raise ValueError(f"{path}: source must be one of {', '.join(SOURCES)}")
    article, note = (_text(entry.get(key, ""), f"{path}.{key}") for key in ("article", "note"))
    if source == "default":
        if not note:
            raise ValueError(f"{path}: a default needs a note that says why")
        return f"{DEFAULT_MARK}：{note}"
    if not article:
        raise ValueError(f"{path}: a {source} parameter needs its article")
    return f"{doc_no}{article}" if source == "notice" else article


def _value(value: object, hint: Any, path: str) -> Any:
    """A value as its type; dates may be ISO text, as in JSON. Whole numbers are never negative."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = next(part for part in get_args(hint) if part is not NoneType)
        return None if value is None else _value(value, inner, path)
    if value is None:
        raise ValueError(f"{path}: missing value")
    if origin is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            raise ValueError(f"{path}: must be one of {', '.join(get_args(hint))}")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{path}: must be a list")
        return tuple(_value(item, get_args(hint)[0], path) for item in value)
    if is_dataclass(hint):
        make: Any = hint
        table, hints = _table(value, path), _hints(make)
        _same_keys(table, set(hints), path)
        return make(**{name: _value(table[name], kind, f"{path}.{name}") for name, kind in hints.items()})
    return _plain(value, hint, path)


def _plain(value: object, hint: Any, path: str) -> Any:
    if hint is date:
        return _date(value, path)
    if hint is str:
        if not _text(value, path):
            raise ValueError(f"{path}: must not be empty")
        return value
    if type(value) is not hint:
        raise ValueError(f"{path}: must be of type {hint.__name__}")
    if isinstance(value, int) and not 0 <= value <= LARGEST:
        raise ValueError(f"{path}: must be between 0 and {LARGEST}")
    return value


def _date(value: object, path: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{path}: must be a date like 2025-12-31") from None


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.isprintable():
        raise ValueError(f"{path}: must be text of one line, at most {LONGEST_TEXT} characters")
    return value


def _table(content: object, path: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise ValueError(f"{path}: must be a table")
    return content


def _same_keys(table: Mapping[str, Any], expected: set[str], path: str, later: AbstractSet[str] = frozenset()) -> None:
    """`later` names keys that older files lack."""
    if missing := expected - set(table) - later:
        raise ValueError(f"{path}: missing {', '.join(sorted(missing))}")
    if unknown := set(table) - expected:
        raise ValueError(f"{path}: unknown {', '.join(sorted(map(str, unknown)))}")


def _check(terms: Terms) -> None:
    """What single values cannot show."""
    tiers, window = terms.ambassador.tiers, terms.filing_window
    if not 0 < tiers.bronze < tiers.silver < tiers.gold:
        raise ValueError("ambassador.tiers: must rise from bronze over silver to gold")
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        raise ValueError("policy.valid_to: before policy.valid_from")
    if terms.version < 1:
        raise ValueError("version: starts at 1")
    if any(not 1 <= month <= 12 for month in window.months) or (window.mode == "months" and not window.months):
        raise ValueError("filing_window.months: months from 1 to 12, at least one when mode is months")
    if not 1 <= terms.monthly_report.due_day <= 28:
        raise ValueError("monthly_report.due_day: between 1 and 28")
    for name in ("township_min_pct", "bureau_min_pct", "high_risk_pct"):
        if getattr(terms.sampling, name) > 100:
            raise ValueError(f"sampling.{name}: at most 100")
    for kind in fields(terms.evidence):
        wanted = getattr(terms.evidence, kind.name)
        if set(wanted.required) & set(wanted.optional):
            raise ValueError(f"evidence.{kind.name}: a kind is either required or optional")
