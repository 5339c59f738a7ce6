"""People of the labour register: entered, followed over time, tagged, merged; seen by their own village only."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Area
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from project.demo.numbers import resident_id
from project.demo.people import Cast, area_of
from registry.labour import access, queries
from registry.labour.commands import (
    Doing,
    Particulars,
    change_person,
    end_group,
    record_group,
    record_status,
    register_person,
    reveal,
)  # fmt: skip
from registry.labour.merging import merge_people, undo_merge
from registry.models import KeyGroup, LabourPerson, LabourStatus

pytestmark = pytest.mark.django_db
OURS, THEIRS, FAR = "350521104201", "350521104209", "350521106208"  # two villages of one town, one of another
LIN = Particulars(name="林小妹", sex="2", birth_month=date(1990, 3, 7), phone="13805950001")
WORKS = Doing(status="employed", since=date(2025, 9, 1), employer="恒源鞋业", trade="缝纫工")


def entered(cast: Cast, who: Particulars = LIN, *, code: str = OURS, doing: Doing | None = None) -> LabourPerson:
    return register_person(village=area_of(code), who=who, doing=doing, by=cast[f"clerk:{code}"])


def test_numbers_are_sealed_and_found_by_their_index(cast: Cast) -> None:
    number = resident_id(77, born=date(1990, 3, 7), male=False)
    person = entered(cast, Particulars(name="林小妹", sex="2", id_number=number, phone="13805950001"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_labourperson")
        held = str(cursor.fetchall())
    assert number not in held and "13805950001" not in held
    assert (person.birth, person.birth_month) == (date(1990, 3, 7), date(1990, 3, 1))
    by = cast[f"clerk:{OURS}"]
    assert [p.pk for p in queries.people(by, q=number)] == [person.pk]
    assert [p.pk for p in queries.people(by, q="138 0595 0001")] == [person.pk]
    assert [p.pk for p in queries.people(by, q="小妹")] == [person.pk]
    assert not queries.people(by, q="13805950002").exists()


def test_a_status_ends_where_the_next_begins(cast: Cast) -> None:
    person, by = entered(cast, doing=WORKS), cast[f"head:{OURS}"]
    record_status(person_id=person.pk, doing=Doing(status="unemployed", since=date(2025, 11, 3)), by=by)
    record_status(person_id=person.pk, doing=Doing(status="unemployed", since=date(2025, 11, 10)), by=by)  # the same
    found = [(s.status, s.since, s.until) for s in queries.history_of(person)]
    assert found == [("unemployed", date(2025, 11, 3), None), ("employed", date(2025, 9, 1), date(2025, 11, 3))]
    with pytest.raises(Refusal, match="早于"):
        record_status(person_id=person.pk, doing=Doing(status="dead", since=date(2025, 10, 1)), by=by)
    with pytest.raises(Refusal, match="不能晚于今天"):
        record_status(person_id=person.pk, doing=Doing(status="dead", since=date(2026, 10, 1)), by=by)


def test_the_database_keeps_history(cast: Cast) -> None:
    person = entered(cast, doing=WORKS)
    status = LabourStatus.objects.get(person=person)
    for attempt in (
        lambda: LabourStatus.objects.filter(pk=status.pk).update(employer="别家"),
        lambda: LabourStatus.objects.filter(pk=status.pk).update(since=date(2020, 1, 1)),
        lambda: LabourStatus.objects.filter(pk=status.pk)._raw_delete("default"),
        lambda: LabourPerson.objects.filter(pk=person.pk)._raw_delete("default"),
        lambda: LabourStatus.objects.create(
            person=person, status="dead", since=date(2025, 11, 1), source="officer", recorded_at=status.recorded_at
        ),
        lambda: LabourPerson.objects.create(
            village=person.village, name=person.name, sex="2", birth_month=person.birth_month,
            phone_index=person.phone_index, created_at=status.recorded_at,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_the_same_five_are_refused_and_another_phone_is_doubtful(cast: Cast) -> None:
    entered(cast)
    with pytest.raises(Refusal, match="已登记过该人员"):
        entered(cast)
    other = entered(cast, Particulars(name="林小妹", sex="2", birth_month=date(1990, 3, 1), phone="13805950002"))
    assert other.doubtful
    assert not entered(cast, code=THEIRS).doubtful  # another village's namesake is its own person


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (Particulars(name="林", sex="2", birth_month=date(1990, 3, 1)), "name"),
        (Particulars(name="林小妹", sex="2"), "birth_month"),
        (Particulars(name="林小妹", sex="3", birth_month=date(1990, 3, 1)), "sex"),
        (Particulars(name="林小妹", sex="2", birth_month=date(1990, 3, 1), phone="1380595"), "phone"),
        (Particulars(name="林小妹", sex="2", id_number="350521199003070010"), "id_number"),
        (
            Particulars(name="林小妹", sex="2", birth_month=date(1991, 3, 1), id_number="350521199003070013"),
            "birth_month",
        ),
        (Particulars(name="林小妹", sex="2", id_number="350521199003070013"), "sex"),
    ],
)
def test_faults_name_their_field(cast: Cast, who: Particulars, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        entered(cast, who)
    assert field in refused.value.fields and not LabourPerson.objects.exists()


def test_a_number_known_elsewhere_tells_a_village_nothing(cast: Cast) -> None:
    number = resident_id(78, born=date(1990, 3, 7), male=False)
    known = Particulars(name="林小妹", sex="2", id_number=number)
    entered(cast, known, code=FAR)
    with pytest.raises(Refusal) as refused:
        entered(cast, known)
    assert area_of(FAR).name not in refused.value.message and "另一个村" in refused.value.message


def test_declared_and_certified_are_two_rows(cast: Cast) -> None:
    person, by = entered(cast), cast[f"clerk:{OURS}"]
    with pytest.raises(Refusal, match="认定日期"):
        record_group(person_id=person.pk, group="hardship", certified=True, by=by)
    said = record_group(person_id=person.pk, group="hardship", by=by)
    record_group(
        person_id=person.pk,
        group="hardship",
        certified=True,
        on=date(2025, 6, 1),
        organ="民生保障局",
        number="KN-1",
        by=by,
    )
    with pytest.raises(WrongState):
        record_group(person_id=person.pk, group="hardship", by=by)
    end_group(key_group_id=said.pk, by=by)
    assert [(g.certified, g.ended_on is None) for g in KeyGroup.objects.all()] == [(True, True), (False, False)]


def test_reading_a_number_is_recorded_with_its_reason(cast: Cast) -> None:
    person, by = entered(cast), cast["auditor"]
    with pytest.raises(Refusal, match="理由"):
        reveal(person_id=person.pk, what="phone", reason=" 看 ", by=by)
    assert reveal(person_id=person.pk, what="phone", reason="核对 13805950001 是否本人", by=by) == "13805950001"
    event = Event.objects.filter(chain=person.chain).last()
    assert event is not None and event.verb == "reveal" and event.by_label == by.label
    assert event.data == {"what": "phone", "reason": "核对 ＊ 是否本人"}
    with pytest.raises(NotAllowed):
        reveal(person_id=person.pk, what="phone", reason="随便看看他", by=cast[f"clerk:{THEIRS}"])


def test_two_rows_become_one_person_and_two_again(cast: Cast) -> None:
    number = resident_id(79, born=date(1990, 3, 7), male=False)
    kept, by = entered(cast, doing=WORKS), cast[f"clerk:{OURS}"]
    gone = entered(cast, Particulars(name="林小妹", sex="2", id_number=number, phone="13805950002"))
    made = merge_people(kept_id=kept.pk, gone_id=gone.pk, reason="同一人换号", by=by)
    assert [p.pk for p in queries.visible_to(by)] == [kept.pk]
    assert [p.pk for p in queries.people(by, q=number)] == [kept.pk]  # found by what the other row knew
    with pytest.raises(WrongState):
        merge_people(kept_id=gone.pk, gone_id=kept.pk, reason="反过来再来", by=by)
    undo_merge(merge_id=made.pk, by=by)
    assert {p.pk for p in queries.visible_to(by)} == {kept.pk, gone.pk}
    with pytest.raises(WrongState):
        undo_merge(merge_id=made.pk, by=by)


def test_two_numbers_are_two_people(cast: Cast) -> None:
    one, two = (
        entered(
            cast,
            Particulars(name="林小妹", sex="2", id_number=resident_id(n, born=date(1990, 3, 7), male=False), phone=p),
        )
        for n, p in ((80, "13805950001"), (81, "13805950002"))
    )
    with pytest.raises(Refusal, match="不是同一人"):
        merge_people(kept_id=one.pk, gone_id=two.pk, reason="看起来一样", by=cast[f"clerk:{OURS}"])


def test_a_person_is_seen_exactly_by_who_may_view_him(cast: Cast) -> None:
    made = [entered(cast, code=code) for code in (OURS, THEIRS, FAR)]
    for name, by in cast.actors.items():
        seen = set(queries.visible_to(by).values_list("pk", flat=True))
        assert seen == {p.pk for p in made if access.can_view(by, p)}, name
        assert len(seen) == {"clerk": 1, "head": 1}.get(name.split(":")[0], len(seen)) or name.split(":")[1] not in (
            OURS, THEIRS, FAR,
        )  # fmt: skip
    assert len(queries.visible_to(cast["bureau"])) == 3
    assert len(queries.visible_to(cast["handler:350521104"])) == 2
    assert not queries.visible_to(cast["maker"]).exists() and not queries.visible_to(cast["agency"]).exists()


def test_nobody_keeps_another_village(cast: Cast) -> None:
    person = entered(cast)
    for name in (f"clerk:{THEIRS}", "handler:350521106", "auditor", "leader", "maker"):
        with pytest.raises(NotAllowed):
            record_status(person_id=person.pk, doing=WORKS, by=cast[name])
        with pytest.raises(NotAllowed):
            change_person(person_id=person.pk, who=LIN, by=cast[name])
    assert change_person(person_id=person.pk, who=LIN, by=cast["handler:350521104"]).name == "林小妹"
    assert Area.objects.get(code=OURS).labour_people.count() == 1
