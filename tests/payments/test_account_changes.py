"""A returned transfer waits for a corrected account, changed by one and confirmed by another, and is paid again once."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.errors import NotAllowed
from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from payments import queries
from payments.account_changes import confirm_account, propose_account, reject_account
from payments.batches import check_batch, draft_batch, release_batch
from payments.models import AccountChange, Batch, Outcome, PaymentItem, Transfer
from payments.paying_again import reissue
from payments.reissue import returned_transfers_open
from registry.models import BankAccount
from tests.payments import made
from tests.payments.answered import PROOF, imported, mended, outcomes, said, sent_of
from tests.payments.made import Office, code_of, payable, verbs
from workflows.claims import Claim

pytestmark = pytest.mark.django_db
NUMBER = "35001658107052501234"


@pytest.fixture
def claim(source: FundSource) -> Claim:
    return payable(source, heads=2)


@pytest.fixture
def returned(office: Office, source: FundSource, claim: Claim) -> Transfer:
    """A transfer that the bank gave back."""
    batch = sent_of(office, source, [claim])
    imported(office, batch, said(batch, Outcome.RETURNED, reason="账号不存在"))
    return Transfer.objects.get(batch=batch)


def proposal(transfer: Transfer, **more: object) -> dict:
    return {
        "transfer_id": transfer.pk,
        "bank": "中国农业银行泉州台商投资区支行",
        "number": NUMBER,
        "evidence": (PROOF, "开户许可证.pdf"),
        "reason": "账号抄写有误",
    } | more


def again(office: Office, source: FundSource) -> Batch:
    return made.opened(office, source)


def test_a_return_waits_and_is_paid_again_in_a_linked_batch(
    office: Office, source: FundSource, claim: Claim, returned: Transfer
) -> None:
    batch = again(office, source)
    assert not queries.payable_lines(fund_id=source.pk, channel="public").exists()
    for chosen in ({"claim_ids": [claim.pk]}, {"line_ids": made.line_ids(claim)}):
        assert code_of(lambda c=chosen: draft_batch(batch_id=batch.pk, by=office.maker, **c)) == "account_not_mended"
    old = claim.account
    change = mended(office, returned)
    claim.refresh_from_db()
    assert (claim.account_id, claim.account.number) == (change.replacement_id, NUMBER)
    assert (claim.account.holder, claim.account.organisation_id) == (old.holder, old.organisation_id)
    reissue(transfer_ids=[returned.pk], batch_id=batch.pk, by=office.maker2)
    check_batch(batch_id=batch.pk, by=office.checker)
    release_batch(batch_id=batch.pk, by=office.approver)
    new = Transfer.objects.get(batch=batch)
    assert (new.reissue_of_id, new.amount_fen, new.account_id) == (returned.pk, 2_000_00, change.replacement_id)
    assert not returned_transfers_open().exists()
    assert code_of(lambda: reissue(transfer_ids=[returned.pk], batch_id=batch.pk, by=office.maker)) == (
        "transfer_not_returned"
    )
    made.send(office, batch)
    imported(office, batch, said(batch))
    assert outcomes(batch) == [Outcome.SETTLED]
    assert verbs(claim.chain)[-5:] == ["returned", "account_change_asked", "account_changed", "batched", "paid"]
    assert not any(NUMBER in str(event.data) for event in Event.objects.all())
    assert list(breaks()) == []


def test_nobody_does_both_sides(office: Office, source: FundSource, returned: Transfer) -> None:
    both = made.posted(office.maker.user, "finance_checker")
    change = propose_account(**proposal(returned), by=office.maker)
    for actor, code in (
        (both, "account_same_person"),
        (office.bureau, "account_not_yours"),
        (office.auditor, "account_not_yours"),
    ):
        with pytest.raises(NotAllowed) as refused:
            confirm_account(change_id=change.pk, by=actor)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        propose_account(**proposal(returned), by=office.checker)
    assert code_of(lambda: propose_account(**proposal(returned), by=office.bureau)) == "account_change_waiting"
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(
            state="confirmed", decided_by=office.maker.user, decided_at=change.proposed_at, replacement=change.account
        )
    confirm_account(change_id=change.pk, by=office.checker)
    assert code_of(lambda: confirm_account(change_id=change.pk, by=office.approver)) == "account_change_decided"
    for change_it in (lambda: AccountChange.objects.update(opinion="改"), lambda: AccountChange.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change_it()


def test_turned_down_it_waits_for_another(office: Office, claim: Claim, returned: Transfer) -> None:
    change = propose_account(**proposal(returned), by=office.bureau)
    before = BankAccount.objects.count()
    assert code_of(lambda: reject_account(change_id=change.pk, by=office.checker, opinion="")) == "reason_missing"
    reject_account(change_id=change.pk, by=office.checker, opinion="证明材料看不清")
    assert BankAccount.objects.count() == before
    assert returned_transfers_open().get().mended_at is None
    propose_account(**proposal(returned), by=office.maker)
    assert returned_transfers_open().get().change_waits


def test_the_same_account_found_right_is_no_new_one(office: Office, claim: Claim, returned: Transfer) -> None:
    old = claim.account
    kept = {"bank": old.bank, "cnaps": old.cnaps, "number": old.number, "reason": "账户已解除冻结"}
    change = propose_account(**proposal(returned, **kept), by=office.maker)
    before = BankAccount.objects.count()
    assert confirm_account(change_id=change.pk, by=office.checker).replacement_id == old.pk
    assert BankAccount.objects.count() == before
    assert returned_transfers_open().get().mended_at is not None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"number": "12345"}, "account_invalid"),
        ({"number": "6228x480012345678"}, "account_invalid"),
        ({"bank": " "}, "bank_missing"),
        ({"cnaps": "123"}, "cnaps_invalid"),
        ({"reason": ""}, "reason_missing"),
        ({"reason": "应为6228480012345678901"}, "words_with_number"),
        ({"evidence": (b"", "a.pdf")}, "upload_empty"),
        ({"evidence": (b"<html>", "a.pdf")}, "upload_type"),
        ({"transfer_id": 10**9}, "transfer_not_returned"),
    ],
)
def test_what_a_correction_refuses(office: Office, returned: Transfer, more: dict, code: str) -> None:
    assert code_of(lambda: propose_account(**proposal(returned, **more), by=office.maker)) == code


def test_nobody_corrects_an_account_of_his_own_side(office: Office, claim: Claim, returned: Transfer) -> None:
    own = made.posted(claim.created_by, "finance_maker")
    with pytest.raises(NotAllowed) as refused:
        propose_account(**proposal(returned), by=own)
    assert refused.value.code == "batch_pays_you"


def test_a_transfer_is_paid_again_whole_and_the_database_holds_it(
    office: Office, source: FundSource, claim: Claim, returned: Transfer
) -> None:
    batch = again(office, source)
    item = PaymentItem.objects.filter(transfer=returned).first()
    same = {name: getattr(item, name) for name in ("claim", "line", "account", "amount_fen", "entered_on")}
    with pytest.raises(DatabaseError, match="payments_item_mended"), transaction.atomic():
        PaymentItem.objects.create(batch=batch, **same)
    mended(office, returned)
    part = made.line_ids(claim)[:1]
    assert code_of(lambda: draft_batch(batch_id=batch.pk, line_ids=part, by=office.maker)) == "reissue_in_part"
    assert code_of(lambda: reissue(transfer_ids=[], batch_id=batch.pk, by=office.maker)) == "nothing_selected"
    reissue(transfer_ids=[returned.pk], batch_id=batch.pk, by=office.maker)


def test_what_is_unknown_or_settled_is_never_paid_again(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source), payable(source)])
    imported(office, batch, said(batch, Outcome.UNKNOWN, Outcome.SETTLED))
    new = again(office, source)
    for transfer in Transfer.objects.filter(batch=batch):
        assert code_of(lambda t=transfer: reissue(transfer_ids=[t.pk], batch_id=new.pk, by=office.maker)) == (
            "transfer_not_returned"
        )
        assert code_of(lambda t=transfer: propose_account(**proposal(t), by=office.maker)) == "transfer_not_returned"
