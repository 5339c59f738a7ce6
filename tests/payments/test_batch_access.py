"""Who does what with a batch: roles, three different officers, nobody for his own side."""

from collections.abc import Callable
from dataclasses import fields

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed
from funds.models import FundSource
from payments import access, batches
from payments.access import BatchVerb
from payments.models import Batch, BatchState
from tests.payments import made
from tests.payments.made import Office, code_of, drafted, line_ids, opened, payable
from workflows.claims import Claim

pytestmark = pytest.mark.django_db


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
