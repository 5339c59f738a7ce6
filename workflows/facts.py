"""Gathers the facts that the rules of `policy` judge. A fixed number of queries, whatever the number of lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Organisation
from core import clock
from core.identifiers import uscc_fault
from policy.assess import assess
from policy.assessment import Assessment
from policy.facts import (
    ClaimantFacts,
    ClaimFacts,
    CountedLine,
    EmployerFacts,
    LineFacts,
    OtherClaim,
)
from policy.models import SchemeVersion
from registry.models import Claimant, Worker
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.states import ClaimState, Kind, LineStatus
from workflows.traces import Traces, phone_index_of, ties_of, traces
from workflows.waivers import Waiver

CLAIMING = (LineStatus.LIVE, LineStatus.HELD)
TAKEN_OFF = (LineStatus.DEDUCTED, LineStatus.ANNULLED)
FALSE = "material_false"  # the officers' reason that counts as an earlier false claim (C22)
LINE_RELATED = ("worker", "employer__employer", "employer__area__parent", "lender__employer", "home__parent")

TAKEN_BACK = ("owed", "closed")  # recovery cases in which money is or was asked back
NEVER_COUNTED = (
    "insurance_stopped",
    "not_stable",
    "false_claim",
    "duplicate",
    "ineligible",
)  # their grounds, not a sum


def employer_facts(
    name: str, uscc: str, organisation: Organisation | None, seen: Traces | None = None
) -> EmployerFacts:
    """What is known of an enterprise; one that is not in the register has `in_zone=None`."""
    approved, stopped = seen.stops.get(uscc, (0, 0)) if seen else (0, 0)
    profile = getattr(organisation, "employer", None) if organisation else None
    return EmployerFacts(
        name=name,
        uscc=uscc,
        uscc_fault=uscc_fault(uscc),
        in_zone=profile.in_zone if profile else None,
        is_dispatch=profile.is_dispatch if profile else False,
        is_public_body=profile.is_public_body if profile else False,
        legal_representative=(profile.legal_rep_index or None) if profile else None,
        insured_headcount=profile.insured_headcount if profile else None,
        approved_before=approved,
        stopped_after_approval=stopped,
        blacklisted=bool(seen and uscc in seen.blacklisted),
    )


def claimant_facts(claim: Claim, on: date) -> ClaimantFacts:
    """What is known of who claims, what he was approved for in the calendar year of `on` (same kind), and how many of
    his people were ever taken off because their papers were false."""
    mine = (
        Q(claim__claimant_org=claim.claimant_org_id)
        if claim.claimant_org_id
        else Q(claim__claimant_user=claim.claimant_user_id)
    )
    approved = Q(
        status=LineStatus.LIVE, claim__state=ClaimState.PAYABLE, claim__kind=claim.kind, claim__filed_on__year=on.year
    )
    before = (
        ClaimLine.objects.filter(mine)
        .exclude(claim=claim.pk)
        .aggregate(
            total=Sum("amount_fen", filter=approved),
            false=Count("pk", filter=Q(reason_code=FALSE, status__in=TAKEN_OFF)),
        )
    )
    ties = ties_of(claim)
    shared: dict[str, Any] = {
        "paid_this_year_fen": before["total"] or 0,
        "false_before": before["false"],
        "account_holder": ties.account_holder,
        "account_shared_by": ties.account_shared_by,
        "address_shared_by": ties.address_shared_by,
        "shares": ties.shares,
    }
    if claim.claimant_org:
        return _unit_facts(claim, claim.claimant_org, shared)
    person = Claimant.objects.select_related("employer").filter(user=claim.claimant_user_id).first()
    if person is None:
        return ClaimantFacts(name=claim.claimant_name, **shared)
    at = frozenset({person.employer.uscc}) if person.employer else frozenset()
    return ClaimantFacts(
        name=claim.claimant_name,
        person=person.id_index,
        phone=phone_index_of(person.phone),
        in_zone=person.in_zone,
        public_payroll=person.public_payroll,
        employed_at=at,
        employer_hr_of=at if person.is_employer_hr else frozenset(),
        **shared,
    )


def _unit_facts(claim: Claim, organisation: Organisation, shared: dict[str, Any]) -> ClaimantFacts:
    licence = organisation.licences.order_by("-valid_to").first() if claim.kind == Kind.AGENCY else None
    platform = getattr(organisation, "platform", None) if claim.kind == Kind.PLATFORM else None
    return ClaimantFacts(
        name=organisation.name,
        uscc=organisation.uscc,
        uscc_fault=uscc_fault(organisation.uscc),
        in_zone=organisation.area_id is not None,
        licence_from=licence.valid_from if licence else None,
        licence_to=licence.valid_to if licence else None,
        platform_type=platform.type if platform else "",
        **shared,
    )


def scheme_for(days: Iterable[date | None]) -> tuple[SchemeVersion | None, list[SchemeVersion]]:
    """The published version to judge by, and all versions that the hire dates fall under; one query.

    A day under no version is judged by the newest one that began before it, which will refuse it (A19, A20).
    """
    published = list(
        SchemeVersion.objects.filter(status=SchemeVersion.Status.PUBLISHED).order_by("valid_from", "version")
    )
    fitting: list[SchemeVersion] = []
    for day in sorted({day for day in days if day}):
        here = [v for v in published if v.valid_from <= day and (v.valid_to is None or day <= v.valid_to)]
        if here and here[-1] not in fitting:
            fitting.append(here[-1])
    return (fitting or published or [None])[-1], fitting  # type: ignore[list-item]


def _others(claim: Claim, lines: Sequence[ClaimLine]) -> dict[str, list[OtherClaim]]:
    """Other live or held lines of the same people, and of other documents with the same name and birth (C02)."""
    people = {line.person_index: (line.worker.name, line.worker.birth) for line in lines if line.worker}
    named: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    for index, key in people.items():
        named[key].append(index)
    same_name = Q(worker__in=Worker.objects.filter(name__in={name for name, _birth in named}).values("pk"))
    found: dict[str, list[OtherClaim]] = defaultdict(list)
    rivals = (
        ClaimLine.objects.filter(Q(person_index__in=list(people)) | same_name, status__in=CLAIMING)
        .exclude(claim_id=claim.pk)
        .select_related("claim", "worker")
    )
    for rival in rivals:
        if rival.worker is None or rival.hire_date is None:
            continue
        same_number = rival.person_index in people
        targets = [rival.person_index] if same_number else named.get((rival.worker.name, rival.worker.birth), [])
        for index in targets if rival.worker.birth or same_number else []:
            found[index].append(_other(rival, same_number))
    return found


def _other(rival: ClaimLine, same_number: bool) -> OtherClaim:
    approved = rival.claim.state == ClaimState.PAYABLE
    return OtherClaim(
        kind=rival.claim.kind,  # type: ignore[arg-type]
        slot=rival.slot,
        status="approved" if approved else "open",
        on=rival.hire_date,  # type: ignore[arg-type]
        number=rival.claim.number or "",
        employer_uscc=rival.employer_uscc,
        same_number=same_number,
    )


def line_facts(
    line: ClaimLine,
    *,
    others: Iterable[OtherClaim],
    seen: Traces,
    evidence: frozenset[str],
    claimant_phone: str = "",
    waived: frozenset[str] = frozenset(),
) -> LineFacts:
    """One line as the rules see it; `line.worker`, `line.employer`, `line.lender` are loaded."""
    worker, details = line.worker, line.details
    return LineFacts(
        ref=str(line.pk),
        person=line.person_index or None,
        name=worker.name if worker else "",
        id_fault=details.get("id_fault", ""),
        birth=worker.birth if worker else None,
        sex=(worker.sex if worker else "") or "",  # type: ignore[arg-type]
        employer=employer_facts(line.employer_name, line.employer_uscc, line.employer, seen),
        lender=employer_facts(line.lender_name, line.lender_uscc, line.lender) if line.lender_uscc else None,
        hire_date=line.hire_date,
        lending_to=line.lending_to,
        contract_from=line.contract_from,
        contract_to=line.contract_to,
        insurance=frozenset(details.get("insurance_types", ())),
        insured_from=line.insured_from,
        insured_months=line.insured_months,
        payroll_months=line.payroll_months,
        still_employed=line.still_employed,
        origin_in_zone=details.get("hukou_in_zone"),
        phone_shared_by=seen.phone_workers.get(line.phone_index, 1),
        phone_claimants=seen.phone_claimants.get(line.phone_index, 1),
        phone_of_claimant=bool(claimant_phone) and line.phone_index == claimant_phone,
        id_distance=seen.id_distance.get(line.pk),
        same_files=seen.same_files.get(line.pk, 0),
        listed=tuple(seen.listed.get(line.person_index, ())) if line.person_index else (),
        insured=seen.jobs_of(line),
        waived=waived,
        slot=line.slot,
        others=tuple(others),
        evidence=evidence,
    )


def claim_facts(
    claim: Claim, lines: Sequence[ClaimLine], on: date, claimant: ClaimantFacts | None = None, months: int = 3
) -> ClaimFacts:
    """All facts of a claim on the day it is judged. `lines` are loaded with `LINE_RELATED`.

    An unsaved claim has no evidence; `claimant` replaces what the register would say of its claimant; `months` as in
    `traces`. Lists are those in force today, whatever day the claim was filed on.
    """
    rows = Evidence.objects.filter(claim_id=claim.pk, replaced_at=None).values_list("line_id", "kind", "file__sha256")
    evidence = list(rows)
    whole = frozenset(kind for line_id, kind, _sha in evidence if line_id is None)
    of_line: dict[object, set[str]] = defaultdict(set)
    for line_id, kind, _sha in evidence:
        of_line[line_id].add(kind)
    others = _others(claim, lines) if lines else {}
    who = claimant or claimant_facts(claim, on)
    files = [(line_id, sha) for line_id, _kind, sha in evidence if line_id is not None]
    seen = traces(claim, lines, clock.today(), files, months, who.person)
    waived = waived_codes(claim) if claim.pk and claim.state != ClaimState.DRAFT else {}
    employer = claim.employer if claim.kind == Kind.AMBASSADOR else None
    return ClaimFacts(
        kind=claim.kind,  # type: ignore[arg-type]
        filed_on=on,
        claimant=replace(who, blacklisted=bool(seen.blacklisted & {who.person, who.uscc} - {None, ""})),
        lines=tuple(
            line_facts(
                line,
                others=others.get(line.person_index, ()),
                seen=seen,
                evidence=whole | frozenset(of_line[line.pk]),
                claimant_phone=who.phone,
                waived=waived.get(line.pk, frozenset()),
            )
            for line in lines
        ),
        counted=counted_lines(claim) if employer else (),
        count_year=claim.count_year,
        employer=employer_facts(employer.name, employer.uscc, employer, seen) if employer else None,
        evidence=whole,
    )


def waived_codes(claim: Claim) -> dict[object, frozenset[str]]:
    """The blocking rules that were overridden, by line; one query."""
    codes: dict[object, set[str]] = defaultdict(set)
    for line_id, code in Waiver.objects.filter(claim=claim, outcome=Waiver.Outcome.GRANTED).values_list("line", "code"):
        codes[line_id].add(code)
    return {line_id: frozenset(several) for line_id, several in codes.items()}


def counted_lines(claim: Claim) -> tuple[CountedLine, ...]:
    """The referrals an ambassador claim counts, as they stand now: one that was annulled, or whose money is asked back
    because it should not have been given (C16), is no longer approved."""
    lines = ClaimLine.objects.filter(counted_by__claim=claim).select_related("claim")
    back = {"recoveries__case__state__in": TAKEN_BACK, "recoveries__case__ground__in": NEVER_COUNTED}
    taken_back = set(lines.filter(**back).values_list("pk", flat=True))
    return tuple(
        CountedLine(
            ref=str(line.pk),
            person=line.person_index,
            employer_uscc=line.employer_uscc,
            hire_date=line.hire_date,  # type: ignore[arg-type]
            approved=line.status == LineStatus.LIVE
            and line.claim.state == ClaimState.PAYABLE
            and line.pk not in taken_back,
        )
        for line in lines
        if line.hire_date
    )


def judge(claim: Claim, lines: Sequence[ClaimLine], on: date, scheme: SchemeVersion) -> Assessment:
    """Assess the lines of a claim by a scheme version, on a day."""
    terms = scheme.parsed()
    return assess(claim_facts(claim, lines, on, months=terms.checks.mass_stop_months), terms, scheme.label)
