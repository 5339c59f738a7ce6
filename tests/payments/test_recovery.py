"""追回: from the bureau's case to the last fen; four eyes; never more than was paid or is owed; the ledger at each step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core import clock
from core.timeline import breaks
from documents.models import Paper
from funds.ledger import Pot, prove, whereabouts
from funds.models import FundSource
from payments import batches
from payments.models import Instalment, OffsetLine, RecoveryCase, RecoveryLine, Repayment
from payments.queries import payable_lines
from payments.recovery.access import CaseVerb, can
from payments.recovery.deciding import Part, decide_case, plan_case
from payments.recovery.repaying import forgive, receive, set_off
from tests.payments import made
from tests.payments.made import Office, code_of, line_ids, payable, verbs
from tests.payments.recovered import Bureau, bureau, opened, ordered, paid

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 24)


@pytest.fixture
def people() -> Bureau:
    return bureau()


def got(case: RecoveryCase, yuan: int, reference: str, office: Office) -> RecoveryCase:
    return receive(case_id=case.pk, amount_fen=yuan * 100, on=clock.today(), reference=reference, by=office.maker)


def test_a_case_from_its_opening_to_the_last_fen(office: Office, source: FundSource, people: Bureau) -> None:
    claim = paid(office, source)
    case = opened(people, claim)
    assert (case.number, case.amount_fen, case.state) == ("ZH-2025-001", 2_000_00, "proposed")
    assert code_of(lambda: got(case, 1, "入001", office)) == "recovery_not_decided"
    case = decide_case(case_id=case.pk, order=True, opinion="同意追回。", by=people.head)
    assert (case.state, case.due_on, case.owed_fen) == ("owed", date(2025, 12, 15), 2_000_00)
    paper = Paper.objects.get(subject=case.chain)
    assert (paper.number, paper.title, paper.amount_fen) == (case.number, "追回通知书", 2_000_00)
    first, second = line_ids(claim)
    assert whereabouts([first])[first] == {Pot.CLAIMED: 1_000_00}
    case = got(case, 1500, "入001", office)
    assert whereabouts([first, second]) == {
        first: {Pot.RECOVERED: 1_000_00},
        second: {Pot.CLAIMED: 500_00, Pot.RECOVERED: 500_00},
    }
    case = got(case, 500, "入002", office)
    assert (case.state, case.owed_fen) == ("closed", 0)
    assert code_of(lambda: got(case, 1, "入003", office)) == "recovery_closed"
    source.refresh_from_db()
    assert (source.paid_fen, source.claimed_fen, source.recovered_fen) == (0, 0, 2_000_00)
    trail = ["open_recovery", "order_recovery", "recovery_received", "recovery_received", "close_recovery"]
    assert verbs(case.chain) == trail and verbs(claim.chain)[-5:] == trail
    assert prove() == [] and list(breaks()) == []


def test_four_eyes_and_nobody_who_approved_or_paid(office: Office, source: FundSource, people: Bureau) -> None:
    claim = paid(office, source)
    case = opened(people, claim)
    for by, code in {
        people.handler: "recovery_not_yours",
        made.posted(people.handler.user, Role.SECTION_HEAD): "recovery_same_person",
        made.posted(office.bureau.user, Role.SECTION_HEAD): "recovery_own_payment",
        made.posted(office.checker.user, Role.BUREAU_LEADER): "recovery_own_payment",
        made.posted(claim.created_by, Role.BUREAU_LEADER): "recovery_concerns_you",
        office.approver: "recovery_not_yours",
    }.items():
        assert code_of(lambda by=by: decide_case(case_id=case.pk, order=True, opinion="同意。", by=by)) == code
    case = decide_case(case_id=case.pk, order=True, opinion="同意。", by=people.leader)
    again = lambda: decide_case(case_id=case.pk, order=False, opinion="不同意。", by=people.head)  # noqa: E731
    assert code_of(again) == "recovery_moved_on"
    off = {"case_id": case.pk, "amount_fen": 1_000_00, "reason": "企业已注销，经集体研究。"}
    assert code_of(lambda: forgive(by=office.approver, **off)) == "recovery_own_payment"
    assert code_of(lambda: forgive(by=people.leader, **off)) == "recovery_not_yours"
    assert code_of(lambda: forgive(by=people.writer, **off | {"reason": " "})) == "reason_missing"
    assert forgive(by=people.writer, **off).owed_fen == 1_000_00
    waiting = opened(people, paid(office, source))
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        RecoveryCase.objects.filter(pk=waiting.pk).update(decided_by=people.handler.user, state="rejected")


def test_never_more_than_was_paid(office: Office, source: FundSource, people: Bureau) -> None:
    claim, other = paid(office, source), payable(source)
    first, second = line_ids(claim)
    opened(people, claim, {first: 400_00})
    assert code_of(lambda: opened(people, claim, {first: 600_01})) == "more_than_paid"
    assert code_of(lambda: opened(people, claim, {first: 0})) == "more_than_paid"
    assert code_of(lambda: opened(people, claim, {line_ids(other)[0]: 1})) == "line_not_paid"
    assert code_of(lambda: opened(people, other, {line_ids(other)[0]: 1})) == "line_not_paid"
    assert code_of(lambda: opened(people, claim, {})) == "nothing_selected"
    assert code_of(lambda: opened(people, claim, by=people.head)) == "recovery_not_yours"
    assert code_of(lambda: opened(people, claim, facts="身份证350521199001011234")) == "words_with_number"
    rest = opened(people, claim, {first: 600_00, second: 1_000_00})
    assert rest.number == "ZH-2025-002"
    row = rest.lines.get(line=first)
    more = {"case": opened(people, paid(office, source)), "line": row.line, "item": row.item, "fund": source}
    with pytest.raises(IntegrityError, match="recovery_line_paid"), transaction.atomic():
        RecoveryLine.objects.create(amount_fen=1, **more)
    decide_case(case_id=rest.pk, order=False, opinion="事实不清，不予追回。", by=people.head)
    assert opened(people, claim, {second: 1_000_00}).amount_fen == 1_000_00
    assert not Paper.objects.filter(kind=Paper.Kind.RECOVERY).exists() and prove() == []


def test_never_more_than_is_owed(office: Office, source: FundSource, people: Bureau) -> None:
    case = ordered(people, paid(office, source))
    assert code_of(lambda: got(case, 2001, "入001", office)) == "more_than_owed"
    assert code_of(lambda: got(case, 0, "入001", office)) == "more_than_owed"
    assert code_of(lambda: got(case, 1, " ", office)) == "reference_missing"
    got(case, 1200, "入001", office)
    assert code_of(lambda: got(case, 100, "入001", office)) == "receipt_known"
    assert code_of(lambda: got(case, 801, "入002", office)) == "more_than_owed"
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        late = {"case_id": case.pk, "amount_fen": 1_00, "on": day, "reference": "入002", "by": office.maker}
        assert code_of(lambda late=late: receive(**late)) == "day_wrong"
    row = {"case": case, "kind": "received", "reference": "入009", "on": TODAY, "at": clock.now()}
    row |= {"by": office.maker.user, "post": office.maker.post}
    with pytest.raises(IntegrityError, match="repayment_owed"), transaction.atomic():
        Repayment.objects.create(amount_fen=800_01, **row)
    for table, change in ((RecoveryCase, {"back_fen": 2_000_01}), (RecoveryLine, {"back_fen": 1_000_01})):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.filter(**({"pk": case.pk} if table is RecoveryCase else {"case": case})).update(**change)
    for rows in (RecoveryCase, RecoveryLine, Repayment):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.objects.all().delete()
    assert Repayment.objects.count() == 1


def test_instalments_are_due_one_after_the_other(office: Office, source: FundSource, people: Bureau) -> None:
    case = opened(people, paid(office, source))
    parts = [Part(date(2025, 12, 1), 500_00), Part(date(2026, 1, 5), 500_00), Part(date(2026, 2, 2), 1_000_00)]
    for wrong in (parts[:2], parts[::-1], [replace(parts[0], due_on=date(2025, 11, 1)), *parts[1:]]):
        order = {"case_id": case.pk, "order": True, "opinion": "同意分期。", "by": people.head, "parts": wrong}
        assert code_of(lambda order=order: decide_case(**order)) == "plan_wrong"
    case = decide_case(case_id=case.pk, order=True, opinion="同意分期。", by=people.head, parts=parts)
    assert case.next_due_on == date(2025, 12, 1)
    assert got(case, 499, "入001", office).next_due_on == date(2025, 12, 1)
    assert got(case, 1, "入002", office).next_due_on == date(2026, 1, 5)
    later = [Part(date(2026, 3, 2), 1_500_00)]
    case = plan_case(case_id=case.pk, parts=later, opinion="企业经营困难，同意延期。", by=people.leader)
    assert (case.next_due_on, Instalment.objects.count()) == (date(2026, 3, 2), 4)
    assert got(case, 1500, "入003", office).state == "closed"


def test_a_later_payment_is_kept_back_by_the_leader_only(office: Office, source: FundSource, people: Bureau) -> None:
    agency = made.agency()
    case = ordered(people, paid(office, source, agency))
    later, foreign = payable(source, agency, heads=3), payable(source)
    lines = line_ids(later)
    off = {
        "case_id": case.pk,
        "against_id": later.pk,
        "line_ids": lines[:1],
        "reason": "同意抵扣。",
        "by": people.leader,
    }
    assert code_of(lambda: set_off(**off | {"by": people.head})) == "recovery_not_yours"
    assert code_of(lambda: set_off(**off | {"line_ids": lines})) == "more_than_owed"
    assert code_of(lambda: set_off(**off | {"line_ids": []})) == "nothing_selected"
    differs = off | {"against_id": foreign.pk, "line_ids": line_ids(foreign)[:1]}
    assert code_of(lambda: set_off(**differs)) == "offset_differs"
    assert code_of(lambda: set_off(**off | {"against_id": case.claim_id})) == "offset_differs"
    case = set_off(**off)
    assert (case.owed_fen, whereabouts(lines[:1])) == (1_000_00, {lines[0]: {Pot.PAID: 1_000_00}})
    assert code_of(lambda: set_off(**off)) == "line_not_payable"
    waiting = set(payable_lines(fund_id=source.pk, channel="public").filter(claim=later).values_list("pk", flat=True))
    assert waiting == set(lines[1:])
    batch = made.opened(office, source)
    draft = {"batch_id": batch.pk, "by": office.maker}
    assert code_of(lambda: batches.draft_batch(line_ids=lines, **draft)) == "line_set_off"
    batches.draft_batch(claim_ids=[later.pk], **draft)
    assert set(batch.items.values_list("line", flat=True)) == set(lines[1:])
    assert code_of(lambda: set_off(**off | {"line_ids": lines[1:2]})) == "line_not_payable"
    assert "recovery_offset" in verbs(later.chain) and prove() == []
    with pytest.raises(IntegrityError, match="set_off_unpaid"), transaction.atomic():
        made_ = Repayment.objects.get()
        OffsetLine.objects.create(repayment=made_, line_id=lines[1], amount_fen=1)


def test_a_case_takes_the_same_queries_however_large(office: Office, source: FundSource, people: Bureau) -> None:
    def count(command: Callable[[], object]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            command()
        return len(seen)

    spent = []
    for turn, heads in enumerate((1, 20)):
        claim = paid(office, source, heads=heads)
        opening = count(lambda claim=claim: opened(people, claim))
        case = RecoveryCase.objects.get(claim=claim)
        order = {"case_id": case.pk, "order": True, "opinion": "同意。", "by": people.head}
        deciding = count(lambda order=order: decide_case(**order))
        receiving = count(lambda case=case, turn=turn: got(case, 1, f"入{turn}", office))
        spent.append((opening, deciding, receiving))
    assert spent[0] == spent[1]
    assert max(spent[0]) <= 40


def test_each_verb_is_of_its_roles_only(office: Office, source: FundSource, people: Bureau) -> None:
    case = ordered(people, paid(office, source, heads=1))
    expected = {
        Role.SECTION_HEAD: {"plan"},
        Role.BUREAU_LEADER: {"plan", "offset", "lift"},
        Role.FINANCE_MAKER: {"receive"},
        Role.FINANCE_CHECKER: {"receive"},
        Role.FINANCE_APPROVER: {"write_off"},
    }
    for role in Role:
        stranger = made.officer(role, "某人")
        assert {verb.value for verb in CaseVerb if can(stranger, case, verb)} == expected.get(role, set())
