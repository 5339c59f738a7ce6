"""Scheme versions: loaded by one, published by another, then never changed; found by day; compared."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from accounts.roles import Role
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from policy.commands import load_scheme, publish_scheme
from policy.labels import PARAMETERS
from policy.loading import shipped
from policy.models import SchemeVersion
from policy.queries import differences, in_force, parameters, versions
from tests.payments.made import officer, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Actor:
    return officer(Role.SECTION_HEAD, "陈志远")


@pytest.fixture
def leader() -> Actor:
    return officer(Role.BUREAU_LEADER, "林国栋")


def file(version: int = 1, **changes: str) -> bytes:
    text = shipped()[0].read_text(encoding="utf-8").replace("\nversion = 1\n", f"\nversion = {version}\n")
    for before, after in changes.values():
        assert before in text
        text = text.replace(before, after)
    return text.encode()


def published(head: Actor, leader: Actor, version: int = 1, **changes: tuple[str, str]) -> SchemeVersion:
    scheme = load_scheme(data=file(version, **changes), by=head)
    return publish_scheme(scheme_id=scheme.pk, by=leader)


def test_one_loads_another_publishes(head: Actor, leader: Actor) -> None:
    scheme = load_scheme(data=file(), by=head)
    assert (scheme.status, scheme.label) == ("draft", "qtz-2023-3/1")
    assert in_force(date(2025, 11, 24)) is None
    scheme = publish_scheme(scheme_id=scheme.pk, by=leader)
    assert (scheme.drafted_by, scheme.published_by) == (head.user, leader.user)
    assert [e.verb for e in Event.objects.filter(chain=f"scheme:{scheme.pk}")] == ["load", "publish"]


def test_the_same_person_in_another_post_does_not_publish(head: Actor) -> None:
    scheme = load_scheme(data=file(), by=head)
    for actor in (head, posted(head.user, Role.BUREAU_LEADER)):
        with pytest.raises(NotAllowed) as refused:
            publish_scheme(scheme_id=scheme.pk, by=actor)
        assert refused.value.code == "publisher_is_drafter"
    with pytest.raises(IntegrityError, match="published_by_another"), transaction.atomic():
        SchemeVersion.objects.update(status="published", published_by=head.user)


def test_publishing_twice_and_loading_twice(head: Actor, leader: Actor) -> None:
    scheme = published(head, leader)
    with pytest.raises(WrongState) as refused:
        publish_scheme(scheme_id=scheme.pk, by=leader)
    assert refused.value.code == "scheme_published"
    with pytest.raises(WrongState) as taken:
        load_scheme(data=file(), by=head)
    assert taken.value.code == "scheme_version_taken"
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [{"title": "改过的"}, {"terms": {}}, {"status": "draft", "published_by": None}, {"valid_to": date(2030, 1, 1)}],
)
def test_the_database_keeps_what_was_published(head: Actor, leader: Actor, change: dict) -> None:
    scheme = published(head, leader)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SchemeVersion.objects.filter(pk=scheme.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        SchemeVersion.objects.filter(pk=scheme.pk).delete()
    kept = SchemeVersion.objects.get()
    assert (kept.title, kept.status) == (scheme.title, "published")


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.SECTION_HEAD, Role.BUREAU_LEADER)])
def test_nobody_else_loads_or_publishes(head: Actor, role: Role) -> None:
    other, scheme = officer(role, "外人"), load_scheme(data=file(), by=head)
    with pytest.raises(NotAllowed):
        load_scheme(data=file(2), by=other)
    with pytest.raises(NotAllowed):
        publish_scheme(scheme_id=scheme.pk, by=other)
    assert SchemeVersion.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"code = ", b"code = 'x'", b"[policy]\n", b"#" * 300_000])
def test_an_unreadable_file_is_refused_with_a_sentence(head: Actor, data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        load_scheme(data=data, by=head)
    assert refused.value.code == "scheme_unreadable"


def test_the_version_of_a_day(head: Actor, leader: Actor) -> None:
    first = published(head, leader)
    days = (("valid_from = { value = 2023-02-09", "valid_from = { value = 2025-07-01"),)
    second = published(head, leader, 2, start=days[0])
    load_scheme(data=file(3, start=days[0]), by=head)  # a draft counts for nothing
    expected = {
        date(2023, 2, 8): None,
        date(2023, 2, 9): first,
        date(2025, 6, 30): first,
        date(2025, 7, 1): second,
        date(2025, 12, 31): second,
        date(2026, 1, 1): None,
    }
    assert {day: in_force(day) for day in expected} == expected
    assert [s.version for s in versions()] == [3, 2, 1]


def test_every_parameter_is_shown_with_value_and_basis(head: Actor) -> None:
    shown = {p.path: p for group in parameters(load_scheme(data=file(), by=head)) for p in group.parameters}
    assert {path for path in shown if path not in PARAMETERS} == set()
    assert all(p.citation and p.value and p.label for p in shown.values())
    rate = shown["amounts_yuan.agency_referral_per_person"]
    assert (rate.value, rate.unit, rate.citation) == ("1,000", "元/人", "泉台管办规〔2023〕3号一（六）")
    assert shown["ambassador.tiers"].value == "铜牌：10；银牌：20；金牌：30"
    assert shown["eligibility.contract_min_months"].is_default
    assert shown["caps_yuan.pool_per_year"].value == "不设"
    letters = {p.value for p in shown.values() if p.path != "masking.id" and any("a" <= c <= "z" for c in p.value)}
    assert letters == set()


def test_what_two_versions_have_differently(head: Actor) -> None:
    first = load_scheme(data=file(), by=head)
    rate = (
        "agency_referral_per_person = { value = 1000",
        "agency_referral_per_person = { value = 1200",
    )
    second = load_scheme(data=file(2, rate=rate), by=head)
    found = differences(first, second)
    assert [(d.label, d.before and d.before.value, d.after and d.after.value) for d in found] == [
        ("机构引进奖励", "1,000", "1,200")
    ]
    assert differences(first, first) == []
