"""The 花名册 of a claim: everybody on it as approved; an ambassador's lists the referrals that were counted."""

from datetime import date
from typing import Any

from core.identifiers import LABELS, IdType, mask_phone
from documents.papers.roster import RosterContent, RosterLine
from documents.rosters.columns import SEXES
from workflows.claims import Claim, ClaimLine
from workflows.printed import lines_of, masked, outcome_of, scheme_of
from workflows.states import Kind, LineStatus

SEX_WORDS = {code: word for word, code in SEXES.items()}
YES_NO = {True: "是", False: "否", None: ""}


def roster(claim: Claim) -> RosterContent:
    """The roster of a claim of any kind; documents and phones masked."""
    counting = claim.kind == Kind.AMBASSADOR
    lines = list(_counted(claim) if counting else lines_of(claim).exclude(worker=None).select_related("home"))
    return RosterContent(
        kind=claim.kind,
        kind_label=str(Kind(claim.kind).label),
        claim_number=claim.number or "",
        claimant=claim.claimant_name,
        filed_on=claim.filed_on,
        lines=[_row(line, seq, counting) for seq, line in enumerate(lines, start=1)],
        live_count=sum(line.status == LineStatus.LIVE for line in lines),
        **scheme_of(claim),
    )


def _counted(claim: Claim) -> Any:
    related = ("worker", "home", "claim")
    return ClaimLine.objects.filter(counted_by__claim=claim).select_related(*related).order_by("hire_date", "pk")


def _row(line: ClaimLine, seq: int, counting: bool) -> RosterLine:
    worker, said = line.worker, line.details
    assert worker is not None  # a bonus line is on no roster
    return RosterLine(
        seq=seq if counting else line.seq,
        name=worker.name,
        sex=SEX_WORDS.get(worker.sex, ""),
        id_type=LABELS[IdType(worker.id_type)],
        masked_id=masked(line),
        hukou=said.get("hukou_address", ""),
        in_zone=YES_NO[said.get("hukou_in_zone")],
        village=line.home.name if line.home else "",
        education=said.get("education", ""),
        masked_phone=mask_phone(line.phone) if line.phone else "",
        employer=line.employer_name,
        employer_uscc=line.employer_uscc,
        job=said.get("job", ""),
        hired_on=line.hire_date,
        contract_from=line.contract_from,
        contract_to=line.contract_to,
        insurance="、".join(said.get("insurance_types", ())),
        insured_from=line.insured_from,
        insured_months=line.insured_months,
        channel=said.get("channel", ""),
        letter_no=said.get("referral_letter_no", ""),
        signed=YES_NO[said.get("signed")],
        outcome=outcome_of(line),
        note=said.get("note", ""),
        lender=line.lender_name,
        lender_uscc=line.lender_uscc,
        lent_to=line.lending_to,
        actual_days=said.get("actual_days"),
        payroll_months=_months(said.get("payroll_months", ())),
        claim_number=(line.claim.number or "") if counting else "",
    )


def _months(days: Any) -> str:
    """Months of pay as 2025年3月、4月; stored as first days of months, or as a mere number of them."""
    if isinstance(days, int):
        return f"{days}个月"
    words, year = [], 0
    for day in sorted(date.fromisoformat(text) for text in days):
        words.append(f"{day.month}月" if day.year == year else f"{day.year}年{day.month}月")
        year = day.year
    return "、".join(words)
