"""Tables that only grow: database triggers that refuse UPDATE and DELETE on SQLite and PostgreSQL.

Use `AppendOnly("app_table")` as a migration operation; `when` narrows it to rows that are final already,
e.g. ``AppendOnly("policy_schemeversion", when="OLD.status = 'published'")``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

PREFIX = "append_only_"
GUARDS = "guard_"  # of `core.guards`
FUNCTION = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql
"""


def _statements(vendor: str, table: str, when: str) -> list[str]:
    condition = f" WHEN ({when})" if when else ""
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER {PREFIX}{table}_{verb.lower()} BEFORE {verb} ON "{table}"{condition} '
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    row = f'CREATE TRIGGER {PREFIX}{table} BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW{condition} '
    whole = f'CREATE TRIGGER {PREFIX}{table}_truncate BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT '
    call = "EXECUTE FUNCTION append_only_refuse()"
    return [FUNCTION, row + call] + ([] if when else [whole + call])


class AppendOnly(Operation):
    """Migration operation: from here on the table's rows (those that meet `when`) are final."""

    reversible = True

    def __init__(self, table: str, when: str = "") -> None:
        self.table, self.when = table, when

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in _statements(schema_editor.connection.vendor, self.table, self.when):
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name, table in _triggers(schema_editor.connection, PREFIX):
            if table == self.table:
                on = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
                schema_editor.execute(f"DROP TRIGGER {name}{on}")

    def describe(self) -> str:
        return f"Refuse UPDATE and DELETE on {self.table}"


def _triggers(connection: BaseDatabaseWrapper, *prefixes: str) -> list[tuple[str, str]]:
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table) for name, table in cursor.fetchall() if name.startswith(prefixes or (PREFIX,))]


@contextmanager
def triggers_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift the triggers for a moment; only a test database that is being flushed has a use for it."""
    found = _triggers(connection, PREFIX, GUARDS)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            again = [sql for name, sql in cursor.fetchall() if name.startswith((PREFIX, GUARDS))]
            for name, _ in found:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending deferred checks cannot be altered
            again = [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in sorted({t for _, t in found})]
            for sql in again:
                cursor.execute(sql.replace("ENABLE", "DISABLE"))
        try:
            yield
        finally:
            for sql in again:
                cursor.execute(sql)
