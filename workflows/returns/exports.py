"""The three-level picture as a workbook: the tables of the page."""

from collections.abc import Iterator, Sequence

from accounts.acting import Actor
from core.verdict import Verdict
from documents.exports import Export, Filters, columns, number_in, register
from registry.labour import access
from workflows.returns.picture import area_for, picture


def _rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    shown = picture(area_for(by, number_in(filters, "area")))
    for table in shown.tables:
        for row in table.rows:
            yield table.title, row.label, row.unemployed, row.employed, row.outside, row.total
    for month, unemployed, employed in shown.months:
        yield "逐月（按月报）", f"{month:%Y-%m}", unemployed, employed, None, unemployed + employed


def _may(by: Actor, _filters: Filters) -> Verdict:
    return access.can_open(by)


register(
    Export(
        kind="labour_picture",
        title="劳动力统计",
        columns=columns(
            ("统计口径", "text", 24), ("分类", "text", 24), ("未就业", "integer", 10), ("已就业", "integer", 10),
            ("外出", "integer", 10), ("合计", "integer", 10),
        ),
        rows=_rows,
        may=_may,
        describe=lambda filters: "所选区域" if filters.get("area") else "",
        filters=("area",),
    )
)  # fmt: skip
