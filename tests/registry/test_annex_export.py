"""Annexes out in the notice's layout, and in again: the same data."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.models import Event
from documents.annexes.columns import FILL_IN_NOTE
from documents.annexes.exporting import export_annex
from documents.annexes.shell import import_file
from project.demo.people import Cast, area_of
from registry.labour import queries
from registry.labour.commands import Doing, Particulars, register_person
from registry.models import GridWorker
from tests.registry.messy import CHEN, HEAD, HEAD_1, LIN, book, official, with_
from tests.registry.test_annex_import import state_of_register

pytestmark = pytest.mark.django_db
HOME = "350521104203"


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_annex_2_looks_as_the_notice_has_it(cast: Cast) -> None:
    people = [
        with_(LIN, A=n, B="林" + "一二三四五六七八九十甲乙丙丁"[n] + "妹", G=f"138059500{n:02d}") for n in range(14)
    ]
    import_file(data=official(*people), name="a.xlsx")
    data, count = export_annex(annex=2, area=area_of(HOME))
    first, extras = opened(data).worksheets
    assert count == 14 and first["A1"].value == "泉州台商投资区劳动力资源信息采集表\n（已就业）"
    assert first["A2"].value == "洛阳镇乡（镇）    上浦村委会    3组"
    titles = [cell.value for cell in first[3]]
    assert titles == ["序号", "姓名", "性别", "出生年月", "文化程度", "工种", "联系电话", "就业单位"]
    assert [b.id for b in first.row_breaks.brk] == [16] and first.print_title_rows == "$1:$3"
    assert first["A30"].value == FILL_IN_NOTE  # two whole pages of 13
    assert (first.page_setup.orientation, first.page_setup.paperSize) == ("landscape", 9)
    assert [first["D4"].value, first["G4"].value, first["G4"].data_type] == ["1990-03", first["G4"].value, "s"]
    assert extras.title == "补充信息" and extras["A2"].value == "1"


def test_formulas_stay_words(cast: Cast) -> None:
    import_file(data=book(("S", [["上浦村（已就业）"], HEAD, with_(LIN, H="@SUM(A1)", F="+1+1")])), name="a.xlsx")
    sheet = opened(export_annex(annex=2, area=area_of(HOME))[0]).worksheets[0]
    assert [(sheet[c].value, sheet[c].data_type) for c in ("F4", "H4")] == [("+1+1", "s"), ("@SUM(A1)", "s")]


def test_a_town_and_the_zone_have_a_sheet_a_village(cast: Cast) -> None:
    import_file(data=official(LIN, CHEN), name="a.xlsx")
    import_file(data=official(with_(LIN, G="13805950003"), place=["张坂镇", "上塘村"]), name="a.xlsx")
    for code, sheets, people in (("350521104", 1, 2), ("350521106", 1, 1), ("350521105", 1, 0), ("", 2, 3)):
        data, count = export_annex(annex=2, area=area_of(code))
        assert (len([s for s in opened(data).sheetnames if s != "补充信息"]), count) == (sheets, people)


def test_who_is_too_old_or_out_of_scope_is_left_out(cast: Cast) -> None:
    import_file(data=official(LIN, with_(CHEN, D="1964-11"), with_(CHEN, B="陈老福", D="1964-10")), name="a.xlsx")
    assert export_annex(annex=2, area=area_of(HOME))[1] == 2
    assert queries.standing().count() == 3


def test_annex_3_lists_the_grid_workers(cast: Cast) -> None:
    GridWorker.objects.create(
        area=area_of(HOME), seq=1, name="王网格", duty="网格长", phone="27390571", since=date(2025, 1, 1)
    )
    data, count = export_annex(annex=3, area=area_of("350521104"))
    sheet = opened(data).worksheets[0]
    assert count == 1 and [cell.value for cell in sheet[4]] == [
        "1",
        "洛阳镇",
        "上浦村委会",
        "王网格",
        "网格长",
        "27390571",
    ]
    assert sheet.max_row == 3 + 17


def test_extras_go_round(cast: Cast) -> None:
    by, village = cast[f"clerk:{HOME}"], area_of(HOME)
    who = Particulars(name="林小妹", sex="2", id_number="350521199003070021", phone="13805950001", hukou_type="rural",
                      land_sea_loss=True, training_wish="电工", education="30", education_text="大专", group_name="5")  # fmt: skip
    away = Doing(status="outside", since=date(2025, 9, 1), employer="厦门某厂", destination="厦门市", reach="province",
                 job_form="enterprise", sector="2", note="春节回")  # fmt: skip
    register_person(village=village, who=who, doing=away, by=by)
    data, _count = export_annex(annex=2, area=village)
    assert b"350521199003070021" not in data and opened(data)["补充信息"]["D2"].value == "350***********0021"
    report, _made = import_file(data=data, name="out.xlsx")
    assert (report.people, report.new, report.changed, report.errors) == (1, 0, 0, [])


def test_from_the_shell(cast: Cast, tmp_path: Any, capsys: Any) -> None:
    file, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    file.write_bytes(official(LIN, CHEN))
    call_command("import_annex", str(file), "--json", stdout=(said := io.StringIO()))
    assert said.getvalue().startswith(
        '{"annex": 2, "village": "350521104203", "people": 2, "new": 2, "changed": 0, "van'
    )
    call_command("export_annex", "2", HOME, str(out), stdout=io.StringIO())
    call_command("import_annex", str(out), "--dry-run", "--json", stdout=(said := io.StringIO()))
    assert '"people": 2, "new": 0, "changed": 0, "vanished": 0, "duplicates": [], "errors": []' in said.getvalue()
    assert Event.objects.filter(verb="export_annex").count() == 1


CELL = st.text(alphabet="厂电工缝纫=+-@'\"<&1a ", max_size=8).map(lambda text: " ".join(text.split()).lstrip("="))
PERSON = st.tuples(
    st.sampled_from(["林小妹", "陈阿福", "王芳", "阿里·木"]), st.sampled_from("男女"),
    st.dates(date(1972, 1, 1), date(2008, 12, 1)), st.sampled_from(["", "初中", "大专在读", "文盲"]), CELL,
    st.sampled_from(["", "13805950001", "13805950002", "0595-27390571"]), CELL,
)  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=st.lists(PERSON, min_size=1, max_size=8), annex=st.sampled_from([1, 2]))
def test_in_and_out_and_in_again(cast: Cast, people: list[tuple[Any, ...]], annex: int) -> None:
    """Whatever came in goes out in the layout and comes in again without a change, here and in an empty register."""
    rows = [
        [n, name, sex, f"{born:%Y.%m}", edu, trade, phone, last]
        for n, (name, sex, born, edu, trade, phone, last) in enumerate(people)
    ]
    data = book(
        ("S", [["（未就业）上浦村2组" if annex == 1 else "（已就业）上浦村2组"], HEAD_1 if annex == 1 else HEAD, *rows])
    )
    with transaction.atomic():
        first, _first = import_file(data=data, name="a.xlsx", annex=annex)
        before = state_of_register()
        assert not first.errors and first.people + len(first.duplicates) == len(rows)
        out, count = export_annex(annex=annex, area=area_of(HOME))
        again, _made = import_file(data=out, name="b.xlsx")
        assert (again.people, again.new, again.changed, again.vanished, again.errors) == (count, 0, 0, [], [])
        assert state_of_register() == before
        transaction.set_rollback(True)
    with transaction.atomic():
        import_file(data=out, name="b.xlsx")
        assert _shown() == sorted((row[1], row[2], row[3], row[4], row[5], row[6], row[9]) for row in before)
        transaction.set_rollback(True)


def _shown() -> list[tuple[Any, ...]]:
    return sorted((r[1], r[2], r[3], r[4], r[5], r[6], r[9]) for r in state_of_register())
