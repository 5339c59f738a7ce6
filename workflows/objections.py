"""异议: a named person objects to a published claim; the handler investigates, the section head decides (brief 2.6).

An open objection suspends the lines it names, or the whole claim when it names none: neither approved nor paid. Upheld,
its lines are annulled by the road's own annulment; dismissed, they go on. Every command locks the claim first, as
approval and payment do, so each of them sees the objection or comes before it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.calendar import WorkingDays
from core.errors import Refusal, WrongState
from core.identifiers import phone_fault
from core.names import name_fault, normalise_name
from core.numbering import take
from core.privacy import index_of
from core.timeline import Signer, record
from documents.files import accept_upload
from documents.papers.issuing import CODE_LENGTH, CODE_SIGNS
from workflows import access
from workflows.claims import Claim, ClaimLine
from workflows.hearings import Objection, ObjectionLine
from workflows.holds import last_entries
from workflows.locking import claim_locked
from workflows.opening import limit_of
from workflows.reviews import NoticeEntry
from workflows.states import ClaimState, Kind, LineStatus

OBJECTIONABLE = frozenset({ClaimState.PUBLICITY, ClaimState.LEADER, ClaimState.PAYABLE})
UNDER_WAY = (LineStatus.LIVE, LineStatus.HELD, LineStatus.SUSPENDED)
SENT_OUT = ("sealed", "sent", "answered", "closed")  # states of a batch whose money is on its way or paid
SHORTEST, LONGEST = 10, 2000


@dataclass(frozen=True, slots=True)
class Statement:
    """What an objector says, under his real name, and how he is reached. Kept sealed."""

    name: str
    phone: str
    content: str
    address: str = ""

    def cleaned(self) -> "Statement":
        """Trimmed; refuses `statement_incomplete` with a sentence for each field."""
        name, phone = normalise_name(self.name), self.phone.strip()
        content, address = self.content.strip(), self.address.strip()
        faults = {"name": name_fault(name), "phone": phone_fault(phone)}
        if len(content) < SHORTEST:
            faults["content"] = _("请写明异议的事实和理由，不少于%(n)d个字。") % {"n": SHORTEST}
        elif len(content) > LONGEST:
            faults["content"] = _("异议内容不超过%(n)d个字，请精简后再提交。") % {"n": LONGEST}
        if len(address) > 200:
            faults["address"] = _("联系地址不超过200个字，请精简后再提交。")
        if fields := {field: fault for field, fault in faults.items() if fault}:
            raise Refusal("statement_incomplete", "".join(fields.values()), fields=fields)
        return Statement(name, phone, content, address)


class Public:
    """Whoever objects through the public page; who he is stands sealed in the objection alone."""

    user_id = None
    post_id = None
    label = "公众（网上异议）"


def record_objection(
    *,
    entry_id: int,
    by: Actor,
    said: Statement,
    line_ids: Collection[UUID] = (),
    scan: tuple[bytes, str] | None = None,
) -> Objection:
    """A written objection taken in at the desk; also after the period, until the money goes out (`late`).

    `line_ids` are the lines it names, none for the whole claim; `scan` is the paper as (bytes, file name).
    Refuses `objection_not_yours`, `statement_incomplete`, `objection_moot`, `objection_too_late`,
    `objection_too_early`, `objection_repeated`, `line_not_here`.
    """
    said = said.cleaned()
    found = _entry(entry_id)
    access.can_hear(by, found.claim).require()
    file = accept_upload(data=scan[0], name=scan[1], by_id=by.user_id) if scan else None
    with transaction.atomic():
        claim = claim_locked(found.claim_id)
        access.can_hear(by, claim).require()
        entry = _standing(claim, found)
        named = _named(claim, line_ids)
        objection = _made(entry, claim, said, channel=Objection.Channel.DESK, recorded_by=by.user, scan=file)
        _open(objection, claim, named, by)
    return objection


def object_online(*, entry_id: int, said: Statement, people: Collection[str] = ()) -> Objection:
    """An objection through the public page, while the notice is shown. `people` are names of workers it is about.

    When each of them is on the claim's list only their lines are suspended, otherwise the whole claim; the answer never
    tells which, so that nobody learns from it who is on the list. Refuses as `record_objection`, and `period_over`.
    """
    said = said.cleaned()
    found = _entry(entry_id)
    with transaction.atomic():
        claim = claim_locked(found.claim_id)
        entry = _standing(claim, found)
        if not on_show(entry, claim):
            raise WrongState(
                "period_over",
                _("公示期已满，网上不再受理异议。如有新的事实和证据，请在拨付前以书面形式实名向公示表所列单位提出。"),
            )
        objection = _made(entry, claim, said, channel=Objection.Channel.ONLINE)
        _open(objection, claim, _by_name(claim, people), Public())
    return objection


def on_show(entry: NoticeEntry, claim: Claim) -> bool:
    """Whether the notice is still shown for this claim: its period runs, or the claim has not left publicity."""
    return entry.notice.closes_on >= clock.today() or claim.state == ClaimState.PUBLICITY


def _entry(entry_id: int) -> NoticeEntry:
    found = NoticeEntry.objects.select_related("notice", "claim").filter(pk=entry_id).first()
    if found is None:
        raise Refusal("entry_unknown", _("找不到所异议的公示事项，请返回公示页重新选择。"))
    return found


def _standing(claim: Claim, found: NoticeEntry) -> NoticeEntry:
    """The entry, when an objection to it can still be heard: the claim's last one, not decided for good, not paid."""
    if claim.state in {ClaimState.REFUSED, ClaimState.WITHDRAWN}:
        raise WrongState("objection_moot", _("该申报已终止（%(state)s），无须再提异议。") % _state(claim))
    if claim.state == ClaimState.AWARDED:
        raise WrongState(
            "objection_too_late", _("该称号已经授予，公示异议程序已结束。如反映问题，请以书面形式向民生保障局举报。")
        )
    entry = last_entries([claim.pk])[claim.pk]
    if claim.state not in OBJECTIONABLE or entry.pk != found.pk:
        raise WrongState(
            "objection_too_early",
            _("该申报已退出本次公示（%(state)s），如再次公示可对新的公示提出异议。") % _state(claim),
        )
    return entry


