"""The one answer to "would this be paid, how much, and why": facts and terms in, `Assessment` out. Pure; never throws.

A line is refused when a rule blocks it, or blocks its claim; it is reviewed when a rule asks an officer; otherwise
it is paid at the kind's rate. A yearly cap only ever takes away. The total is the sum of the lines (A29, A33),
plus the tier's bonus for an ambassador (A1).
"""

from collections import defaultdict
from dataclasses import replace

from policy.assessment import Assessment, Finding, LineResult, Outcome, Severity
from policy.facts import ClaimFacts
from policy.rules import RULES
from policy.rules.ambassador import counted_heads, tier_of
from policy.terms import Terms

Findings = dict[str | None, list[Finding]]

RATES = {
    "agency": "agency_referral_per_person",
    "individual": "individual_referral_per_person",
    "platform": "pool_adjustment_per_person",
}
CAPS = {"agency": "agency_per_year", "individual": "individual_per_year", "platform": "pool_per_year"}


def assess(facts: ClaimFacts, terms: Terms, scheme: str) -> Assessment:
    """Judge a claim on its filing date under `terms`; `scheme` is the version's label, e.g. ``qtz-2023-3/1``."""
    rate_fen, article = rate_of(facts.kind, terms)
    if facts.kind == "ambassador":
        return _assess_title(facts, terms, scheme, article)
    found = _found(facts, terms)
    _look_at_kept(facts, terms, found)
    lines, cut = _results(facts, terms, found, rate_fen)
    return Assessment(
        kind=facts.kind,
        scheme=scheme,
        doc_no=terms.doc_no,
        rate_fen=rate_fen,
        rate_article=article,
        lines=lines,
        findings=tuple(found[None]),
        headcount=sum(line.outcome != Outcome.REFUSE for line in lines),
        cap_cut_fen=cut,
        total_fen=sum(line.amount_fen for line in lines),
    )


def rate_of(kind: str, terms: Terms) -> tuple[int, str]:
    """Fen a head for a claim kind, and what that rests on; 0 for the ambassador, whose bonus goes by tier."""
    if kind == "ambassador":
        return 0, terms.article("ambassador.tier_bonus_yuan")
    return getattr(terms.amounts_yuan, RATES[kind]) * 100, terms.article(f"amounts_yuan.{RATES[kind]}")


def cap_of(kind: str, terms: Terms) -> int | None:
    """The yearly cap of a claimant of this kind, in fen; None is no cap."""
    cap = getattr(terms.caps_yuan, CAPS[kind]) if kind in CAPS else None
    return None if cap is None else cap * 100


def _found(facts: ClaimFacts, terms: Terms) -> Findings:
    """Every finding of the rules about lines and about the claim, by line; None is the claim itself."""
    found: Findings = defaultdict(list)
    for rule in RULES:
        if not rule.applies(facts):
            continue
        if rule.scope == "line":
            for line in facts.lines:
                if finding := rule.on_line(line, facts, terms):
                    found[line.ref].append(finding)
        elif rule.scope == "claim":
            for finding in rule.on_claim(facts, terms):
                found[finding.ref].append(finding)
    return found


def _look_at_kept(facts: ClaimFacts, terms: Terms, found: Findings) -> None:
    """Ask the rules about the lines that nothing blocks, seen together (platform minimums)."""
    kept = [line for line in facts.lines if not _blocks(found[line.ref])]
    for rule in RULES:
        if rule.scope == "kept" and rule.applies(facts) and (finding := rule.on_kept(facts, kept, terms)):
            found[None].append(finding)


def _results(facts: ClaimFacts, terms: Terms, found: Findings, rate_fen: int) -> tuple[tuple[LineResult, ...], int]:
    """Each line's outcome and amount in the claim's order, and what the yearly cap took off, in fen."""
    against = [finding for finding in found[None] if finding.severity == Severity.BLOCK]
    cap = cap_of(facts.kind, terms)
    room = None if cap is None else max(0, cap - max(0, facts.claimant.paid_this_year_fen))
    results, cut = [], 0
    for line in facts.lines:
        findings = found[line.ref] + [replace(finding, ref=line.ref) for finding in against]
        amount = 0 if _blocks(findings) else rate_fen
        if room is not None and cap is not None and amount:
            granted = min(amount, room)
            findings = findings + _cap_findings(facts, terms, amount, granted, cap, line.ref)
            room, cut, amount = room - granted, cut + amount - granted, granted
        results.append(
            LineResult(ref=line.ref, outcome=_outcome(findings), amount_fen=amount, findings=tuple(findings))
        )
    return tuple(results), cut


def _cap_findings(facts: ClaimFacts, terms: Terms, before: int, after: int, cap: int, ref: str) -> list[Finding]:
    article = terms.article(f"caps_yuan.{CAPS[facts.kind]}")
    rules = [rule for rule in RULES if rule.scope == "cap" and rule.applies(facts)]
    found = [rule.on_cap(before, after, cap, terms, ref) for rule in rules]
    return [replace(finding, article=article) for finding in found if finding]


def _blocks(findings: list[Finding]) -> bool:
    return any(finding.severity == Severity.BLOCK for finding in findings)


def _outcome(findings: list[Finding]) -> Outcome:
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Outcome.REFUSE
    return Outcome.REVIEW if Severity.REVIEW in severities else Outcome.PAY


def _assess_title(facts: ClaimFacts, terms: Terms, scheme: str, article: str) -> Assessment:
    """An ambassador's tier and bonus; the lines he counts belong to his referral claims, so none are listed here."""
    findings = tuple(_found(facts, terms)[None])
    heads = counted_heads(facts, terms)
    tier = None if _blocks(list(findings)) else tier_of(heads, terms)
    bonus = terms.tier_bonus_fen(tier) if tier else 0
    return Assessment(
        kind=facts.kind,
        scheme=scheme,
        doc_no=terms.doc_no,
        rate_fen=bonus,
        rate_article=article,
        findings=findings,
        headcount=heads,
        tier=tier,
        bonus_fen=bonus,
        total_fen=bonus,
    )
