"""An officer has one deputy at a time: the database refuses a second for days that overlap."""

from django.db import migrations

from core.guards import Guard, Rule

ONE_DEPUTY = Rule(
    name="one_deputy_at_a_time",
    table="accounts_cover",
    event="INSERT",
    when="NEW.ended_at IS NULL",
    broken="""EXISTS (
      SELECT 1 FROM accounts_cover c
      WHERE c.officer_id = NEW.officer_id AND c.ended_at IS NULL
        AND c.first_day <= NEW.last_day AND c.last_day >= NEW.first_day
    )""",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_covers")]

    operations = [Guard(ONE_DEPUTY)]
