from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]

    operations = [AppendOnly("policy_schemeversion", when="OLD.status = 'published'")]
