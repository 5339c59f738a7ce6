"""The monthly return: marked, handed in, sent back, merged, received, corrected; who may, and what the database keeps."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from project.demo.people import Cast, area_of
from registry.labour.codes import IN_SCOPE
from registry.labour.commands import Doing, Particulars, record_status
from registry.labour.scope import in_scope
from registry.models import LabourPerson, LabourStatus
from tests.standing import fresh, standing
from tests.workflows.returned import FAR, IDLE, NOVEMBER, OURS, THEIRS, handed_in, of, person, two_months
from workflows.returns import access, listing
from workflows.returns.marking import add_person, confirm_rest, mark_person
from workflows.returns.reporting import begin_correction, send_back, submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import Filed, Mark, ReturnEntry, SurveyRound, TownReturn, VillageReturn
from workflows.returns.towns import merge_and_report, receive

pytestmark = pytest.mark.django_db
TOWN = "350521104"
GONE = Doing(status="studying", since=date(2025, 11, 3))


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, SurveyRound]]:
    with standing(django_db_blocker, two_months) as world:
        yield world


@pytest.fixture
def world(standing_world: tuple[Cast, SurveyRound], db: None) -> tuple[Cast, SurveyRound]:
    return fresh(standing_world)


@pytest.fixture
def cast(world: tuple[Cast, SurveyRound]) -> Cast:
    return world[0]


@pytest.fixture
def round(world: tuple[Cast, SurveyRound]) -> SurveyRound:
    return world[1]


def marks(found: VillageReturn) -> list[str]:
    return sorted(ReturnEntry.objects.filter(village_return=found).values_list("mark", flat=True))


def nil(cast: Cast, found: VillageReturn) -> VillageReturn:
    return submit(return_id=found.pk, nil=True, by=cast[f"clerk:{found.village.code}"])


@pytest.mark.parametrize(
    ("month", "due"),
    [((2025, 11), (2025, 11, 10)), ((2026, 1), (2026, 1, 12)), ((2025, 10), (2025, 10, 10)), ((2025, 5), (2025, 5, 12)), ((2026, 10), (2026, 10, 10))],
)  # fmt: skip
def test_due_on_the_tenth_or_the_next_working_day(month: tuple[int, int], due: tuple[int, int, int], db: None) -> None:
    """10 January 2026 is a Saturday; 10 October 2026 one on which people work."""
    assert open_round(month=date(*month, 5)).due_on == date(*due)


def test_a_round_is_opened_once_for_every_village(round: SurveyRound) -> None:
    assert open_round(month=NOVEMBER).pk == round.pk
    assert VillageReturn.objects.filter(round=round).count() == 78
    assert of(round, OURS).number == "BB-202511-350521104201"


def test_nil_in_one_click_keeps_everybody(cast: Cast, round: SurveyRound) -> None:
    found = nil(cast, of(round, OURS))
    assert (found.state, found.kind, found.unemployed, found.employed) == ("submitted", "nil", 1, 2)
    assert marks(found) == ["same"] * 3
    event = Event.objects.filter(chain=found.chain).last()
    assert event is not None and event.verb == "submit_return" and event.data["employed"] == 2


def test_nil_is_refused_while_somebody_changed(cast: Cast, round: SurveyRound) -> None:
    found, by = of(round, OURS), cast[f"head:{OURS}"]
    one = listing.people_of(found, listing.before(found))[0]
    mark_person(return_id=found.pk, person_id=one.pk, by=by, doing=GONE)
    with pytest.raises(Refusal, match="有1人与上月不同"):
        submit(return_id=found.pk, nil=True, by=by)
    assert VillageReturn.objects.get(pk=found.pk).state == Filed.DRAFTED


def test_marks_say_what_became_of_each(cast: Cast, round: SurveyRound) -> None:
    found, by = of(round, OURS), cast[f"clerk:{OURS}"]
    first, second, _third = listing.people_of(found, listing.before(found))
    mark_person(return_id=found.pk, person_id=first.pk, by=by, doing=GONE)
    works = Doing(status="outside", since=date(2025, 11, 2), destination="厦门", reach="province")
    mark_person(return_id=found.pk, person_id=second.pk, by=by, doing=works)
    with pytest.raises(Refusal, match="还有1人没有确认"):
        submit(return_id=found.pk, by=by)
    assert confirm_rest(return_id=found.pk, by=by) == 1
    who = Particulars(name="林新", sex="2", birth_month=date(1999, 1, 1))
    add_person(return_id=found.pk, who=who, doing=IDLE, by=by)
    done = submit(return_id=found.pk, by=by)
    assert marks(done) == ["changed", "gone", "new", "same"]
    assert (done.changed, done.new, done.gone, done.people) == (1, 1, 1, 3)
    assert LabourStatus.objects.get(person=second, until=None).source_ref == found.number
    assert ReturnEntry.objects.get(village_return=done, person=second).destination == "厦门"


def test_what_was_shown_is_what_is_confirmed(cast: Cast, round: SurveyRound) -> None:
    found, by = of(round, OURS), cast[f"clerk:{OURS}"]
    one = listing.people_of(found, listing.before(found))[0]
    record_status(person_id=one.pk, doing=GONE, by=by)
    with pytest.raises(WrongState, match="刚刚有变化"):
        mark_person(return_id=found.pk, person_id=one.pk, by=by, shown="same")
    entry = mark_person(return_id=found.pk, person_id=one.pk, by=by, shown="gone")
    assert entry is not None and (entry.mark, entry.status) == ("gone", "studying")


def test_nobody_marks_for_another_village(cast: Cast, round: SurveyRound) -> None:
    found = of(round, OURS)
    one = listing.people_of(found, None)[0]
    for name in (f"clerk:{THEIRS}", f"clerk:{FAR}", f"handler:{TOWN}", "bureau", "auditor", "agency"):
        for command in (
            lambda by: mark_person(return_id=found.pk, person_id=one.pk, by=by),
            lambda by: confirm_rest(return_id=found.pk, by=by),
            lambda by: submit(return_id=found.pk, by=by, nil=True),
            lambda by: begin_correction(return_id=found.pk, by=by),
        ):
            with pytest.raises(NotAllowed):
                command(cast[name])
    theirs = listing.people_of(of(round, THEIRS), None)[0]
    with pytest.raises(NotAllowed, match="没有该人员"):
        mark_person(return_id=found.pk, person_id=theirs.pk, by=cast[f"clerk:{OURS}"])


def test_a_village_sees_its_own_returns_and_a_town_its_villages(cast: Cast, round: SurveyRound) -> None:
    def seen(name: str) -> int:
        return access.visible_to(cast[name]).filter(round=round).count()

    assert [seen(name) for name in (f"clerk:{OURS}", f"handler:{TOWN}", "bureau", "auditor", "maker")] == [
        1,
        25,
        78,
        78,
        0,
    ]
    assert [access.towns_of(cast[n]).count() for n in (f"clerk:{OURS}", f"lead:{TOWN}", "section", "agency")] == [
        0,
        1,
        4,
        0,
    ]


def test_sent_back_with_a_reason_and_handed_in_again(cast: Cast, round: SurveyRound) -> None:
    found, town = nil(cast, of(round, OURS)), cast[f"handler:{TOWN}"]
    with pytest.raises(Refusal, match="退回原因"):
        send_back(return_id=found.pk, reason=" 不 ", by=town)
    with pytest.raises(NotAllowed):
        send_back(return_id=found.pk, reason="请核实林甲", by=cast["handler:350521106"])
    back = send_back(return_id=found.pk, reason="请核实林甲的就业情况", by=town)
    assert (back.state, back.sent_back_why) == ("sent_back", "请核实林甲的就业情况")
    with pytest.raises(WrongState):
        send_back(return_id=found.pk, reason="请核实林甲", by=town)
    again = nil(cast, found)
    assert again.state == "submitted" and again.first_submitted_at == found.first_submitted_at


def test_merged_with_an_opinion_and_received_with_a_receipt(cast: Cast, round: SurveyRound) -> None:
    town, by = area_of(TOWN), cast[f"lead:{TOWN}"]
    with pytest.raises(WrongState, match="没有待汇总"):
        merge_and_report(round_id=round.pk, town_id=town.pk, by=by, opinion="先报")
    for code in (OURS, THEIRS):
        nil(cast, of(round, code))
    with pytest.raises(Refusal, match="填写意见"):
        merge_and_report(round_id=round.pk, town_id=town.pk, by=by)
    for name in ("handler:350521106", f"clerk:{OURS}", "bureau"):
        with pytest.raises(NotAllowed):
            merge_and_report(round_id=round.pk, town_id=town.pk, by=cast[name], opinion="代报")
    made = merge_and_report(round_id=round.pk, town_id=town.pk, by=by, opinion="其余村无劳动力变动")
    assert (made.villages, made.missing, made.unemployed, made.employed) == (2, 23, 2, 3)
    assert of(round, OURS).state == Filed.RECEIVED
    for name in (f"lead:{TOWN}", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            receive(town_return_id=made.pk, by=cast[name])
    got = receive(town_return_id=made.pk, by=cast["bureau"])
    assert (got.state, got.receipt) == ("received", "HZ-2025-0001")
    with pytest.raises(WrongState):
        receive(town_return_id=made.pk, by=cast["section"])


def test_a_late_correction_keeps_the_first_submission(cast: Cast, round: SurveyRound) -> None:
    first, by, town = nil(cast, of(round, OURS)), cast[f"clerk:{OURS}"], area_of(TOWN)
    with pytest.raises(WrongState, match="可以更正"):
        begin_correction(return_id=first.pk, by=by)
    merge_and_report(round_id=round.pk, town_id=town.pk, by=cast[f"handler:{TOWN}"], opinion="先报")
    made = begin_correction(return_id=first.pk, by=by)
    with pytest.raises(WrongState):
        begin_correction(return_id=first.pk, by=by)
    assert made.number == "BB-202511-350521104201-2" and marks(made) == ["same"] * 3
    one = listing.people_of(made, listing.before(made))[0]
    mark_person(return_id=made.pk, person_id=one.pk, by=by, doing=GONE)
    assert listing.standing_returns().get(round=round, village=first.village).pk == first.pk  # until it is handed in
    submit(return_id=made.pk, by=by)
    assert marks(first) == ["same"] * 3 and marks(made) == ["gone", "same", "same"]
    assert listing.standing_returns().get(round=round, village=first.village).pk == made.pk
    second = merge_and_report(round_id=round.pk, town_id=town.pk, by=cast[f"handler:{TOWN}"], opinion="更正")
    assert (second.edition, second.villages, second.unemployed + second.employed) == (2, 1, 2)
    assert TownReturn.objects.filter(round=round).count() == 2


def test_the_database_keeps_what_was_handed_in(cast: Cast, round: SurveyRound) -> None:
    found = nil(cast, of(round, OURS))
    entry = ReturnEntry.objects.filter(village_return=found)[0]
    made = merge_and_report(round_id=round.pk, town_id=area_of(TOWN).pk, by=cast[f"lead:{TOWN}"], opinion="先报")
    made = receive(town_return_id=made.pk, by=cast["bureau"])
    other = person(cast, OURS, 5)
    for attempt in (
        lambda: ReturnEntry.objects.filter(pk=entry.pk).update(status="dead"),
        lambda: ReturnEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
        lambda: ReturnEntry.objects.create(village_return=found, person=other, mark="new"),
        lambda: VillageReturn.objects.filter(pk=found.pk).update(state="drafted"),
        lambda: VillageReturn.objects.filter(pk=found.pk).update(unemployed=9),
        lambda: TownReturn.objects.filter(pk=made.pk).update(receipt="HZ-2025-0009"),
        lambda: TownReturn.objects.filter(pk=made.pk)._raw_delete("default"),
        lambda: VillageReturn.objects.create(round=round, village=found.village, number="BB-1", edition=1),
        lambda: VillageReturn.objects.create(round=round, village=found.village, number="BB-1", edition=2),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    born=st.lists(
        st.tuples(st.sampled_from("0129"), st.dates(date(1960, 1, 1), date(2011, 12, 31)), st.integers(0, 9)),
        min_size=1,
        max_size=12,
    )
)
def test_everybody_stands_in_exactly_one_return_or_is_out_of_scope(
    standing_world: tuple[Cast, SurveyRound], db: None, born: list[tuple[str, date, int]]
) -> None:
    cast, round = fresh(standing_world)
    states = [
        "unemployed",
        "employed",
        "outside",
        "studying",
        "drafted",
        "in_prison",
        "unable",
        "unwilling",
        "dead",
        "",
    ]
    sid = transaction.savepoint()
    try:
        village = [area_of(code) for code in (OURS, THEIRS)]
        for number, (sex, day, state) in enumerate(born):
            made = LabourPerson.objects.create(
                village=village[number % 2],
                name=f"林{number}号",
                sex=sex,
                birth_month=day.replace(day=1),
                created_at=clock.now(),
            )
            if states[state]:
                LabourStatus.objects.create(
                    person=made,
                    status=states[state],
                    since=date(2025, 11, 1),
                    source="officer",
                    recorded_at=clock.now(),
                )
        for code in (OURS, THEIRS):
            handed_in(of(round, code), cast[f"clerk:{code}"])
        for one in LabourPerson.objects.all():
            entries = ReturnEntry.objects.filter(person=one, village_return__round=round).exclude(mark=Mark.GONE)
            now = one.statuses.filter(until=None).first()
            inside = bool(now) and now.status in IN_SCOPE and in_scope(one.sex, one.birth_month, clock.today())
            assert len(entries) == inside
            assert all(entry.village_return.village_id == one.village_id for entry in entries)
    finally:
        transaction.savepoint_rollback(sid)
