"""Rosters as agencies, people and platforms would fill them in."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Organisation
from documents.rosters import RosterKind, columns_of
from documents.spreadsheets import ColumnSpec, SheetSpec, write_workbook
from project.demo.numbers import mobile, person_name, resident_id

HOMES = ("洛阳村", "杏田村", "锦峰社区", "东园社区", "玉塘村", "张坂村", "白奇村", "")  # none: from outside the zone
JOBS = ("缝纫工", "数控操作工", "质检员", "包装工", "仓管员", "焊工", "电工", "普工")
SCHOOLS = ("初级中学", "普通高中", "中等职业", "大学专科")
CHANNELS = ("劳务对接会", "老乡介绍", "零工市场", "线上招聘")


def rows(
    kind: RosterKind,
    count: int,
    *,
    seed: int,
    employers: Sequence[Organisation],
    lender: Organisation | None = None,
    hired: date = date(2025, 3, 3),
    homes: Sequence[str] = HOMES,
) -> list[dict[str, str]]:
    """`count` workers by column key; the same seed gives the same people."""
    made = []
    for n in range(count):
        who, employer, home = seed + n, employers[n % len(employers)], homes[n % len(homes)]
        row = {
            "seq": str(n + 1),
            "name": person_name(who),
            "sex": "男" if who % 2 else "女",
            "id_type": "居民身份证",
            "id_number": resident_id(who, male=bool(who % 2)),
            "hukou_address": "福建省泉州市惠安县" if home else "江西省赣州市于都县",
            "hukou_in_zone": "是" if home else "否",
            "village": home,
            "phone": mobile(who),
            "employer_name": employer.name,
            "employer_uscc": employer.uscc,
            "job": JOBS[n % len(JOBS)],
            "hire_date": hired.isoformat(),
            "still_employed": "是",
            "signed": "是",
            "note": "",
        }
        made.append(row | (_lending(lender, hired) if kind == "platform" and lender else _contract(n, hired)))
    return made


def _contract(n: int, hired: date) -> dict[str, str]:
    return {
        "contract_from": hired.isoformat(),
        "contract_to": date(hired.year + 2, hired.month, 1).isoformat(),
        "insurance_types": "养老、失业、工伤",
        "insured_from": f"{hired:%Y-%m}",
        "insured_months": "6",
        "channel": CHANNELS[n % len(CHANNELS)],
        "referral_letter_no": f"TJ-2025-{n + 1:03d}",
    }


def _lending(lender: Organisation, start: date) -> dict[str, str]:
    months = [date(start.year, start.month + k, 1) for k in range(2)]
    return {
        "lender_name": lender.name,
        "lender_uscc": lender.uscc,
        "lending_to": date(start.year, start.month + 2, 1).isoformat(),
        "actual_days": "58",
        "payroll_months": "、".join(f"{month:%Y-%m}" for month in months),
    }


def workbook(kind: RosterKind, people: Sequence[dict[str, str]]) -> bytes:
    """The rows as the xlsx an agency uploads."""
    columns = columns_of(kind)
    spec = SheetSpec(
        name="花名册",
        columns=[ColumnSpec(title=column.title, width=column.width) for column in columns],
        rows=[[row.get(column.key, "") for column in columns] for row in people],
    )
    return write_workbook([spec])
