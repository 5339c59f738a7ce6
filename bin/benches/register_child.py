"""The measured process of `register`: imports one annex, as a worker would, and ends."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"

import django

django.setup()

from documents.annexes.shell import import_file  # noqa: E402

file = Path(sys.argv[1])
report, _made = import_file(data=file.read_bytes(), name=file.name)
assert report.new == report.people == 100_000, report.counts
