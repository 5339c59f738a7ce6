"""What a claim's papers print, gathered from the claim as it stands when the paper is issued. Numbers leave masked."""

from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core import clock
from core.identifiers import mask_account, mask_id, mask_phone
from documents.papers.approval import (
    ApprovalContent,
    Citation,
    ClaimantBlock,
    DeductionGroup,
    EmployerRow,
    Opinion,
    WorkerRow,
)
from documents.papers.certificate import CertificateContent
from policy.discretion import discreet_row
from registry.models import Claimant
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.facts import counted_lines
from workflows.printed import last_assessment, lines_of, masked, outcome_of, reason_of, scheme_of, town_of
from workflows.reviews import Review
from workflows.states import Kind, LineStatus, Step
from workflows.steps import rule_of
from workflows.waivers import Waiver
from workflows.waiving import WAIVED_BY

STAGE_OF = {
    Step.VILLAGE_RECORD: "village",
    Step.VILLAGE_CONFIRM: "village",
    Step.TOWNSHIP_REVIEW: "township",
    Step.TOWNSHIP_SIGN: "township",
    Step.BUREAU_REVIEW: "bureau_handler",
    Step.SECTION_REVIEW: "section_head",
    Step.LEADER_APPROVAL: "bureau_leader",
}


def claimant_block(claim: Claim) -> ClaimantBlock:
    """Who claims, as the form prints it."""
    account = claim.account
    shared: dict[str, Any] = {
        "account_holder": account.holder if account else "",
        "bank": account.bank if account else "",
        "masked_account": mask_account(account.number) if account else "",
    }
    if claim.claimant_org:
        return _organisation_block(claim.claimant_org, claim.kind, shared)
    person = Claimant.objects.select_related("employer").filter(user=claim.claimant_user_id).first()
    return ClaimantBlock(
        name=claim.claimant_name,
        masked_id=mask_id(person.id_number) if person else "",
        masked_phone=mask_phone(person.phone) if person and person.phone else "",
        employer=person.employer.name if person and person.employer else "",
        **shared,
    )


def _organisation_block(organisation: Organisation, kind: str, shared: dict[str, Any]) -> ClaimantBlock:
    licence = organisation.licences.order_by("-valid_to").first() if kind == Kind.AGENCY else None
    platform = getattr(organisation, "platform", None) if kind == Kind.PLATFORM else None
    return ClaimantBlock(
        name=organisation.name,
        uscc=organisation.uscc,
        legal_rep=organisation.legal_representative,
        address=organisation.address,
        licence_no=licence.number if licence else "",
        licence_until=licence.valid_to if licence else None,
        platform_type=platform.get_type_display() if platform else "",
        platform_level=platform.get_level_display() if platform else "",
        **shared,
    )


def approval(claim: Claim) -> ApprovalContent:
    """The 审批表 of any kind, with every officer's last opinion and the list of workers."""
    lines = list(lines_of(claim))
    people = [line for line in lines if line.worker_id]
    live = [line for line in lines if line.status == LineStatus.LIVE]
    gone = [line for line in people if line.status in (LineStatus.DEDUCTED, LineStatus.ANNULLED)]
    days = [line.hire_date for line in people if line.hire_date]
    result = last_assessment(claim)
    counted = counted_lines(claim) if claim.kind == Kind.AMBASSADOR else ()
    return ApprovalContent(
        kind=claim.kind,
        kind_label=str(Kind(claim.kind).label),
        claim_number=claim.number or "",
        filed_on=claim.filed_on,
        claimant=claimant_block(claim),
        employers=_employers(claim, people),
        filed_count=len(people) or len(counted),
        live_count=len([line for line in live if line.worker_id]) or result.get("headcount", 0),
        deducted_count=len(gone),
        rate_fen=result.get("rate_fen", 0),
        total_fen=sum(line.amount_fen for line in live),
        hired_from=min(days, default=None),
        hired_to=max(days, default=None),
        opinions=_opinions(claim),
        citations=[*_citations(result), *_exceptions(claim, result)],
        deductions=[DeductionGroup(*pair) for pair in Counter(reason_of(line) for line in gone).most_common()],
        lines=[_worker(line) for line in people],
        attachments=_attachments(claim),
        fund_name=claim.fund.name if claim.fund else "",
        allocation_no=claim.fund.allocation_no if claim.fund else "",
        tier=TIER_WORDS.get(claim.tier, ""),
        bonus_fen=result.get("bonus_fen", 0),
        count_year=claim.count_year,
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )


