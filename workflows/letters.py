"""Letters to a claimant: refusal, deduction, correction; each with its reasons, the first two with the remedies.

And the answer to whoever objected to a published claim.
"""

from django.utils.translation import gettext as _

from core import clock
from core.names import mask_name
from documents.papers.correction import CorrectionContent, CorrectionItem
from documents.papers.deduction import DeductedLine, DeductionContent
from documents.papers.letters import Addressee, Reason
from documents.papers.objection import ObjectionContent
from documents.papers.refusal import RefusalContent
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.hearings import Objection
from workflows.printed import last_assessment, lines_of, masked, reason_of, scheme_of
from workflows.reviews import Correction, Decision
from workflows.states import ClaimState, Kind, LineStatus, Verb


def _addressee(claim: Claim) -> Addressee:
    return Addressee(name=claim.claimant_name, personal=claim.claimant_user_id is not None)


def _articles(claim: Claim) -> dict[str, str]:
    """The article behind each reason code that the last assessment named."""
    result = last_assessment(claim)
    found = [*result.get("findings", []), *(f for line in result.get("lines", []) for f in line["findings"])]
    return {finding["code"]: finding["article"] for finding in found}


def refusal(claim: Claim) -> RefusalContent:
    """The notice of refusal: the officer's reason, and what the rules found against the claim."""
    said = Decision.objects.filter(claim=claim, verb=Verb.REFUSE).order_by("-pk").first()
    blocking = [f for f in last_assessment(claim).get("findings", []) if f["severity"] == "block"]
    reasons = [Reason(said.opinion)] if said else []
    reasons += [Reason(f["message"], f["article"]) for f in blocking]
    return RefusalContent(
        to=_addressee(claim),
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        filed_on=claim.filed_on or clock.today(),
        filed_count=lines_of(claim).count(),
        reasons=reasons,
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )


def deduction(claim: Claim, lines: list[ClaimLine]) -> DeductionContent:
    """The notice of deduction for some lines, each with its reason and article."""
    articles = _articles(claim)
    live = [line for line in lines_of(claim) if line.status == LineStatus.LIVE]
    return DeductionContent(
        to=_addressee(claim),
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        filed_on=claim.filed_on or clock.today(),
        filed_count=lines_of(claim).exclude(worker=None).count(),
        live_count=len(live),
        approved_fen=sum(line.amount_fen for line in live),
        lines=[
            DeductedLine(
                seq=line.seq,
                name=line.worker.name if line.worker else "",
                masked_id=masked(line),
                reason=reason_of(line),
                article=articles.get(line.reason_code, ""),
            )
            for line in lines
        ],
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )


def correction(claim: Claim, round_: Correction) -> CorrectionContent:
    """The notice of correction: what opens, what to supply, until when."""
    parts = round_.parts
    lines = lines_of(claim).filter(pk__in=parts.get("lines", []))
    items = [
        CorrectionItem(
            _("第%(seq)s行 %(name)s") % {"seq": line.seq, "name": mask_name(line.worker.name if line.worker else "")},
            line.reason_note or round_.note,
        )
        for line in lines
    ]
    items += [CorrectionItem(str(Evidence.Kind(kind).label), round_.note) for kind in parts.get("evidence", [])]
    if parts.get("claim"):
        items.append(CorrectionItem(_("申报信息"), round_.note))
    return CorrectionContent(
        to=_addressee(claim),
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        filed_on=claim.filed_on or clock.today(),
        organ=str(ClaimState(round_.level).label),
        items=items or [CorrectionItem(_("申报信息"), round_.note)],
        due_on=round_.due_on,
        provisional=round_.due_provisional,
        note=round_.note,
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )


def answer(objection: Objection) -> ObjectionContent:
    """The answer to an objection that was decided; a person who claims stays masked in it."""
    claim = objection.claim
    recipient = claim.claimant_name
    return ObjectionContent(
        to=Addressee(name=objection.name, personal=True),
        objection_number=objection.number,
        notice_number=objection.entry.notice.number,
        received_on=clock.local_date(objection.received_at),
        recipient=mask_name(recipient) if claim.claimant_user_id else recipient,
        kind_label=str(Kind(claim.kind).label),
        upheld=objection.outcome == Objection.Outcome.UPHELD,
        findings=objection.findings,
        reasons=objection.opinion,
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )
