"""Releasing a batch: the third officer's yes seals it with count, total and the SHA-256 of the stored workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from documents.files import enter, put
from documents.models import Paper, StoredFile
from documents.papers import issue
from documents.papers.payment import PaymentContent, PaymentRow, Signature
from payments import access
from payments.access import BatchVerb
from payments.controls import require_sound
from payments.locking import RELATED, batch_locked, live_items, plain_words
from payments.models import Batch, BatchState, PaymentItem
from payments.transfers import Transfer, digest, transfers_of
from payments.workbook import build, scheme_labels
from workflows.reviews import Review
from workflows.states import ReviewOutcome, Step

SIGNED_CLAIMS = (("科室负责人", Step.SECTION_REVIEW), ("分管领导", Step.LEADER_APPROVAL))
NAMED = 3  # officers in one box of the paper; of more their number is told
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Built:
    """A workbook made ahead of the lock, and what it was made of: the items and the digest of their rows."""

    data: bytes
    made_of: tuple[list[int], str]


def release_batch(*, batch_id: int, by: Actor, opinion: str = "") -> Batch:
    """Approve and seal a checked batch: after this its items, bytes, count and total never change.

    The workbook is built before the lock is taken, because on SQLite a writer who builds makes everybody wait; under
    the lock every control runs again and the batch must still hold exactly what was built (`batch_changed`
    otherwise). Workbook, paper and state are one transaction: a failure leaves the batch checked, nothing half-done.
    """
    words = plain_words(opinion, code="opinion")
    built = _built(batch_id, by)
    laid = put(built.data)
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.RELEASE)
        items = live_items(batch)
        require_sound(batch, items)
        transfers = transfers_of(items)
        if _made_of(items, transfers) != built.made_of:
            raise WrongState("batch_changed", _("批次内容刚有变动，请刷新页面核对后重新批准。"))
        batch.released_by, batch.released_at = by.user, clock.now()
        batch.count, batch.total_fen = len(items), sum(item.amount_fen for item in items)
        batch.sha256 = sha256(built.data).hexdigest()
        batch.file = enter(laid, name=f"{batch.number}.xlsx", content_type=XLSX, by_id=by.user_id)
        batch.paper = issue(
            kind=Paper.Kind.PAYMENT,
            content=_paper(batch, items, transfers, words),
            subject=batch.chain,
            by_label=by.label,
            number=batch.number,
        )
        batch.state = BatchState.SEALED
        batch.save()
        seal = {"count": batch.count, "transfers": len(transfers), "total_fen": batch.total_fen, "sha256": batch.sha256}
        record(batch.chain, "release_batch", by=by, data=seal | {"opinion": words})
    return batch


def download(*, batch_id: int, by: Actor) -> StoredFile:
    """The sealed workbook, as stored; the download stands in the record. Refuses `file_damaged` when it is not it."""
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.DOWNLOAD)
        file = StoredFile.objects.get(pk=batch.file_id)
        if file.sha256 != batch.sha256:
            raise Refusal("file_damaged", _("拨付明细与封存时的校验值不符，请勿使用，并联系系统管理员核查。"))
        record(batch.chain, "download_batch", by=by, data={"sha256": batch.sha256})
    return file


def _built(batch_id: int, by: Actor) -> Built:
    """The workbook of the batch as it stands, made without a lock; whoever may not release it is refused first."""
    batch = Batch.objects.select_related(*RELATED).filter(pk=batch_id).first()
    if batch is None:
        raise Refusal("batch_unknown", _("找不到该拨付批次，请刷新页面。"))
    access.require(by, batch, BatchVerb.RELEASE)
    items = live_items(batch)
    require_sound(batch, items)
    return Built(build(batch, items), _made_of(items, transfers_of(items)))


def _made_of(items: Sequence[PaymentItem], transfers: Sequence[Transfer]) -> tuple[list[int], str]:
    return [item.pk for item in items], digest(transfers)


def _paper(batch: Batch, items: Sequence[PaymentItem], transfers: Sequence[Transfer], opinion: str) -> PaymentContent:
    """The 拨付审批表 (brief 2.2 G): a row a transfer, who opened, made, checked and approved it."""
    rows = [
        PaymentRow(
            seq=transfer.seq,
            claim_number=str(transfer.claim),
            payee=transfer.payee,
            bank=transfer.bank,
            account=transfer.account,
            amount_fen=transfer.amount_fen,
            purpose=transfer.purpose,
        )
        for transfer in transfers
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
