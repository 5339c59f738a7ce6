"""What moves a fund: opening it, and reserving or releasing what approvals take (预算法 Art. 13: no budget, no payment).

`reserve` and `release` run inside the caller's transaction, after the claim's lock: one conditional UPDATE each, so
two approvals at once never promise the same money; the CHECK on the table stands behind them.
"""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import FINANCE
from core.errors import NotAllowed, Refusal
from core.money import yuan
from core.timeline import record
from funds.models import FundSource

LONGEST_NAME, LONGEST_NUMBER, LONGEST_CODE = 80, 60, 20


def reserve(*, fund_id: int, amount_fen: int) -> FundSource:
    """Promise `amount_fen` (> 0) of the fund. Refuses `fund_unknown`, and `fund_short` telling what is left."""
    _require_positive(amount_fen)
    room = FundSource.objects.filter(pk=fund_id, reserved_fen__lte=F("amount_fen") - amount_fen)
    if not room.update(reserved_fen=F("reserved_fen") + amount_fen):
        fund = _fund(fund_id)
        raise Refusal(
            "fund_short",
            _("%(fund)s 可用余额%(left)s元，不足%(wanted)s元。请改选其他资金来源，或先追加指标。")
            % {"fund": fund, "left": yuan(fund.left_fen), "wanted": yuan(amount_fen)},
        )
    return _fund(fund_id)


def release(*, fund_id: int, amount_fen: int) -> FundSource:
    """Give `amount_fen` (> 0) back to the fund. Refuses `fund_unknown`, and `fund_not_reserved` past what is promised."""
    _require_positive(amount_fen)
    promised = FundSource.objects.filter(pk=fund_id, reserved_fen__gte=amount_fen)
    if not promised.update(reserved_fen=F("reserved_fen") - amount_fen):
        fund = _fund(fund_id)
        raise Refusal(
            "fund_not_reserved",
            _("%(fund)s 已占用%(reserved)s元，不能释放%(wanted)s元，请核对金额。")
            % {"fund": fund, "reserved": yuan(fund.reserved_fen), "wanted": yuan(amount_fen)},
        )
    return _fund(fund_id)


def open_fund(
    *,
    name: str,
    allocation_no: str,
    year: int,
    amount_fen: int,
    functional_code: str,
    economic_code: str,
    by: Actor,
) -> FundSource:
    """Open a budget line with its 指标文号; by finance officers. `amount_fen` in fen, > 0.

    Refuses `fund_not_yours`, `fund_incomplete` (with the fields), `fund_known` (number used in that year).
    """
    if by.role not in FINANCE:
        raise NotAllowed("fund_not_yours", _("资金来源由财政岗位登记。"))
    texts = {
        "name": (name, LONGEST_NAME),
        "allocation_no": (allocation_no, LONGEST_NUMBER),
        "functional_code": (functional_code, LONGEST_CODE),
        "economic_code": (economic_code, LONGEST_CODE),
    }
    faults = {
        field: _("请填写，不超过%(longest)d个字。") % {"longest": longest}
        for field, (text, longest) in texts.items()
        if not 0 < len(text.strip()) <= longest
    }
    if amount_fen <= 0:
        faults["amount_fen"] = _("指标金额必须大于零。")
    if faults:
        raise Refusal("fund_incomplete", _("资金来源填写不完整，请按提示补充。"), fields=faults)
    clean = {field: text.strip() for field, (text, _longest) in texts.items()}
    with transaction.atomic():
        try:
            with transaction.atomic():
                fund = FundSource.objects.create(**clean, year=year, amount_fen=amount_fen)
        except IntegrityError as error:
            raise Refusal(
                "fund_known",
                _("%(year)d年度已登记过指标文号%(number)s，不能重复登记。")
                % {"year": year, "number": clean["allocation_no"]},
            ) from error
        record(f"fund:{fund.pk}", "open_fund", by=by, data={"amount_fen": amount_fen, "year": year})
    return fund


def _fund(fund_id: int) -> FundSource:
    fund = FundSource.objects.filter(pk=fund_id).first()
    if fund is None:
        raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
    return fund


def _require_positive(amount_fen: int) -> None:
    if amount_fen <= 0:
        raise ValueError("an amount to reserve or release is a positive number of fen")
