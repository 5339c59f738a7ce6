"""What the database refuses whoever asks, each tried by a bare statement behind the back of every command."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from core import clock
from core.privacy import index_of
from funds.ledger import prove
from funds.models import FundSource
from payments import batches, queries
from payments.models import Batch, PaymentFile, PaymentItem, Transfer
from tests.payments import made
from tests.payments.made import Office, code_of, drafted, line_ids, opened, payable, sealed
from workflows.claims import Claim, ClaimLine
from workflows.hearings import Objection, ObjectionLine
from workflows.reviews import Notice, NoticeEntry

pytestmark = pytest.mark.django_db
Deed = Callable[[], object]


def refused(deed: Deed) -> str:
    """What the database says to it; nothing of it stays."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        deed()
    return str(error.value)


def objection(claim: Claim, *lines: ClaimLine) -> Objection:
    """An open one, as the desk writes it."""
    made_one = Objection.objects.create(
        number=f"YY-2025-{Objection.objects.count() + 1:03d}",
        code=f"CODE{Objection.objects.count()}",
        entry=claim.publicity.get(),
        claim=claim,
        channel="online",
        name="某人",
        phone="13800000000",
        phone_index=index_of("phone", str(Objection.objects.count())),
        content="有异议",
        received_at=clock.now(),
        due_on=clock.today(),
    )
    ObjectionLine.objects.bulk_create([ObjectionLine(objection=made_one, line=line) for line in lines])
    return made_one


def test_what_is_sealed_stays_as_it_is(office: Office, source: FundSource) -> None:
    batch = made.send(office, sealed(office, source, payable(source), payable(source)))
    first, second = batch.transfers.order_by("seq")
    items, other = PaymentItem.objects.filter(transfer=first), opened(office, source)
    row = Batch.objects.filter(pk=batch.pk)
    deeds: dict[str, list[Deed]] = {
        "batch_sealed": [
            lambda: row.update(total_fen=F("total_fen") + 1),
            lambda: row.update(sha256="0" * 64),
            lambda: row.update(count=1),
            lambda: row.update(released_by=office.maker2.user),
            lambda: row.update(channel="private"),
            lambda: row.update(file=PaymentFile.objects.get().file),
        ],
        "batch_road": [
            lambda state=state: row.update(state=state) for state in ("opened", "checked", "sealed", "cancelled")
        ],
        "batch_closed": [lambda: row.update(state="closed")],
        "batch_kept": [lambda: other.delete()],
        "transfer_sealed": [
            lambda: Transfer.objects.filter(pk=first.pk).update(amount_fen=1),
            lambda: Transfer.objects.filter(pk=first.pk).update(account=second.account),
            lambda: Transfer.objects.filter(pk=first.pk).update(reference="BF-2025-001-0009"),
        ],
        "transfer_kept": [lambda: Transfer.objects.filter(pk=first.pk)._raw_delete("default")],
        "transfer_made": [
            lambda: Transfer.objects.create(
                batch=batch, seq=3, reference="x", account=first.account, amount_fen=1, count=1
            )
        ],
        "transfer_sent": [lambda: Transfer.objects.filter(pk=first.pk).update(outcome="withdrawn")],
        "item_fixed": [
            lambda: items.update(amount_fen=1),
            lambda: items.update(transfer=second),
            lambda: items.update(batch=other),
            lambda: items.update(account=second.account),
        ],
        "item_kept": [lambda: items._raw_delete("default")],
        "item_sent": [lambda: items.update(outcome="withdrawn", live=False)],
        "file_fixed": [lambda: PaymentFile.objects.update(total_fen=1)],
        "file_kept": [lambda: PaymentFile.objects.all()._raw_delete("default")],
    }
    for name, tries in deeds.items():
        for deed in tries:
            assert name in refused(deed)


