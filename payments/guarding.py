"""Triggers behind the commands: what no statement may do to batches, transfers and items, on both engines.

A guard refuses a row when its condition holds; the condition is SQL over OLD and NEW that both engines read alike.
The names begin like those of `core.append_only`, so that a test database can be flushed.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

from core.append_only import PREFIX


class Guard(Operation):
    """Migration operation: refuse `verb` (INSERT, UPDATE or DELETE) on rows of `table` for which `when` holds."""

    reversible = True

    def __init__(self, name: str, table: str, verb: str, when: str) -> None:
        self.name, self.table, self.verb, self.when = name, table, verb, when

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        trigger = f"{PREFIX}{self.name}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f'CREATE TRIGGER {trigger} BEFORE {self.verb} ON "{self.table}" WHEN ({self.when}) '
                f"BEGIN SELECT RAISE(ABORT, 'guard: {self.name}'); END",
                params=None,
            )
            return
        row = "OLD" if self.verb == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger AS $$ BEGIN IF ({self.when}) THEN "
            f"RAISE EXCEPTION 'guard: {self.name}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {row}; END $$ LANGUAGE plpgsql",
            params=None,
        )
        schema_editor.execute(
            f'CREATE TRIGGER {trigger} BEFORE {self.verb} ON "{self.table}" FOR EACH ROW EXECUTE FUNCTION {trigger}()',
            params=None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        trigger = f"{PREFIX}{self.name}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {trigger}")
        else:
            schema_editor.execute(f"DROP FUNCTION {trigger}() CASCADE")

    def describe(self) -> str:
        return f"Refuse {self.verb} on {self.table}: {self.name}"


def changed(*columns: str) -> str:
    """The condition that one of the columns is to get another value."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def leaves(column: str, *steps: str) -> str:
    """The condition that the column moves otherwise than by one of the steps (``opened>drafted``)."""
    allowed = ", ".join(f"'{step}'" for step in steps)
    return f"OLD.{column} <> NEW.{column} AND OLD.{column} || '>' || NEW.{column} NOT IN ({allowed})"
