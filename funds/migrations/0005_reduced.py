"""调减指标: a movement that takes 指标 back. SQLite makes the table of vouchers anew for the check of its roads, so what
hangs on it (view and triggers) is taken off and put on again; PostgreSQL changes the check alone."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

from core.append_only import AppendOnly
from funds.ledger_tables import AWAY, SQLITE, VIEW


def off(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for sql in AWAY["sqlite"]:
            schema_editor.execute(sql)
        AppendOnly("funds_voucher").database_backwards("funds", schema_editor, None, None)


def on(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for sql in (VIEW, *SQLITE):
            schema_editor.execute(sql, params=None)
        AppendOnly("funds_voucher").database_forwards("funds", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("funds", "0004_postings_for_what_stands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(off, on),
        migrations.RemoveConstraint(
            model_name='voucher',
            name='voucher_on_its_road',
        ),
        migrations.AlterField(
            model_name='voucher',
            name='movement',
            field=models.CharField(choices=[('appropriated', '指标下达'), ('supplemented', '追加指标'), ('reduced', '调减指标'), ('reserved', '预留'), ('released', '释放'), ('payable', '转应付'), ('batched', '列入支付'), ('unbatched', '撤出支付'), ('settled', '支付成功'), ('returned', '退票'), ('recovery_claimed', '应追回'), ('recovery_dropped', '撤销追回'), ('recovered', '追回入库'), ('offset', '抵扣'), ('written_off', '核销'), ('moved', '调整资金来源')], max_length=16, verbose_name='事项'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('movement', 'appropriated'), ('put_into', 'available'), ('taken_from', 'budget')), models.Q(('movement', 'supplemented'), ('put_into', 'available'), ('taken_from', 'budget')), models.Q(('movement', 'reduced'), ('put_into', 'budget'), ('taken_from', 'available')), models.Q(('movement', 'reserved'), ('put_into', 'reserved'), ('taken_from', 'available')), models.Q(('movement', 'released'), ('put_into', 'available'), ('taken_from', 'reserved')), models.Q(('movement', 'released'), ('put_into', 'available'), ('taken_from', 'payable')), models.Q(('movement', 'payable'), ('put_into', 'payable'), ('taken_from', 'reserved')), models.Q(('movement', 'batched'), ('put_into', 'batched'), ('taken_from', 'payable')), models.Q(('movement', 'unbatched'), ('put_into', 'payable'), ('taken_from', 'batched')), models.Q(('movement', 'settled'), ('put_into', 'paid'), ('taken_from', 'batched')), models.Q(('movement', 'returned'), ('put_into', 'payable'), ('taken_from', 'batched')), models.Q(('movement', 'recovery_claimed'), ('put_into', 'claimed'), ('taken_from', 'paid')), models.Q(('movement', 'recovery_dropped'), ('put_into', 'paid'), ('taken_from', 'claimed')), models.Q(('movement', 'recovered'), ('put_into', 'recovered'), ('taken_from', 'claimed')), models.Q(('movement', 'offset'), ('put_into', 'recovered'), ('taken_from', 'claimed')), models.Q(('movement', 'offset'), ('put_into', 'paid'), ('taken_from', 'payable')), models.Q(('movement', 'written_off'), ('put_into', 'written_off'), ('taken_from', 'claimed')), models.Q(('movement', 'moved'), ('put_into', 'available'), ('taken_from', 'payable')), models.Q(('movement', 'moved'), ('put_into', 'payable'), ('taken_from', 'available')), _connector='OR'), name='voucher_on_its_road'),
        ),
        migrations.RunPython(on, off),
    ]
