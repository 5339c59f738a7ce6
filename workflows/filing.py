"""The claimant's verbs: pre-check, file, answer a correction, withdraw."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Area
from core import clock
from core.errors import Refusal, WrongState
from core.numbering import take
from core.timeline import record
from policy.assessment import Assessment, LineResult, Outcome, Severity
from policy.discretion import discreet, for_claimant
from policy.models import SchemeVersion
from workflows import access
from workflows.claims import Claim, ClaimLine
from workflows.consultations import wind_up
from workflows.corrections import open_correction
from workflows.facts import LINE_RELATED, judge, scheme_for
from workflows.flows import flow_of
from workflows.hearings import Objection
from workflows.issuing import retire_notices_later
from workflows.judged import apply_assessment, placed
from workflows.locking import ACTIVE, Case, claim_locked, distinct
from workflows.opening import first_stop, open_stop
from workflows.placing import place
from workflows.slots import settle
from workflows.states import ClaimState, Kind, LineStatus, ReviewOutcome
from workflows.waivers import Waiver
from workflows.waiving import WAIVED_BY, blocking, may_be_pleaded, plead

SHOWN = 5  # lines named in one sentence


def lines_to_judge(claim: Claim) -> list[ClaimLine]:
    """The claim's draft, live and held lines with all that the rules look at; one query."""
    lines = ClaimLine.objects.filter(claim=claim, status__in=[LineStatus.DRAFT, *ACTIVE])
    return list(lines.select_related(*LINE_RELATED))


def scheme_of(claim: Claim, lines: Sequence[ClaimLine]) -> SchemeVersion:
    """The one version the claim is judged by; refuses `mixed_schemes` and `no_scheme`."""
    days = [clock.today().replace(year=claim.count_year)] if claim.count_year else [line.hire_date for line in lines]
    scheme, fitting = scheme_for(days)
    if scheme is None:
        raise Refusal("no_scheme", _("尚未发布任何政策版本，暂不能申报，请联系民生保障局劳动保障科。"))
    if len(fitting) > 1:
        raise Refusal(
            "mixed_schemes",
            _("名单中的入职日期分属%(n)d个政策版本，请按政策版本分开申报：%(which)s。")
            % {
                "n": len(fitting),
                "which": "、".join(f"{v.doc_no}（{v.valid_from}至{v.valid_to or '今'}）" for v in fitting),
            },
        )
    return scheme


def precheck(*, claim_id: int, by: Actor) -> Assessment:
    """What would happen if the claim were filed today, line by line; changes nothing."""
    claim = Claim.objects.select_related(
        "claimant_org", "claimant_user", "created_post", "employer__employer", "account"
    ).filter(pk=claim_id)
    if (found := claim.first()) is None:
        raise Refusal("claim_unknown", _("找不到该申报。"))
    access.can_edit(by, found).require()
    lines = lines_to_judge(found)
    return for_claimant(judge(found, lines, found.filed_on or clock.today(), scheme_of(found, lines)))


def file_claim(*, claim_id: int, by: Actor, plea: str = "") -> Claim:
    """File a draft: number it, take the workers' slots, freeze the assessment, open acceptance.

    `plea` asks for an exception for the lines that only rules block to which one may be made (C04).
    Refuses `already_filed`, `not_declared`, `no_account`, `no_lines`, `lines_refused`, `claim_refused`.
    """
    with transaction.atomic():
        claim = claim_locked(claim_id)
        verdict = access.can_file(by, claim)
        if verdict.code == "already_filed":
            raise WrongState(verdict.code, verdict.reason)
        verdict.require()
        lines = lines_to_judge(claim)
        _require_complete(claim, lines)
        claim.scheme = scheme_of(claim, lines)
        claim.number = _number(claim, lines)
        claim.filed_on = claim.filed_on or clock.today()
        top = zone()
        stored = placed(lines)
        place(claim, lines, scheme=claim.scheme, top=top)
        held = settle(claim, lines)
        assessment = judge(claim, lines, claim.filed_on, claim.scheme)
        require_payable(lines, assessment, pleads=bool(plea.strip()))
        apply_assessment(claim, lines, assessment, stored, stage="filed")
        flow_of(claim).file()
        claim.saved_at = clock.now()
        claim.save()
        if plea.strip():
            plead(claim, lines, assessment, plea)
        case = Case(claim, fresh=True)
        open_stop(case, ClaimState.FILED, [top])
        record(
            claim.chain,
            "file",
            by=by,
            data={"number": claim.number, "lines": len(lines), "held": [str(line.pk) for line in held]},
        )
    return claim


def _require_complete(claim: Claim, lines: Sequence[ClaimLine]) -> None:
    if not claim.declared:
        raise Refusal("not_declared", _("请先阅读并勾选承诺，再提交申报。"))
    if claim.account_id is None:
        raise Refusal("no_account", _("请先选择收款账户。"))
    if not lines and claim.kind != Kind.AMBASSADOR:
        raise Refusal("no_lines", _("名单为空，请先填写或上传引进人员花名册。"))


