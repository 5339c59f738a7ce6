"""What a village says of its people this month: the same, something else, gone, or new."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import Verdict
from documents.files import accept_upload
from registry.labour.codes import IN_SCOPE, Source
from registry.labour.commands import Doing, Particulars, record_status, register_person
from registry.models import LabourPerson
from workflows.returns import access, listing
from workflows.returns.rows import Mark, ReturnEntry, VillageReturn


def mark_person(
    *, return_id: int, person_id: UUID, by: Actor, doing: Doing | None = None, shown: str = ""
) -> ReturnEntry | None:
    """Confirm a person as the register has him now, or with what he does from now on (`doing`), which goes into it.

    `shown` is the `Mark` the officer saw. None when he entered and left the survey within the month. Refuses
    `return_moved`, `person_not_listed`, `mark_moved`, and what `record_status` refuses.
    """
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_fill(by, found))
        last = listing.before(found)
        people = listing.people_of(found, last).filter(pk=person_id)
        if not (rows := listing.listed(found, last, people)):
            raise NotAllowed("person_not_listed", _("本期月报中没有该人员，请刷新页面。"))
        if doing is not None:
            record_status(person_id=person_id, doing=doing, by=by, source=Source.RETURN, source_ref=found.number)
            rows = listing.listed(found, last, people.all())
        elif shown and rows[0].mark != shown:
            raise WrongState(
                "mark_moved", _("该人员的登记刚刚有变化（%(mark)s），请刷新后核对。") % {"mark": rows[0].mark.label}
            )
        if not rows:
            ReturnEntry.objects.filter(village_return=found, person=person_id).delete()
            return None
        return _write(found, rows[0])


def confirm_rest(*, return_id: int, by: Actor) -> int:
    """Confirm all who are the same as last month and not confirmed yet; how many. The others stay to be looked at."""
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_fill(by, found))
        last = listing.before(found)
        rows = listing.listed(found, last, listing.left_of(found, last))
        same = [row for row in rows if row.mark == Mark.SAME]
        ReturnEntry.objects.bulk_create([entry_of(found, row) for row in same], batch_size=500)
        record(found.chain, "confirm_rest", by=by, data={"count": len(same)})
    return len(same)


def add_person(*, return_id: int, who: Particulars, doing: Doing, by: Actor) -> LabourPerson:
    """Enter somebody who is new in the village this month. Refuses what `register_person` refuses, `new_out_of_scope`."""
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_fill(by, found))
        if doing.status not in IN_SCOPE:
            raise Refusal("new_out_of_scope", _("新增人员须为未就业、已就业或外出；其他情况不在采集范围。"))
        person = register_person(village=found.village, who=who, doing=doing, by=by)
        last = listing.before(found)
        for row in listing.listed(found, last, listing.people_of(found, last).filter(pk=person.pk)):
            _write(found, row)
    return person


def attach_photo(*, return_id: int, data: bytes, name: str, by: Actor) -> VillageReturn:
    """Keep a photo of the visits with the return, the last one in sight; drawn anew, without place and device."""
    require(access.can_fill(by, seen(return_id, by)))
    photo = accept_upload(data=data, name=name, by_id=by.user_id, kinds=("image",))
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_fill(by, found))
        found.photo = photo
        found.save(update_fields=["photo"])
        record(found.chain, "attach_photo", by=by, data={"file": str(photo.pk)})
    return found


def seen(return_id: int, by: Actor) -> VillageReturn:
    """A return the post may see; what is not there and what is not his are refused alike."""
    found = access.visible_to(by).filter(pk=return_id).first()
    if found is None:
        raise NotAllowed("return_not_visible", _("没有找到该月报，或您在当前岗位无权查看。"))
    return found


def locked(return_id: int, by: Actor) -> VillageReturn:
    """The same, under lock."""
    seen(return_id, by)
    rows = VillageReturn.objects.select_for_update(of=("self",)).select_related("round", "village__parent")
    return rows.get(pk=return_id)


def entry_of(found: VillageReturn, row: listing.Listed) -> ReturnEntry:
    """The entry that keeps what is said of a person; not saved."""
    return ReturnEntry(village_return=found, person=row.person, mark=row.mark, **row.snapshot)


def _write(found: VillageReturn, row: listing.Listed) -> ReturnEntry:
    values = {"mark": row.mark, **row.snapshot}
    return ReturnEntry.objects.update_or_create(village_return=found, person=row.person, defaults=values)[0]


def require(verdict: Verdict) -> None:
    """Refuse; what has moved on answers as such."""
    if verdict.code == access.MOVED:
        raise WrongState(verdict.code, verdict.reason)
    verdict.require()
