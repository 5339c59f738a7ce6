"""Deeds around a review are written for good, and so is an answer once it was given."""

from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("workflows", "0005_verbs")]

    operations = [AppendOnly("workflows_deed"), AppendOnly("workflows_seat", when="OLD.stance <> ''")]
