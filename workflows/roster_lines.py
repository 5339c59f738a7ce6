"""Lines of a claim, from a form or a roster: workers found or made, rows replaced when the same person comes again."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Area, Organisation
from core import clock
from core.errors import Refusal
from core.identifiers import birth_of, mask_phone, sex_of
from core.privacy import index_of
from documents.rosters import RosterValues
from registry.models import Worker
from registry.people import person_index
from workflows.claims import Claim, ClaimLine
from workflows.corrections import note_change, require_part
from workflows.drafts import editable
from workflows.facts import scheme_for
from workflows.locking import ACTIVE
from workflows.placing import place
from workflows.slots import settle
from workflows.states import ClaimState

MAX_LINES = 5000
DATES = ("hire_date", "lending_to", "contract_from", "contract_to", "insured_from")
COLUMNS = (*DATES, "insured_months", "still_employed")
DETAILS = (
    "job",
    "education",
    "channel",
    "referral_letter_no",
    "signed",
    "note",
    "hukou_address",
    "hukou_in_zone",
    "insurance_types",
    "actual_days",
    "payroll_months",
)


class Register:
    """The people, enterprises and units that some rows name, read in a fixed number of queries."""

    def __init__(self, values: Sequence[RosterValues]) -> None:
        codes = {v.employer_uscc for v in values} | {getattr(v, "lender_uscc", "") or "" for v in values}
        employers = Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER, uscc__in=codes - {""})
        self.employers = {o.uscc: o for o in employers.select_related("area__parent", "employer")}
        self.areas = {area.code: area for area in Area.objects.select_related("parent") if area.code}
        indexes = {index_in(v) for v in values}
        self.workers = {w.id_index: w for w in Worker.objects.filter(id_index__in=indexes)}

    def worker(self, values: RosterValues) -> Worker:
        """The worker of a row, made (unsaved) when nobody with this document is known."""
        index = index_in(values)
        if index not in self.workers:
            self.workers[index] = Worker(
                name=values.name,
                id_type=values.id_type,
                id_number=values.id_number,
                id_index=index,
                birth=birth_of(values.id_type, values.id_number),
                sex=sex_of(values.id_type, values.id_number) or values.sex or "",
            )
        return self.workers[index]

    def save_new_workers(self) -> None:
        """Insert the workers made so far; another claim may have inserted the same ones meanwhile.

        Always in the same order, so that two imports of the same people wait for each other in one direction only.
        """
        new = sorted((w for w in self.workers.values() if w._state.adding), key=lambda worker: worker.id_index)
        Worker.objects.bulk_create(new, ignore_conflicts=True)
        stored = {w.id_index: w for w in Worker.objects.filter(id_index__in=[worker.id_index for worker in new])}
        self.workers.update(stored)


def index_in(values: RosterValues) -> str:
    """The keyed index of the row's person."""
    return person_index(values.id_type, values.id_number)


def fill(line: ClaimLine, values: RosterValues, register: Register) -> ClaimLine:
    """Write a row's values on a line, unsaved."""
    line.worker = register.worker(values)
    line.person_index = line.worker.id_index
    line.phone = values.phone or ""
    line.phone_index = index_of("phone", values.phone) if values.phone else ""
    line.home = register.areas.get(values.village or "")
    line.employer_name, line.employer_uscc = values.employer_name, values.employer_uscc
    line.employer = register.employers.get(values.employer_uscc)
    line.lender_name = getattr(values, "lender_name", None) or ""
    line.lender_uscc = getattr(values, "lender_uscc", None) or ""
    line.lender = register.employers.get(line.lender_uscc)
    for name in COLUMNS:
        setattr(line, name, getattr(values, name, None))
    line.payroll_months = _payroll_months(values)
    line.details = {
        name: _json(getattr(values, name, None)) for name in DETAILS if getattr(values, name, None) is not None
    }
    return line


def _payroll_months(values: RosterValues) -> int | None:
    months = getattr(values, "payroll_months", None)
    return len(months) if isinstance(months, tuple | list | frozenset) else months


def _json(value: Any) -> Any:
    if isinstance(value, frozenset | set | tuple):
        return sorted(_json(item) for item in value)
    return value.isoformat() if isinstance(value, date) else value


