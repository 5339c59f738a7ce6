"""A village hands its return in, in one click when nothing changed; the town sends it back; a correction follows later."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.timeline import record
from registry.labour.codes import ANNEX_STATES
from workflows.returns import access, listing
from workflows.returns.marking import entry_of, locked, require
from workflows.returns.rounds import number_of
from workflows.returns.rows import Filed, Mark, ReturnEntry, VillageReturn

REASON_MIN = 4


def submit(*, return_id: int, by: Actor, nil: bool = False) -> VillageReturn:
    """Hand a return in: everybody confirmed, or (`nil`, "本月无变化", A32) nobody different from the month before.

    What each person does is kept as it is at this moment. Refuses `return_moved`, `return_unfinished`, `return_not_nil`.
    """
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_fill(by, found))
        last = listing.before(found)
        rows = listing.listed(found, last, listing.people_of(found, last))
        _complete(rows, nil)
        ReturnEntry.objects.filter(village_return=found).delete()
        ReturnEntry.objects.bulk_create([entry_of(found, row) for row in rows], batch_size=500)
        _count(found, rows)
        found.state, found.sent_back_why = Filed.SUBMITTED, ""
        found.submitted_at = clock.now()
        found.first_submitted_at = found.first_submitted_at or found.submitted_at
        found.submitted_by, found.submitted_label = by.user, by.label
        found.save()
        data = {"kind": found.kind, "unemployed": found.unemployed, "employed": found.employed}
        marks = {"changed": found.changed, "new": found.new, "gone": found.gone}
        record(found.chain, "submit_return", by=by, data=data | marks)
    return found


def _complete(rows: Sequence[listing.Listed], nil: bool) -> None:
    if nil:
        if other := sum(row.mark != Mark.SAME for row in rows):
            raise Refusal(
                "return_not_nil",
                _("有%(count)s人与上月不同，不能按“本月无变化”报送。请逐人确认后报送。") % {"count": other},
            )
    elif left := sum(not row.confirmed for row in rows):
        raise Refusal("return_unfinished", _("还有%(count)s人没有确认，请确认后再报送。") % {"count": left})


def _count(found: VillageReturn, rows: Sequence[listing.Listed]) -> None:
    marks = Counter(row.mark for row in rows)
    doing = Counter(row.snapshot["status"] for row in rows if row.mark != Mark.GONE)
    found.unemployed = sum(doing[state] for state in ANNEX_STATES[1])
    found.employed = sum(doing[state] for state in ANNEX_STATES[2])
    found.changed, found.new, found.gone = marks[Mark.CHANGED], marks[Mark.NEW], marks[Mark.GONE]
    found.kind = VillageReturn.Kind.NIL if marks.total() == marks[Mark.SAME] else VillageReturn.Kind.CHANGES


def send_back(*, return_id: int, reason: str, by: Actor) -> VillageReturn:
    """The town gives a submitted return back to its village, with a reason. Refuses `town_only`, `return_moved`."""
    reason = " ".join(reason.split())[:200]
    if len(reason) < REASON_MIN:
        raise Refusal("reason_missing", _("请写明退回原因（不少于4个字），村里按此修改。"))
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_send_back(by, found))
        found.state, found.sent_back_why = Filed.SENT_BACK, reason
        found.save(update_fields=["state", "sent_back_why"])
        record(found.chain, "send_back_return", by=by, data={"reason": reason})
    return found


def begin_correction(*, return_id: int, by: Actor) -> VillageReturn:
    """Open the next edition of a merged return, with everybody confirmed as then; the first submission stays as it was.

    Refuses `return_moved` when somebody began it already.
    """
    with transaction.atomic():
        found = locked(return_id, by)
        require(access.can_correct(by, found))
        edition = found.edition + 1
        made = VillageReturn.objects.create(
            round=found.round, village=found.village, edition=edition, supersedes=found,
            number=number_of(found.round.month, found.village, edition),
        )  # fmt: skip
        kept = ReturnEntry.objects.filter(village_return=found).values("person_id", "mark", *ReturnEntry.SNAPSHOT)
        ReturnEntry.objects.bulk_create([ReturnEntry(village_return=made, **row) for row in kept], batch_size=500)
        record(found.chain, "begin_correction", by=by, data={"correction": made.number})
        record(made.chain, "begin_correction", by=by, data={"of": found.number})
    return made
