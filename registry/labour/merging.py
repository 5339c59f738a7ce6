"""Two rows that are one person: said by an officer with a reason, and undone in the same way."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from registry.labour import access
from registry.labour.commands import REASON_MIN, locked, without_numbers
from registry.labour.rows import LabourPerson, PersonMerge


def merge_people(*, kept_id: UUID, gone_id: UUID, reason: str, by: Actor) -> PersonMerge:
    """Let `gone` live on in `kept`: its history, tags and numbers are shown and found there. No row is changed but it.

    Refuses `merge_itself`, `merge_numbers_differ` (two ID numbers are two people), `merge_into_the_other`,
    `reason_missing`.
    """
    reason = without_numbers(" ".join(reason.split()))[:200]
    if kept_id == gone_id:
        raise Refusal("merge_itself", _("请选择两条不同的登记。"))
    if len(reason) < REASON_MIN:
        raise Refusal("reason_missing", _("请填写合并理由（不少于4个字）。"))
    with transaction.atomic():
        pair = {person.pk: person for person in (locked(key, by) for key in sorted((kept_id, gone_id)))}
        kept, gone = pair[kept_id], pair[gone_id]
        access.can_merge(by, kept, gone).require()
        if kept.id_index and gone.id_index and kept.id_index != gone.id_index:
            raise Refusal("merge_numbers_differ", _("两人登记的身份证号码不同，不是同一人，不能合并。"))
        if gone.merged.exists():
            raise Refusal(
                "merge_into_the_other", _("该登记中已并入过其他登记，请把它作为保留的一条，或先撤销原来的合并。")
            )
        gone.merged_into, kept.doubtful = kept, False
        gone.save(update_fields=["merged_into"])
        kept.save(update_fields=["doubtful"])
        made = PersonMerge.objects.create(
            kept=kept, gone=gone, reason=reason, by=by.user, by_label=by.label, at=clock.now()
        )
        record(kept.chain, "merge_people", by=by, data={"gone": str(gone.pk), "reason": reason})
        record(gone.chain, "merged_into", by=by, data={"kept": str(kept.pk)})
    return made


def undo_merge(*, merge_id: int, by: Actor) -> PersonMerge:
    """Make two people of them again. Refuses `merge_undone`, and `person_known` when somebody took the place meanwhile."""
    with transaction.atomic():
        made = PersonMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
        if made is None:
            access.NOT_SEEN.require()
            raise AssertionError
        gone = LabourPerson.objects.select_for_update(of=("self",)).select_related("village").get(pk=made.gone_id)
        kept = LabourPerson.objects.select_related("village").get(pk=made.kept_id)
        access.can_merge(by, kept, gone).require()
        if made.undone_at is not None:
            raise WrongState("merge_undone", _("该合并已经撤销。"))
        gone.merged_into = None
        try:
            with transaction.atomic():
                gone.save(update_fields=["merged_into"])
        except IntegrityError as error:
            raise WrongState("person_known", _("合并之后又登记了相同的人员，不能撤销，请先处理该登记。")) from error
        made.undone_at, made.undone_by_label = clock.now(), by.label
        made.save(update_fields=["undone_at", "undone_by_label"])
        record(kept.chain, "undo_merge", by=by, data={"gone": str(gone.pk)})
        record(gone.chain, "undo_merge", by=by, data={"kept": str(kept.pk)})
    return made
