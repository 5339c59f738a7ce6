"""The script of the child process that writes a result column into an uploaded xlsx. Imports openpyxl only.

In: one line of JSON (sheet, header_row, column, title, passed, fill, results by row, cells) and the file. Out: the file.
"""

import io
import json
import re
import sys
import zipfile

MOST_MERGED = 1_000_000  # cells under merged areas; openpyxl makes an object of each
MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def merged_cells(data):
    """How many cells lie under merged areas."""
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for path in archive.namelist():
            if "worksheets/" in path:
                for left, top, right, bottom in MERGED.findall(archive.read(path)):
                    count += (number(right) - number(left) + 1) * (int(bottom) - int(top) + 1)
    return count


def number(letters):
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def mark(order, data):
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    if merged_cells(data) > MOST_MERGED:
        raise MemoryError
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[order["sheet"]]
    red = PatternFill("solid", start_color=order["fill"], end_color=order["fill"])
    column = order["column"]
    for merged in [area for area in sheet.merged_cells.ranges if area.min_col <= column <= area.max_col]:
        sheet.unmerge_cells(str(merged))
    texts = {order["header_row"]: order["title"]} | {int(row): text for row, text in order["results"].items()}
    for row, text in texts.items():
        cell = sheet.cell(row, column)
        cell.value = text
        cell.data_type = "s"  # never a formula
        cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
        if row == order["header_row"]:
            cell.font = Font(bold=True)
        elif text and not text.startswith(order["passed"]):
            cell.fill = red
    for name in order["cells"]:
        sheet[name].fill = red
    sheet.column_dimensions[get_column_letter(column)].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main():
    order = json.loads(sys.stdin.buffer.readline())
    try:
        answer = mark(order, sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(70)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
