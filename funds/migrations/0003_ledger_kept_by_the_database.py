from django.db import migrations

from core.append_only import AppendOnly
from funds.ledger_tables import LedgerTables


class Migration(migrations.Migration):
    dependencies = [("funds", "0002_ledger")]

    operations = [
        AppendOnly("funds_voucher"),
        AppendOnly("funds_posting"),
        LedgerTables(),
    ]
