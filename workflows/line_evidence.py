"""What stands beside a worker when an officer verifies him (brief A25): earlier claims, the employer, insurance, shares.

Counts and dates only where they come from others' claims: whose they are is not told. A fixed number of queries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import NotAllowed
from core.identifiers import mask_id, mask_phone
from registry.labour.codes import OUT_OF_SCOPE
from registry.labour.queries import matching
from registry.models import LabourPerson
from workflows import access
from workflows.check_lists import CheckEntry, CheckList, in_force
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord
from workflows.states import ClaimState, Kind, LineStatus

ELSEWHERE = (LineStatus.LIVE, LineStatus.HELD, LineStatus.SUSPENDED)
SHOWN = 20
REGISTERED = 5  # people of the register who may be the worker


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another line of the same person: what kind of claim, for which start, and what became of it."""

    kind: str
    on: date | None
    status: str


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """All that the page of one line shows. `advice`: ``true``, ``look`` or ``deduct``; reasons: findings, `doubts`.

    `registered` are people of the register who may be the worker, each with `.history`, the latest first.
    """

    line: ClaimLine
    claim: Claim
    masked_id: str
    masked_phone: str
    registered: list[LabourPerson]
    doubts: list[str]
    earlier: list[Earlier]
    employer_people: int
    employer_approved: int
    employer_deducted: int
    employer_false: int
    insured: list[CheckEntry]
    insured_as_of: date | None
    phone_workers: int
    phone_claimants: int
    account_claimants: int
    findings: list[dict[str, Any]]
    advice: str


def line_evidence(*, line_id: UUID, by: Actor) -> LineEvidence:
    """The evidence beside one line the actor may see; refuses `claim_not_visible`, the same for one that is not there."""
    line = _line(line_id, by)
    claim = line.claim
    others = ClaimLine.objects.filter(person_index=line.person_index).exclude(pk=line.pk).exclude(person_index="")
    known = others.exclude(status=LineStatus.DRAFT).select_related("claim").order_by("-hire_date")[:SHOWN]
    firm = _employer(line)
    phone = _phone(line)
    findings = _findings(line)
    registered = _registered(line, by)
    doubts = _doubts(line, registered)
    listed = in_force(clock.today()).filter(kind=CheckList.Kind.INSURANCE).first()
    insured = CheckEntry.objects.filter(list=listed, person_index=line.person_index) if listed else None
    return LineEvidence(
        line=line,
        claim=claim,
        masked_id=mask_id(line.worker.id_number) if line.worker else "",
        masked_phone=mask_phone(line.phone) if line.phone else "",
        registered=registered,
        doubts=doubts,
        earlier=[Earlier(str(Kind(o.claim.kind).label), o.hire_date, str(LineStatus(o.status).label)) for o in known],
        employer_people=firm["people"],
        employer_approved=firm["approved"],
        employer_deducted=firm["deducted"],
        employer_false=firm["false"],
        insured=list(insured.order_by("since")[:SHOWN]) if insured is not None else [],
        insured_as_of=listed.drawn_on if listed else None,
        phone_workers=phone["workers"],
        phone_claimants=phone["claimants"],
        account_claimants=_account(claim),
        findings=findings,
        advice=_advice(findings, doubts),
    )


def _line(line_id: UUID, by: Actor) -> ClaimLine:
    """By the claim's own rule and the line's: a village opens its own people only."""
    claims = access.visible_to(by).filter(lines=line_id).select_related("claimant_org", "claimant_user", "account")
    claim = claims.first()
    related = ("worker", "employer", "home", "verify_area")
    line = access.visible_lines(by, claim).filter(pk=line_id).select_related(*related).first() if claim else None
    if line is None or claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    line.claim = claim
    return line


def _registered(line: ClaimLine, by: Actor) -> list[LabourPerson]:
    """The register's own people only as far as the post sees them: a village its own."""
    if line.worker is None:
        return []
    worker = line.worker
    return list(matching(by, id_index=worker.id_index, name=worker.name, birth=worker.birth)[:REGISTERED])


def _doubts(line: ClaimLine, registered: list[LabourPerson]) -> list[str]:
    """What the register says against the claim, as sentences: what each person did on the day of hire and later."""
    said = []
    for person in registered:
        for status in person.history:  # type: ignore[attr-defined]
            meant = line.hire_date is None or status.until is None or status.until > line.hire_date
            if meant and status.status in OUT_OF_SCOPE:
                told = {"day": status.since, "status": status.get_status_display()}
                said.append(_("劳动力信息库记载%(day)s起“%(status)s”，请核实。") % told)
            elif status.until is None and status.employer and status.employer != line.employer_name:
                said.append(
                    _("劳动力信息库记载现就业单位为%(employer)s，与申报不一致。") % {"employer": status.employer}
                )
    return said


def _employer(line: ClaimLine) -> dict[str, int]:
    lines = ClaimLine.objects.filter(employer_uscc=line.employer_uscc).exclude(claim=line.claim_id)
    gone = Q(status__in=[LineStatus.DEDUCTED, LineStatus.ANNULLED])
    return lines.exclude(status=LineStatus.DRAFT).aggregate(
        people=Count("person_index", distinct=True),
        approved=Count("pk", filter=Q(status=LineStatus.LIVE, claim__state=ClaimState.PAYABLE)),
        deducted=Count("pk", filter=gone),
        false=Count("pk", filter=gone & Q(reason_code="material_false")),
    )


def _phone(line: ClaimLine) -> dict[str, int]:
    if not line.phone_index:
        return {"workers": 0, "claimants": 0}
    same = ClaimLine.objects.filter(phone_index=line.phone_index, status__in=ELSEWHERE).exclude(
        person_index=line.person_index
    )
    counted = same.aggregate(
        workers=Count("person_index", distinct=True),
        units=Count("claim__claimant_org", distinct=True),
        persons=Count("claim__claimant_user", distinct=True),
    )
    return {"workers": counted["workers"], "claimants": counted["units"] + counted["persons"]}


def _account(claim: Claim) -> int:
    """Other claimants who claimed into this account's number."""
    if claim.account is None:
        return 0
    same = Claim.objects.filter(account__number_index=claim.account.number_index).exclude(state=ClaimState.DRAFT)
    if claim.claimant_org_id:
        others = same.filter(Q(claimant_org=None) | ~Q(claimant_org=claim.claimant_org_id))
    else:
        others = same.filter(Q(claimant_user=None) | ~Q(claimant_user=claim.claimant_user_id))
    counted = others.aggregate(
        units=Count("claimant_org", distinct=True), persons=Count("claimant_user", distinct=True)
    )
    return counted["units"] + counted["persons"]


def _findings(line: ClaimLine) -> list[dict[str, Any]]:
    record = AssessmentRecord.objects.filter(claim=line.claim_id).order_by("-pk").first()
    lines = record.result.get("lines", []) if record else []
    return next((list(item["findings"]) for item in lines if item["ref"] == str(line.pk)), [])


def _advice(findings: list[dict[str, Any]], doubts: list[str]) -> str:
    severities = {finding["severity"] for finding in findings}
    return "deduct" if "block" in severities else "look" if "review" in severities or doubts else "true"
