"""What no statement may do any more: constraints, and guards on both engines behind the commands."""

from django.db import migrations, models

from core.append_only import AppendOnly
from payments.guarding import Guard, changed, leaves

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
ANSWERED_UNSENT = (
    "OLD.outcome <> NEW.outcome AND (NEW.outcome = 'withdrawn') = "
    f"({STATE_OF} IN ('sent', 'answered', 'closed'))"
)
PUBLIC_UNTIL = (
    "SELECT MAX(n.closes_on) FROM workflows_noticeentry e JOIN workflows_notice n ON n.id = e.notice_id "
    "WHERE e.claim_id = NEW.claim_id"
)


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0003_carried_over"),
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
        AppendOnly("payments_paymentfile"),
        Guard("payments_batch_road", BATCH, "UPDATE", leaves("state", *ROAD)),
        Guard("payments_batch_sealed", BATCH, "UPDATE", f"OLD.sha256 <> '' AND ({SEALED})"),
        Guard(
            "payments_batch_closed",
            BATCH,
            "UPDATE",
            "OLD.state <> 'closed' AND NEW.state = 'closed' AND EXISTS (SELECT 1 FROM payments_transfer t "
            "WHERE t.batch_id = NEW.id AND t.outcome IN ('pending', 'unknown'))",
        ),
        Guard("payments_batch_kept", BATCH, "DELETE", "TRUE"),
        Guard("payments_transfer_made", TRANSFER, "INSERT", f"{STATE_OF} <> 'checked'"),
        Guard(
            "payments_transfer_sealed",
            TRANSFER,
            "UPDATE",
            changed("batch_id", "seq", "reference", "claim_id", "account_id", "amount_fen", "count", "reissue_of_id"),
        ),
        Guard("payments_transfer_road", TRANSFER, "UPDATE", leaves("outcome", *ANSWERS)),
        Guard("payments_transfer_sent", TRANSFER, "UPDATE", ANSWERED_UNSENT),
        Guard("payments_transfer_kept", TRANSFER, "DELETE", "TRUE"),
        Guard("payments_item_made", ITEM, "INSERT", f"{STATE_OF} <> 'opened' OR NEW.transfer_id IS NOT NULL"),
        Guard(
            "payments_item_of_its_claim",
            ITEM,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM workflows_claimline l WHERE l.id = NEW.line_id AND l.claim_id = NEW.claim_id "
            "AND l.status = 'live' AND l.amount_fen = NEW.amount_fen)",
        ),
        Guard("payments_item_public", ITEM, "INSERT", f"COALESCE(({PUBLIC_UNTIL}) >= NEW.entered_on, TRUE)"),
        Guard(
            "payments_item_fixed",
            ITEM,
            "UPDATE",
            changed("batch_id", "claim_id", "line_id", "account_id", "amount_fen", "entered_on")
            + " OR (OLD.transfer_id IS NOT NULL AND OLD.transfer_id IS DISTINCT FROM NEW.transfer_id)",
        ),
        Guard("payments_item_road", ITEM, "UPDATE", leaves("outcome", *ANSWERS)),
        Guard("payments_item_sent", ITEM, "UPDATE", ANSWERED_UNSENT),
        Guard("payments_item_kept", ITEM, "DELETE", "TRUE"),
    ]
