"""Many rows of one table in one statement, for rows that nobody needs the keys of afterwards.

`bulk_create` takes what SQLite allows of parameters in one statement, which is 76 rows of 13 columns; thousands of
rows then cost a query for each handful.
"""

from collections.abc import Sequence

from django.db import connection, models


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model in order, in the caller's transaction. Their primary keys stay unset."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [[field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({columns}) VALUES ({places})",  # noqa: S608 (names of columns only)
            values,
        )
