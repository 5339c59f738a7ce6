"""The script of the child process that parses. Imports only the parser it needs, never Django or this project.

In: one line of JSON (`do`: calamine, text or decrypt) and the bytes of the file. Out: for `decrypt` the bytes;
otherwise lines of JSON: `{"sheet": name, "hidden": bool, "merged": [[…]]}`, then its rows as arrays, or `{"refuse": code, …}`.
Dates travel as `{"d": iso}`, moments as `{"t": iso}`.
"""

import csv
import datetime
import io
import json
import sys
from html.parser import HTMLParser
from itertools import islice


class Refused(Exception):
    """The code (and the sheet) that the parent turns into a sentence."""


def encode(value):
    if isinstance(value, datetime.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    return str(value)


class Out:
    """Writes sheets within the limits of the order."""

    def __init__(self, order):
        self.rows, self.columns, self.chars = order["rows"], order["columns"], order["text_chars"]
        self.sheets = order["sheets"]
        self.write = sys.stdout.buffer.write
        self.encode = json.JSONEncoder(default=encode, check_circular=False, ensure_ascii=False).encode

    def line(self, value):
        text = self.encode(value)
        self.chars -= len(text)
        if self.chars < 0:
            raise Refused("file_too_large")
        self.write(text.encode() + b"\n")

    def sheet(self, name, hidden, rows, merged=()):
        self.sheets -= 1
        if self.sheets < 0:
            raise Refused("file_too_many_sheets")
        self.line({"sheet": name, "hidden": hidden, "merged": merged})
        blank = 0  # rows that are blank are written only when a filled one follows
        for number, row in enumerate(rows, 1):
            cells = [None if value == "" else value for value in row]
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                blank += 1
                continue
            if number > self.rows:
                raise Refused("file_too_long", name)
            if len(cells) > self.columns:
                raise Refused("file_too_wide", name)
            for _ in range(blank):
                self.line([])
            blank = 0
            self.line(cells)


def read_calamine(order, data, out):
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise Refused("file_encrypted") from None
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        if sheet.total_width >= order["columns"]:
            raise Refused("file_too_wide", about.name)
        if sheet.total_height >= order["rows"]:
            raise Refused("file_too_long", about.name)
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        ranges = (sheet.merged_cell_ranges or [])[: order["merged"]] if order["merged"] else []
        merged = [(*first, *last) for first, last in ranges]
        out.sheet(about.name, hidden, from_column_a(sheet) if sheet.start else (), merged)


def from_column_a(sheet):
    """Rows from row 1 and column A: the parser gives the empty rows above the first cell, not the columns beside it."""
    left = [""] * sheet.start[1]
    return ([*left, *row] for row in sheet.iter_rows()) if left else sheet.iter_rows()


def read_text(order, data, out):
    text = decode(data)
    head = text[:4096].lower()
    if any(f"<{tag}" in head for tag in ("html", "table", "head", "body", "!doctype html")):
        if text.lower().count("<tr") > order["rows"]:
            raise Refused("file_too_long")
        page = Tables(order["columns"])
        page.feed(text)
        page.close()
        if not page.tables:
            raise Refused("file_type_unknown")
        for number, rows in enumerate(page.tables, 1):
            out.sheet(f"表{number}", False, rows)
    elif head.lstrip().startswith(("<?xml", "<workbook")):
        raise Refused("file_old_format")
    else:
        if any(ord(char) < 32 and char not in "\t\r\n\x1a" for char in text[:100_000]):
            raise Refused("file_type_unknown")
        csv.field_size_limit(1_000_000)
        text, mark = text.rstrip("\x1a"), delimiter(text)
        long = text.count("\n") + text.count("\r") >= order["rows"]  # then look before anything is written out
        if long and any(any(row) for row in islice(split(text, mark), order["rows"], None)):
            raise Refused("file_too_long")
        out.sheet("CSV", False, ([value.strip("\x00") for value in row] for row in split(text, mark)))


def split(text, mark):
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark)


def decode(data):
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file_type_unknown")


def delimiter(text):
    head = text[:20_000]
    return max(",\t;，", key=lambda mark: (head.count(mark), mark == ",")) if head else ","


class Tables(HTMLParser):
    """The tables of a page that calls itself an Excel file; a cell over several columns leaves the others empty."""

    def __init__(self, columns):
        super().__init__(convert_charrefs=True)
        self.columns, self.tables, self.cell, self.span, self.deaf = columns, [], None, 1, 0

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "script"):
            self.deaf += 1
        elif tag == "table":
            self.end_cell()
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self.end_cell()
            span = dict(attrs).get("colspan") or "1"
            self.span = min(int(span), self.columns + 1) if span.isdecimal() and len(span) < 6 else 1
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self.deaf = max(0, self.deaf - 1)
        elif tag in ("td", "th", "tr", "table"):
            self.end_cell()

    def handle_data(self, data):
        if self.cell is not None and not self.deaf:
            self.cell.append(data)

    def end_cell(self):
        if self.cell is None:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        text = "".join(self.cell).replace("\xa0", " ").strip()
        self.tables[-1][-1] += [text] + [""] * (self.span - 1)
        self.cell = None


def decrypt(order, data, out):
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    plain = io.BytesIO()
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(data))
        locked.load_key(password=order["password"])
        locked.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        sys.exit(0)  # no bytes: the password does not open it
    out.write(plain.getvalue())


def main():
    order = json.loads(sys.stdin.buffer.readline())
    out = Out(order)
    work = {"calamine": read_calamine, "text": read_text, "decrypt": decrypt}[order["do"]]
    try:
        work(order, sys.stdin.buffer.read(), out)
    except Refused as refused:
        code, *sheet = refused.args
        out.write(json.dumps({"refuse": code, "sheet": sheet[0] if sheet else ""}).encode() + b"\n")
    except MemoryError:
        sys.exit(70)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