def put_lines(claim: Claim, rows: Sequence[RosterValues]) -> int:
    """Add rows to a claim under its lock, replacing those of the same people; returns how many were put."""
    register = Register(rows)
    there = {line.person_index: line for line in ClaimLine.objects.filter(claim=claim)}
    seq = max((line.seq for line in there.values()), default=0)
    made: list[ClaimLine] = []
    for values in rows:
        register.worker(values)
    register.save_new_workers()
    if len(there) + sum(index_in(v) not in there for v in rows) > MAX_LINES:
        raise Refusal("too_many_lines", _("一份申报最多%(n)s人，请分成几份申报。") % {"n": MAX_LINES})
    changed: list[ClaimLine] = []
    for values in rows:
        old = there.get(index_in(values))
        if old is None:
            seq += 1
            made.append(fill(ClaimLine(claim=claim, seq=seq), values, register))
        else:
            changed.append(fill(old, values, register))
    _place(claim, [*made, *changed])
    ClaimLine.objects.bulk_create(made, batch_size=200)
    for line in changed:
        line.save()
    return len(rows)


def _place(claim: Claim, lines: Sequence[ClaimLine]) -> None:
    place(claim, lines, scheme=scheme_for(line.hire_date for line in lines)[0], top=zone())


def _hold_if_taken(claim: Claim, line: ClaimLine) -> None:
    """In a correction a line may name another person: it is live only when nobody holds that slot."""
    if line.status in ACTIVE:
        settle(claim, [line])


def village_codes() -> dict[str, str]:
    """Names and codes under which a roster may name a home village, to its code."""
    found: dict[str, str] = {}
    for name, code in Area.objects.filter(kind=Area.Kind.VILLAGE).values_list("name", "code"):
        short = name.removesuffix("村委会").removesuffix("社区居委会")
        suffix = "社区" if name.endswith("社区居委会") else "村"
        found |= {name: code, code: code, short + suffix: code, short: code}
    return found


NAME_CLASH = "该证件号码已登记在另一姓名下。请核对姓名和证件号码；确有更名的，请联系劳动保障科更正。"


def save_line(*, claim_id: int, by: Actor, values: RosterValues, line_id: UUID | None = None) -> ClaimLine:
    """Add or change one line from the form; refuses `name_clash` when the document is known under another name."""
    with transaction.atomic():
        claim = editable(claim_id, by)
        correction = require_part(claim, line_id=line_id)
        register = Register([values])
        worker = register.worker(values)
        if worker.name != values.name:
            raise Refusal("name_clash", NAME_CLASH, fields={"name": NAME_CLASH})
        register.save_new_workers()
        twin = ClaimLine.objects.filter(claim=claim, person_index=worker.id_index).exclude(pk=line_id).first()
        if twin:
            raise Refusal("line_twice", _("该人员已在名单第%(seq)s行，不能重复填写。") % {"seq": twin.seq})
        line = ClaimLine.objects.select_related("worker").filter(claim=claim, pk=line_id).first() if line_id else None
        before = snapshot(line) if line else {}
        if line is None:
            last = ClaimLine.objects.filter(claim=claim).aggregate(last=Max("seq"))["last"] or 0
            line = ClaimLine(claim=claim, seq=last + 1)
        fill(line, values, register)
        _place(claim, [line])
        _hold_if_taken(claim, line)
        line.save()
        for key, after in snapshot(line).items():
            note_change(correction, line=line.pk, name=key, before=before.get(key), after=after)
        claim.saved_at = clock.now()
        claim.save(update_fields=["saved_at"])
    return line


def remove_line(*, claim_id: int, line_id: UUID, by: Actor) -> Claim:
    """Take a worker off a draft, with his evidence."""
    with transaction.atomic():
        claim = editable(claim_id, by)
        if claim.state != ClaimState.DRAFT:
            raise Refusal("line_locked", _("补正时不能移除人员；如不再申报该人员，请在说明中写明，由审核人员核减。"))
        claim.evidence.filter(line=line_id).delete()
        ClaimLine.objects.filter(claim=claim, pk=line_id).delete()
        claim.saved_at = clock.now()
        claim.save(update_fields=["saved_at"])
    return claim


def snapshot(line: ClaimLine) -> dict[str, Any]:
    """What a reviewer compares after a correction; personal columns masked."""
    named = {name: _json(getattr(line, name)) for name in COLUMNS}
    return {
        "name": line.worker.name if line.worker else "",
        "document": line.person_index[:8],
        "phone": mask_phone(line.phone),
        "employer_name": line.employer_name,
        "employer_uscc": line.employer_uscc,
        "home": line.home.name if line.home else "",
        **named,
        **{name: line.details.get(name) for name in DETAILS},
    }
