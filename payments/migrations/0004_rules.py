"""What no statement may do any more: constraints, and guards on both engines behind the commands."""

from django.db import migrations, models

from core.guards import Guard, Rule


def changed(*columns: str) -> str:
    """The condition that one of the columns is to get another value."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def leaves(column: str, *steps: str) -> str:
    """The condition that the column moves otherwise than by one of the steps (``opened>drafted``)."""
    allowed = ", ".join(f"'{step}'" for step in steps)
    return f"OLD.{column} <> NEW.{column} AND OLD.{column} || '>' || NEW.{column} NOT IN ({allowed})"


BATCH, TRANSFER, ITEM = "payments_batch", "payments_transfer", "payments_paymentitem"
STATE_OF = "(SELECT state FROM payments_batch WHERE id = NEW.batch_id)"
ROAD = (
    "opened>drafted", "opened>cancelled", "drafted>checked", "drafted>opened", "drafted>cancelled", "checked>sealed",
    "checked>opened", "checked>cancelled", "sealed>sent", "sealed>cancelled", "sent>answered", "sent>closed",
    "answered>closed",
)  # fmt: skip
ANSWERS = (
    "pending>settled", "pending>returned", "pending>unknown", "unknown>settled", "unknown>returned",
    "pending>withdrawn",
)  # fmt: skip
SEALED = changed(
    "number", "fund_id", "channel", "rows", "opened_by_id", "made_by_id", "checked_by_id", "released_by_id",
    "released_at", "count", "total_fen", "sha256", "file_id", "paper_id",
)  # fmt: skip
INSTRUCTION = changed(
    "batch_id", "seq", "reference", "claim_id", "account_id", "amount_fen", "count", "reissue_of_id"
)  # fmt: skip
FIXED = (
    changed("batch_id", "claim_id", "line_id", "account_id", "amount_fen", "entered_on")
    + " OR (OLD.transfer_id IS NOT NULL AND OLD.transfer_id IS DISTINCT FROM NEW.transfer_id)"
)
# Answers come after sending, withdrawals before it.
UNSENT = f"(NEW.outcome = 'withdrawn') = ({STATE_OF} IN ('sent', 'answered', 'closed'))"
# The last notice of the claim has run and its villages' boards have hung before the day the line was entered, and no
# open objection names the line or the claim as a whole (C18).
LAST_ENTRY = "(SELECT MAX(last.id) FROM workflows_noticeentry last WHERE last.claim_id = NEW.claim_id)"
HELD = f"""
NOT EXISTS (
  SELECT 1 FROM workflows_noticeentry e JOIN workflows_notice n ON n.id = e.notice_id
  WHERE e.id = {LAST_ENTRY} AND n.closes_on < NEW.entered_on
)
OR EXISTS (
  SELECT 1 FROM workflows_noticeentry e JOIN workflows_boardposting b ON b.notice_id = e.notice_id
  WHERE e.id = {LAST_ENTRY} AND b.waived_at IS NULL AND (b.until IS NULL OR b.until >= NEW.entered_on)
    AND (
      b.area_id IN (
        SELECT l.verify_area_id FROM workflows_claimline l WHERE l.claim_id = NEW.claim_id AND l.status = 'live'
      )
      OR b.area_id = (
        SELECT o.area_id FROM workflows_claim c JOIN accounts_organisation o ON o.id = c.employer_id
        WHERE c.id = NEW.claim_id
      )
    )
)
OR EXISTS (
  SELECT 1 FROM workflows_objection o
  WHERE o.claim_id = NEW.claim_id AND o.outcome = '' AND (
    NOT EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id)
    OR EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id AND x.line_id = NEW.line_id)
  )
)"""
NOT_ITS_LINE = (
    "NOT EXISTS (SELECT 1 FROM workflows_claimline l WHERE l.id = NEW.line_id AND l.claim_id = NEW.claim_id "
    "AND l.status = 'live' AND l.amount_fen = NEW.amount_fen)"
)
STILL_WAITING = (
    "EXISTS (SELECT 1 FROM payments_transfer t WHERE t.batch_id = NEW.id AND t.outcome IN ('pending', 'unknown'))"
)


def guard(name: str, table: str, event: str, when: str, broken: str = "TRUE") -> Guard:
    """`when` over OLD and NEW alone, `broken` over other tables too."""
    return Guard(Rule(name=f"payments_{name}", table=table, event=event, when=when, broken=broken))


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("payments", "0003_carried_over"),
        ("workflows", "0003_publicity_and_objections"),
    ]

    operations = [
        migrations.AlterField(
            model_name='paymentitem',
            name='entered_on',
            field=models.DateField(),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('sealed', 'sent', 'answered', 'closed')), _negated=True), models.Q(('count__gt', 0), ('file__isnull', False), ('released_by__isnull', False), ('total_fen__gt', 0), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='batch_sealed_is_complete'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('sent', 'answered', 'closed')), _negated=True), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False), models.Q(('sent_format', ''), _negated=True)), _connector='OR'), name='batch_sent_is_told'),
        ),
        migrations.AddConstraint(
            model_name='paymentitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('live', True), ('outcome__in', ('pending', 'settled', 'unknown'))), models.Q(('live', False), models.Q(('outcome__in', ('pending', 'settled', 'unknown')), _negated=True)), _connector='OR'), name='item_live_by_outcome'),
        ),
        migrations.AddConstraint(
            model_name='paymentitem',
            constraint=models.CheckConstraint(condition=models.Q(('transfer__isnull', False), ('outcome__in', ['pending', 'withdrawn']), _connector='OR'), name='item_answered_in_a_transfer'),
        ),
        migrations.AddConstraint(
            model_name='paymentfile',
            constraint=models.UniqueConstraint(fields=('batch', 'format_code', 'part'), name='payment_file_once_a_format'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('batch', 'seq'), name='transfer_seq_once_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('count__gt', 0)), name='transfer_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'returned'), models.Q(('reason_code', ''), _negated=True)), models.Q(models.Q(('outcome', 'returned'), _negated=True), ('reason_code', '')), _connector='OR'), name='transfer_returned_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'withdrawn'), _negated=True), fields=('reissue_of',), name='transfer_reissued_once'),
        ),
        guard("file_fixed", "payments_paymentfile", "UPDATE", "TRUE"),
        guard("file_kept", "payments_paymentfile", "DELETE", "TRUE"),
        guard("batch_road", BATCH, "UPDATE OF state", leaves("state", *ROAD)),
        guard("batch_sealed", BATCH, "UPDATE", f"OLD.sha256 <> '' AND ({SEALED})"),
        guard("batch_closed", BATCH, "UPDATE OF state", "NEW.state = 'closed' AND OLD.state <> 'closed'", STILL_WAITING),
        guard("batch_kept", BATCH, "DELETE", "TRUE"),
        guard("transfer_made", TRANSFER, "INSERT", "TRUE", f"{STATE_OF} <> 'checked'"),
        guard("transfer_sealed", TRANSFER, "UPDATE", INSTRUCTION),
        guard("transfer_road", TRANSFER, "UPDATE OF outcome", leaves("outcome", *ANSWERS)),
        guard("transfer_sent", TRANSFER, "UPDATE OF outcome", "OLD.outcome <> NEW.outcome", UNSENT),
        guard("transfer_kept", TRANSFER, "DELETE", "TRUE"),
        guard("item_made", ITEM, "INSERT", "TRUE", f"{STATE_OF} <> 'opened' OR NEW.transfer_id IS NOT NULL"),
        guard("item_of_its_claim", ITEM, "INSERT", "TRUE", NOT_ITS_LINE),
        guard("item_public", ITEM, "INSERT", "TRUE", HELD),
        guard("item_public_at_sealing", ITEM, "UPDATE OF transfer_id", "OLD.transfer_id IS NULL", HELD),
        guard("item_fixed", ITEM, "UPDATE", FIXED),
        guard("item_road", ITEM, "UPDATE OF outcome", leaves("outcome", *ANSWERS)),
        guard("item_sent", ITEM, "UPDATE OF outcome", "OLD.outcome <> NEW.outcome", UNSENT),
        guard("item_kept", ITEM, "DELETE", "TRUE"),
    ]
