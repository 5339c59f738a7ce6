"""Payment files out: equal input gives equal bytes, and nothing is written that would not be read back the same."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from core.money import plain_yuan, rmb_upper
from documents.spreadsheets import ColumnSpec, SheetSpec, write_workbook
from payments.formats.finding import require_fit
from payments.formats.instructions import CHANNELS, Head, Row
from payments.formats.layout import CONTENT_TYPES, Cell, Format, SheetLayout, TextLayout
from payments.formats.values import cell_text

_CONTROLS = ({"count"}, {"total"}, {"total_upper"})


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A file to store and to serve unchanged."""

    name: str
    content_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def write(form: Format, head: Head, rows: Sequence[Row]) -> bytes:
    """The bytes of the payment file. Refuses what `require_fit` refuses; never cuts or replaces a character."""
    require_fit(form, head, rows)
    if form.text:
        return b"".join(_text_lines(form, form.text, head, rows))
    return write_workbook(sheets_of(form, head, rows))


def sheets_of(form: Format, head: Head, rows: Sequence[Row]) -> list[SheetSpec]:
    """The sheets of a workbook, as they are written."""
    return [_sheet(form, sheet, head, rows) for sheet in form.sheets]


def write_files(form: Format, head: Head, rows: Sequence[Row]) -> tuple[PaymentFile, ...]:
    """The payment file, and a control sheet (控制单) with it when its layout has no room for count, total and 大写."""
    payment = PaymentFile(form.file_name(head), form.content_type, write(form, head, rows))
    if carries_controls(form):
        return (payment,)
    name = f"{head.number}-{form.code}-控制单.xlsx"
    return payment, PaymentFile(name, CONTENT_TYPES["xlsx"], control_sheet(head, payment))


def carries_controls(form: Format) -> bool:
    """Whether the file itself states count, total and 大写."""
    cells = [cell for sheet in form.sheets for cell in (*sheet.lines, *_texts(sheet))]
    if form.text:
        cells += [cell for line in (*form.text.header, *form.text.trailer) for cell in line]
    return all(
        any(cell.value in names or any(f"{{{name}}}" in cell.text for name in names) for cell in cells)
        for names in _CONTROLS
    )


def control_sheet(head: Head, payment: PaymentFile) -> bytes:
    """What is handed over with a payment file: which file, how many, how much, 大写, SHA-256."""
    lines = [
        ("批次号", head.number),
        ("支付文件", payment.name),
        ("收款方式", CHANNELS.get(head.channel, head.channel)),
        ("笔数", str(head.count)),
        ("金额合计（元）", plain_yuan(head.total_fen)),
        ("金额合计大写", rmb_upper(head.total_fen)),
        ("支付文件SHA-256", payment.sha256),
    ]
    columns = (ColumnSpec(title="项目", width=20), ColumnSpec(title="内容", width=70))
    return write_workbook([SheetSpec(name="控制单", columns=columns, rows=lines)])


def _texts(sheet: SheetLayout) -> list[Cell]:
    label = (sheet.total_label,) if sheet.total_in else ()
    return [Cell(text=text) for text in (sheet.title, *sheet.heading, *sheet.footing, *label)]


def _sheet(form: Format, sheet: SheetLayout, head: Head, rows: Sequence[Row]) -> SheetSpec:
    """A sheet of the workbook: transfers, or control lines of two columns."""

    def said(template: str) -> str:
        return cell_text(Cell(text=template), form, head)

    if sheet.lines:
        columns: tuple[ColumnSpec, ...] = (ColumnSpec(title="项目", width=20), ColumnSpec(title="内容", width=70))
        body: list[Sequence[object]] = [(line.title, cell_text(line, form, head)) for line in sheet.lines]
    else:
        columns = tuple(_column(form, cell) for cell in sheet.columns)
        body = [[_value(form, cell, head, row) for cell in sheet.columns] for row in rows]
        if sheet.total_in:
            label = said(sheet.total_label)
            totals: dict[str, object] = {sheet.total_in: label, "amount": _amount(form, head.total_fen)}
            body.append([totals.get(cell.value) for cell in sheet.columns])
    return SheetSpec(
        name=sheet.name,
        columns=columns,
        rows=body,
        title=said(sheet.title),
        heading=[said(line) for line in sheet.heading],
        footing=[said(line) for line in sheet.footing],
        printed=sheet.printed,
    )


def _column(form: Format, cell: Cell) -> ColumnSpec:
    width = float(cell.width or 16)
    if cell.value == "seq":
        return ColumnSpec(title=cell.title, kind="integer", width=width)
    if cell.value == "amount" and form.unit == "yuan":
        return ColumnSpec(title=cell.title, kind="yuan" if cell.number else "yuan_text", width=width)
    if cell.value == "amount" and cell.number:
        return ColumnSpec(title=cell.title, kind="integer", width=width)
    return ColumnSpec(title=cell.title, width=width)


def _value(form: Format, cell: Cell, head: Head, row: Row) -> object:
    if cell.value == "seq":
        return row.seq
    if cell.value == "amount":
        return row.amount_fen if form.unit == "yuan" or cell.number else str(row.amount_fen)
    return cell_text(cell, form, head, row) or None


def _amount(form: Format, fen: int) -> object:
    """The total as its column takes it."""
    number = any(cell.value == "amount" and cell.number for cell in form.columns)
    return fen if form.unit == "yuan" or number else str(fen)


def _text_lines(form: Format, layout: TextLayout, head: Head, rows: Sequence[Row]) -> Iterator[bytes]:
    """The lines of a text file in its encoding, strictly; a UTF-8 mark stands once, at the start."""
    encoding = "utf-8" if layout.encoding == "utf-8-sig" else layout.encoding
    if layout.encoding == "utf-8-sig":
        yield b"\xef\xbb\xbf"
    end = ""
    for line in _lines(form, layout, head, rows, encoding):
        yield (end + line).encode(encoding)
        end = layout.line_end
    if layout.ends_last_line:
        yield end.encode(encoding)


def _lines(form: Format, layout: TextLayout, head: Head, rows: Sequence[Row], encoding: str) -> Iterator[str]:
    def join(cells: Sequence[tuple[Cell, str]]) -> str:
        if layout.fixed:
            return "".join(_padded(cell, text, encoding) for cell, text in cells)
        if layout.quoted:
            return _quoted([text for _, text in cells], layout.separator)
        return layout.separator.join(text for _, text in cells)

    for line in layout.header:
        yield join([(cell, cell_text(cell, form, head)) for cell in line])
    if layout.titles:
        yield join([(cell, cell.title) for cell in form.columns])
    for row in rows:
        yield join([(cell, cell_text(cell, form, head, row)) for cell in form.columns])
    for line in layout.trailer:
        yield join([(cell, cell_text(cell, form, head)) for cell in line])


def _padded(cell: Cell, text: str, encoding: str) -> str:
    room = cell.fill * (cell.width - len(text.encode(encoding)))
    return text + room if cell.align == "left" else room + text


def _quoted(values: Sequence[str], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="").writerow(values)
    return out.getvalue()
