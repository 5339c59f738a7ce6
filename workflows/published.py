"""Papers over several claims: the 公示表 and the 汇总表 of a notice, or a 汇总表 of any claims put together."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from documents.papers.publicity import PublicityContent, PublicityRow
from documents.papers.summary import SummaryContent, SummaryRow
from workflows.claims import Claim, ClaimLine
from workflows.printed import assessments_of, reason_of, scheme_of, town_of
from workflows.reviews import Notice, NoticeEntry
from workflows.states import Kind, LineStatus

GONE = (LineStatus.DEDUCTED, LineStatus.ANNULLED)


def _entries(notice: Notice) -> list[NoticeEntry]:
    related = ("claim__claimant_org", "claim__claimant_user", "claim__scheme", "claim__employer__area__parent")
    return list(notice.entries.select_related(*related).order_by("pk"))


def _lines(claims: Sequence[Claim]) -> dict[int, list[ClaimLine]]:
    """The lines of several claims, by claim; one query."""
    found: dict[int, list[ClaimLine]] = defaultdict(list)
    lines = ClaimLine.objects.filter(claim__in=claims).select_related("employer__area__parent").defer("phone")
    for line in lines.order_by("seq"):
        found[line.claim_id].append(line)
    return found


def publicity(notice: Notice) -> PublicityContent:
    """The 公示表 of a notice: recipients in full, employers, heads, rate and amount; nothing else of a person."""
    entries = _entries(notice)
    claims = [entry.claim for entry in entries]
    lines, assessed = _lines(claims), assessments_of(claims)
    first = claims[0]
    rows = []
    for seq, entry in enumerate(entries, start=1):
        claim = entry.claim
        names = {line.employer_name for line in lines[claim.pk] if line.status == LineStatus.LIVE}
        rows.append(
            PublicityRow(
                seq=seq,
                recipient=claim.claimant_name,
                kind_label=str(Kind(claim.kind).label),
                employers=[claim.employer.name] if claim.employer else sorted(names),
                headcount=entry.headcount,
                rate_fen=assessed.get(claim.pk, {}).get("rate_fen", 0),
                amount_fen=entry.amount_fen,
                personal=claim.claimant_user_id is not None,
            )
        )
    return PublicityContent(
        opens_on=notice.opens_on,
        closes_on=notice.closes_on,
        rows=rows,
        working_days=first.scheme.parsed().sla_working_days.publicity if first.scheme else 5,
        office=f"{settings.BUREAU_NAME}劳动保障科",
        phone=settings.PUBLIC_PHONE,
        address=settings.PUBLIC_ADDRESS,
        **scheme_of(first),
    )


def summary_of(notice: Notice) -> SummaryContent:
    """The 汇总表 that goes to the leaders with a notice: heads and amounts as published."""
    entries = _entries(notice)
    worth = {entry.claim_id: (entry.headcount, entry.amount_fen) for entry in entries}
    return summary(
        [entry.claim for entry in entries],
        occasion=_("公示 %(number)s") % {"number": notice.number},
        made_by=notice.opened_by.full_name,
        made_on=clock.local_date(notice.opened_at),
        worth=worth,
    )


def summary(
    claims: Sequence[Claim],
    *,
    occasion: str,
    made_by: str,
    made_on: date,
    worth: Mapping[int, tuple[int, int]] | None = None,
) -> SummaryContent:
    """The 汇总表 of some claims, read with claimant, scheme and employer; two queries.

    `worth` holds heads and fen of each claim where they were fixed before; otherwise its live lines say them.
    """
    lines, assessed = _lines(claims), assessments_of(claims)
    return SummaryContent(
        occasion=occasion,
        made_by=made_by,
        made_on=made_on,
        rows=[
            _row(seq, claim, lines[claim.pk], assessed.get(claim.pk, {}), (worth or {}).get(claim.pk))
            for seq, claim in enumerate(claims, start=1)
        ],
        scheme_labels=sorted({scheme_of(claim)["scheme_label"] for claim in claims}),
        doc_no=scheme_of(claims[0])["doc_no"],
    )


def _row(seq: int, claim: Claim, lines: list[ClaimLine], result: dict, worth: tuple[int, int] | None) -> SummaryRow:
    people = [line for line in lines if line.worker_id]
    live = [line for line in people if line.status == LineStatus.LIVE]
    heads, fen = worth or (len(live), sum(line.amount_fen for line in lines if line.status == LineStatus.LIVE))
    why = Counter(reason_of(line) for line in people if line.status in GONE)
    where = [claim.employer] if claim.employer else [line.employer for line in people]
    filed = len(people) or heads  # a title counts referrals of other claims
    return SummaryRow(
        seq=seq,
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        claimant=claim.claimant_name,
        townships=sorted({town for unit in where if unit and (town := town_of(unit.area))}),
        employers=[claim.employer.name] if claim.employer else sorted({line.employer_name for line in live}),
        filed_count=filed,
        live_count=heads,
        deducted_count=filed - heads,
        reasons="；".join(f"{reason}{count}人" for reason, count in why.most_common()),
        rate_fen=result.get("rate_fen", 0),
        amount_fen=fen,
        note=TIER_NOTES.get(result.get("tier") or "", ""),
    )


TIER_NOTES = {"gold": "拟授金牌", "silver": "拟授银牌", "bronze": "拟授铜牌"}
