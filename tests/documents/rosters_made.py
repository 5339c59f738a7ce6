"""Realistic people and rosters for tests: every number is made up, well-formed and different."""

import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import openpyxl

from documents.rosters import RosterKind, columns_of

VILLAGES = {"后亭村委会": "350521104204", "洛阳村委会": "350521104201", "锦峰社区居委会": "350521105212"} | {
    code: code for code in ("350521104204", "350521104201", "350521105212")
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def resident_id(seq: int, area: str = "350521") -> str:
    """The `seq`-th person's 18-digit number: even for women, odd for men, born from 1970 on."""
    birth = date(1970, 1, 1) + timedelta(days=seq * 7 % 12000)
    stem = f"{area}{birth:%Y%m%d}{seq % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True))
    return stem + "10X98765432"[total % 11]


def uscc(seq: int) -> str:
    """The `seq`-th enterprise's credit code."""
    stem = f"91350521MA{seq:07d}"
    total = sum(_USCC_CHARS.index(char) * pow(3, place, 31) for place, char in enumerate(stem))
    return stem + _USCC_CHARS[-total % 31]


def person_name(seq: int) -> str:
    return _SURNAMES[seq % 10] + _GIVEN[seq % 20] + _GIVEN[(seq // 20) % 20]


def row_of(seq: int, kind: RosterKind = "agency", **changes: object) -> dict[str, object]:
    """A sound row by column key; `changes` replaces cells."""
    row: dict[str, object] = {
        "seq": str(seq), "name": person_name(seq), "sex": "男" if seq % 2 else "女", "id_type": "居民身份证",
        "id_number": resident_id(seq), "hukou_address": "福建省泉州市惠安县洛阳镇", "hukou_in_zone": "是",
        "village": "后亭村委会", "education": "初中", "phone": f"139{seq:08d}", "employer_name": "泉州恒源鞋业有限公司",
        "employer_uscc": uscc(1), "job": "缝纫工", "hire_date": "2025-03-01", "contract_from": "2025-03-01",
        "contract_to": "2026-02-28", "insurance_types": "养老、失业、工伤", "insured_from": "2025-03", "insured_months": "8",
        "channel": "劳务对接会", "referral_letter_no": f"TJ-{seq:03d}", "signed": "是", "still_employed": "是", "note": "",
    }  # fmt: skip
    if kind == "platform":
        row |= {
            "lender_name": "泉州百崎湖食品有限公司", "lender_uscc": uscc(2), "lending_to": "2025-04-30",
            "actual_days": "60", "payroll_months": "2025-03、2025-04",
        }  # fmt: skip
    keys = {column.key for column in columns_of(kind)}
    return {key: value for key, value in (row | changes).items() if key in keys}


def roster_xlsx(
    rows: Iterable[Mapping[str, object]],
    kind: RosterKind = "agency",
    *,
    title: str = "花名册",
    above: Iterable[list[object]] = (),
    without: Iterable[str] = (),
) -> bytes:
    """A workbook with a header and the rows; cells keep their Python type ("=…" becomes a formula)."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    columns = [column for column in columns_of(kind) if column.key not in set(without)]
    for line in above:
        sheet.append(line)
    sheet.append([column.title for column in columns])
    for row in rows:
        sheet.append([row.get(column.key) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def roster_csv(rows: Iterable[Mapping[str, object]], kind: RosterKind = "agency", encoding: str = "gb18030") -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.title for column in columns_of(kind)])
    writer.writerows([row.get(column.key, "") for column in columns_of(kind)] for row in rows)
    return out.getvalue().encode(encoding)
