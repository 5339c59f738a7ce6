"""How a rule is written down: numbered, dated, cited; the first line of its docstring is its message.

A rule returns the values it looked at when it fires, otherwise None. Its message is formatted with those values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from policy.assessment import Finding, Severity
from policy.facts import ClaimFacts, LineFacts
from policy.terms import Terms

Inputs = dict[str, Any]
Check = Callable[..., Any]
Scope = Literal["line", "claim", "kept", "cap"]

REFERRALS = ("agency", "individual")
WITH_LINES = ("agency", "individual", "platform")
ALL = ("agency", "individual", "platform", "ambassador")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule and what is said about it. It rests on a parameter of the terms (`term`) or on a fixed text (`law`)."""

    number: str
    code: str
    label: str
    severity: Severity
    kinds: tuple[str, ...]
    term: str
    law: str
    since: date | None
    until: date | None
    message: str
    scope: Scope
    check: Check
    waived_by: str = ""  # the role that may override this blocking rule, with a reason; empty: nobody
    confidential: bool = False  # what other authorities know of a person: for officers' eyes

    def applies(self, claim: ClaimFacts) -> bool:
        """Whether the rule is for this kind of claim and in effect on its filing date."""
        in_time = (self.since is None or self.since <= claim.filed_on) and (
            self.until is None or claim.filed_on <= self.until
        )
        return claim.kind in self.kinds and in_time

    def article(self, terms: Terms) -> str:
        """What the rule rests on under these terms."""
        return terms.article(self.term) if self.term else self.law

    def finding(self, inputs: Inputs, terms: Terms, ref: str | None) -> Finding:
        """What is reported when the rule has fired."""
        return Finding(
            rule=self.number,
            code=self.code,
            severity=self.severity,
            message=self.message.format(**{key: _shown(value) for key, value in inputs.items()}),
            article=self.article(terms),
            inputs={key: _plain(value) for key, value in inputs.items()},
            ref=ref,
        )

    def on_line(self, line: LineFacts, claim: ClaimFacts, terms: Terms) -> Finding | None:
        """The finding about one line, if the rule fires."""
        inputs = self.check(line, claim, terms)
        if inputs is None:
            return None
        finding = self.finding(inputs, terms, line.ref)
        return _overridden(finding) if self.waived_by and self.code in line.waived else finding

    def on_claim(self, claim: ClaimFacts, terms: Terms) -> list[Finding]:
        """The findings about the claim as a whole, or about several lines seen together."""
        return [self.finding(inputs, terms, ref) for ref, inputs in self.check(claim, terms)]

    def on_kept(self, claim: ClaimFacts, kept: Sequence[LineFacts], terms: Terms) -> Finding | None:
        """The finding about the lines that would be paid, seen together."""
        inputs = self.check(claim, kept, terms)
        return None if inputs is None else self.finding(inputs, terms, None)

    def on_cap(self, before: int, after: int, cap: int, terms: Terms, ref: str) -> Finding | None:
        """The finding about a line whose amount (fen) a yearly cap has cut."""
        inputs = self.check(before, after, cap)
        return None if inputs is None else self.finding(inputs, terms, ref)


def _overridden(finding: Finding) -> Finding:
    """What a blocking rule says once it was overridden: it stays on the line, and no longer stops it."""
    return replace(finding, severity=Severity.REVIEW, message=f"（已批准例外）{finding.message}")


RULES: list[Rule] = []


def _writer(scope: Scope) -> Callable[..., Callable[[Check], Check]]:
    """A decorator that writes down rules of one scope."""

    def rule(
        number: str,
        code: str,
        label: str,
        severity: Severity,
        *,
        term: str = "",
        law: str = "",
        kinds: tuple[str, ...] = WITH_LINES,
        since: date | None = None,
        until: date | None = None,
        waived_by: str = "",
        confidential: bool = False,
    ) -> Callable[[Check], Check]:
        def write_down(check: Check) -> Check:
            message = (check.__doc__ or "").strip().splitlines()[0]
            RULES.append(
                Rule(
                    number=number,
                    code=code,
                    label=label,
                    severity=severity,
                    kinds=kinds,
                    term=term,
                    law=law,
                    since=since,
                    until=until,
                    message=message,
                    scope=scope,
                    check=check,
                    waived_by=waived_by,
                    confidential=confidential,
                )
            )
            return check

        return write_down

    return rule


line_rule = _writer("line")  # (line, claim, terms) -> inputs or None
claim_rule = _writer("claim")  # (claim, terms) -> (line's ref or None, inputs) for everything it finds
kept_rule = _writer("kept")  # (claim, lines that no other rule blocks, terms) -> inputs or None
cap_rule = _writer("cap")  # (fen before the cap, fen after it, cap in fen) -> inputs or None


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list | tuple):
        return "、".join(map(_shown, value))
    return "（未填写）" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
