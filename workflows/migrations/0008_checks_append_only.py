from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("workflows", "0007_checks")]

    operations = [
        AppendOnly("workflows_checklist"),
        AppendOnly("workflows_checkentry"),
        AppendOnly("workflows_sample"),
        AppendOnly("workflows_waiver", when="OLD.outcome <> ''"),
        AppendOnly("workflows_reverification", when="OLD.outcome <> ''"),
    ]