def _number(claim: Claim, lines: Sequence[ClaimLine]) -> str:
    """YG-2025-104-000123: year, township of the first workplace, running number of the year (brief 2.5)."""
    area = claim.employer.area if claim.employer else next((x.employer.area for x in lines if x.employer), None)
    while area is not None and area.kind == Area.Kind.VILLAGE:
        area = area.parent
    year = clock.today().year
    return f"YG-{year}-{area.code[-3:] if area and area.code else '000'}-{take(f'claim:{year}'):06d}"


def require_payable(
    lines: Sequence[ClaimLine], assessment: Assessment, *, pleads: bool = False, asked: frozenset[str] = frozenset()
) -> None:
    """Refuse to file what would be refused: the claimant mends or removes those lines first.

    A line for which an exception may be made passes when one is pleaded for now, or was (`asked`: ids of lines).
    """
    against = [discreet(f).message for f in assessment.findings if f.severity == Severity.BLOCK]
    if against:
        raise Refusal("claim_refused", _("该申报不符合条件：%(why)s") % {"why": "；".join(against)})
    bad = [
        result
        for result in assessment.lines
        if result.outcome == Outcome.REFUSE and not (may_be_pleaded(result) and (pleads or result.ref in asked))
    ]
    if bad:
        raise Refusal("lines_refused", _lines_refused(bad, {str(line.pk): line.seq for line in lines}))


def _lines_refused(bad: list[LineResult], seqs: dict[str, int]) -> str:
    shown = [
        _("第%(seq)s行：%(why)s")
        % {"seq": seqs[result.ref], "why": "；".join(discreet(f).message for f in blocking(result))}
        for result in bad[:SHOWN]
    ]
    said = _("有%(n)d人不符合条件，请更正或移除后再提交。%(lines)s") % {
        "n": len(bad),
        "lines": "".join(shown) + ("……" if len(bad) > SHOWN else ""),
    }
    if all(finding.code in WAIVED_BY for result in bad for finding in blocking(result)):
        said += _("确有特殊原因的，请写明“申请例外的理由”后提交，由民生保障局分管领导决定。")
    return said


def _pleaded(claim: Claim) -> frozenset[str]:
    """The lines for which an exception was asked, whatever came of it."""
    return frozenset(str(pk) for pk in Waiver.objects.filter(claim=claim).values_list("line", flat=True))


def answer_correction(*, claim_id: int, by: Actor) -> Claim:
    """Send a corrected claim back to the level that asked; only those whose lines changed decide again."""
    with transaction.atomic():
        claim = claim_locked(claim_id)
        access.can_edit(by, claim).require()
        correction = open_correction(claim)
        if correction is None:
            raise Refusal("no_correction", _("该申报没有待补正的内容。"))
        lines = lines_to_judge(claim)
        stored = placed(lines)
        place(claim, lines, scheme=claim.scheme, top=zone())
        settle(claim, lines)
        assessment = judge(claim, lines, claim.filed_on or clock.today(), claim.scheme)  # type: ignore[arg-type]
        require_payable(lines, assessment, asked=_pleaded(claim))
        apply_assessment(claim, lines, assessment, stored, stage="corrected")
        touched = {*correction.parts["lines"], *(c["line"] for c in correction.changes if c["line"])}
        ClaimLine.objects.filter(claim=claim, pk__in=touched).update(returned_by=None, reason_code="", reason_note="")
        correction.answered_at = clock.now()
        correction.save(update_fields=["answered_at"])
        areas = distinct(line.verify_area for line in lines if str(line.pk) in touched and line.verify_area)
        _return_to(claim, ClaimState(correction.level), areas)
        claim.saved_at = clock.now()
        claim.save()
        record(claim.chain, "answer_correction", by=by, data={"level": correction.level, "changed": sorted(touched)})
    return claim


def _return_to(claim: Claim, level: ClaimState, areas: list[Area]) -> None:
    """Back to the level that asked; when a moved line leaves it nobody to ask, to the next stop with somebody."""
    case = Case(claim)
    areas = areas or case.areas()
    if level in {ClaimState.VILLAGE, ClaimState.TOWNSHIP}:
        stop = first_stop(case, areas)
        level = max((level, stop), key=list(ClaimState).index)
    flow_of(claim).answer_correction(level)
    open_stop(case, level, [] if level == ClaimState.FILED else areas)


def withdraw(*, claim_id: int, by: Actor, reason: str = "") -> Claim:
    """The claimant takes the claim back before the leader's approval; the workers' slots are free again."""
    with transaction.atomic():
        claim = claim_locked(claim_id)
        access.can_withdraw(by, claim).require()
        if claim.state in {ClaimState.PUBLICITY, ClaimState.LEADER}:
            retire_notices_later(by.label)
        flow_of(claim).withdraw()
        close_all(claim)
        claim.save()
        record(claim.chain, "withdraw", by=by, data={"reason": reason.strip()[:300]})
    return claim


def close_all(claim: Claim) -> None:
    """End every open review and objection and free every slot: the claim was withdrawn or refused."""
    wind_up(claim.reviews.filter(outcome=""))
    claim.reviews.filter(outcome="").update(outcome=ReviewOutcome.SUPERSEDED, decided_at=clock.now())
    ClaimLine.objects.filter(claim=claim, status__in=ACTIVE).update(status=LineStatus.RELEASED)
    claim.objections.filter(outcome="").update(outcome=Objection.Outcome.LAPSED, decided_at=clock.now())
