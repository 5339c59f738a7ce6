"""The inbox page with a million claims against ten thousand: on PostgreSQL, rows made by the database itself.

One claim in ten is open at the bureau and owed by the officer who asks, so the long inbox is a hundred thousand long.
What is measured is one request of the page by the test client, session and all; the least of many, by the wall.
"""

import os
import time
from collections.abc import Iterator
from typing import Any

from benches.measuring import Line, judged, limited, told

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_CLAIMS", "1000000"))
OPEN_EVERY = 10
TIMES = 40
TARGET = 1.2


def lines() -> Iterator[Line]:
    """Needs an empty PostgreSQL in DATABASE_URL: `bin/postgres bin/bench inbox`."""
    from django.core.management import call_command
    from django.db import connection

    from core.privacy import make_ring_file

    if connection.vendor != "postgresql":
        raise SystemExit("bin/bench inbox needs PostgreSQL: bin/postgres bin/bench inbox")
    from django.conf import settings

    make_ring_file(settings.KEYS_FILE)
    call_command("migrate", verbosity=0)
    client = _world()
    _fill(2, SMALL)
    small = _measured(client)
    _fill(SMALL + 1, LARGE)
    large = _measured(client)
    yield told("inbox_claims", LARGE, SMALL, unit="claims")
    yield judged("inbox_page", large["due"], small["due"], TARGET, unit="ms")
    yield judged("inbox_page_overdue", large["overdue"], small["overdue"], TARGET, unit="ms")
    yield told("inbox_page_by_amount", large["amount"], small["amount"], unit="ms")
    yield limited("inbox_page_queries", large["queries"], 15, unit="queries")


def _world() -> Any:
    """A cast, one claim at the bureau, and a browser of its handler."""
    from accounts.models import Area
    from project.demo.people import make_cast
    from tests.portals.desk_made import claim_at, signed_in
    from workflows.states import ClaimState

    cast = make_cast()
    claim_at(cast, ClaimState.BUREAU, villages=[Area.objects.get(code="350521104201")], heads=1)
    return signed_in(cast["bureau"])


def _fill(first: int, last: int) -> None:
    """Claims `first` to `last`, each with one line and one review, like the one there is."""
    from django.db import connection

    from workflows.models import Claim, ClaimLine, Review

    shown, id_of_claim = f"mod(g, {OPEN_EVERY}) = 0", "(SELECT min(id) FROM workflows_claim) + g - 1"
    wanted: list[tuple[Any, dict[str, str]]] = [
        (Claim, {"id": id_of_claim, "number": "'YG-' || g", "state": f"CASE WHEN {shown} THEN 'bureau' ELSE 'refused' END"}),
        (ClaimLine, {
            "id": "gen_random_uuid()", "claim_id": id_of_claim, "person_index": "'p' || g",
            "status": f"CASE WHEN {shown} THEN 'live' ELSE 'released' END",
            "outcome": "CASE WHEN mod(g, 70) = 0 THEN 'review' ELSE 'pay' END", "amount_fen": "100000 + mod(g, 977)",
        }),
        (Review, {
            "id": "(SELECT min(id) FROM workflows_review) + g - 1", "claim_id": id_of_claim,
            "outcome": f"CASE WHEN {shown} THEN '' ELSE 'refused' END",
            "decided_at": f"CASE WHEN {shown} THEN NULL ELSE t.opened_at END",
            "due_on": "t.due_on + mod(g, 61)::int - 20",
        }),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows are copies: no keys to check anew
        for model, changes in wanted:
            columns = [field.column for field in model._meta.concrete_fields]
            values = ", ".join(changes.get(column, f't."{column}"') for column in columns)
            names, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
            key = "seq" if model is ClaimLine else "id"
            template = f"(SELECT * FROM {table} ORDER BY {key}, ctid LIMIT 1) t"
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {template}, generate_series(%s, %s) g",
                [first, last],
            )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE workflows_claim, workflows_claimline, workflows_review")


def _measured(client: Any) -> dict[str, float]:
    """Milliseconds of each way to look at the inbox, and the queries of the first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {
        name: min(_ms(client, query) for _turn in range(TIMES if name != "amount" else 3))
        for name, query in (("due", ""), ("overdue", "due=overdue"), ("amount", "sort=amount"))
    }
    with CaptureQueriesContext(connection) as asked:
        _ms(client, "")
    return found | {"queries": float(len(asked))}


def _ms(client: Any, query: str) -> float:
    start = time.perf_counter()
    answer = client.get(f"/desk/?{query}")
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - start) * 1000
