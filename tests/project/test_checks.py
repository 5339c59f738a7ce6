"""Every deployment check: silent when all is well, and with its id and a hint when something is missing."""

import copy
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks.registry import registry

from core.clock import travel
from core.models import CalendarYear
from project import checks

GOOD_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous=FULL"},
}


def ids(messages: list[Any]) -> list[str]:
    assert all(message.hint for message in messages), "a check without a hint helps nobody"
    return [message.id for message in messages]


def test_all_are_registered() -> None:
    names = {check.__name__ for check in registry.get_checks(include_deployment_checks=True)}
    assert {name for name in vars(checks) if name.startswith("check_")} <= names


def test_every_id_is_in_the_table_of_the_module_and_used_once() -> None:
    source = Path(checks.__file__).read_text(encoding="utf-8")
    table, code = source.split('"""', 2)[1:]
    listed = {
        cell.strip() for line in table.splitlines() if line.startswith("| yingong.") for cell in [line.split("|")[1]]
    }
    assert {f"yingong.{part.split(chr(34))[0]}" for part in code.split('id="yingong.')[1:]} == listed


def test_this_machine_can_print() -> None:
    assert ids(checks.check_pdf_libraries(None)) == []
    assert ids(checks.check_fonts(None)) == []


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ({"libpango-1.0.so.0"}, ["yingong.E001"]),
        ({"libpangoft2-1.0.so.0"}, ["yingong.E001"]),
        ({"libharfbuzz-subset.so.0"}, ["yingong.W001"]),
        ({"libpango-1.0.so.0", "libharfbuzz-subset.so.0"}, ["yingong.E001", "yingong.W001"]),
    ],
)
def test_missing_library(monkeypatch: pytest.MonkeyPatch, gone: set[str], expected: list[str]) -> None:
    real = checks.ctypes.CDLL

    def load(name: str) -> object:
        if name in gone:
            raise OSError(name)
        return real(name)

    monkeypatch.setattr(checks.ctypes, "CDLL", load)
    assert ids(checks.check_pdf_libraries(None)) == expected


def test_missing_font_is_named(settings: Any) -> None:
    settings.PAPER_FONTS = {"body": "Noto Serif CJK SC", "rare": "HanaMinA, No Such Family"}
    (message,) = checks.check_fonts(None)
    assert message.id == "yingong.W002"
    assert "No Such Family" in message.msg
    assert "HanaMinA" not in message.msg


def test_without_fontconfig_every_font_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    checks.installed_fonts.cache_clear()
    try:
        assert ids(checks.check_fonts(None)) == ["yingong.W002"]
    finally:
        checks.installed_fonts.cache_clear()


def test_a_seal_that_is_wanted_is_there(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FILE = tmp_path / "keys" / "ring.json"
    for chosen in ("local", "https://seal.example/sign", "stamp"):
        settings.SEAL = chosen
        assert ids(checks.check_seal(None)) == ["yingong.E006"]
    settings.SEAL = "none"
    assert ids(checks.check_seal(None)) == []
    checks.seals.make_local_seal()
    for chosen in ("local", "https://seal.example/sign"):
        settings.SEAL = chosen
        assert ids(checks.check_seal(None)) == []


def test_key_ring(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FILE = tmp_path / "ring.json"
    assert ids(checks.check_key_ring(None)) == ["yingong.E002"]
    settings.KEYS_FILE.write_text("{}")
    settings.KEYS_FILE.chmod(0o640)
    assert ids(checks.check_key_ring(None)) == ["yingong.W003"]
    settings.KEYS_FILE.chmod(0o600)
    assert ids(checks.check_key_ring(None)) == []


@pytest.mark.parametrize(
    ("production", "day", "debug", "expected"),
    [
        (False, date(2025, 11, 24), True, []),
        (True, None, False, []),
        (True, date(2025, 11, 24), False, ["yingong.E003"]),
        (True, None, True, ["yingong.E004"]),
        (True, date(2025, 11, 24), True, ["yingong.E003", "yingong.E004"]),
    ],
)
def test_production(settings: Any, production: bool, day: date | None, debug: bool, expected: list[str]) -> None:
    settings.PRODUCTION, settings.BUSINESS_DATE, settings.DEBUG = production, day, debug
    assert ids(checks.check_production(None)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "gone", "expected"),
    [
        (date(2025, 11, 24), (), 0),
        (date(2025, 11, 1), (2026,), 1),
        (date(2025, 10, 31), (2026,), 0),
        (date(2025, 10, 31), (2025,), 1),
        (date(2025, 12, 31), (2025, 2026), 2),
    ],
)
def test_calendar(day: date, gone: tuple[int, ...], expected: int) -> None:
    CalendarYear.objects.filter(year__in=gone).delete()
    with travel(day):
        assert ids(checks.check_calendar(None, databases=["default"])) == ["yingong.W004"] * expected
        assert checks.check_calendar(None) == []


@pytest.mark.django_db
def test_calendar_check_waits_for_the_first_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    CalendarYear.objects.all().delete()
    monkeypatch.setattr(checks.connections["default"].introspection, "table_names", lambda *args, **kwargs: [])
    assert checks.check_calendar(None, databases=["default"]) == []


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"transaction_mode": "DEFERRED"}, "transaction_mode=IMMEDIATE"),
        ({"init_command": "PRAGMA synchronous=FULL"}, "journal_mode=WAL"),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}, "synchronous=FULL"),
    ],
)
def test_sqlite_options(monkeypatch: pytest.MonkeyPatch, broken: dict[str, str], named: str) -> None:
    database = copy.deepcopy(GOOD_SQLITE)
    monkeypatch.setattr(checks, "settings", type("S", (), {"DATABASES": {"default": database}}))
    assert ids(checks.check_database_options(None)) == []
    database["OPTIONS"].update(broken)  # type: ignore[attr-defined]
    (message,) = checks.check_database_options(None)
    assert message.id == "yingong.W005"
    assert named in message.msg


def test_postgresql_health_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    database = {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True}
    monkeypatch.setattr(checks, "settings", type("S", (), {"DATABASES": {"default": database}}))
    assert ids(checks.check_database_options(None)) == []
    database["CONN_HEALTH_CHECKS"] = False
    assert ids(checks.check_database_options(None)) == ["yingong.W006"]


@pytest.mark.django_db
def test_the_product_as_it_is_passes_its_own_checks_but_for_the_speed_up_of_the_tests() -> None:
    ours = [
        message
        for name, check in vars(checks).items()
        if name.startswith("check_")
        for message in check(None, databases=["default"])
    ]
    on_sqlite = django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    assert ids(ours) == (["yingong.W005"] if on_sqlite else [])


@pytest.mark.parametrize(
    ("carrier", "found"), [("database", []), ("celery", []), ("inline", []), ("huey", ["yingong.E005"])]
)
def test_the_carrier_of_background_work_exists(monkeypatch: pytest.MonkeyPatch, carrier: str, found: list[str]) -> None:
    monkeypatch.setattr(checks, "settings", type("S", (), {"JOBS_CARRIER": carrier}))
    assert ids(checks.check_carrier(None)) == found


def test_every_carrier_that_is_offered_can_be_loaded() -> None:
    for carrier in checks.CARRIERS:
        assert import_module(f"core.jobs.carriers.{carrier}").hand_over
