"""How risky a claim is, from the rules that fired on it: 0 none, 1 medium, 2 high. Pure."""

from collections.abc import Iterable

from policy.assessment import Assessment, Finding, Severity
from policy.terms import Terms

NONE, MEDIUM, HIGH = 0, 1, 2
GRAVE = frozenset({
    "insured_then_stopped", "mass_stop", "rehired_in_group", "same_account", "phone_of_claimant", "phone_shared",
    "phone_across_claimants", "account_shared", "id_numbers_close", "same_file", "worker_deceased", "worker_in_prison",
    "paid_other_document", "claimed_falsely_before", "claimant_blacklisted", "employer_blacklisted", "worker_blacklisted",
})  # fmt: skip  # each is a pattern of a fraud that an audit has found (brief 7)


def risk_of(assessment: Assessment, terms: Terms) -> int:
    """High: a grave rule, something blocked or excepted, or several review rules on one line; medium: any review rule."""
    several = [assessment.findings, *(line.findings for line in assessment.lines)]
    return max((_weight(findings, terms) for findings in several), default=NONE)


def _weight(findings: Iterable[Finding], terms: Terms) -> int:
    found = [finding for finding in findings if finding.severity != Severity.INFO]
    if any(finding.severity == Severity.BLOCK or finding.code in GRAVE for finding in found):
        return HIGH
    hits = len({finding.code for finding in found})
    limit = terms.checks.high_risk_hits
    return HIGH if limit and hits >= max(2, limit) else MEDIUM if hits else NONE
