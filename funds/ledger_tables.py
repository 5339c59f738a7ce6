"""What the database itself holds of the ledger: the view of entries, and vouchers that are whole and closed.

Both sides of a posting stand in one row, so entries sum to zero without a check. What a check is needed for is the
voucher's control total. PostgreSQL refuses at commit a voucher whose postings are not its count and total (a deferred
constraint trigger), and at once a posting too many. SQLite has one writer and no deferred triggers: there only the
newest voucher takes postings, and the proof of the ledger finds the rest.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

SIDE = """
SELECT p.id * 2 + {side} AS id, p.id AS posting_id, v.id AS voucher_id, v.fund_id AS fund_id, v.{pot} AS pot,
  CASE WHEN v.{pot} IN ('budget', 'available') THEN '' ELSE p.payee END AS payee,
  p.claim_id AS claim_id, p.line_id AS line_id, {sign}p.amount_fen AS amount_fen, v.at AS at
FROM funds_posting p JOIN funds_voucher v ON v.id = p.voucher_id
"""
VIEW = (
    "CREATE VIEW funds_entry AS "
    + SIDE.format(side=0, pot="taken_from", sign="-")
    + " UNION ALL "
    + SIDE.format(side=1, pot="put_into", sign="")
)
SQLITE = [
    """
CREATE TRIGGER funds_posting_newest BEFORE INSERT ON funds_posting
WHEN NEW.voucher_id <> (SELECT max(id) FROM funds_voucher)
BEGIN SELECT RAISE(ABORT, 'voucher is closed'); END
"""
]
POSTGRESQL = [
    """
CREATE FUNCTION funds_voucher_whole() RETURNS trigger AS $$
DECLARE n bigint; fen numeric;
BEGIN
  SELECT count(*), coalesce(sum(amount_fen), 0) INTO n, fen FROM funds_posting WHERE voucher_id = NEW.id;
  IF n <> NEW.count OR fen <> NEW.total_fen THEN
    RAISE EXCEPTION 'voucher % does not balance', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql
""",
    """
CREATE FUNCTION funds_posting_within() RETURNS trigger AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM funds_voucher v JOIN (
      SELECT voucher_id, count(*) AS n, sum(amount_fen) AS fen FROM funds_posting
      WHERE voucher_id IN (SELECT voucher_id FROM added) GROUP BY voucher_id
    ) s ON s.voucher_id = v.id WHERE s.n > v.count OR s.fen > v.total_fen
  ) THEN
    RAISE EXCEPTION 'voucher is closed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql
""",
    """
CREATE CONSTRAINT TRIGGER funds_voucher_whole AFTER INSERT ON funds_voucher
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_voucher_whole()
""",
    """
CREATE TRIGGER funds_posting_within AFTER INSERT ON funds_posting
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_posting_within()
""",
]
AWAY = {
    "sqlite": ["DROP TRIGGER funds_posting_newest", "DROP VIEW funds_entry"],
    "postgresql": [
        "DROP TRIGGER funds_posting_within ON funds_posting",
        "DROP TRIGGER funds_voucher_whole ON funds_voucher",
        "DROP FUNCTION funds_posting_within",
        "DROP FUNCTION funds_voucher_whole",
        "DROP VIEW funds_entry",
    ],
}


class LedgerTables(Operation):
    """Migration operation: the view and the triggers. A later change of these tables drops it and makes it again."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Views and triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        own = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
        for sql in [VIEW, *own]:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for sql in AWAY[schema_editor.connection.vendor]:
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return "The ledger's view of entries, and its vouchers whole and closed"
