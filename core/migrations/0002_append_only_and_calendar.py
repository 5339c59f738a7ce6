import csv
from pathlib import Path

from django.db import migrations

from core.append_only import AppendOnly


def load_calendar(apps, schema_editor):
    """2023–2026, holidays on weekdays and make-up days, from the State Council's yearly notices."""
    with (Path(__file__).parent.parent / "calendar_days.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for year in range(2023, 2027):
        of_year = [row for row in rows if row["day"].startswith(str(year))]
        apps.get_model("core", "CalendarYear").objects.create(
            year=year,
            holidays=[row["day"] for row in of_year if row["kind"] == "off"],
            make_up_days=[row["day"] for row in of_year if row["kind"] == "on"],
            source=f"国务院办公厅关于{year}年部分节假日安排的通知",
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        AppendOnly("core_event"),
        AppendOnly("core_dailyhead"),
        migrations.RunPython(load_calendar, migrations.RunPython.noop),
    ]
