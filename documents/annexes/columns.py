"""The columns of annexes 1 to 3: the official ones (annex 1's are inferred, brief section 4), what villages write instead
of them, and the extra ones that the register holds and the annexes lack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Annex = Literal[1, 2, 3]
NAMES: dict[int, str] = {
    1: "泉州台商投资区劳动力资源信息采集表\n（未就业）",
    2: "泉州台商投资区劳动力资源信息采集表\n（已就业）",
    3: "泉州台商投资区就业服务网格工作人员名单",
}
SHORT: dict[int, str] = {1: "未就业", 2: "已就业", 3: "网格工作人员"}
FILL_IN_NOTE = "填报说明：本表所填报对象为男年满16周岁至60周岁、女年满16周岁至55周岁，有劳动能力和就业愿望人员。"
ROWS_A_PAGE: dict[int, int] = {1: 13, 2: 13, 3: 17}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `title` is printed, `aliases` are headings that mean the same. `width` in characters."""

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    width: float = 12
    required: bool = False


def _person(fourth: Column) -> tuple[Column, ...]:
    return (
        Column(key="seq", title="序号", aliases=("编号", "行号", "序"), width=6),
        Column(key="name", title="姓名", aliases=("人员姓名", "劳动力姓名", "名字", "村民姓名"), width=10, required=True),
        Column(key="sex", title="性别", aliases=("性别代码", "男/女"), width=6, required=True),
        Column(
            key="birth_month", title="出生年月", required=True, width=11,
            aliases=("出生日期", "出生年月日", "出生时间", "生日", "出生"),
        ),
        Column(key="education", title="文化程度", aliases=("学历", "受教育程度", "文化", "文化水平"), width=10),
        fourth,
        Column(
            key="phone", title="联系电话", width=14,
            aliases=("电话", "手机", "手机号", "手机号码", "联系方式", "联系电话(手机)", "本人电话", "电话号码"),
        ),
    )  # fmt: skip


OFFICIAL: dict[int, tuple[Column, ...]] = {
    1: (
        *_person(
            Column(
                key="wanted_trade", title="求职意向工种", width=16,
                aliases=("意向工种", "意向工种/岗位", "求职意向", "意向岗位", "求职意向工种/岗位", "就业意向", "工种"),
            )
        ),
        Column(key="note", title="未就业原因", aliases=("备注/未就业原因", "原因", "备注", "说明"), width=18),
    ),
    2: (
        *_person(Column(key="trade", title="工种", aliases=("岗位", "工种/岗位", "从事工种", "职业", "从事工作"), width=14)),
        Column(
            key="employer", title="就业单位", width=24,
            aliases=("工作单位", "单位", "用工单位", "用人单位", "就业单位名称", "务工单位", "就业企业"),
        ),
    ),
    3: (
        Column(key="seq", title="序号", aliases=("编号", "序"), width=6),
        Column(key="town", title="乡镇", aliases=("乡(镇)", "镇", "所属乡镇"), width=14),
        Column(key="village", title="村", aliases=("村(社区)", "村社区", "所属村", "社区", "村名"), width=16),
        Column(key="name", title="姓名", width=12, required=True),
        Column(key="duty", title="职务", aliases=("岗位", "职务/岗位"), width=18),
        Column(key="phone", title="联系方式", aliases=("联系电话", "电话", "手机", "手机号码"), width=18),
    ),
}  # fmt: skip
EXTRA: tuple[Column, ...] = (
    Column(key="group_name", title="村民小组", aliases=("组", "小组", "组别", "组名"), width=10),
    Column(
        key="id_number", title="身份证号码", width=22,
        aliases=("身份证号", "身份证", "公民身份号码", "证件号码", "身份证件号码"),
    ),
    Column(key="status", title="就业状态", aliases=("状态", "就业情况"), width=10),
    Column(key="hukou_type", title="户口性质", aliases=("户籍性质", "户口类型"), width=10),
    Column(key="destination", title="外出地点", aliases=("外出就业地点", "外出地", "就业地点"), width=16),
    Column(key="reach", title="外出流向", aliases=("流向",), width=10),
    Column(key="job_form", title="就业形式", aliases=("就业方式",), width=10),
    Column(key="sector", title="所属产业", aliases=("产业", "产业类别"), width=10),
    Column(key="land_sea_loss", title="失地失海", aliases=("是否失地失海",), width=10),
    Column(key="training_wish", title="培训意愿", aliases=("培训意向", "培训需求"), width=16),
)  # fmt: skip
REMARK = Column(key="note", title="备注", aliases=("说明",), width=18)


def columns_of(annex: int, titles: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """The official columns in their order; `titles` are the bureau's corrections by key (a former title stays known)."""
    own = titles or {}
    return tuple(
        Column(
            key=column.key, title=own.get(column.key, column.title), width=column.width, required=column.required,
            aliases=(column.title, *column.aliases),
        )
        for column in OFFICIAL[annex]
    )  # fmt: skip


def extra_of(annex: int) -> tuple[Column, ...]:
    """What the register holds beside an annex's columns: the second sheet, or further columns on the first."""
    if annex == 3:
        return ()
    return EXTRA if annex == 1 else (*EXTRA, REMARK)
