"""A batch from opening to release: who does what, what is refused, and what the record keeps."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from payments import access, batches, queries
from payments.access import BatchVerb
from payments.models import Batch, BatchState, ItemOutcome, PaymentItem
from registry.models import BankAccount
from tests.payments import made
from tests.payments.made import Office, line_ids, payable
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord

pytestmark = pytest.mark.django_db
SEALING = {"check", "release"}


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()


def opened(office: Office, source: FundSource, **more: str) -> Batch:
    return batches.open_batch(**{"fund_id": source.pk, "channel": "public", "by": office.bureau} | more)


def drafted(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = opened(office, source)
    return batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(*claims), by=office.maker)


def sealed(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = drafted(office, source, *claims)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    return batches.release_batch(batch_id=batch.pk, by=office.approver)


def code_of(command: Callable[[], object]) -> str:
    """The code with which a command refuses; nothing it did stays."""
    with pytest.raises(Refusal) as refused, transaction.atomic():
        command()
    assert refused.value.message.endswith("。")
    return refused.value.code


def verbs(chain: str) -> list[str]:
    return list(Event.objects.filter(chain=chain).values_list("verb", flat=True))


def test_the_whole_road(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=3), payable(source, heads=2)
    batch = opened(office, source, note="十一月机构奖补")
    assert (batch.number, batch.state) == ("BF-2025-001", BatchState.OPENED)
    batch = batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim, other), by=office.maker)
    assert (batch.state, batch.items.count()) == (BatchState.DRAFTED, 5)
    batch = batches.check_batch(batch_id=batch.pk, by=office.checker, opinion="账户无误")
    assert batch.state == BatchState.CHECKED
    batch = batches.release_batch(batch_id=batch.pk, by=office.approver, opinion="同意拨付")
    assert (batch.state, batch.count, batch.total_fen) == (BatchState.SEALED, 5, 5_000_00)
    assert len(batch.sha256) == 64
    assert batch.paper is not None
    assert (batch.paper.number, batch.paper.amount_fen, batch.paper.subject) == (batch.number, 5_000_00, batch.chain)
    batch = batches.mark_items(batch_id=batch.pk, claim_ids=[claim.pk], outcome="paid", by=office.maker)
    assert batch.state == BatchState.SEALED
    batch = batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="paid", by=office.maker)
    assert batch.state == BatchState.CLOSED
    assert verbs(batch.chain) == [
        "open_batch", "draft_batch", "check_batch", "release_batch", "mark_paid", "mark_paid", "close_batch",
    ]  # fmt: skip
    assert verbs(claim.chain) == verbs(other.chain) == ["batched", "paid"]
    assert list(breaks()) == []
    accounts = [account.number for account in BankAccount.objects.all()]
    told = str(list(Event.objects.values_list("data", "by_label")))
    assert [number for number in accounts if number in told] == []


def test_numbers_run_on_and_a_double_click_opens_one(office: Office, source: FundSource) -> None:
    opened(office, source)
    assert code_of(lambda: opened(office, source)) == "batch_waiting"
    assert opened(office, source, note="第二批").number == "BF-2025-002"
    assert opened(office, source, channel="private").number == "BF-2025-003"
    assert Batch.objects.count() == 3


def test_what_opening_refuses(office: Office, source: FundSource) -> None:
    assert code_of(lambda: opened(office, source, by=office.maker)) == "open_not_yours"
    assert code_of(lambda: opened(office, source, channel="cash")) == "channel_unknown"
    assert code_of(lambda: opened(office, source, fund_id=987)) == "fund_unknown"
    assert code_of(lambda: opened(office, source, note="卡号6228480012345678")) == "words_with_number"
    source.allocation_no = " "
    source.save()
    assert code_of(lambda: opened(office, source)) == "allocation_missing"
    assert not Batch.objects.exists()


def test_whole_claims_can_be_chosen(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=4), payable(source, heads=1)
    batch = opened(office, source)
    batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], line_ids=line_ids(other), by=office.maker)
    assert set(batch.items.values_list("line", flat=True)) == set(line_ids(claim, other))


def _other_fund(claim: Claim) -> None:
    claim.fund = made.fund(allocation_no="泉财指〔2025〕9号")
    claim.save()


def _private(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(account=made.account(made.user("某人")))


def _no_account(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(account=None)


def _renamed(claim: Claim) -> None:
    BankAccount.objects.filter(pk=claim.account_id).update(holder="另一家公司")


def _annulled(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(status="annulled")


def _worthless(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(amount_fen=0)


def _dearer(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(amount_fen=2_000_00)


def _unpublished(claim: Claim) -> None:
    claim.publicity.all().delete()


def _still_public(claim: Claim) -> None:
    notice = claim.publicity.get().notice
    notice.closes_on = clock.today()
    notice.save()


def _not_approved(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(state="leader")


def _never_promised(claim: Claim) -> None:
    FundSource.objects.filter(pk=claim.fund_id).update(reserved_fen=1)


FAULTS = {
    "fund_differs": _other_fund,
    "holder_differs": _private,
    "account_missing": _no_account,
    "amount_differs": _dearer,
    "publicity_missing": _unpublished,
    "publicity_running": _still_public,
    "budget_exceeded": _never_promised,
}


@pytest.mark.parametrize("code", FAULTS)
def test_what_drafting_refuses(office: Office, source: FundSource, code: str) -> None:
    sound, broken = payable(source), payable(source)
    batch = opened(office, source)
    FAULTS[code](broken)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(sound, broken), "by": office.maker}
    with pytest.raises(Refusal) as refused:
        batches.draft_batch(**draft)
    assert refused.value.code == code
    assert code == "budget_exceeded" or broken.number in refused.value.message
    assert not PaymentItem.objects.exists()
    assert verbs(batch.chain) == ["open_batch"]


def test_another_name_on_the_account_is_refused_with_both_names(office: Office, source: FundSource) -> None:
    claim = payable(source)
    _renamed(claim)
    batch = opened(office, source)
    with pytest.raises(Refusal, match="另一家公司") as refused:
        batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim), by=office.maker)
    assert (refused.value.code, claim.claimant_name in refused.value.message) == ("holder_differs", True)


@pytest.mark.parametrize("fault", [_annulled, _worthless, _not_approved])
def test_only_payable_lines(office: Office, source: FundSource, fault: Callable[[Claim], None]) -> None:
    claim = payable(source)
    batch = opened(office, source)
    fault(claim)
    by_line = {"batch_id": batch.pk, "line_ids": line_ids(claim), "by": office.maker}
    by_claim = {"batch_id": batch.pk, "claim_ids": [claim.pk], "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**by_line)) == "line_not_payable"
    assert code_of(lambda: batches.draft_batch(**by_claim)) == "line_not_payable"
    assert not queries.payable_lines(fund_id=source.pk, channel="public").exists()


def test_organisations_and_persons_never_share_a_batch(office: Office, source: FundSource) -> None:
    person, agency = payable(source, made.user("张海燕")), payable(source)
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(person, agency), "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "channel_differs"
    private = opened(office, source, channel="private")
    batches.draft_batch(batch_id=private.pk, line_ids=line_ids(person), by=office.maker)
    assert private.items.count() == 2


def test_nothing_unknown_and_too_much(office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = payable(source)
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "nothing_selected"
    assert code_of(lambda: batches.draft_batch(**draft, claim_ids=[987])) == "line_unknown"
    assert code_of(lambda: batches.draft_batch(**draft, line_ids=[uuid4()])) == "line_unknown"
    assert code_of(lambda: batches.draft_batch(batch_id=987, by=office.maker)) == "batch_unknown"
    monkeypatch.setattr(batches, "LARGEST_BATCH", 1)
    assert code_of(lambda: batches.draft_batch(**draft, claim_ids=[claim.pk])) == "batch_too_large"


def test_a_line_stands_in_one_batch_and_the_loser_hears_which(office: Office, source: FundSource) -> None:
    claim = payable(source)
    first = drafted(office, source, claim)
    second = opened(office, source)
    for chosen in ({"line_ids": line_ids(claim)}, {"claim_ids": [claim.pk]}):
        with pytest.raises(WrongState, match=first.number) as refused:
            batches.draft_batch(batch_id=second.pk, by=office.maker2, **chosen)
        assert refused.value.code == "line_in_batch"
    assert PaymentItem.objects.count() == 2
    assert not queries.payable_claims(fund_id=source.pk, channel="public").exists()


def test_the_database_keeps_a_line_in_one_live_item(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch, second = drafted(office, source, claim), opened(office, source)
    again = [
        PaymentItem(batch=second, claim=claim, line_id=pk, account=claim.account, amount_fen=1)
        for pk in line_ids(claim)
    ]
    with pytest.raises(WrongState, match=batch.number) as refused:
        batches._put(again)
    assert refused.value.code == "line_in_batch"
    assert PaymentItem.objects.count() == 2


def test_each_duty_has_its_role(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    actors = {f.name: getattr(office, f.name) for f in fields(office)}
    for verb in BatchVerb:
        for actor in actors.values():
            if actor.role not in access.ROLES[verb]:
                assert access.can(actor, batch, verb).code == "batch_not_yours"
    assert code_of(lambda: batches.check_batch(batch_id=batch.pk, by=office.approver)) == "batch_not_yours"
    assert code_of(lambda: batches.return_batch(batch_id=batch.pk, by=office.approver, reason="x")) == "batch_not_yours"
    assert code_of(lambda: batches.cancel_batch(batch_id=batch.pk, by=office.auditor, reason="x")) == "batch_not_yours"


@pytest.mark.parametrize("duty", ["bureau", "maker", "checker"])
def test_nobody_does_two_duties_also_in_another_post(office: Office, source: FundSource, duty: str) -> None:
    batch = drafted(office, source, payable(source))
    person = getattr(office, duty).user
    if duty != "checker":
        as_checker = made.posted(person, Role.FINANCE_CHECKER)
        assert code_of(lambda: batches.check_batch(batch_id=batch.pk, by=as_checker)) == "batch_same_person"
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    as_approver = made.posted(person, Role.FINANCE_APPROVER)
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=as_approver)) == "batch_same_person"
    assert Batch.objects.get().state == BatchState.CHECKED


def test_the_opener_does_not_draft(office: Office, source: FundSource) -> None:
    batch, claim = opened(office, source), payable(source)
    as_maker = made.posted(office.bureau.user, Role.FINANCE_MAKER)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(claim), "by": as_maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "batch_same_person"


@pytest.mark.parametrize("pair", [("made_by", "checked_by"), ("made_by", "released_by"), ("checked_by", "released_by")])
def test_the_database_too_wants_three_officers(office: Office, source: FundSource, pair: tuple[str, str]) -> None:
    batch = opened(office, source)
    with pytest.raises(IntegrityError, match="three_different_officers"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(**dict.fromkeys(pair, office.maker.user))


def _clerk_once(actor: Actor, claim: Claim) -> None:
    made.posted(actor.user, Role.AGENCY_CLERK, organisation=claim.claimant_org)


def _filed_it(actor: Actor, claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(created_by=actor.user)


def _runs_it(actor: Actor, claim: Claim) -> None:
    village = Area.objects.filter(kind="village").first()
    claim.claimant_org.operated_by = village
    claim.claimant_org.save()
    made.posted(actor.user, Role.VILLAGE_HEAD, area=village)


def _decided_it(actor: Actor, claim: Claim) -> None:
    claim.reviews.create(
        step="bureau_review", area=actor.area, opened_at=clock.now(), due_on=clock.today(), outcome="passed",
        decided_by=actor.user, decided_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("tie", [_clerk_once, _filed_it, _runs_it, _decided_it])
def test_nobody_handles_a_batch_that_pays_his_side(
    office: Office, source: FundSource, tie: Callable[[Actor, Claim], None]
) -> None:
    claim, batch = payable(source), opened(office, source)
    tie(office.maker2, claim)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(claim)}
    with pytest.raises(NotAllowed, match=claim.number) as refused:
        batches.draft_batch(**draft, by=office.maker2)
    assert refused.value.code == "batch_pays_you"
    batches.draft_batch(**draft, by=office.maker)
    tie(office.checker, claim)
    assert code_of(lambda: batches.check_batch(batch_id=batch.pk, by=office.checker)) == "batch_pays_you"
    if tie is not _decided_it:
        tie(office.bureau, claim)
        cancel = {"batch_id": batch.pk, "by": office.bureau, "reason": "不办了"}
        assert code_of(lambda: batches.cancel_batch(**cancel)) == "batch_pays_you"


def test_a_second_click_hears_who_was_first(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    for _click in range(3):
        with pytest.raises(WrongState, match="蔡文彬于2025-11-24") as refused:
            batches.check_batch(batch_id=batch.pk, by=office.checker)
        assert refused.value.code == "batch_moved_on"
    assert verbs(batch.chain).count("check_batch") == 1


@pytest.mark.parametrize("returner", ["checker", "approver"])
def test_a_returned_batch_frees_its_lines(office: Office, source: FundSource, returner: str) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    if returner == "approver":
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    back = {"batch_id": batch.pk, "by": getattr(office, returner)}
    assert code_of(lambda: batches.return_batch(**back, reason="  ")) == "reason_missing"
    batch = batches.return_batch(**back, reason="请核对联行号")
    assert (batch.state, batch.made_by, batch.checked_by) == (BatchState.OPENED, None, None)
    assert queries.payable_lines(fund_id=source.pk, channel="public").count() == 2
    batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim), by=office.maker)
    assert PaymentItem.objects.filter(live=True).count() == 2
    assert verbs(claim.chain) == ["batched", "unbatched", "batched"]


def test_a_cancelled_batch_frees_its_lines_and_keeps_its_number(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    assert code_of(lambda: batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="")) == "reason_missing"
    batch = batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="改用其他资金")
    assert batch.state == BatchState.CANCELLED
    assert drafted(office, source, claim).number == "BF-2025-002"
    assert code_of(lambda: batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="x")) == "batch_moved_on"


def test_a_sealed_batch_is_neither_returned_nor_cancelled(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    args = {"batch_id": batch.pk, "reason": "x"}
    assert code_of(lambda: batches.cancel_batch(**args, by=office.bureau)) == "batch_moved_on"
    assert code_of(lambda: batches.return_batch(**args, by=office.approver)) == "batch_moved_on"
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == "batch_moved_on"


LATER_FAULTS = {
    "line_not_payable": _annulled,
    "holder_differs": _renamed,
    "account_changed": _private,
    "item_differs": _dearer,
    "publicity_running": _still_public,
    "budget_exceeded": _never_promised,
}


@pytest.mark.parametrize("code", LATER_FAULTS)
def test_controls_run_again_at_check_and_release(office: Office, source: FundSource, code: str) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        LATER_FAULTS[code](claim)
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    assert refused.value.code == code
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    LATER_FAULTS[code](claim)
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == code
    batch.refresh_from_db()
    assert (batch.state, batch.file, batch.paper) == (BatchState.CHECKED, None, None)


def test_the_approved_sum_is_the_last_approval(office: Office, source: FundSource) -> None:
    claim = payable(source)
    AssessmentRecord.objects.create(claim=claim, stage="approved", result={}, total_fen=1, at=clock.now())
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(claim), "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "amount_differs"


def test_publicity_must_be_over_the_day_before(office: Office, source: FundSource) -> None:
    claim = payable(source, closes_on=clock.today() - timedelta(days=1))
    assert drafted(office, source, claim).items.filter(outcome=ItemOutcome.PENDING).count() == 2
