"""One life of the town: its day, what was tried and how it ended, and proof that a refusal left nothing behind."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.errors import Refusal
from tests.payments.machine.world import MORNING, World

Found = TypeVar("Found")
CAREFUL = 0.8  # how often the right officer does it; else somebody
WHOLE = ("core", "documents", "funds", "payments", "registry", "workflows")  # packages whose tables are watched
ASIDE = {"core_job", "core_jobtry"}


class Crash(AssertionError):
    """Something else than a refusal came out of a command, or a refusal was not one."""


@dataclass
class Town:
    """`counts` are (deed, how it ended): ``done`` or the refusal's code. `memory` is what invariants saw before."""

    world: World
    day: date = MORNING
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    chance: Random = field(default_factory=Random)
    serial: int = 0
    _seen: str = ""

    def attempt(self, deed: str, command: Callable[..., Found], **arguments: Any) -> Found | None:
        """Run a command on the town's day. None when it refused, and then not a row is another one than before."""
        before = self._seen or state()
        by = arguments.get("by")
        said = {name: value for name, value in arguments.items() if name not in ("by", "world", "data", "evidence")}
        self.log.append(f"{self.day} {deed} {said} by {by and by.label}")
        try:
            with clock.travel(self.day):
                result = command(**arguments)
        except Refusal as refusal:
            self.counts[deed, refusal.code] += 1
            self.log[-1] += f" -> {refusal.code} {refusal.message}"
            if not (refusal.code and str(refusal.message).endswith(("。", "”"))):
                raise Crash(f"no sentence: {refusal.code} {refusal.message}") from refusal
            self._seen = state()
            if self._seen != before:
                raise Crash(f"refused ({refusal.code}) and yet something changed") from refusal
            return None
        self._seen = ""
        self.counts[deed, "done"] += 1
        self.log[-1] += " -> done"
        return result

    @property
    def changed(self) -> bool:
        """Whether the last command did something."""
        return not self._seen

    def officer(self, *roles: Role) -> Actor:
        """Mostly somebody in one of these posts, else anybody at all."""
        if self.chance.random() > CAREFUL:
            roles = tuple(self.world.officers)
        return self.world.cast[self.chance.choice([key for role in roles for key in self.world.officers[role]])]

    def pick(self, rows: Any, *, most: int = 40) -> Any:
        """One of the rows, None when there are none."""
        found = list(rows[:most])
        return self.chance.choice(found) if found else None

    def some(self, rows: Sequence[Found]) -> list[Found]:
        """All of the rows, or a part of them."""
        rows = list(rows)
        if not rows or self.chance.random() < 0.5:
            return rows
        return self.chance.sample(rows, self.chance.randint(1, len(rows)))

    def maybe(self, often: float) -> bool:
        return self.chance.random() < often

    def number(self, what: str) -> str:
        """A reference nobody has used, or now and then one that was."""
        self.serial += not self.maybe(0.1)
        return f"{what}{self.serial}"


def state() -> str:
    """A fingerprint of every row of the tables that are watched."""
    parts = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            parts.append(hash(tuple(cursor.fetchall())))
    return str(parts)


def counts() -> dict[str, int]:
    """How many rows each of those tables has."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def tables() -> list[str]:
    """The tables of everything that happens to claims, papers and money."""
    models = [model for label in WHOLE for model in apps.get_app_config(label).get_models() if model._meta.managed]
    return sorted({model._meta.db_table for model in models} - ASIDE)
