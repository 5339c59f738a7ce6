"""撤销追回 with who and why, what of a line was written off, and no set-off of a line that an open objection names."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Sum

from core.guards import Guard, GuardOff, Rule

before = import_module("payments.migrations.0006_recovery")
CASE, LINE, REPAYMENT, OFFSET = before.CASE, before.LINE, "payments_repayment", "payments_offsetline"


def rule(name: str, table: str, event: str, when: str = "TRUE", broken: str = "TRUE") -> Rule:
    """As `guard` of 0006, without the operation."""
    return Rule(name=f"payments_{name}", table=table, event=event, when=when, broken=broken)


SAME = [
    rule("recovery_fixed", CASE, "UPDATE", before.FIXED),
    rule("recovery_kept", CASE, "DELETE"),
    rule("recovery_line_fixed", LINE, "UPDATE", before.LINE_FIXED),
    rule("recovery_line_kept", LINE, "DELETE"),
    rule("repayment_owed", REPAYMENT, "INSERT", broken=before.MORE_THAN_OWED),
]
OLD = [
    rule("recovery_road", CASE, "UPDATE", before.OFF_THE_ROAD),
    rule("recovery_line_paid", LINE, "INSERT", broken=before.MORE_THAN_PAID),
]
ROAD = "'proposed>owed', 'proposed>rejected', 'owed>closed', 'owed>lifted'"
STILL_ASKED = (
    "SELECT SUM(CASE c.state WHEN 'lifted' THEN l.back_fen ELSE l.amount_fen END) FROM payments_recoveryline l "
    "JOIN payments_recoverycase c ON c.id = l.case_id WHERE l.line_id = NEW.line_id AND c.state <> 'rejected'"
)
OBJECTED = """EXISTS (
  SELECT 1 FROM workflows_objection o JOIN workflows_claimline l ON l.claim_id = o.claim_id
  WHERE l.id = NEW.line_id AND o.outcome = '' AND (
    NOT EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id)
    OR EXISTS (SELECT 1 FROM workflows_objectionline x WHERE x.objection_id = o.id AND x.line_id = NEW.line_id)
  )
)"""
NEW = [
    rule(
        "recovery_road",
        CASE,
        "UPDATE",
        f"(OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ({ROAD})) OR NEW.back_fen < OLD.back_fen "
        "OR (OLD.state = 'lifted' AND NEW.back_fen <> OLD.back_fen)",
    ),
    rule(
        "recovery_line_paid",
        LINE,
        "INSERT",
        broken=f"COALESCE(({STILL_ASKED}), 0) + NEW.amount_fen > COALESCE(({before.PAID}), 0)",
    ),
    rule("set_off_objected", OFFSET, "INSERT", broken=OBJECTED),
]


def written_off(apps: Any, schema_editor: Any) -> None:
    """What lines were written off until now stands in the ledger."""
    line, posting = apps.get_model("payments", "RecoveryLine"), apps.get_model("funds", "Posting")
    gone = posting.objects.filter(voucher__movement="written_off").values_list("voucher__case", "line_id")
    for case, line_id, fen in gone.annotate(fen=Sum("amount_fen")).order_by():
        line.objects.filter(case__number=case, line=line_id).update(written_off_fen=fen)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("documents", "0008_recovery"),
        ("funds", "0005_reduced"),
        ("payments", "0007_reconciliation"),
        ("workflows", "0004_publicity_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(GuardOff(one) for one in [*OLD, *SAME]),
        migrations.RemoveConstraint(
            model_name='recoverycase',
            name='recovery_decided_is_complete',
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='lifted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='lifted_post',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.post'),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='lifted_why',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='recoveryline',
            name='written_off_fen',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='recoverycase',
            name='state',
            field=models.CharField(choices=[('proposed', '待决定'), ('owed', '追缴中'), ('closed', '已结清'), ('rejected', '不予追回'), ('lifted', '已撤销追回')], default='proposed', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('back_fen', 0), ('decided_by', None), ('state', 'proposed')), models.Q(('back_fen', 0), ('decided_by__isnull', False), ('state', 'rejected')), models.Q(('decided_by__isnull', False), ('due_on__isnull', False), ('next_due_on__isnull', False), ('paper__isnull', False), ('state__in', ('owed', 'closed', 'lifted'))), _connector='OR'), name='recovery_decided_is_complete'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), ('state', 'lifted'), models.Q(('lifted_why', ''), _negated=True), models.Q(('lifted_by', models.F('opened_by')), _negated=True), models.Q(('lifted_by', models.F('decided_by')), _negated=True)), models.Q(models.Q(('state', 'lifted'), _negated=True), ('lifted_at', None), ('lifted_by', None), ('lifted_why', '')), _connector='OR'), name='recovery_lifted_by_another_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='recoveryline',
            constraint=models.CheckConstraint(condition=models.Q(('written_off_fen__gte', 0), ('written_off_fen__lte', models.F('back_fen'))), name='recovery_line_written_off_within_settled'),
        ),
        migrations.RunPython(written_off, migrations.RunPython.noop),
        *(Guard(one) for one in [*NEW, *SAME]),
    ]
