from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        AppendOnly("documents_storedfile"),
        AppendOnly("documents_paper"),
        AppendOnly("documents_paperbytes"),
    ]
