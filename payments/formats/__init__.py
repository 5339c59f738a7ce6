"""Formats of banks and of the treasury as data: `*.toml` here and in the folders of YINGONG_FORMATS (docs/formats.md).

Out: `faults` before a batch is sealed, `write` or `write_files` after. In: `read_answer`. Nothing here knows a model.
"""

from payments.formats.answers import read_answer
from payments.formats.finding import faults, require_fit
from payments.formats.instructions import CHANNELS, OUTCOMES, REASONS, Answer, AnswerRow, Fault, Head, Row
from payments.formats.layout import Format
from payments.formats.loading import Problem, format_named, format_problems, load_formats, read_format
from payments.formats.samples import Sample, SampleSheet, sample_file, sample_of
from payments.formats.writing import PaymentFile, carries_controls, control_sheet, write, write_files

__all__ = [
    "CHANNELS", "OUTCOMES", "REASONS", "Answer", "AnswerRow", "Fault", "Format", "Head", "PaymentFile", "Problem", "Row",
    "Sample", "SampleSheet",
    "carries_controls", "control_sheet", "faults", "format_named", "format_problems", "load_formats", "read_answer",
    "read_format", "require_fit", "sample_file", "sample_of", "write", "write_files",
]  # fmt: skip
