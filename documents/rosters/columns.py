"""The columns of a roster, by kind of claim (brief 2.2 D, drawn from the precedents' 引进人员花名册)."""

from dataclasses import dataclass
from typing import Literal

RosterKind = Literal["agency", "individual", "platform"]
CellKind = Literal[
    "text", "name", "sex", "id_type", "id_number", "yes_no", "village", "education", "phone", "uscc", "date", "month",
    "insurance", "count", "months", "signed",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `title` stands in the template, `aliases` are other headings that mean the same.

    `required` means that each row must fill it (and so that the column must be there). `width` is in characters.
    """

    key: str
    title: str
    kind: CellKind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: str = ""
    width: int = 14


def columns_of(kind: RosterKind) -> tuple[Column, ...]:
    """The columns of a kind's roster in their order on the sheet; agency and individual share theirs."""
    return _PLATFORM if kind == "platform" else _REFERRAL


_DATE_HELP = "日期，例如 2025-03-01。"
_USCC_HELP = "18位统一社会信用代码，以文本填写，字母大写。"
_YES_NO_HELP = "填“是”或“否”。"

_PERSON = (
    Column(key="seq", title="序号", aliases=("编号", "行号"), example="示例", help="可不填。", width=8),
    Column(
        key="name", title="姓名", kind="name", required=True, aliases=("员工姓名", "被引进人姓名", "人员姓名"),
        example="张三", help="与证件一致；少数民族姓名用间隔号“·”。",
    ),
    Column(key="sex", title="性别", kind="sex", example="男", help="填“男”或“女”，可不填。", width=8),
    Column(
        key="id_type", title="证件类型", kind="id_type", required=True, aliases=("证件种类", "证件名称"),
        example="居民身份证", help="从下拉列表选择。", width=22,
    ),
    Column(
        key="id_number", title="证件号码", kind="id_number", required=True,
        aliases=("身份证号码", "身份证号", "身份证件号码", "公民身份号码", "证件号"), example="350521199003070013",
        help="以文本填写。数字格式会丢失后几位，不能受理。", width=24,
    ),
    Column(
        key="hukou_address", title="户籍地", aliases=("户籍地址", "户籍所在地", "户籍地(省市县乡)"),
        example="福建省泉州市惠安县东园镇", help="省、市、县、乡。", width=30,
    ),
    Column(
        key="hukou_in_zone", title="是否本区户籍", kind="yes_no", aliases=("本区户籍", "是否本地户籍"), example="是",
        help=_YES_NO_HELP + "填“是”的，须填写所属村（社区）。", width=14,
    ),
    Column(
        key="village", title="所属村（社区）", kind="village", aliases=("所属村", "所属社区", "村(社区)", "村社区", "户籍村"),
        example="", help="本区户籍人员的户籍村或社区，从下拉列表选择；非本区户籍不填。", width=20,
    ),
    Column(
        key="education", title="文化程度", kind="education", aliases=("学历", "受教育程度"), example="普通高中",
        help="从下拉列表选择（GB/T 4658）。", width=14,
    ),
    Column(
        key="phone", title="手机", kind="phone", required=True, aliases=("手机号码", "手机号", "联系电话", "电话", "联系方式"),
        example="13900000000", help="11位手机号码，以文本填写。", width=16,
    ),
)  # fmt: skip
_CONTRACT = (
    Column(key="job", title="岗位（工种）", aliases=("岗位", "工种", "岗位/工种"), example="缝纫工", width=16),
)
_TAIL = (
    Column(
        key="signed", title="员工本人签名", kind="signed", aliases=("本人签名", "员工签名", "员工本人签名(确认被引进)"),
        example="是", help="纸质花名册已由本人签名的填“是”。", width=14,
    ),
    Column(key="still_employed", title="是否在职", kind="yes_no", aliases=("目前是否在职", "在职"), example="是",
           help="申报时是否仍在该企业工作。" + _YES_NO_HELP),
    Column(key="note", title="备注", aliases=("说明",), width=24),
)  # fmt: skip


def _insurance(required: bool) -> tuple[Column, ...]:
    return (
        Column(key="contract_from", title="合同开始日期", kind="date", required=required,
               aliases=("合同起", "合同起始日期", "劳动合同开始日期", "劳动合同起始日期", "合同起止起", "合同起止开始",
                        "合同起止开始日期"),
               example="2025-03-01", help=_DATE_HELP),
        Column(key="contract_to", title="合同结束日期", kind="date",
               aliases=("合同止", "合同终止日期", "合同到期日期", "劳动合同结束日期", "劳动合同终止日期", "合同起止止",
                        "合同起止结束", "合同起止结束日期"),
               example="2026-02-28", help=_DATE_HELP + "无固定期限的填“无固定期限”。"),
        Column(key="insurance_types", title="参保险种", kind="insurance", required=required, aliases=("险种", "社保险种"),
               example="养老、失业、工伤", help="养老、失业、工伤、医疗、生育，用顿号隔开。", width=20),
        Column(key="insured_from", title="参保起始年月", kind="month", required=required,
               aliases=("参保开始年月", "参保起始月", "首次参保年月", "参保时间"), example="2025-03", help="年月，例如 2025-03。"),
        Column(key="insured_months", title="连续缴费月数", kind="count", required=required,
               aliases=("缴费月数", "连续参保月数", "连续缴费月数(月)"), example="6", help="整数，只填数字。"),
    )  # fmt: skip


_REFERRAL = (
    *_PERSON,
    Column(key="employer_name", title="用工企业", required=True, aliases=("用工企业名称", "用人单位", "用工单位", "企业名称"),
           example="泉州示例鞋业有限公司", help="企业全称。", width=30),
    Column(key="employer_uscc", title="用工企业统一社会信用代码", kind="uscc", required=True,
           aliases=("用工企业USCC", "企业统一社会信用代码", "用人单位统一社会信用代码", "用工单位统一社会信用代码"),
           example="91350521MA0000000N", help=_USCC_HELP, width=24),
    *_CONTRACT,
    Column(key="hire_date", title="入职日期", kind="date", required=True, aliases=("入职时间", "到岗日期", "上岗日期"),
           example="2025-03-01", help=_DATE_HELP),
    *_insurance(True),
    Column(key="channel", title="引进方式/渠道", aliases=("引进方式", "引进渠道", "渠道"), example="劳务对接会", width=16),
    Column(key="referral_letter_no", title="推荐函编号", aliases=("推荐信编号", "推荐函号"), example="TJ-2025-001", width=16),
    *_TAIL,
)  # fmt: skip
_PLATFORM = (
    *_PERSON,
    Column(key="lender_name", title="调出企业", required=True, aliases=("调出企业名称", "输出企业", "调出单位"),
           example="泉州示例食品有限公司", help="企业全称。", width=30),
    Column(key="lender_uscc", title="调出企业统一社会信用代码", kind="uscc", required=True,
           aliases=("调出企业USCC", "输出企业统一社会信用代码", "调出单位统一社会信用代码"),
           example="N2350521MF0000004W", help=_USCC_HELP, width=24),
    Column(key="employer_name", title="调入企业", required=True, aliases=("调入企业名称", "输入企业", "调入单位", "用工企业"),
           example="泉州示例鞋业有限公司", help="企业全称。", width=30),
    Column(key="employer_uscc", title="调入企业统一社会信用代码", kind="uscc", required=True,
           aliases=("调入企业USCC", "输入企业统一社会信用代码", "调入单位统一社会信用代码", "用工企业统一社会信用代码"),
           example="91350521MA0000000N", help=_USCC_HELP, width=24),
    *_CONTRACT,
    Column(key="hire_date", title="调剂开始日期", kind="date", required=True,
           aliases=("调剂起始日期", "调剂开始时间", "调剂起", "调剂起止起", "调剂起止开始"), example="2025-03-01", help=_DATE_HELP),
    Column(key="lending_to", title="调剂结束日期", kind="date", required=True,
           aliases=("调剂终止日期", "调剂结束时间", "调剂止", "调剂起止止", "调剂起止结束"), example="2025-04-30",
           help=_DATE_HELP),
    Column(key="actual_days", title="实际天数", kind="count", aliases=("实际工作天数", "实际用工天数"), example="60",
           help="整数，只填数字。", width=12),
    Column(key="payroll_months", title="工资发放月份", kind="months", required=True, aliases=("工资发放年月", "发放月份"),
           example="2025-03、2025-04", help="年月，用顿号隔开，或写成 2025-03至2025-05。", width=22),
    *_insurance(False),
    *_TAIL,
)  # fmt: skip

# One column that holds two dates ("2025-03-01至2026-02-28"), as the printed form has it.
PERIODS = {
    "合同起止": ("contract_from", "contract_to"),
    "合同起止日期": ("contract_from", "contract_to"),
    "合同期限": ("contract_from", "contract_to"),
    "调剂起止": ("hire_date", "lending_to"),
    "调剂起止日期": ("hire_date", "lending_to"),
}
BARE_USCC = {"USCC", "统一社会信用代码", "信用代码"}  # means the enterprise in the column before it

SEXES = {"男": "male", "女": "female"}
# GB/T 4658-2006, level one. The roster keeps the label; the code is for exchange with other systems.
EDUCATION = {
    "研究生": "10", "大学本科": "20", "大学专科": "30", "中等职业": "40", "普通高中": "60", "初中": "70", "小学": "80",
    "其他": "90",
}  # fmt: skip
EDUCATION_ALIASES = {
    "硕士": "研究生", "博士": "研究生", "硕士研究生": "研究生", "博士研究生": "研究生", "本科": "大学本科", "大学": "大学本科",
    "大专": "大学专科", "专科": "大学专科", "中专": "中等职业", "中职": "中等职业", "技校": "中等职业", "职高": "中等职业",
    "中技": "中等职业", "高中": "普通高中", "初级中学": "初中", "初中及以下": "初中", "文盲": "其他", "半文盲": "其他",
}  # fmt: skip
INSURANCES = ("养老", "失业", "工伤", "医疗", "生育")
