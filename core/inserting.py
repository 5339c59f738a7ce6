"""Many rows of one table in one statement, for rows that nobody needs the keys of afterwards.

`bulk_create` takes what SQLite allows of parameters in one statement, which is 76 rows of 13 columns; thousands of
rows then cost a query for each handful.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections, models

MEMORY = 50_000  # values a column remembers


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model in order, in the caller's transaction. Their primary keys stay unset."""
    if not rows:
        return
    meta, real = rows[0]._meta, connections[connection.alias]  # not the proxy: it looks itself up for every value
    fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(real.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values_of = [_column(field, real) for field in fields]
    values = [[value_of(row) for value_of in values_of] for row in rows]
    with real.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {real.ops.quote_name(meta.db_table)} ({columns}) VALUES ({places})",  # noqa: S608 (names of columns only)
            values,
        )


def _column(field: Any, real: Any) -> Callable[[models.Model], Any]:
    """What the database holds of a field, as a function of the row; texts as they are, equal values once prepared."""
    known: dict[Any, Any] = {}
    plain = type(field) in (models.CharField, models.TextField)

    def value_of(row: models.Model) -> Any:
        value = field.pre_save(row, True)
        if plain and (value is None or type(value) is str):
            return value
        if value.__hash__ is None:
            return field.get_db_prep_save(value, real)
        key = (type(value), value)
        if key not in known:
            if len(known) >= MEMORY:
                known.clear()
            known[key] = field.get_db_prep_save(value, real)
        return known[key]

    return value_of
