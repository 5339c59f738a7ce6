"""Sealing: the third officer's yes fixes count, total and the SHA-256 of the instruction bytes, which are stored."""

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from documents.files import Put, enter, put
from documents.models import Paper
from documents.papers import issue
from documents.papers.payment import PaymentContent, PaymentRow, Signature
from payments import access
from payments.access import BatchVerb
from payments.booking import enter_items
from payments.controls import require_sound
from payments.files import enqueue_file
from payments.fitting import require_format
from payments.instruction import encode, head_of, rows_of, scheme_labels
from payments.locking import RELATED, batch_locked, live_items, plain_words
from payments.models import Batch, BatchState, PaymentItem
from payments.transfers import Planned, make, plan
from workflows.reviews import Review
from workflows.states import ReviewOutcome, Step

INSTRUCTION = "application/x-ndjson"
SIGNED_CLAIMS = (("科室负责人", Step.SECTION_REVIEW), ("分管领导", Step.LEADER_APPROVAL))
NAMED = 3  # officers in one box of the paper; of more their number is told


def release_batch(*, batch_id: int, by: Actor, opinion: str = "") -> Batch:
    """Approve and seal a checked batch: after this its items, transfers, bytes, count and total never change.

    The bytes are laid into storage before the lock is taken, because that may take as long as a network does; under
    the lock every control runs again and the batch must still be exactly what was laid (`batch_changed` otherwise).
    Transfers, ledger, file, paper, state and the job that makes the payment file are one transaction: a failure leaves
    the batch checked, nothing half-done.
    """
    words = plain_words(opinion, code="opinion")
    laid = _laid(batch_id, by)
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.RELEASE)
        items = live_items(batch)
        planned, data = ready(batch, items, fits=True)
        if sha256(data).hexdigest() != laid.sha256:
            raise WrongState("batch_changed", _("批次内容刚有变动，请刷新页面核对后重新批准。"))
        make(batch, planned)
        enter_items(batch, items, by)
        batch.released_by, batch.released_at = by.user, clock.now()
        batch.count, batch.total_fen = len(items), sum(item.amount_fen for item in items)
        batch.sha256 = laid.sha256
        batch.file = enter(laid, name=f"{batch.number}.jsonl", content_type=INSTRUCTION, by_id=by.user_id)
        batch.paper = issue(
            kind=Paper.Kind.PAYMENT,
            content=_paper(batch, items, planned, words),
            subject=batch.chain,
            by_label=by.label,
            number=batch.number,
        )
        batch.state = BatchState.SEALED
        batch.save()
        seal = {"count": batch.count, "transfers": len(planned), "total_fen": batch.total_fen, "sha256": batch.sha256}
        record(batch.chain, "release_batch", by=by, data=seal | {"opinion": words})
        enqueue_file(batch, batch.format_code, by)
    return batch


def ready(batch: Batch, items: Sequence[PaymentItem], *, fits: bool = False) -> tuple[list[Planned], bytes]:
    """The transfers and the bytes a batch would be sealed with; refuses whatever is not sound, or fits not its format.

    `fits`: these bytes were found to fit before, so only the batch is looked at again.
    """
    require_sound(batch, items)
    planned = plan(batch, items)
    rows = rows_of(planned)
    head = head_of(batch, items, rows)
    if not fits:
        require_format(batch, head, rows)
    return planned, encode(head, rows)


def _laid(batch_id: int, by: Actor) -> Put:
    """The bytes of the batch as it stands, in storage; whoever may not release it is refused first."""
    batch = Batch.objects.select_related(*RELATED).filter(pk=batch_id).first()
    if batch is None:
        raise Refusal("batch_unknown", _("找不到该拨付批次，请刷新页面。"))
    access.require(by, batch, BatchVerb.RELEASE)
    try:
        return put(ready(batch, live_items(batch))[1])
    except Refusal:
        # No lock is held yet: when somebody moved the batch on meanwhile, that is the reason, not what is left of it.
        batch.refresh_from_db()
        access.require(by, batch, BatchVerb.RELEASE)
        raise


def _paper(batch: Batch, items: Sequence[PaymentItem], planned: Sequence[Planned], opinion: str) -> PaymentContent:
    """The 拨付审批表 (brief 2.2 G): a row a transfer, who opened, made, checked and approved it."""
    rows = [
        PaymentRow(
            seq=transfer.seq,
            claim_number=transfer.claim_numbers,
            payee=transfer.account.holder,
            bank=transfer.account.bank,
            account=transfer.account.number,
            amount_fen=transfer.amount_fen,
            purpose=transfer.purpose,
        )
        for transfer in planned
    ]
    signed = [
        ("经办", batch.opened_by, batch.opened_at, ""),
        ("财政经办", batch.made_by, batch.made_at, ""),
        ("财政复核", batch.checked_by, batch.checked_at, ""),
        ("财政批准", batch.released_by, batch.released_at, opinion),
    ]
    return PaymentContent(
        batch_number=batch.number,
        fund_name=batch.fund.name,
        allocation_no=batch.fund.allocation_no,
        functional_code=batch.fund.functional_code,
        economic_code=batch.fund.economic_code,
        channel=batch.get_channel_display(),
        rows=rows,
        count=len(rows),
        total_fen=sum(row.amount_fen for row in rows),
        sha256=batch.sha256,
        signatures=[
            Signature(duty=duty, who=who.full_name, day=clock.local_date(at), opinion=said)
            for duty, who, at, said in signed
            if who and at
        ]
        + _signed_claims(batch, {item.claim_id for item in items}),
        purpose=_("引工奖补资金，共%(heads)d人") % {"heads": len(items)},
        note=batch.note,
        scheme_labels=scheme_labels(items),
    )


def _signed_claims(batch: Batch, claims: set[int]) -> list[Signature]:
    """Who of the bureau signed every claim of the batch, and when the last; a box where one is missing stays empty.

    They signed the claims' approval forms and not this paper, so the box says so in place of an opinion.
    """
    reviews = (
        Review.objects.filter(claim__in=batch.items.filter(live=True).values("claim"), outcome=ReviewOutcome.PASSED)
        .filter(step__in=[step for _duty, step in SIGNED_CLAIMS], decided_by__isnull=False)
        .select_related("decided_by")
        .order_by("pk")
    )
    found = []
    for duty, step in SIGNED_CLAIMS:
        last = {review.claim_id: review for review in reviews if review.step == step}
        if set(last) != claims:
            continue
        names = list(dict.fromkeys(review.decided_by.full_name for review in last.values() if review.decided_by))
        who = "、".join(names[:NAMED])
        if len(names) > NAMED:
            who = _("%(names)s等%(count)d人") % {"names": who, "count": len(names)}
        at = max(review.decided_at for review in last.values() if review.decided_at)
        said = _("已签署申报审批表%(count)d份") % {"count": len(last)}
        found.append(Signature(duty=duty, who=who, day=clock.local_date(at), opinion=said))
    return found