TIER_WORDS = {"gold": "金牌", "silver": "银牌", "bronze": "铜牌"}


def _worker(line: ClaimLine) -> WorkerRow:
    live = line.status == LineStatus.LIVE
    return WorkerRow(
        seq=line.seq,
        name=line.worker.name if line.worker else "",
        masked_id=masked(line),
        employer=line.employer_name,
        hired_on=line.hire_date,
        outcome=outcome_of(line),
        amount_fen=line.amount_fen if live else 0,
    )


def _employers(claim: Claim, lines: list[ClaimLine]) -> list[EmployerRow]:
    if claim.employer:
        return [EmployerRow(claim.employer.name, claim.employer.uscc, town_of(claim.employer.area), 0)]
    heads = Counter((line.employer_name, line.employer_uscc) for line in lines)
    town = {line.employer_uscc: town_of(line.employer.area if line.employer else None) for line in lines}
    return [EmployerRow(name, code, town[code], count) for (name, code), count in heads.most_common()]


def _opinions(claim: Claim) -> list[Opinion]:
    """The last decided review of each step and area; recalled and superseded ones said nothing."""
    reviews = (
        Review.objects.filter(claim=claim, decided_by__isnull=False)
        .exclude(outcome="superseded")
        .select_related("area", "decided_by", "decided_post__area", "decided_post__organisation")
        .order_by("pk")
    )
    last = {(r.step, r.area_id): r for r in reviews if r.step in STAGE_OF and r.outcome != "sent_back"}
    return [
        Opinion(
            stage=STAGE_OF[Step(review.step)],
            organ=review.area.name if rule_of(review.step).level != "zone" else settings.BUREAU_NAME,
            who=review.decided_by.full_name if review.decided_by else "",
            post=str(review.decided_post.get_role_display()) if review.decided_post else "",
            opinion=review.opinion or str(review.get_outcome_display()),
            day=clock.local_date(review.decided_at) if review.decided_at else date.min,
        )
        for review in last.values()
    ]


def _citations(result: dict[str, Any]) -> list[Citation]:
    """The rate's own article, then each distinct rule that asked for a look."""
    found = [discreet_row(finding) for finding in _findings(result)]
    rules = {f["rule"]: Citation(f["rule"], f["message"], f["article"]) for f in reversed(found)}
    rate = Citation(_("标准"), _("奖补标准"), result.get("rate_article", ""))
    return [rate, *(rules[key] for key in sorted(rules))]


def _findings(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [*result.get("findings", []), *(f for line in result.get("lines", []) for f in line["findings"])]


def _exceptions(claim: Claim, result: dict[str, Any]) -> list[Citation]:
    """Each exception that was granted: for which line, by whom, when and why. Asked only when a rule allows one."""
    if not any(finding["code"] in WAIVED_BY for finding in _findings(result)):
        return []
    granted = Waiver.objects.filter(claim=claim, outcome=Waiver.Outcome.GRANTED)
    return [
        Citation(
            waiver.rule,
            _("第%(seq)s行批准例外：%(reason)s") % {"seq": waiver.line.seq, "reason": waiver.reason},
            _("%(role)s%(who)s，%(day)s")
            % {
                "role": waiver.decided_post.get_role_display() if waiver.decided_post else "",
                "who": waiver.decided_by,
                "day": clock.local_date(waiver.decided_at) if waiver.decided_at else "",
            },
        )
        for waiver in granted.select_related("line", "decided_by", "decided_post").order_by("line__seq")
    ]


def _attachments(claim: Claim) -> list[str]:
    kinds = Evidence.objects.filter(claim=claim, replaced_at=None).values_list("kind", flat=True)
    return [f"{Evidence.Kind(kind).label}（{count}份）" for kind, count in sorted(Counter(kinds).items())]


def certificate(claim: Claim) -> CertificateContent:
    """The ambassador's certificate."""
    return CertificateContent(
        name=claim.claimant_name,
        tier=claim.tier,
        year=claim.count_year or clock.today().year,
        employer=claim.employer.name if claim.employer else "",
        headcount=last_assessment(claim).get("headcount", 0),
        awarded_on=clock.local_date(claim.approved_at) if claim.approved_at else clock.today(),
        **scheme_of(claim),
    )
