"""劳动力统计: stock, structure and flow of the zone, a town or a village, each chart with its table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.exports import number_in
from portals.register.charts import bars
from portals.register.doors import readers
from portals.shared.access import PostRequest
from workflows.returns.picture import Table, area_for, picture


@readers
@require_safe
def figures(request: PostRequest) -> HttpResponse:
    """The area asked for (`?area=`), or the post's own."""
    asked = {"area": request.GET.get("area", "")}
    shown = picture(area_for(request.by, number_in(asked, "area")))
    charts = [(table, _chart(table) if table.code != "age" else _pyramid(shown.pyramid)) for table in shown.tables]
    months = bars(
        _("逐月人数"),
        [f"{month:%Y-%m}" for month, _u, _e in shown.months],
        [(_("未就业"), [u for _m, u, _e in shown.months]), (_("已就业"), [e for _m, _u, e in shown.months])],
    )
    own = request.by.area
    up = shown.area.parent if own is not None and shown.area.pk != own.pk else None
    return render(request, "register/picture.html", {"shown": shown, "charts": charts, "months": months, "up": up})


def _chart(table: Table) -> str:
    return bars(
        table.title,
        [row.label for row in table.rows],
        [
            (_("未就业"), [row.unemployed for row in table.rows]),
            (_("已就业"), [row.employed for row in table.rows]),
            (_("外出"), [row.outside for row in table.rows]),
        ],
        lying=len(table.rows) > 6,
    )


def _pyramid(rows: list[tuple[str, int, int]]) -> str:
    """Men to the left, women to the right, the young at the bottom."""
    return bars(
        _("年龄金字塔"),
        [band for band, _m, _w in rows],
        [(_("男"), [-men for _b, men, _w in rows]), (_("女"), [women for _b, _m, women in rows])],
        lying=True,
    )
