"""Exports of the people of one claim, as the desk's and the claimant's pages list them: documents masked."""

from collections.abc import Callable, Collection, Iterator, Sequence

from django.db.models import QuerySet

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, OFFICIALS, Role
from core.identifiers import mask_id
from core.verdict import YES, Verdict
from documents.exports import Export, Filters, columns, in_chunks, number_in, register
from policy.rules import DEDUCTION_REASONS
from workflows import access
from workflows.claim_page import ACTIVE, lines_of
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord
from workflows.states import LineStatus

NARROWED = {"review": "需核查", "held": "重复申报", "deducted": "已核减"}


def _claim(by: Actor, filters: Filters) -> Claim | None:
    number = number_in(filters, "claim")
    return None if number is None else access.visible_to(by).filter(pk=number).first()


def _of(roles: Collection[Role]) -> Callable[[Actor, Filters], Verdict]:
    """The claim is one the actor sees, and the page is one of his."""
    return lambda by, filters: YES if by.role in roles and _claim(by, filters) else access.NOT_YOURS


def _lines(by: Actor, filters: Filters) -> QuerySet[ClaimLine]:
    claim, only = _claim(by, filters), filters.get("only", "")
    return ClaimLine.objects.none() if claim is None else lines_of(by, claim, only if only in NARROWED else "")


def _my_lines(by: Actor, filters: Filters) -> QuerySet[ClaimLine]:
    return _lines(by, {**filters, "only": ""})


def _findings(filters: Filters) -> dict[str, str]:
    """What the last assessment says of each line, by its id; one query."""
    last = AssessmentRecord.objects.filter(claim=number_in(filters, "claim")).order_by("-pk")
    result = last.values_list("result", flat=True).first() or {}
    lines = result.get("lines", [])
    return {line["ref"]: "；".join(f["message"] for f in line.get("findings", [])) for line in lines}


def _person(line: ClaimLine) -> Sequence[object]:
    worker = line.worker
    name, document = (worker.name, mask_id(worker.id_number)) if worker else ("", "")
    lender = (line.lender_name, line.hire_date, line.lending_to)
    return (line.seq, name, document, line.employer_name, str(line.details.get("job") or ""), *lender)


def _reason(line: ClaimLine) -> str:
    label = DEDUCTION_REASONS.get(line.reason_code, line.reason_code)
    return "：".join(filter(None, (label, line.reason_note)))


def _line_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    said = _findings(filters)
    for line in in_chunks(_lines(by, filters)):
        yield (
            *_person(line), line.contract_from, line.contract_to, line.insured_from,
            line.verify_area.name if line.verify_area else "", line.get_status_display(), said.get(str(line.pk), ""),
            _reason(line), line.amount_fen,
        )  # fmt: skip


def _my_line_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    said = _findings(filters)
    for line in in_chunks(_my_lines(by, filters)):
        findings = said.get(str(line.pk), "") if line.status in ACTIVE else ""
        amount = line.amount_fen if line.status == LineStatus.LIVE else None
        yield (*_person(line), line.get_status_display(), findings, _reason(line), amount)


def _line_words(filters: Filters) -> str:
    number = number_in(filters, "claim")
    claim = Claim.objects.filter(pk=number).first() if number is not None else None
    only = NARROWED.get(filters.get("only", ""), "")
    return "；".join([f"申报：{claim or '—'}", *([f"名单：{only}"] if only else [])])


PERSON = columns(
    ("序号", "integer", 6), ("姓名", "text", 16), ("证件号码", "text", 22), ("用工企业", "text", 34), ("工种", "text", 14),
    ("调出企业", "text", 30), ("入职或调剂开始", "date", 14), ("调剂结束", "date", 12),
)  # fmt: skip
register(
    Export(
        kind="lines",
        title="申报人员名单",
        columns=(*PERSON, *columns(("合同开始", "date", 12), ("合同结束", "date", 12), ("参保开始", "date", 12), ("核实单位", "text", 16),
            ("状态", "text", 12), ("核查提示", "text", 40), ("原因", "text", 30), ("金额（元）", "yuan", 14),)),
        rows=_line_rows,
        count=lambda by, filters: _lines(by, filters).count(),
        may=_of(OFFICIALS),
        describe=_line_words,
        filters=("claim", "only"),
    )
)  # fmt: skip
register(
    Export(
        kind="my_lines",
        title="我的申报人员名单",
        columns=(
            *PERSON,
            *columns(("结果", "text", 12), ("核查提示", "text", 40), ("原因", "text", 30), ("金额（元）", "yuan", 14)),
        ),
        rows=_my_line_rows,
        count=lambda by, filters: _my_lines(by, filters).count(),
        may=_of(CLAIMANTS),
        describe=_line_words,
        filters=("claim",),
    )
)
