"""异议: it suspends what it names and nothing else, has a clock, two pairs of eyes, and an end that counts (2.6, C18)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.models import CalendarYear, Event
from documents.models import Paper
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import hang, walk
from tests.workflows.made import at, review_at, say
from workflows.approving import approve_suspended
from workflows.claims import Claim, ClaimLine
from workflows.deadlines import recompute
from workflows.filing import withdraw
from workflows.hearing import decide_objection, investigate, objections_for, send_back
from workflows.hearings import Objection
from workflows.issuing import issue_missing
from workflows.objections import Statement, object_online, record_objection
from workflows.publicity import end_publicity, held_lines, hold_of, publish
from workflows.reviews import Decision, Notice, NoticeEntry
from workflows.states import ClaimState, LineStatus, Step, Verb

pytestmark = pytest.mark.usefixtures("fund")
SAID = Statement("林素珍", "13805960001", "该人员七月起就没有在企业上班。", "洛阳镇洛阳村12号")
OTHER = Statement("黄国强", "13805960002", "该人员是企业法定代表人的亲属，并未上班。")
AFTER = date(2025, 12, 2)  # the day after the period of a notice of the fixed date


@pytest.fixture
def notice(cast: Cast, fund: FundSource) -> Notice:
    """Two claims on one notice that hangs in every village: an individual's of three, an agency's of two."""
    claims = [at(cast, filed(cast, kind, n, seed=seed), ClaimState.PUBLICITY) for kind, n, seed in CLAIMS]
    made = publish(claim_ids=[claim.pk for claim in claims], by=cast["bureau"])
    hang(cast, made)
    return made


CLAIMS = (("individual", 3, 5), ("agency", 2, 60))


def entry_of(notice: Notice) -> NoticeEntry:
    return notice.entries.select_related("claim").order_by("pk")[0]


def lines_of(entry: NoticeEntry) -> list[ClaimLine]:
    return list(ClaimLine.objects.filter(claim=entry.claim_id).select_related("worker").order_by("seq"))


def objected(cast: Cast, notice: Notice, *, lines: int = 1, said: Statement = SAID) -> Objection:
    entry = entry_of(notice)
    ids = [line.pk for line in lines_of(entry)[:lines]]
    return record_objection(entry_id=entry.pk, by=cast["bureau"], said=said, line_ids=ids)


def ended(cast: Cast, objection: Objection, *, uphold: bool) -> Objection:
    proposal = "upheld" if uphold else "dismissed"
    investigate(objection_id=objection.pk, by=cast["bureau2"], findings="已电话并上门核实。", proposal=proposal)
    reason = "not_found_at_employer" if uphold else ""
    return decide_objection(
        objection_id=objection.pk, by=cast["section"], uphold=uphold, opinion="核查属实。", reason_code=reason
    )


def at_leader(cast: Cast, notice: Notice) -> Claim:
    return end_publicity(claim_id=entry_of(notice).claim_id, by=cast["bureau"])


def test_an_objection_suspends_what_it_names_and_the_rest_goes_on(cast: Cast, notice: Notice, fund: FundSource) -> None:
    objection = objected(cast, notice)
    assert (objection.number, objection.late, objection.due_on) == ("YY-2025-001", False, date(2025, 12, 8))
    first = lines_of(entry_of(notice))[0]
    assert held_lines([e.claim_id for e in notice.entries.all()]) == {first.pk}
    with clock.travel(AFTER):
        claim = at_leader(cast, notice)
        assert hold_of([claim.pk]) == {}
        with pytest.raises(WrongState, match="YY-2025-001") as caught:
            say(cast, review_at(claim, Step.LEADER_APPROVAL), Verb.APPROVE, fund_id=fund.pk)
        assert caught.value.code == "objection_open"
        claim = say(
            cast, review_at(claim, Step.LEADER_APPROVAL), Verb.APPROVE, fund_id=fund.pk, set_aside=[objection.number]
        )
        assert (claim.state, claim.amount_fen) == (ClaimState.PAYABLE, 100_000)
        first.refresh_from_db()
        assert first.status == LineStatus.SUSPENDED
        with pytest.raises(WrongState) as caught:
            approve_suspended(claim_id=claim.pk, by=cast["leader"])
        assert caught.value.code == "nothing_suspended"
        ended(cast, objection, uphold=False)
        with pytest.raises(NotAllowed):
            approve_suspended(claim_id=claim.pk, by=cast["section"])
        claim = approve_suspended(claim_id=claim.pk, by=cast["leader"])
    fund.refresh_from_db()
    assert (claim.amount_fen, fund.reserved_fen, held_lines([claim.pk])) == (150_000, 150_000, set())
    assert [d.verb for d in Decision.objects.filter(line=first)] == [Verb.APPROVE]


def test_upheld_annuls_by_the_roads_own_verb_and_pays_nothing_for_it(
    cast: Cast, notice: Notice, fund: FundSource
) -> None:
    objection = objected(cast, notice)
    ended(cast, objection, uphold=True)
    first = lines_of(entry_of(notice))[0]
    assert (first.status, first.reason_code) == (LineStatus.ANNULLED, "not_found_at_employer")
    assert Decision.objects.get(line=first).verb == Verb.ANNUL
    with clock.travel(AFTER):
        claim = walk(cast, entry_of(notice).claim, ClaimState.PAYABLE, fund=fund)
    fund.refresh_from_db()
    assert (claim.amount_fen, fund.reserved_fen) == (100_000, 100_000)


def test_after_approval_it_keeps_the_line_from_payment_and_frees_its_money_when_upheld(
    cast: Cast, notice: Notice, fund: FundSource
) -> None:
    with clock.travel(AFTER):
        claim = walk(cast, entry_of(notice).claim, ClaimState.PAYABLE, fund=fund)
        objection = objected(cast, notice, lines=2)
        assert objection.late
        two = {line.pk for line in lines_of(entry_of(notice))[:2]}
        assert held_lines([claim.pk]) == two and claim.amount_fen == 150_000
        ended(cast, objection, uphold=True)
    fund.refresh_from_db()
    assert (claim.amount_fen, fund.reserved_fen, held_lines([claim.pk])) == (50_000, 50_000, set())


def test_online_by_names_or_the_whole_claim_and_never_after_the_period(cast: Cast, notice: Notice) -> None:
    entry = entry_of(notice)
    worker = lines_of(entry)[1].worker
    assert worker is not None
    object_online(entry_id=entry.pk, said=SAID, people=[f" {worker.name} "])
    assert held_lines([entry.claim_id]) == {lines_of(entry)[1].pk}
    with pytest.raises(WrongState) as caught:
        object_online(entry_id=entry.pk, said=SAID)
    assert caught.value.code == "objection_repeated"
    whole = object_online(entry_id=entry.pk, said=OTHER, people=[worker.name, "查无此人"])
    assert held_lines([entry.claim_id]) == {line.pk for line in lines_of(entry)}
    with clock.travel(AFTER):
        assert whole.number in hold_of([entry.claim_id])[entry.claim_id]
        with pytest.raises(WrongState) as caught:
            end_publicity(claim_id=entry.claim_id, by=cast["bureau"])
        assert caught.value.code == "publicity_held"
        ended(cast, whole, uphold=False)
        walk(cast, Claim.objects.get(pk=entry.claim_id), ClaimState.LEADER)
        with pytest.raises(WrongState) as caught:
            object_online(entry_id=entry.pk, said=OTHER)
        assert caught.value.code == "period_over"
        again = record_objection(entry_id=entry.pk, by=cast["bureau"], said=OTHER)
        assert (again.follows, again.late) == (whole, True)


def test_nobody_stands_on_two_sides(cast: Cast, notice: Notice) -> None:
    objection = objected(cast, notice)
    for who in ("section", "leader", "agency", "clerk:350521104201", "maker"):
        with pytest.raises(NotAllowed):
            investigate(objection_id=objection.pk, by=cast[who], findings="核查", proposal="upheld")
    with pytest.raises(WrongState) as caught:
        decide_objection(objection_id=objection.pk, by=cast["section"], uphold=False, opinion="无")
    assert caught.value.code == "not_investigated"
    investigate(objection_id=objection.pk, by=cast["bureau"], findings="已核实。", proposal="dismissed")
    with pytest.raises(NotAllowed):
        decide_objection(objection_id=objection.pk, by=cast["bureau"], uphold=False, opinion="无")
    send_back(objection_id=objection.pk, by=cast["section"], opinion="请补充考勤记录。")
    ended(cast, objection, uphold=False)
    with pytest.raises(WrongState) as caught:
        ended(cast, objection, uphold=True)
    assert caught.value.code == "objection_over"
    objection.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(outcome="upheld")
    open_one = objected(cast, notice, said=OTHER)
    same = {"investigated_by": cast["section"].user, "decided_by": cast["section"].user, "opinion": "无"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=open_one.pk).update(outcome="dismissed", decided_at=clock.now(), **same)


def test_who_may_see_it(cast: Cast, notice: Notice) -> None:
    objection = objected(cast, notice)
    seeing = {who for who in cast.actors if objections_for(cast[who]).filter(pk=objection.pk).exists()}
    assert seeing == {"bureau", "bureau2", "section", "leader", "auditor"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Statement("群众", "1380596000", "该人员七月起就没有上班。"), "phone"),
        (Statement("1", "13805960001", "该人员七月起就没有上班。"), "name"),
        (Statement("林素珍", "13805960001", "不实"), "content"),
    ],
)
def test_a_real_name_a_phone_and_facts(cast: Cast, notice: Notice, said: Statement, field: str) -> None:
    with pytest.raises(Refusal) as caught:
        object_online(entry_id=entry_of(notice).pk, said=said)
    assert set(caught.value.fields) == {field}


def test_the_objector_lies_sealed_and_in_no_event(cast: Cast, notice: Notice) -> None:
    objection = objected(cast, notice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, address, content FROM workflows_objection")
        row = "".join(cursor.fetchone())
    told = "".join(str(event.data) + event.by_label for event in Event.objects.all())
    for text in (SAID.name, SAID.phone, SAID.address, SAID.content):
        assert text not in row and text not in told
    assert Objection.objects.get(pk=objection.pk).name == SAID.name


def test_the_answer_is_a_paper_issued_once(cast: Cast, notice: Notice) -> None:
    objection = ended(cast, objected(cast, notice), uphold=True)
    issue_missing()
    issue_missing()
    paper = Paper.objects.get(kind=Paper.Kind.OBJECTION)
    assert (paper.subject, paper.public["names"]) == (f"objection:{objection.pk}", ["林*珍"])


def test_it_ends_with_its_claim(cast: Cast, notice: Notice) -> None:
    objection = objected(cast, notice)
    entry = entry_of(notice)
    withdraw(claim_id=entry.claim_id, by=cast["person"])
    objection.refresh_from_db()
    assert objection.outcome == Objection.Outcome.LAPSED
    with pytest.raises(WrongState) as caught:
        objected(cast, notice, said=OTHER, lines=0)
    assert caught.value.code == "objection_moot"


def test_the_next_claimant_of_the_worker_is_told(cast: Cast, fund: FundSource) -> None:
    shown = at(cast, filed(cast, "agency", 1, seed=900), ClaimState.PUBLICITY)
    rival = filed(cast, "agency", 1, seed=900, by=cast["agency2"])
    assert rival.lines.get().status == LineStatus.HELD
    notice = publish(claim_ids=[shown.pk], by=cast["bureau"])
    ended(cast, objected(cast, notice), uphold=True)
    told = Decision.objects.get(line=rival.lines.get())
    assert (told.verb, told.claim, told.by) == (Verb.FREED, rival, None)


def test_its_clock_follows_the_calendar(cast: Cast, notice: Notice) -> None:
    objection = objected(cast, notice)
    Objection.objects.filter(pk=objection.pk).update(due_provisional=True)
    year = CalendarYear.objects.get(year=2025)
    year.holidays = [*year.holidays, "2025-11-25"]
    year.save()
    assert recompute() == 1
    objection.refresh_from_db()
    assert (objection.due_on, objection.due_provisional) == (date(2025, 12, 9), False)


def approve_raw(claim: Claim, day: date) -> None:
    """What a hand on the database would write."""
    with transaction.atomic(), clock.travel(day):
        fund = FundSource.objects.first()
        Claim.objects.filter(pk=claim.pk).update(state="payable", fund=fund, approved_at=clock.now())


def test_the_database_itself_refuses_an_approval_that_is_not_due(cast: Cast, notice: Notice) -> None:
    entry = entry_of(notice)
    unpublished = at(cast, filed(cast, "individual", 1, seed=300), ClaimState.PUBLICITY)
    faults = [(unpublished, AFTER), (entry.claim, date(2025, 12, 1))]
    for claim, day in faults:
        with pytest.raises(IntegrityError, match="approved_after_publicity"):
            approve_raw(claim, day)
    board = notice.boards.filter(area__in=[line.verify_area_id for line in lines_of(entry)])[0]
    notice.boards.filter(pk=board.pk).update(until=AFTER)
    with pytest.raises(IntegrityError, match="approved_after_publicity"):
        approve_raw(entry.claim, AFTER)
    objection = objected(cast, notice)
    later = AFTER + timedelta(days=1)
    with pytest.raises(IntegrityError, match="approved_after_publicity"):
        approve_raw(entry.claim, later)
    lines = ClaimLine.objects.filter(pk=lines_of(entry)[0].pk)
    lines.update(status=LineStatus.SUSPENDED)
    with pytest.raises(IntegrityError, match="suspended_until"), transaction.atomic():
        lines.update(status=LineStatus.LIVE)
    approve_raw(entry.claim, later)
    ended(cast, objection, uphold=False)
    assert lines.update(status=LineStatus.LIVE) == 1


def test_holds_cost_the_same_for_one_claim_as_for_many(cast: Cast, notice: Notice) -> None:
    objected(cast, notice)
    objected(cast, notice, said=OTHER, lines=0)
    ids = [entry.claim_id for entry in notice.entries.all()]
    costs = []
    for asked in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queries, clock.travel(AFTER):
            hold_of(asked)
            held_lines(asked)
        costs.append(len(queries))
    assert costs == [5, 5]
