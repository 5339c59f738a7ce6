"""Annexes as villages send them: each a named fault of real life, with the people it holds or the cell it is refused at."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl

TITLE = "泉州台商投资区劳动力资源信息采集表\n（已就业）"
PLACE = ["洛阳镇乡（镇）", None, "上浦村", None, "3组"]
HEAD = ["序号", "姓名", "性别", "出生\n年月", "文化\n程度", "工种", "联系电话", "就业单位"]
HEAD_1 = ["序号", "姓名", "性别", "出生年月", "文化程度", "求职意向工种", "联系电话", "未就业原因"]
LIN = [1, "林小妹", "女", "1990-03", "初中", "缝纫工", "13805950001", "恒源鞋业"]
CHEN = [2, "陈阿福", "男", "1985-11", "高中", "电工", "13805950002", "百崎湖食品"]
NOTE = ["填报说明：本表所填报对象为男年满16周岁至60周岁、女年满16周岁至55周岁，有劳动能力和就业愿望人员。"]
BOTH = ["林小妹", "陈阿福"]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Case:
    """A file, what it is called, and what must come of it: names in order, errors as (cell, part of the sentence)."""

    make: Callable[[], bytes]
    people: tuple[str, ...] = tuple(BOTH)
    errors: tuple[tuple[str, str], ...] = ()
    repeats: int = 0
    refused: str = ""
    file: str = "上浦村.xlsx"
    first: tuple[tuple[str, Any], ...] = ()  # of the first person: attribute or said key, value


def book(*sheets: tuple[str, Rows], merge: Sequence[str] = (), hidden: str = "") -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
        if name == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def official(
    *people: Sequence[Any], head: Sequence[Any] = HEAD, title: str = TITLE, place: Sequence[Any] = PLACE
) -> bytes:
    return book(("已就业", [[title], place, head, *people, NOTE]))


def with_(row: Sequence[Any], **changes: Any) -> list[Any]:
    """A row with cells changed by column letter."""
    cells = list(row)
    for letter, value in changes.items():
        cells[ord(letter) - ord("A")] = value
    return cells


def one(**changes: Any) -> Callable[[], bytes]:
    return lambda: official(with_(LIN, **changes), CHEN)


def text(encoding: str, mark: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([["劳动力资源信息采集表（已就业） 上浦村"], HEAD, LIN, CHEN])
    return out.getvalue().encode(encoding)


def page() -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{'' if c is None else c}" for c in row) for row in [[TITLE], PLACE, HEAD, LIN, CHEN]
    )
    return f"<html><table>{rows}</table></html>".encode("gb18030")


def formula() -> bytes:
    return official(with_(LIN, B='="林"&"小妹"'), CHEN)


MARCH = (("birth_month", date(1990, 3, 1)),)
CASES: dict[str, Case] = {
    "official layout": Case(lambda: official(LIN, CHEN), first=(*MARCH, ("group_name", "3"), ("education", "70"))),
    "birth as 1990.3 in a number cell": Case(one(D=1990.3), first=MARCH),
    "birth as 1990.3 in text": Case(one(D="1990.3"), first=MARCH),
    "birth as 1990.10 in text is october": Case(one(D="1990.10"), first=(("birth_month", date(1990, 10, 1)),)),
    "birth as 1990.1 in a number cell is january or october": Case(
        one(D=1990.1), people=("陈阿福",), errors=(("D4", "分不清是1月还是10月"),)
    ),
    "birth as 199003 in a number cell": Case(one(D=199003), first=MARCH),
    "birth as 199003 in text": Case(one(D="199003"), first=MARCH),
    "birth as 90年3月": Case(one(D="90年3月"), first=MARCH),
    "birth as 1990年03月": Case(one(D="1990年03月"), first=MARCH),
    "birth as a date of Excel": Case(one(D=datetime(1990, 3, 7)), first=MARCH),
    "birth as 1990/3/7": Case(one(D="1990/3/7"), first=MARCH),
    "birth as 19900307": Case(one(D=19900307), first=MARCH),
    "birth in full-width digits": Case(one(D="１９９０．３"), first=MARCH),
    "birth with a chinese full stop": Case(one(D="1990。3"), first=MARCH),
    "birth of 2-digit year after 2000": Case(one(D="05年3月"), first=(("birth_month", date(2005, 3, 1)),)),
    "birth without month": Case(one(D="1990"), people=("陈阿福",), errors=(("D4", "缺少月份"),)),
    "birth in month 13": Case(one(D="1990-13"), people=("陈阿福",), errors=(("D4", "不存在"),)),
    "birth to come": Case(one(D="2090-03"), people=("陈阿福",), errors=(("D4", "晚于今天"),)),
    "birth as a serial number": Case(one(D=32939), people=("陈阿福",), errors=(("D4", "日期的序号"),)),
    "birth in words": Case(one(D="属马"), people=("陈阿福",), errors=(("D4", "不是可以识别的年月"),)),
    "birth missing": Case(one(D=None), people=("陈阿福",), errors=(("D4", "未填写"),)),
    "sex as 1 and 2": Case(lambda: official(with_(LIN, C=2), with_(CHEN, C=1)), first=(("sex", "2"),)),
    "sex as text codes": Case(lambda: official(with_(LIN, C="2"), with_(CHEN, C="1")), first=(("sex", "2"),)),
    "sex nonsense": Case(one(C="母"), people=("陈阿福",), errors=(("C4", "男"),)),
    "name padded with a wide blank": Case(one(B="林　妹"), people=("林妹", "陈阿福")),
    "name with a trailing digit": Case(one(B="林小妹1"), people=("陈阿福",), errors=(("B4", "数字"),)),
    "name of a minority": Case(one(B="阿卜杜拉．买买提"), people=("阿卜杜拉·买买提", "陈阿福")),
    "name with a rare character": Case(one(B="林𬱖"), people=("林𬱖", "陈阿福")),
    "name missing": Case(one(B=None), people=("陈阿福",), errors=(("B4", "未填写"),)),
    "name as a formula without result": Case(formula, people=("陈阿福",), errors=(("B4", "公式"),)),
    "phone as a number": Case(one(G=13805950001), first=(("phone", "13805950001"),)),
    "phone with blanks and dashes": Case(one(G="138-0595 0001"), first=(("phone", "13805950001"),)),
    "phone with 86": Case(one(G="+8613805950001"), first=(("phone", "13805950001"),)),
    "phone as 无": Case(one(G="无"), first=(("phone", ""),)),
    "phone of a digit too few": Case(one(G="1380595000"), people=("陈阿福",), errors=(("G4", "11位"),)),
    "phone with the letter O": Case(one(G="138O5950001"), people=("陈阿福",), errors=(("G4", "11位"),)),
    "two phones in a cell": Case(one(G="13805950001/13805950003"), people=("陈阿福",), errors=(("G4", "两个号码"),)),
    "landline": Case(one(G="0595-27390571"), first=(("phone", "0595-27390571"),)),
    "education 文盲": Case(one(E="文盲"), first=(("education", "90"), ("education_text", "文盲"))),
    "education 大专在读": Case(one(E="大专在读"), first=(("education", "30"),)),
    "education 中专": Case(one(E="中专"), first=(("education", "40"),)),
    "education 本科毕业": Case(one(E="本科毕业"), first=(("education", "20"),)),
    "education nonsense": Case(one(E="还可以"), people=("陈阿福",), errors=(("E4", "文化程度"),)),
    "employer that begins like a formula": Case(one(H="'=恒源"), first=(("employer", "'=恒源"),)),
    "employer with a line break": Case(one(H="恒源\n鞋业"), first=(("employer", "恒源 鞋业"),)),
    "employer longer than is kept": Case(one(H="长" * 121), people=("陈阿福",), errors=(("H4", "超过120个字"),)),
    "two wrong cells in a row": Case(one(C="x", G="1"), people=("陈阿福",), errors=(("C4", "男"), ("G4", "11位"))),
    "title rows above and a blank one": Case(
        lambda: book(("表", [["附件2"], [], [TITLE], [], PLACE, HEAD, LIN, CHEN])), first=(("group_name", "3"),)
    ),
    "header in two rows": Case(
        lambda: book(("已就业", [["上浦村"], ["序号", "姓名", "性别", "出生", "文化", "工种", "联系", "就业"],
                               [None, None, None, "年月", "程度", None, "电话", "单位"], LIN, CHEN]), merge=["A2:A3", "B2:B3"])
    ),
    "columns in another order": Case(
        lambda: official([LIN[1], LIN[6], LIN[3], LIN[2], LIN[7]], [CHEN[1], CHEN[6], CHEN[3], CHEN[2], CHEN[7]],
                         head=["姓名", "手机号码", "出生日期", "性别", "工作单位"]), first=(("employer", "恒源鞋业"),)
    ),
    "starred and blank-padded headings": Case(
        lambda: official(LIN, CHEN, head=["序 号", "*姓  名", "性 别", "出生年月（如1990-03）", "文化程度", "工种", "联系电话", "就业单位"])
    ),
    "header again on page two": Case(lambda: official(LIN, HEAD, CHEN)),
    "another group on page two": Case(lambda: official(LIN, [TITLE], ["上浦村5组"], HEAD, CHEN), first=(("group_name", "3"),)),
    "employer merged over two rows": Case(
        lambda: book(("已就业", [[TITLE], PLACE, HEAD, LIN, with_(CHEN, H=None)]), merge=["H4:H5"]),
        first=(("employer", "恒源鞋业"),),
    ),
    "blank tail with numbers only": Case(lambda: official(LIN, CHEN, *([n] for n in range(3, 60)))),
    "blank rows between": Case(lambda: official(LIN, [], [None, " "], CHEN)),
    "totals and signatures below": Case(lambda: official(LIN, CHEN, ["合计", 2], ["填表人：王五", None, None, "审核人：赵六"])),
    "several sheets of one village": Case(
        lambda: book(("1组", [[TITLE], ["上浦村1组"], HEAD, LIN]), ("2组", [[TITLE], ["上浦村2组"], HEAD, CHEN])),
        first=(("group_name", "1"),),
    ),
    "a hidden old sheet": Case(
        lambda: book(("旧", [[TITLE], PLACE, HEAD, with_(LIN, B="旧人员")]), ("新", [[TITLE], PLACE, HEAD, LIN, CHEN]), hidden="旧")
    ),
    "an empty second sheet": Case(lambda: book(("已就业", [[TITLE], PLACE, HEAD, LIN, CHEN]), ("Sheet2", []))),
    "a sheet without header beside it": Case(
        lambda: book(("已就业", [[TITLE], PLACE, HEAD, LIN, CHEN]), ("续", [[3, "王五", "男", "1990-01"]])),
        errors=(("A1", "没有找到表头"),),
    ),
    "annex 1 on the second sheet": Case(
        lambda: book(("已就业", [[TITLE], PLACE, HEAD, LIN, CHEN]), ("未就业", [["采集表（未就业）"], PLACE, HEAD_1, with_(LIN, B="王五")])),
        errors=(("A1", "附件1（未就业）"),),
    ),
    "another village on the second sheet": Case(
        lambda: book(("甲", [[TITLE], PLACE, HEAD, LIN, CHEN]), ("乙", [[TITLE], ["洛阳镇后亭村"], HEAD, with_(LIN, B="王五")])),
        errors=(("A1", "后亭村"),),
    ),
    "the same person twice": Case(lambda: official(LIN, CHEN, with_(LIN, A=3)), repeats=1),
    "the same person under another phone": Case(
        lambda: official(LIN, CHEN, with_(LIN, G="13805950009")), people=("林小妹", "陈阿福", "林小妹")
    ),
    "identity card column": Case(
        lambda: official([*LIN, "35052119900307002X"], CHEN, head=[*HEAD, "身份证号码"]), people=("陈阿福",),
        errors=(("I4", "校验"),),
    ),
    "identity card as a number": Case(
        lambda: official([*LIN, 350521199003070013], CHEN, head=[*HEAD, "身份证号"]), people=("陈阿福",), errors=(("I4", "数字格式"),)
    ),
    "identity card of another month": Case(
        lambda: official(with_([*LIN, "350521199003070013"], C="男", D="1991-03"), CHEN, head=[*HEAD, "身份证号"]),
        people=("陈阿福",), errors=(("D4", "出生年月不符"),),
    ),
    "csv in gb18030": Case(lambda: text("gb18030"), file="上浦村.csv", first=MARCH),
    "csv in utf-8 with a mark": Case(lambda: text("utf-8-sig"), file="上浦村.csv", first=MARCH),
    "tabbed text called xls": Case(lambda: text("gb18030", "\t"), file="上浦村.xls", first=MARCH),
    "web page called xls": Case(page, file="上浦村.xls", first=MARCH),
    "village only in the file's name": Case(
        lambda: book(("Sheet1", [["劳动力资源信息采集表（已就业）"], HEAD, LIN, CHEN])), file="洛阳镇上浦村11月.xlsx"
    ),
    "village nowhere": Case(lambda: book(("S", [[TITLE], HEAD, LIN])), refused="annex_no_village", file="a.xlsx"),
    "village of another county": Case(
        lambda: book(("S", [[TITLE], ["螺阳镇锦里村"], HEAD, LIN])), refused="annex_no_village", file="a.xlsx"
    ),
    "no header at all": Case(lambda: book(("S", [LIN, CHEN])), refused="annex_no_header"),
    "header without the birth column": Case(
        lambda: official(LIN, head=["序号", "姓名", "性别", "年龄", "文化程度", "工种", "联系电话", "就业单位"]),
        refused="annex_missing_columns",
    ),
    "no people below the header": Case(lambda: official(), refused="annex_no_rows"),
    "neither annex can be told": Case(
        lambda: book(("S", [["上浦村"], ["姓名", "性别", "出生年月", "联系电话"], LIN])), refused="annex_unknown"
    ),
    "a picture called xlsx": Case(lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 50, refused="file_type_unknown"),
    "an empty file": Case(lambda: b"", refused="file_empty"),
    "a broken workbook": Case(lambda: official(LIN)[:900], refused="file_broken"),
}  # fmt: skip