def test_answers_are_final_and_come_after_sending(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    one, items = Transfer.objects.filter(batch=batch), PaymentItem.objects.filter(batch=batch)
    assert "transfer_sent" in refused(lambda: one.update(outcome="settled"))
    assert "item_sent" in refused(lambda: items.update(outcome="settled"))
    assert "batch_sent_is_told" in refused(lambda: Batch.objects.filter(pk=batch.pk).update(state="sent"))
    made.send(office, batch)
    assert "transfer_returned_for_a_reason" in refused(lambda: one.update(outcome="returned"))
    assert "item_live_by_outcome" in refused(lambda: items.update(outcome="returned"))
    batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker)
    for outcome in ("pending", "unknown", "returned"):
        assert "transfer_road" in refused(lambda outcome=outcome: one.update(outcome=outcome))
    assert "item_road" in refused(lambda: items.update(outcome="returned", live=False))


def test_only_an_opened_batch_takes_a_line_as_it_is(office: Office, source: FundSource) -> None:
    claim, other = payable(source), payable(source)
    line = ClaimLine.objects.filter(claim=claim).order_by("seq")[0]
    about = {"claim": claim, "line": line, "account": claim.account, "amount_fen": line.amount_fen}
    about["entered_on"] = clock.today()

    def enter(batch: Batch, **change: object) -> Deed:
        return lambda: PaymentItem.objects.create(batch=batch, **{**about, **change})

    closed, batch = drafted(office, source, other), opened(office, source)
    assert "item_made" in refused(enter(closed))
    assert "item_of_its_claim" in refused(enter(batch, amount_fen=1))
    assert "item_of_its_claim" in refused(enter(batch, claim=other))
    assert "item_public" in refused(enter(batch, entered_on=clock.today() - timedelta(days=3)))
    later = Notice.objects.create(
        number="GS-2025-99",
        opens_on=clock.today(),
        closes_on=clock.today(),
        opened_by=office.bureau.user,
        opened_at=clock.now(),
    )
    with transaction.atomic():
        NoticeEntry.objects.create(notice=later, claim=claim, headcount=2, amount_fen=1)
        assert "item_public" in refused(enter(batch))
        transaction.set_rollback(True)
    with transaction.atomic():
        objection(claim, line)
        assert "item_public" in refused(enter(batch))
        transaction.set_rollback(True)
    with transaction.atomic():
        objection(claim)
        assert "item_public" in refused(enter(batch))
        transaction.set_rollback(True)
    with transaction.atomic():
        objection(other)
        enter(batch)()


def test_an_objected_line_is_not_paid_and_the_others_are(office: Office, source: FundSource) -> None:
    claim = payable(source, heads=3)
    line = ClaimLine.objects.filter(claim=claim).order_by("seq")[0]
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "by": office.maker}
    found = objection(claim, line)
    assert queries.payable_lines(fund_id=source.pk, channel="public").count() == 2
    assert code_of(lambda: batches.draft_batch(**draft, line_ids=[line.pk])) == "line_objected"
    batches.draft_batch(**draft, claim_ids=[claim.pk])
    assert set(batch.items.values_list("line", flat=True)) == set(line_ids(claim)) - {line.pk}
    late = objection(claim, ClaimLine.objects.filter(claim=claim).order_by("seq")[1])
    assert code_of(lambda: batches.check_batch(batch_id=batch.pk, by=office.checker)) == "line_objected"
    end = {"outcome": "dismissed", "decided_at": clock.now(), "opinion": "不成立", "investigated_by": office.maker.user}
    Objection.objects.filter(pk=late.pk).update(**end, decided_by=office.bureau.user)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    whole = objection(claim)
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == "claim_held"
    items = PaymentItem.objects.filter(batch=batch)
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk)
        one = Transfer.objects.create(
            batch=batch, seq=1, reference="x", account=claim.account, amount_fen=2_000_00, count=2
        )
        assert "item_public_at_sealing" in refused(lambda: items.update(transfer=one))
        transaction.set_rollback(True)
    Objection.objects.filter(pk__in=[whole.pk, found.pk]).update(**end, decided_by=office.bureau.user)
    assert batches.release_batch(batch_id=batch.pk, by=office.approver).count == 2
    assert not prove()
