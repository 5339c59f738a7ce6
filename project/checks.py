"""What must be in place on a machine before the desk works, each with an id and a hint that mends it.

| id | what |
|---|---|
| yingong.E001 | Pango is missing: no PDF at all |
| yingong.W001 | harfbuzz-subset is missing: a page takes 10 s instead of 0.25 s |
| yingong.W002 | a font of the official papers is missing: names print as boxes |
| yingong.E002 | no key ring: no personal data can be written or read |
| yingong.W003 | the key ring can be read by others |
| yingong.E003 | the business date stands still in production |
| yingong.E004 | DEBUG in production |
| yingong.W004 | this year's or (from November) next year's working calendar is not loaded |
| yingong.W005 | SQLite without the measured options (decision 0002) |
| yingong.W006 | PostgreSQL without connection health checks |
| yingong.E005 | background work is to be carried by something unknown |
| yingong.E006 | papers are to be sealed and no seal is there: no paper gets its PDF |
| yingong.W007 | the fonts of the papers were not cut: pages take three times as long and eight times the memory |
| yingong.E007 | a payment format file is wrong: its bank cannot be paid |
"""

import ctypes
import stat
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from core import clock
from core.models import CalendarYear
from documents.fonts import configuration
from documents.seals import certificates as seals
from payments.formats import format_problems

APT = "apt-get install --no-install-recommends "
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")
SUBSETTER = "libharfbuzz-subset.so.0"
NEXT_YEAR_IS_KNOWN_FROM = 11  # the State Council publishes a year's holidays around November of the year before
CARRIERS = ("database", "celery", "inline")
SQLITE_OPTIONS = ("journal_mode=WAL", "synchronous=FULL")


def missing_libraries(names: Sequence[str]) -> list[str]:
    """Those of the shared libraries that the loader does not find."""
    missing = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


@lru_cache(maxsize=1)
def installed_fonts() -> frozenset[str]:
    """The font families fontconfig knows; empty when it is not installed."""
    try:
        answer = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(name.strip() for line in answer.stdout.splitlines() for name in line.split(","))


@register(Tags.compatibility)
def check_pdf_libraries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """WeasyPrint needs Pango, and harfbuzz-subset to be quick: it says so only in its log."""
    found: list[CheckMessage] = []
    if missing := missing_libraries(PANGO):
        hint = APT + "libpango-1.0-0 libpangoft2-1.0-0"
        found.append(Error(f"No PDF can be made: {', '.join(missing)} not found.", hint=hint, id="yingong.E001"))
    if missing_libraries([SUBSETTER]):
        message = f"PDF pages take 10 s instead of 0.25 s: {SUBSETTER} not found."
        found.append(Warning(message, hint=APT + "libharfbuzz-subset0", id="yingong.W001"))
    return found


@register(Tags.compatibility)
def check_fonts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A missing family falls back silently; then rare names print as boxes."""
    wanted = {name.strip() for families in settings.PAPER_FONTS.values() for name in families.split(",")}
    if not (missing := sorted(wanted - installed_fonts())):
        return []
    hint = APT + "fontconfig fonts-noto-cjk fonts-hanazono, or name installed families in settings.PAPER_FONTS"
    return [Warning(f"Fonts of the official papers not found: {', '.join(missing)}.", hint=hint, id="yingong.W002")]


@register(Tags.compatibility)
def check_cut_fonts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Uncut fonts work, slowly: each page subsets a file of 65,535 glyphs."""
    if configuration() is not None:
        return []
    message = (
        "The fonts of the official papers are not cut: a page takes 0.2 s and 700 MB instead of a third and 100 MB."
    )
    return [Warning(message, hint="manage.py cut_fonts", id="yingong.W007")]


