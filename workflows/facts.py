"""Gathers the facts that the rules of `policy` judge. A fixed number of queries, whatever the number of lines."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, Sum

from accounts.models import Organisation
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

CLAIMING = (LineStatus.LIVE, LineStatus.HELD)
LINE_RELATED = ("worker", "employer__employer", "employer__area__parent", "lender__employer", "home__parent")

TAKEN_BACK = ("owed", "closed")  # recovery cases in which money is or was asked back
NEVER_COUNTED = (
    "insurance_stopped",
    "not_stable",
    "false_claim",
    "duplicate",
    "ineligible",
)  # their grounds, not a sum


def employer_facts(name: str, uscc: str, organisation: Organisation | None) -> EmployerFacts:
    """What is known of an enterprise; one that is not in the register has `in_zone=None`."""
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
    )


def claimant_facts(claim: Claim, on: date) -> ClaimantFacts:
    """What is known of who claims, and what he was approved for in the calendar year of `on`, same kind."""
    mine = Q(claimant_org=claim.claimant_org_id) if claim.claimant_org_id else Q(claimant_user=claim.claimant_user_id)
    approved = Claim.objects.filter(mine, kind=claim.kind, state=ClaimState.PAYABLE, filed_on__year=on.year)
    paid = (
        ClaimLine.objects.filter(claim__in=approved.exclude(pk=claim.pk), status=LineStatus.LIVE).aggregate(
            total=Sum("amount_fen")
        )["total"]
        or 0
    )
    if claim.claimant_org:
        organisation = claim.claimant_org
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
            paid_this_year_fen=paid,
        )
    person = Claimant.objects.select_related("employer").filter(user=claim.claimant_user_id).first()
    if person is None:
        return ClaimantFacts(name=claim.claimant_name, paid_this_year_fen=paid)
    at = frozenset({person.employer.uscc}) if person.employer else frozenset()
    return ClaimantFacts(
        name=claim.claimant_name,
        person=person.id_index,
        in_zone=person.in_zone,
        public_payroll=person.public_payroll,
        employed_at=at,
        employer_hr_of=at if person.is_employer_hr else frozenset(),
        paid_this_year_fen=paid,
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


def line_facts(line: ClaimLine, *, others: Iterable[OtherClaim], shared: int, evidence: frozenset[str]) -> LineFacts:
    """One line as the rules see it; `line.worker`, `line.employer`, `line.lender` are loaded."""
    worker, details = line.worker, line.details
    return LineFacts(
        ref=str(line.pk),
        person=line.person_index or None,
        name=worker.name if worker else "",
        id_fault=details.get("id_fault", ""),
        birth=worker.birth if worker else None,
        sex=(worker.sex if worker else "") or "",  # type: ignore[arg-type]
        employer=employer_facts(line.employer_name, line.employer_uscc, line.employer),
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
        phone_shared_by=shared,
        slot=line.slot,
        others=tuple(others),
        evidence=evidence,
    )


def claim_facts(
    claim: Claim, lines: Sequence[ClaimLine], on: date, claimant: ClaimantFacts | None = None
) -> ClaimFacts:
    """All facts of a claim on the day it is judged. `lines` are loaded with `LINE_RELATED`.

    An unsaved claim has no evidence; `claimant` replaces what the register would say of its claimant.
    """
    evidence = list(Evidence.objects.filter(claim_id=claim.pk, replaced_at=None).values_list("line_id", "kind"))
    whole = frozenset(kind for line_id, kind in evidence if line_id is None)
    of_line: dict[object, set[str]] = defaultdict(set)
    for line_id, kind in evidence:
        of_line[line_id].add(kind)
    phones = Counter(line.phone_index for line in lines if line.phone_index)
    others = _others(claim, lines) if lines else {}
    employer = claim.employer if claim.kind == Kind.AMBASSADOR else None
    return ClaimFacts(
        kind=claim.kind,  # type: ignore[arg-type]
        filed_on=on,
        claimant=claimant or claimant_facts(claim, on),
        lines=tuple(
            line_facts(
                line,
                others=others.get(line.person_index, ()),
                shared=phones.get(line.phone_index, 1),
                evidence=whole | frozenset(of_line[line.pk]),
            )
            for line in lines
        ),
        counted=counted_lines(claim) if employer else (),
        count_year=claim.count_year,
        employer=employer_facts(employer.name, employer.uscc, employer) if employer else None,
        evidence=whole,
    )


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
    return assess(claim_facts(claim, lines, on), scheme.parsed(), scheme.label)
