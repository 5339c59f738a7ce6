"""Tables of payments that only grow: the database refuses to change or delete a row, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core.append_only import _triggers
from core.timeline import SYSTEM
from funds.models import FundSource
from payments.models import Outcome, ResultRow, Transfer
from payments.parked import settle_row
from payments.reconciliation import keep
from payments.recovery.deciding import Part, decide_case
from payments.recovery.repaying import receive, set_off
from tests.payments import made
from tests.payments.answered import imported, mended, said, sent_of
from tests.payments.made import Office, line_ids, payable
from tests.payments.recovered import bureau, opened, paid

pytestmark = pytest.mark.django_db
TABLES = {
    "payments_accountchange": "opinion",
    "payments_instalment": "amount_fen",
    "payments_offsetline": "amount_fen",
    "payments_reconciliationrun": "problems",
    "payments_repayment": "amount_fen",
    "payments_resultfile": "rows_count",
    "payments_resultrow": "outcome",
    "payments_settlement": "reason",
}


@pytest.fixture
def written(office: Office, source: FundSource) -> None:
    """A row in every such table."""
    batch = sent_of(office, source, [payable(source)])
    imported(office, batch, [*said(batch, Outcome.RETURNED), ("BF-2025-999-0001", 1, Outcome.SETTLED, "")])
    settle_row(row_id=ResultRow.objects.get(verdict="parked").pk, kind="set_aside", reason="他行", by=office.checker)
    mended(office, Transfer.objects.get(batch=batch))
    people, agency = bureau(), made.agency()
    case = opened(people, paid(office, source, agency))
    parts = [Part(date(2025, 12, 1), 2_000_00)]
    case = decide_case(case_id=case.pk, order=True, opinion="同意分期。", by=people.head, parts=parts)
    receive(case_id=case.pk, amount_fen=1_000_00, on=date(2025, 11, 24), reference="入001", by=office.maker)
    later = payable(source, agency)
    set_off(case_id=case.pk, against_id=later.pk, line_ids=line_ids(later)[:1], reason="同意抵扣。", by=people.leader)
    assert keep(SYSTEM).balanced  # recoveries, instalments and set-offs too


def test_every_such_table_refuses_update_and_delete(written: None) -> None:
    found = {table for _name, table in _triggers(connection) if table.startswith("payments_")}
    assert found == set(TABLES)
    for table, column in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            assert cursor.fetchone()[0] > 0, table
        for sql in (f'UPDATE "{table}" SET "{column}" = "{column}"', f'DELETE FROM "{table}"'):
            with (
                pytest.raises(IntegrityError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)