@register(Tags.security)
def check_key_ring(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Personal data is sealed from the first row on, so the keys come before the first row."""
    path = Path(settings.KEYS_FILE)
    if not path.exists():
        return [Error(f"No key ring at {path}.", hint="manage.py make_keys", id="yingong.E002")]
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [Warning("Others on this machine may read the key ring.", hint=f"chmod 600 {path}", id="yingong.W003")]
    return []


@register(Tags.security)
def check_seal(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without a certificate that is trusted no seal holds, and without its key the local one cannot be put on."""
    chosen = settings.SEAL
    if chosen == "none":
        return []
    if chosen == "local":
        missing = [name for name in ("local.key", "local.pem") if not (seals.folder() / name).exists()]
        hint = "manage.py make_keys"
    elif chosen.startswith(("http://", "https://")):
        missing = [] if any(seals.folder().glob("*.pem")) else ["*.pem"]
        hint = f"Put the certificate of the seal service into {seals.folder()}."
    else:
        missing, hint = [f"YINGONG_SEAL={chosen}"], "local, none, or the http(s) address of a seal service"
    return [Error(f"No seal for the papers: {missing[0]}.", hint=hint, id="yingong.E006")] if missing else []


@register(Tags.security)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What demo and development may do and production may not."""
    found: list[CheckMessage] = []
    if not settings.PRODUCTION:
        return found
    if settings.BUSINESS_DATE is not None:
        message = f"Production stands still on {settings.BUSINESS_DATE}: every deadline would be wrong."
        found.append(Error(message, hint="Unset YINGONG_BUSINESS_DATE.", id="yingong.E003"))
    if settings.DEBUG:
        message = "DEBUG in production shows personal data on error pages."
        found.append(Error(message, hint="Set DEBUG to False.", id="yingong.E004"))
    return found


@register(Tags.compatibility)
def check_carrier(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A carrier that does not exist would be found out by the first job only."""
    if settings.JOBS_CARRIER in CARRIERS:
        return []
    message = f"YINGONG_JOBS names an unknown carrier of background work: {settings.JOBS_CARRIER}."
    return [Error(message, hint=f"One of {', '.join(CARRIERS)}.", id="yingong.E005")]


@register(Tags.compatibility)
def check_payment_formats(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A wrong format file is told here, with file and key, before a batch waits for it."""
    hint = "Mend the file as docs/formats.md says; YINGONG_FORMATS names the folders."
    return [Error(f"Payment format {problem}", hint=hint, id="yingong.E007") for problem in format_problems()]


@register(Tags.database)
def check_calendar(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Without a year's holidays, deadlines in it count weekends only and are provisional."""
    if "default" not in (databases or ()):
        return []
    if CalendarYear._meta.db_table not in connections["default"].introspection.table_names():
        return []
    today = clock.today()
    wanted = {today.year} | ({today.year + 1} if today.month >= NEXT_YEAR_IS_KNOWN_FROM else set())
    missing = sorted(wanted - set(CalendarYear.objects.values_list("year", flat=True)))
    return [
        Warning(
            f"The working calendar of {year} is not loaded: deadlines in it are provisional.",
            hint="Load the State Council's holiday notice for that year (系统管理 → 工作日历).",
            id="yingong.W004",
        )
        for year in missing
    ]


@register(Tags.compatibility)
def check_database_options(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The options that took writers from 59 % 'database is locked' to none, and survive a restarted server."""
    database = settings.DATABASES["default"]
    options = database.get("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        command = options.get("init_command", "").replace(" ", "")
        missing = [option for option in SQLITE_OPTIONS if option not in command]
        if options.get("transaction_mode") != "IMMEDIATE":
            missing.append("transaction_mode=IMMEDIATE")
        if missing:
            hint = "Take DATABASES from project/settings.py as it is; decision 0002 says why."
            return [Warning(f"SQLite runs without {', '.join(missing)}.", hint=hint, id="yingong.W005")]
    elif not database.get("CONN_HEALTH_CHECKS"):
        hint = "Set CONN_HEALTH_CHECKS to True."
        message = "After a restart of PostgreSQL half of the requests would fail."
        return [Warning(message, hint=hint, id="yingong.W006")]
    return []
