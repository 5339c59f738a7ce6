"""The catalogue of rules as Markdown, made from the rules themselves so that it cannot fall behind."""

from policy.rules import OFFICER_REASONS, RULES
from policy.rules.controls import CONTROLS
from policy.rules.registry import Rule
from policy.terms import Terms

SEVERITIES = {"block": "不予支持", "review": "转人工复核", "info": "提示"}
KINDS = {"agency": "机构引进", "individual": "个人引进", "platform": "用工调剂", "ambassador": "引工大使"}
SCOPES = {"line": "逐人", "claim": "整份申请", "kept": "符合条件的人员合计", "cap": "年度累计"}
HEADER = ("编号", "代码", "名称", "轻重", "适用", "对象", "依据", "说明")


def markdown(terms: Terms | None = None) -> str:
    """All rules as a Markdown page; with `terms`, what each rests on under that scheme version is written out."""
    lines = [
        "# 规则目录",
        "",
        "由程序生成，请勿手改。编号见业务说明书：C 为自动检查，A 为通知未明确、可调整的事项。",
        "",
        _row(HEADER),
        _row(["---"] * len(HEADER)),
        *(_row(_cells(rule, terms)) for rule in RULES),
        "",
        "## 系统控制",
        "",
        "以下检查由办理流程、资金账和数据库直接执行，不作为评判规则。C23（劳动力信息库月报）由信息库核对。",
        "",
        _row(("编号", "名称", "轻重", "说明", "位置", "测试")),
        _row(["---"] * 6),
        *(_row([c.number, c.label, c.weight, c.does, f"`{c.home}`", f"`{c.test}`"]) for c in CONTROLS),
        "",
        "## 经办人员核减原因",
        "",
        _row(("代码", "名称")),
        _row(("---", "---")),
        *(_row((f"`{code}`", label)) for code, label in OFFICER_REASONS.items()),
        "",
    ]
    return "\n".join(lines)


def _cells(rule: Rule, terms: Terms | None) -> list[str]:
    basis = rule.article(terms) if terms else (f"参数 `{rule.term}`" if rule.term else rule.law)
    if rule.since or rule.until:
        basis += f"（{rule.since or ''}至{rule.until or '今'}申报的适用）"
    if rule.waived_by:
        basis += "；分管领导可批准例外"
    return [
        rule.number,
        f"`{rule.code}`",
        rule.label,
        SEVERITIES[rule.severity],
        "、".join(KINDS[kind] for kind in rule.kinds),
        SCOPES[rule.scope],
        basis,
        rule.message,
    ]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
