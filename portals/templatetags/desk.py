"""Words the desk's templates print for codes."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from policy.rules import DEDUCTION_REASONS
from workflows.claims import Claim, ClaimLine, Evidence

register = template.Library()
NAMES = {
    "account": _("收款账户"),
    "contact": _("联系人"),
    "note": _("说明"),
    "declared": _("承诺"),
    "employer_name": _("用工企业"),
    "employer_uscc": _("用工企业统一社会信用代码"),
    "lender_name": _("调出企业"),
    "lender_uscc": _("调出企业统一社会信用代码"),
    "hire_date": _("入职（调剂起始）日期"),
    "lending_to": _("调剂结束日期"),
    "contract_from": _("合同开始"),
    "contract_to": _("合同结束"),
    "insured_from": _("参保起始"),
    "insured_months": _("缴费月数"),
    "payroll_months": _("工资发放月数"),
    "still_employed": _("目前在岗"),
    "phone": _("手机"),
    "name": _("姓名"),
    "id_number": _("证件号码"),
    "job": _("岗位（工种）"),
    "education": _("文化程度"),
    "channel": _("引进方式"),
    "referral_letter_no": _("推荐函编号"),
    "signed": _("员工签名"),
    "hukou_address": _("户籍地"),
    "hukou_in_zone": _("是否本区户籍"),
    "insurance_types": _("参保险种"),
    "actual_days": _("实际天数"),
    "line": _("人员"),
    "worker": _("人员"),
}


@register.filter
def reason_label(code: str) -> str:
    """A deduction or return reason as officials read it."""
    return DEDUCTION_REASONS.get(code, code)


@register.filter
def change_name(change: dict[str, Any], rows: Iterable[Any]) -> str:
    """What a correction changed, e.g. 第3行（张三）入职日期; `rows` are the lines in view."""
    field = str(change.get("field", ""))
    if field.startswith("evidence:"):
        label = dict(Evidence.Kind.choices).get(field.removeprefix("evidence:"), field)
    else:
        label = NAMES.get(field) or _verbose(field)
    line = next((row.view for row in rows if str(row.view.line.pk) == change.get("line")), None)
    if line is not None:
        return f"第{line.line.seq}行（{line.name}）{label}"
    return f"{_('名单内人员')} {label}" if change.get("line") else str(label)


def _verbose(field: str) -> str:
    """The model's own name for a field, when it has one in Chinese."""
    for model in (ClaimLine, Claim):
        try:
            return str(getattr(model._meta.get_field(field), "verbose_name", field))
        except LookupError:
            continue
    return field
