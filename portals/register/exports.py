"""The register's list as a workbook; phones and numbers stay masked."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.acting import Actor
from core.identifiers import mask_id, mask_phone
from core.verdict import Verdict
from documents.exports import Export, Filters, columns, in_chunks, register
from portals.register.forms import area_in
from registry.labour import access, queries
from registry.labour.codes import Group, LabourState
from registry.models import LabourPerson


def _people(by: Actor, filters: Filters) -> QuerySet[LabourPerson]:
    village = area_in(filters.get("village", ""), access.areas_of(by))
    asked = {name: filters.get(name, "") for name in ("q", "status", "mark")}
    return queries.people(by, area=village, **asked)


def _row(person: Any) -> Sequence[object]:
    now = person.now[0] if person.now else None
    return (
        person.name, str(person.get_sex_display()), f"{person.birth_month:%Y-%m}" if person.birth_month else "",
        person.village.name, person.group_name, str(person.get_education_display()),
        str(now.get_status_display()) if now else "", now.trade or now.wanted_trade if now else "",
        now.employer if now else "", mask_phone(person.phone) if person.phone else "",
        mask_id(person.id_number) if person.id_number else "",
    )  # fmt: skip


def _rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    return (_row(person) for person in in_chunks(_people(by, filters)))


def _count(by: Actor, filters: Filters) -> int:
    return _people(by, filters).count()


def _may(by: Actor, _filters: Filters) -> Verdict:
    return access.can_open(by)


def _words(filters: Filters) -> str:
    names = {"q": "查询", "status": "状态", "mark": "标记", "village": "村"}
    values = {**dict(LabourState.choices), **dict(Group.choices), "in": "在统计范围内", "out": "不在统计范围",
              "none": "未登记状态", "doubtful": "疑似重复", "absent": "上次名单中没有"}  # fmt: skip
    return "；".join(
        f"{names[key]}：{values.get(value, value)}" for key, value in filters.items() if value and key in names
    )


register(
    Export(
        kind="labour",
        title="劳动力名单",
        columns=columns(
            ("姓名", "text", 12), ("性别", "text", 8), ("出生年月", "text", 12), ("户籍村", "text", 18), ("村民小组", "text", 10),
            ("文化程度", "text", 12), ("就业状态", "text", 12), ("工种", "text", 16), ("就业单位", "text", 26), ("联系电话", "text", 16),
            ("身份证号码", "text", 22),
        ),
        rows=_rows,
        count=_count,
        may=_may,
        describe=_words,
        filters=("q", "village", "status", "mark"),
    )
)  # fmt: skip
