"""What officers do to the labour register: register a person, say what he does, tag him, read his number in full."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.errors import Refusal, WrongState
from core.identifiers import (
    IdType,
    birth_of,
    name_fault,
    normalise_id,
    normalise_name,
    phone_fault,
    resident_id_fault,
    sex_of,
)
from core.privacy import index_of
from core.timeline import record
from registry.labour import access
from registry.labour.codes import Group, LabourState, Sex, Source
from registry.labour.rows import KeyGroup, LabourPerson, LabourStatus

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
REASON_MIN, REASON_MAX = 4, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What somebody does, from `since` on: the content of a status."""

    status: str
    since: date
    employer: str = ""
    trade: str = ""
    wanted_trade: str = ""
    destination: str = ""
    reach: str = ""
    job_form: str = ""
    sector: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who somebody is. `id_number` (18 digits) and `phone` may be empty; `birth_month` is any day of its month."""

    name: str
    sex: str
    birth_month: date | None = None
    id_number: str = ""
    phone: str = ""
    group_name: str = ""
    education: str = ""
    education_text: str = ""
    hukou_type: str = ""
    land_sea_loss: bool = False
    training_wish: str = ""


def phone_index(phone: str) -> str:
    """The keyed index of a phone, empty for none."""
    return index_of("phone", phone) if phone else ""


def register_person(*, village: Area, who: Particulars, doing: Doing | None = None, by: Actor) -> LabourPerson:
    """Enter a person by hand. Refuses `person_invalid` (with the fields) and `person_known`."""
    access.can_keep(by, village).require()
    values = _checked(who)
    person = LabourPerson(village=village, created_at=clock.now(), **values)
    try:
        with transaction.atomic():
            person.doubtful = _namesake(person).exists()
            person.save(force_insert=True)
            record(person.chain, "register_person", by=by, data={"area": village.path})
            if doing is not None:
                _write_status(person, doing, by, Source.OFFICER, "")
    except IntegrityError as error:
        raise _known(village, person, by) from error
    return person


def change_person(*, person_id: UUID, who: Particulars, by: Actor) -> LabourPerson:
    """Correct who a person is; an empty number or phone leaves what is kept. Refuses as `register_person`."""
    values = _checked(who)
    try:
        with transaction.atomic():
            person = locked(person_id, by)
            if not who.id_number:
                values = {k: v for k, v in values.items() if k not in ("id_number", "id_index", "birth")}
            if not who.phone:
                values = {k: v for k, v in values.items() if k not in ("phone", "phone_index")}
            changed = [name for name, value in values.items() if getattr(person, name) != value]
            for name in changed:
                setattr(person, name, values[name])
            person.save(update_fields=changed)
            record(person.chain, "change_person", by=by, data={"changed": [n for n in changed if "index" not in n]})
    except IntegrityError as error:
        raise _known(person.village, person, by) from error
    return person


def record_status(
    *, person_id: UUID, doing: Doing, by: Actor, source: str = Source.OFFICER, source_ref: str = ""
) -> LabourStatus:
    """Say what a person does from a day on; the open status ends there. Saying the same again changes nothing.

    Refuses `status_invalid`, `status_before_last`.
    """
    with transaction.atomic():
        person = locked(person_id, by)
        status = _write_status(person, doing, by, source, source_ref)
        if person.absent_since is not None:
            person.absent_since = None
            person.save(update_fields=["absent_since"])
    return status


def record_group(
    *, person_id: UUID, group: str, by: Actor, certified: bool = False, on: date | None = None, organ: str = "",
    number: str = "",
) -> KeyGroup:  # fmt: skip
    """Tag a person, as he says or (`certified`) as an organ certified on a day. Refuses `group_invalid`, `group_known`."""
    organ, number = organ.strip()[:60], number.strip()[:60]
    if group not in Group.values or (certified and (on is None or not organ)):
        raise Refusal("group_invalid", _("请选择重点群体；经认定的须填写认定日期和认定机关。"))
    with transaction.atomic():
        person = locked(person_id, by)
        if KeyGroup.objects.filter(person=person, group=group, certified=certified, ended_on=None).exists():
            raise WrongState("group_known", _("该人员已登记为该重点群体，无需重复登记。"))
        made = KeyGroup.objects.create(
            person=person, group=group, certified=certified, date=on, organ=organ, number=number,
            recorded_by=by.user, recorded_at=clock.now(),
        )  # fmt: skip
        record(person.chain, "record_group", by=by, data={"group": group, "certified": certified})
    return made


def end_group(*, key_group_id: int, by: Actor) -> KeyGroup:
    """End a tag; it stays in the history. Refuses `group_unknown`."""
    with transaction.atomic():
        made = KeyGroup.objects.filter(pk=key_group_id, ended_on=None).first()
        if made is None:
            raise WrongState("group_unknown", _("该重点群体登记已结束或不存在，请刷新页面。"))
        person = locked(made.person_id, by)
        made.ended_on = clock.today()
        made.save(update_fields=["ended_on"])
        record(person.chain, "end_group", by=by, data={"group": made.group, "certified": made.certified})
    return made


def reveal(*, person_id: UUID, what: Literal["id_number", "phone"], reason: str, by: Actor) -> str:
    """A number in full, for a reason that is recorded with who asked. Refuses `reason_missing`, `nothing_kept`."""
    reason = " ".join(reason.split())[:REASON_MAX]
    if len(reason) < REASON_MIN:
        raise Refusal("reason_missing", _("请填写查看理由（不少于4个字），理由将记入操作记录。"))
    with transaction.atomic():
        person = _found(person_id)
        access.can_reveal(by, person).require()
        if not (value := getattr(person, what)):
            raise Refusal("nothing_kept", _("该人员没有登记此项信息。"))
        record(person.chain, "reveal", by=by, data={"what": what, "reason": without_numbers(reason)})
    return str(value)


def without_numbers(text: str) -> str:
    """A reason as the record keeps it: long runs of digits are covered, for it holds no numbers of people."""
    return re.sub(r"\d{7,}[Xx]?", "＊", text)


def locked(person_id: UUID, by: Actor) -> LabourPerson:
    """The person under lock, for somebody who keeps his village; refuses what is not his as if it were not there."""
    person = _found(person_id)
    access.can_keep(by, person.village).require()
    if person.merged_into_id is not None:
        raise WrongState("person_merged", _("该人员已合并到另一条登记，请刷新页面。"))
    return person


def _found(person_id: UUID) -> LabourPerson:
    try:
        rows = LabourPerson.objects.select_for_update(of=("self",)).select_related("village")
        return rows.get(pk=person_id, removed_at=None)
    except (LabourPerson.DoesNotExist, ValidationError):
        access.NOT_SEEN.require()
        raise


def _write_status(person: LabourPerson, doing: Doing, by: Actor, source: str, source_ref: str) -> LabourStatus:
    if doing.status not in LabourState.values or doing.since > clock.today():
        raise Refusal("status_invalid", _("请选择就业状态，起始日期不能晚于今天。"))
    given = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(doing).items()}
    last = LabourStatus.objects.filter(person=person, until=None, voided_at=None).first()
    if last is not None:
        if all(getattr(last, name) == value for name, value in given.items() if name != "since"):
            return last
        if doing.since < last.since:
            raise Refusal(
                "status_before_last", _("起始日期早于现有状态的起始日期%(day)s，请核对。") % {"day": last.since}
            )
        last.until = doing.since
        last.save(update_fields=["until"])
    made = LabourStatus.objects.create(
        person=person, source=source, source_ref=source_ref, recorded_by=by.user, recorded_at=clock.now(), **given
    )
    record(person.chain, "record_status", by=by, data={"status": doing.status, "since": doing.since.isoformat()})
    return made


def _checked(who: Particulars) -> dict[str, Any]:
    """The particulars as columns; refuses `person_invalid`."""
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(who).items()}
    values["name"], number = normalise_name(who.name), normalise_id(who.id_number)
    faults = {"name": name_fault(who.name), "phone": phone_fault(values["phone"]) if values["phone"] else ""}
    birth = None
    if number:
        if not (fault := resident_id_fault(number, clock.today())):
            birth = birth_of(IdType.RESIDENT_ID, number)
            sex = SEXES.get(sex_of(IdType.RESIDENT_ID, number) or "", values["sex"])
            if values["sex"] in (Sex.MALE, Sex.FEMALE) and sex != values["sex"]:
                faults["sex"] = _("与证件号码表示的性别不符，请核对。")
            if birth and who.birth_month and (birth.year, birth.month) != (who.birth_month.year, who.birth_month.month):
                faults["birth_month"] = _("与证件号码中的出生年月不符，请核对。")
        faults["id_number"] = fault
    if values["sex"] not in Sex.values:
        faults["sex"] = _("请选择性别。")
    month = who.birth_month or birth
    if month is None or month > clock.today():
        faults["birth_month"] = _("请填写出生年月，不能晚于今天。")
    if faults := {name: fault for name, fault in faults.items() if fault}:
        raise Refusal("person_invalid", _("人员信息填写有误，请按提示更正。"), fields=faults)
    return values | {
        "birth_month": month.replace(day=1) if month else None,
        "birth": birth,
        "id_number": number,
        "id_index": index_of("id", number) if number else None,
        "phone_index": phone_index(values["phone"]),
    }


def _namesake(person: LabourPerson) -> Any:
    alike = LabourPerson.objects.filter(merged_into=None, removed_at=None, village=person.village, name=person.name)
    return alike.filter(sex=person.sex, birth_month=person.birth_month).exclude(pk=person.pk)


def _known(village: Area, person: LabourPerson, by: Actor) -> Refusal:
    """Who is there already: named to whoever sees him, otherwise only as another village's."""
    same = LabourPerson.objects.filter(merged_into=None, removed_at=None, id_index=person.id_index or None)
    other = same.exclude(pk=person.pk).select_related("village").first() if person.id_index else None
    if other is not None and not access.can_view(by, other):
        return Refusal("person_known", _("该身份证号码已在区内另一个村登记，请联系乡镇核实。"))
    where = other.village if other else village
    return Refusal("person_known", _("%(village)s已登记过该人员，请在列表中查找，不要重复登记。") % {"village": where})
