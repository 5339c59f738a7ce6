"""One row of an annex while it is read: a person, a repeat, or errors that name their cell."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.identifiers import IdType, birth_of, sex_of
from core.privacy import index_of
from documents.annexes.cells import (
    CellFault,
    is_blank,
    plain,
    read_code,
    read_education,
    read_id,
    read_month,
    read_name,
    read_phone,
    read_sex,
    read_text,
    read_yes,
)  # fmt: skip
from documents.annexes.columns import SHORT
from documents.annexes.finding import Found
from documents.annexes.lines import Fault, Line, Repeat
from documents.spreadsheets import CellValue, coordinate
from registry.labour.codes import ANNEX_STATES
from registry.labour.scope import in_scope

if TYPE_CHECKING:
    from documents.annexes.reading import Reader

LONGEST_VALUE = 60  # of a wrong cell's content in the answer
SEX_OF = {"male": "1", "female": "2"}
_FORMULA = "是公式，没有保存计算结果。请复制后“选择性粘贴”为数值，再上传。"
_TEXTS = ("trade", "wanted_trade", "employer", "note", "group_name", "destination", "training_wish")
_SINGULAR = {"name", "phone", "id_number"}  # not worth remembering
_CODES = ("hukou_type", "reach", "job_form", "sector", "status")


class Row:
    """One row while it is read."""

    def __init__(self, reader: "Reader", found: Found, number: int, cells: list[CellValue], group: str) -> None:
        self.reader, self.found, self.number, self.cells, self.group = reader, found, number, cells, group
        self.said: dict[str, Any] = {}
        self.faulted: set[str] = set()

    @property
    def sound(self) -> bool:
        return not self.faulted

    def read(self) -> None:
        answer, on = self.reader.answer, self.reader.on
        name = self._required("name", read_name)
        sex = self._cell("sex", read_sex)
        month = self._cell("birth_month", lambda value: read_month(value, on))
        phone = self._cell("phone", read_phone) or ""
        number = self._cell("id_number", lambda value: read_id(value, on)) or ""
        self._details()
        if number:
            sex, month = self._with_number(number, sex, month)
        for key, value in (("sex", sex), ("birth_month", month)):
            if not value and key not in self.faulted:
                self._fault(key, "未填写，请补充。")
        if not self.sound or not name or not sex or not month:
            answer.faulty |= {name} if name else set()
            return
        if self.reader.extras and (extra := self.reader.extras.get((self._seq(), name))):
            number = self._further(extra) or number
            if not self.sound:
                answer.faulty.add(name)
                return
        line = Line(
            sheet=self.found.sheet.name,
            row=self.number,
            name=name,
            sex=sex,
            birth_month=month,
            phone=phone,
            phone_index=index_of("phone", phone) if phone else "",
            said=self.said | ({"id_number": number} if number else {}),
            id_index=index_of("id", number) if number else "",
            cell=self._where("name"),
            id_cell=self._where("id_number") if number else "",
        )
        self._take(line)

    def _take(self, line: Line) -> None:
        reader = self.reader
        first = reader.first.setdefault(line.key, (line.sheet, line.row))
        if first != (line.sheet, line.row):
            where = f"第{first[1]}行" if first[0] == line.sheet else f"工作表“{first[0]}”第{first[1]}行"
            words = f"与{where}的姓名、性别、出生年月和电话都相同，只计一次。"
            reader.answer.repeats.append(Repeat(line.sheet, self._where("name"), line.name, "file", words))
            return
        if not in_scope(line.sex, line.birth_month, reader.on):
            words = f"第{line.row}行“出生年月”：不在填报年龄（男16至60周岁、女16至55周岁）之内，登记但不列入报表。"
            reader.answer.warnings.append(
                Fault(line.sheet, self._where("birth_month"), f"{line.birth_month:%Y-%m}", words)
            )
        reader.answer.lines.append(line)

    def _details(self) -> None:
        columns = self.found.columns
        if "education" in columns and (read := self._cell("education", read_education)):
            self.said["education"], self.said["education_text"] = read
        if self.group:
            self.said["group_name"] = self.group
        for key in _TEXTS:
            if key in columns:
                text = self._cell(key, lambda value, key=key: read_text(key, value))
                if text or key != "group_name":
                    self.said[key] = text or ""
        for key in _CODES:
            if key in columns and (code := self._cell(key, lambda value, key=key: read_code(key, value))):
                self.said[key] = code
        if "land_sea_loss" in columns:
            self.said["land_sea_loss"] = bool(self._cell("land_sea_loss", read_yes))
        self._status_fits()

    def _status_fits(self) -> None:
        status = self.said.get("status")
        if status and status not in ANNEX_STATES[self.reader.answer.annex]:
            self._fault(
                "status", f"与附件{self.reader.answer.annex}（{SHORT[self.reader.answer.annex]}）不符，请核对。"
            )

    def _further(self, extra: Mapping[str, CellValue]) -> str:
        """What the second sheet says of this person, as if it stood in the row; his ID number when it is there."""
        places = {key: len(self.cells) + place for place, key in enumerate(extra)}
        whole = Found(self.found.sheet, self.found.header, places, "")
        further = Row(self.reader, whole, self.number, [*self.cells, *extra.values()], "")
        number = further._cell("id_number", lambda value: read_id(value, self.reader.on))
        further._details()
        self.faulted |= further.faulted
        self.said |= further.said
        return number or ""

    def _with_number(self, number: str, sex: str | None, month: date | None) -> tuple[str | None, date | None]:
        """Sex and month as the number carries them where they are not filled in; a contradiction is an error."""
        birth, kind = birth_of(IdType.RESIDENT_ID, number), SEX_OF.get(sex_of(IdType.RESIDENT_ID, number) or "", "")
        if sex in ("1", "2") and kind and sex != kind:
            self._fault("sex", "与身份证号码表示的性别不符，请核对。")
        if month and birth and month != birth.replace(day=1):
            self._fault("birth_month", "与身份证号码中的出生年月不符，请核对。")
        if birth:
            self.said["birth"] = birth
        return sex or kind or None, month or (birth.replace(day=1) if birth else None)

    def _required(self, key: str, read: Callable[[CellValue], Any]) -> Any:
        found = self._cell(key, read)
        if found is None and key not in self.faulted:
            self._fault(key, "未填写，请补充。")
        return found

    def _cell(self, key: str, read: Callable[[CellValue], Any]) -> Any:
        """The read cell, None for a blank one or a wrong one. Equal cells of a column are read once."""
        place = self.found.columns.get(key)
        if place is None:
            return None
        value = self.cells[place] if place < len(self.cells) else None
        memo, asked = self.reader.memo, (key, type(value), value)
        if asked in memo:
            return memo[asked]
        if is_blank(value):
            if self._where(key) in self.found.sheet.unread_formulas:
                self._fault(key, _FORMULA)
            return None
        try:
            found = read(value)
        except CellFault as fault:
            self._fault(key, str(fault))
            return None
        if key not in _SINGULAR and len(memo) < 200_000:
            memo[asked] = found
        return found

    def _fault(self, key: str, words: str) -> None:
        place = self.found.columns.get(key)
        value = self.cells[place] if place is not None and place < len(self.cells) else None
        message = f"第{self.number}行“{self.reader.title_of.get(key, key)}”：{words}"
        shown = plain(value)[:LONGEST_VALUE]
        self.reader.answer.errors.append(Fault(self.found.sheet.name, self._where(key), shown, message))
        self.faulted.add(key)

    def _seq(self) -> str:
        place = self.found.columns.get("seq")
        return plain(self.cells[place]) if place is not None and place < len(self.cells) else ""

    def _where(self, key: str) -> str:
        columns = self.found.columns
        return coordinate(self.number, columns.get(key, columns.get("name", 0)) + 1)
