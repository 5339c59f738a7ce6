"""The 追回通知书 of a case that is being decided: addressee, facts, persons with what is asked back, deadline, plan."""

from core import clock
from documents.papers.letters import Addressee
from documents.papers.recovery import RecoveredLine, RecoveryContent, RecoveryInstalment
from payments.models import Instalment, RecoveryCase, RecoveryLine
from workflows.printed import masked, scheme_of
from workflows.states import Kind


def notice_of(case: RecoveryCase, lines: list[RecoveryLine], plan: list[Instalment], days: int) -> RecoveryContent:
    """What the notice prints; `lines` come with item, line and worker, the case with its deadline."""
    claim = case.claim
    return RecoveryContent(
        to=Addressee(name=claim.claimant_name, personal=claim.claimant_user_id is not None),
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        ground=str(case.get_ground_display()),
        facts=case.facts,
        article=case.article,
        lines=[
            RecoveredLine(
                seq=one.line.seq,
                name=one.line.worker.name if one.line.worker else "",
                masked_id=masked(one.line),
                paid_on=clock.local_date(one.item.answered_at or clock.now()),
                paid_fen=one.item.amount_fen,
                amount_fen=one.amount_fen,
            )
            for one in lines
        ],
        total_fen=case.amount_fen,
        due_on=case.due_on or clock.today(),
        days=days,
        provisional=case.due_provisional,
        instalments=[RecoveryInstalment(part.due_on, part.amount_fen) for part in plan],
        scheme_title=claim.scheme.title if claim.scheme else "",
        **scheme_of(claim),
    )
