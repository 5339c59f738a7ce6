"""A process that only draws papers reads neither spreadsheets nor the makers of fonts; asked for, they are there."""

import subprocess
import sys

SHOWN = """
import sys
import django
django.setup()
import documents.papers
late = ("openpyxl", "xlsxwriter", "fontTools.subset", "fontTools.varLib.instancer")
print([name for name in late if name in sys.modules])
from weasyprint.pdf import fonts
print(fonts.subset.Options.__module__, fonts.subset.Options.__name__)
try:
    fonts.instantiateVariableFont(None, {})
except (AttributeError, TypeError):  # the real one looks into the font it was not given
    print("real", "fontTools.varLib.instancer" in sys.modules)
from fontTools import subset
print(subset is sys.modules["fontTools.subset"], type(subset).__name__)
"""


def test_what_papers_never_use_is_read_only_when_it_is_asked_for() -> None:
    told = subprocess.run([sys.executable, "-c", SHOWN], capture_output=True, text=True, check=True).stdout.split("\n")
    assert told == ["[]", "fontTools.subset Options", "real True", "True module", ""]
