"""撤销追回, and set-offs as payments: what a claim shows, and what an objection keeps back."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core import clock
from core.append_only import triggers_off
from core.timeline import breaks
from documents.models import Paper
from documents.standing import WITHDRAWN
from funds.ledger import Pot, prove, whereabouts
from funds.models import FundSource, Posting
from payments import batches
from payments.differences import find
from payments.models import OffsetLine, RecoveryCase, RecoveryLine, Repayment
from payments.reconciliation import Cut, groups_by, reconcile
from payments.recovery.lifting import lift_case
from payments.recovery.reading import asked_back, case_page, cases_of
from payments.recovery.repaying import forgive, receive, set_off
from tests.payments import made
from tests.payments.made import Office, code_of, line_ids, payable, verbs
from tests.payments.recovered import Bureau, bureau, opened, ordered, paid
from tests.payments.test_guards import objection
from workflows.claims import Claim, ClaimLine
from workflows.hearing import investigate
from workflows.objections import Statement, record_objection
from workflows.queries import with_amounts

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 24)
SAID = Statement("林素珍", "13805960001", "该人员七月起就没有在企业上班。")


@pytest.fixture
def people() -> Bureau:
    return bureau()


def part_back(office: Office, source: FundSource, people: Bureau) -> RecoveryCase:
    """A case of 2,000 yuan of which 1,200 came back and 300 were written off."""
    case = ordered(people, paid(office, source))
    receive(case_id=case.pk, amount_fen=1_200_00, on=TODAY, reference="入001", by=office.maker)
    return forgive(case_id=case.pk, amount_fen=300_00, reason="企业已注销", by=people.writer)


def test_what_is_not_back_counts_as_paid_again(office: Office, source: FundSource, people: Bureau) -> None:
    case = part_back(office, source, people)
    first, second = line_ids(case.claim)
    case = lift_case(case_id=case.pk, reason="行政复议决定撤销。", by=people.leader)
    assert (case.state, case.owed_fen, case.back_fen) == ("lifted", 0, 1_500_00)
    assert whereabouts([first, second]) == {
        first: {Pot.RECOVERED: 1_000_00},
        second: {Pot.PAID: 500_00, Pot.RECOVERED: 200_00, Pot.WRITTEN_OFF: 300_00},
    }
    assert Paper.objects.get(subject=case.chain).standing.code == WITHDRAWN
    assert "lift_recovery" in verbs(case.chain) and verbs(case.claim.chain)[-1] == "lift_recovery"
    page = case_page(case_id=case.pk, by=office.auditor)
    assert [(one.label, one.words) for one in page.events][-1] == ("撤销追回", "行政复议决定撤销。")
    assert asked_back(cases_of(office.auditor, case.claim)) == {first: 1_000_00, second: 500_00}
    assert code_of(lambda: lift_case(case_id=case.pk, reason="再次", by=people.leader)) == "recovery_lifted"
    got = {"case_id": case.pk, "amount_fen": 1, "on": TODAY, "reference": "入009", "by": office.maker}
    assert code_of(lambda: receive(**got)) == "recovery_lifted"
    assert code_of(lambda: opened(people, case.claim, {second: 500_01})) == "more_than_paid"
    again = ordered(people, case.claim, {second: 500_00})
    assert (again.owed_fen, prove(), find(), list(breaks()), reconcile().balanced) == (500_00, [], [], [], True)


def test_who_lifts_and_why(office: Office, source: FundSource, people: Bureau) -> None:
    case = opened(people, paid(office, source))
    lift = {"case_id": case.pk, "reason": "事实有误，予以撤销。", "by": people.leader}
    assert code_of(lambda: lift_case(**lift)) == "recovery_not_decided"
    case = ordered(people, paid(office, source))
    lift |= {"case_id": case.pk}
    for by, code in {
        people.head: "recovery_not_yours",
        made.posted(people.head.user, Role.BUREAU_LEADER): "recovery_same_person",
        made.posted(people.handler.user, Role.BUREAU_LEADER): "recovery_same_person",
        made.posted(office.checker.user, Role.BUREAU_LEADER): "recovery_own_payment",
    }.items():
        assert code_of(lambda by=by: lift_case(**lift | {"by": by})) == code
    assert code_of(lambda: lift_case(**lift | {"reason": " "})) == "reason_missing"
    row = {"state": "lifted", "lifted_at": clock.now(), "lifted_why": "为何"}
    for wrong in ({"lifted_by": people.head.user}, {"lifted_by": people.leader.user, "lifted_why": ""}):
        with pytest.raises(IntegrityError, match="recovery_lifted"), transaction.atomic():
            RecoveryCase.objects.filter(pk=case.pk).update(**row | wrong)
    with pytest.raises(IntegrityError, match="recovery_line_written_off"), transaction.atomic():
        RecoveryLine.objects.filter(case=case).update(written_off_fen=1)
    lift_case(**lift)
    with pytest.raises(IntegrityError, match="recovery_road"), transaction.atomic():
        RecoveryCase.objects.filter(pk=case.pk).update(state="owed", lifted_by=None, lifted_at=None, lifted_why="")


def test_lifting_takes_the_same_queries_however_large(office: Office, source: FundSource, people: Bureau) -> None:
    spent = []
    for heads in (1, 20):
        case = ordered(people, paid(office, source, heads=heads))
        with CaptureQueriesContext(connection) as seen:
            lift_case(case_id=case.pk, reason="撤销", by=people.leader)
        spent.append(len(seen))
    assert spent[0] == spent[1]


def kept_back(office: Office, source: FundSource, people: Bureau) -> tuple[RecoveryCase, Claim, dict]:
    agency = made.agency()
    case, later = ordered(people, paid(office, source, agency)), payable(source, agency)
    off = {"case_id": case.pk, "against_id": later.pk, "reason": "同意抵扣。", "by": people.leader}
    return case, later, off


def test_a_set_off_line_counts_as_paid(office: Office, source: FundSource, people: Bureau) -> None:
    case, later, off = kept_back(office, source, people)
    states = []
    for line in line_ids(later):
        set_off(line_ids=[line], **off)
        found = with_amounts(Claim.objects.filter(pk=later.pk)).get()
        states.append((found.payment_state, found.paid_fen, found.kept_fen))
    assert states == [("partly_paid", 0, 1_000_00), ("paid", 0, 2_000_00)]
    assert with_amounts(Claim.objects.filter(pk=case.claim_id)).get().paid_fen == 2_000_00


def test_an_objection_keeps_a_line_from_being_set_off(office: Office, source: FundSource, people: Bureau) -> None:
    _case, later, off = kept_back(office, source, people)
    first, second = ClaimLine.objects.filter(claim=later).order_by("seq")
    objection(later, first)
    assert code_of(lambda: set_off(line_ids=[first.pk], **off)) == "line_objected"
    set_off(line_ids=[second.pk], **off)
    with pytest.raises(IntegrityError, match="set_off_objected"), transaction.atomic():
        OffsetLine.objects.create(repayment=Repayment.objects.get(), line=first, amount_fen=1_000_00)
    late = {"entry_id": later.publicity.get().pk, "by": people.handler, "said": SAID, "line_ids": [second.pk]}
    assert code_of(lambda: record_objection(**late)) == "objection_too_late"


def test_an_investigation_names_no_line_whose_money_is_out(office: Office, source: FundSource, people: Bureau) -> None:
    """Found by the machine: an objection to a whole claim was narrowed to a line that a sealed batch already paid."""
    claim = payable(source)
    first, second = line_ids(claim)
    batch = made.opened(office, source)
    batches.draft_batch(batch_id=batch.pk, line_ids=[first], by=office.maker)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    whole = {"objection_id": objection(claim).pk, "by": people.handler, "findings": "已核实。", "proposal": "upheld"}
    assert code_of(lambda: investigate(line_ids=[first, second], **whole)) == "objection_too_late"
    assert investigate(line_ids=[second], **whole).named.get().line_id == second


def test_recoveries_have_a_second_source(office: Office, source: FundSource, people: Bureau) -> None:
    case = part_back(office, source, people)
    _other, later, off = kept_back(office, source, people)
    set_off(line_ids=line_ids(later)[:1], **off)
    done = reconcile()
    claimed, recovered = done.total.measures["claimed"], done.total.measures["recovered"]
    assert (done.balanced, claimed.own, claimed.ledger) == (True, 4_000_00, 4_000_00)
    assert (recovered.own, recovered.ledger) == (2_200_00, 2_200_00)
    for cut in Cut.values:
        assert sum(group.measures["recovered"].own for group in groups_by(cut)) == 2_200_00
    with triggers_off(connection):
        Posting.objects.filter(voucher__case=case.number, voucher__movement="recovered").update(amount_fen=1)
    assert not reconcile().total.measures["recovered"].balanced
    assert {one.kind for one in find()} >= {"recovery_line"}
    with triggers_off(connection):
        Repayment.objects.filter(case=case, kind="received").update(amount_fen=1)
    assert {one.kind for one in find()} >= {"recovery_line", "recovery_received"}