def _state(claim: Claim) -> dict[str, str]:
    return {"state": str(claim.get_state_display())}


def _named(claim: Claim, line_ids: Collection[UUID]) -> list[ClaimLine]:
    """The lines an objection names; none means the whole claim. Refuses `line_not_here` and `objection_too_late`."""
    under_way = ClaimLine.objects.filter(claim=claim, status__in=UNDER_WAY)
    named = list(under_way.filter(pk__in=line_ids))
    if len(named) != len(set(line_ids)):
        raise Refusal("line_not_here", _("所选人员不在该申报的有效名单中，请刷新页面后重新选择。"))
    asked = named or list(under_way)
    gone = sent_out(asked)
    if (named and gone) or (asked and len(gone) == len(asked)):
        raise too_late()
    return named


def too_late() -> WrongState:
    """Why nothing can be objected to any more: the money is out."""
    return WrongState(
        "objection_too_late",
        _("所涉资金已封存拨付，公示异议程序已结束。请作为追回线索，书面报民生保障局按追回程序核查。"),
    )


def sent_out(lines: Collection[ClaimLine]) -> set[UUID]:
    """Those of the lines whose money is sealed in a batch, on its way, paid, or kept back for a debt; one query."""
    sent = Q(payment_items__live=True, payment_items__batch__state__in=SENT_OUT)
    found = ClaimLine.objects.filter(sent | Q(offset__isnull=False), pk__in=[line.pk for line in lines])
    return set(found.order_by().values_list("pk", flat=True))


def _by_name(claim: Claim, people: Collection[str]) -> list[ClaimLine]:
    """The lines of these people when everybody named is on the list; else none, which is the whole claim."""
    names = {name for text in people if (name := normalise_name(text))}
    lines = ClaimLine.objects.filter(claim=claim, status__in=UNDER_WAY, worker__isnull=False).select_related("worker")
    found = [line for line in lines if line.worker and line.worker.name in names]
    complete = names and {line.worker.name for line in found if line.worker} == names
    return _named(claim, [line.pk for line in found] if complete else [])


def _made(entry: NoticeEntry, claim: Claim, said: Statement, **more: object) -> Objection:
    """The objection, unsaved. Refuses `objection_repeated` when the same person's is open already."""
    phone_index = index_of("objector", said.phone)
    earlier = Objection.objects.filter(claim=claim, phone_index=phone_index).order_by("-received_at").first()
    if earlier is not None and earlier.is_open:
        raise WrongState(
            "objection_repeated",
            _("该联系人对同一事项的异议%(number)s正在核查，无须重复提出；有新材料请直接补充给经办人。")
            % {"number": earlier.number},
        )
    year = clock.today().year
    deadline = WorkingDays.load().deadline(clock.today(), limit_of(claim, "objection_investigation"))
    return Objection(
        number=f"YY-{year}-{take(f'objection:{year}'):03d}",
        code="".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH)),
        entry=entry,
        claim=claim,
        name=said.name,
        phone=said.phone,
        phone_index=phone_index,
        address=said.address,
        content=said.content,
        late=not on_show(entry, claim),
        follows=earlier,
        received_at=clock.now(),
        due_on=deadline.day,
        due_provisional=deadline.provisional,
        **more,
    )


def _open(objection: Objection, claim: Claim, named: Collection[ClaimLine], by: Signer) -> None:
    """Save the objection with the lines it suspends; a title has none and is suspended as a whole."""
    objection.save(force_insert=True)
    if claim.kind != Kind.AMBASSADOR:
        _name_lines(objection, named)
    data = {"objection": objection.number, "lines": [str(line.pk) for line in named], "late": objection.late}
    record(claim.chain, "object", by=by, data=data)


def _name_lines(objection: Objection, named: Collection[ClaimLine]) -> None:
    ObjectionLine.objects.bulk_create(ObjectionLine(objection=objection, line=line) for line in named)
