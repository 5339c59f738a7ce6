"""Rules over several tables that the database itself refuses to break, as triggers on SQLite and PostgreSQL.

`Guard("claim_published_before_approval", ...)` is a migration operation. On SQLite a later migration that makes a table
anew drops its triggers and stumbles over those that name it: it takes the guards concerned off first (`GuardOff`) and
puts them on again afterwards.
"""

from dataclasses import dataclass
from typing import Any

from django.db.migrations.operations.base import Operation

FUNCTION = """
CREATE OR REPLACE FUNCTION guard_{name}() RETURNS trigger AS $$
BEGIN
  IF {broken} THEN
    RAISE EXCEPTION 'guard: {name}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$ LANGUAGE plpgsql
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is refused: `event` (``UPDATE OF state``, ``INSERT``) on `table`, `when` the row is concerned and `broken`.

    `when` may name NEW and OLD only; `broken` may ask other tables. Where the engines differ, ``{name}`` in them is
    filled from `words`: ``{"day": (the SQLite text, the PostgreSQL text)}``.
    """

    name: str
    table: str
    event: str
    when: str
    broken: str
    words: tuple[tuple[str, str, str], ...] = ()

    def on(self, vendor: str) -> list[str]:
        """The statements that put the trigger on."""
        words = {word: sqlite if vendor == "sqlite" else other for word, sqlite, other in self.words}
        when, broken = self.when.format(**words), self.broken.format(**words)
        head = f'CREATE TRIGGER guard_{self.name} BEFORE {self.event} ON "{self.table}" FOR EACH ROW WHEN ({when})'
        if vendor == "sqlite":
            return [f"{head} BEGIN SELECT RAISE(ABORT, 'guard: {self.name}') WHERE {broken}; END"]
        function = FUNCTION.format(name=self.name, broken=broken)
        return [function, f"{head} EXECUTE FUNCTION guard_{self.name}()"]

    def off(self, vendor: str) -> list[str]:
        """The statements that take it off."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER guard_{self.name}"]
        return [f'DROP TRIGGER guard_{self.name} ON "{self.table}"', f"DROP FUNCTION guard_{self.name}()"]


class Guard(Operation):
    """Migration operation: from here on the database refuses what breaks `rule`."""

    reversible = True

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in self.rule.on(schema_editor.connection.vendor):
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in self.rule.off(schema_editor.connection.vendor):
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return f"Guard {self.rule.name} on {self.rule.table}"


class GuardOff(Guard):
    """Migration operation: takes a guard off; backwards puts it on again."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Take off guard {self.rule.name}"
