"""What finance does to a fund: opening it with its 指标, adding to that and taking of it (预算法 Art. 13: no budget, no
payment; Art. 67: a budget is adjusted by a decision)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import Refusal, WrongState
from core.timeline import record
from funds.access import can_open
from funds.ledger import appropriate, reduce, supplement
from funds.models import FundSource, Voucher
from funds.movements import Movement

LONGEST_NAME, LONGEST_NUMBER, LONGEST_CODE, LONGEST_REASON = 80, 60, 20, 200


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
    can_open(by).require()
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
                fund = FundSource.objects.create(**clean, year=year)
        except IntegrityError as error:
            raise Refusal(
                "fund_known",
                _("%(year)d年度已登记过指标文号%(number)s，不能重复登记。")
                % {"year": year, "number": clean["allocation_no"]},
            ) from error
        appropriate(fund_id=fund.pk, amount_fen=amount_fen, by=by)
        fund.refresh_from_db()
        record(f"fund:{fund.pk}", "open_fund", by=by, data={"amount_fen": amount_fen, "year": year})
    return fund


def supplement_fund(*, fund_id: int, amount_fen: int, document: str, by: Actor) -> FundSource:
    """Add to a fund what the treasury has added (追加指标); by finance officers. `document` is the 追加指标文号.

    Refuses `fund_not_yours`, `fund_unknown`, `supplement_incomplete` (with the fields), and `supplement_known` when the
    fund has this document already: the same one twice, or a double click.
    """
    can_open(by).require()
    document = document.strip()
    faults = {}
    if amount_fen <= 0:
        faults["amount_fen"] = _("追加金额必须大于零。")
    if not 0 < len(document) <= LONGEST_NUMBER:
        faults["document"] = _("请填写追加指标文号，不超过%(longest)d个字。") % {"longest": LONGEST_NUMBER}
    if faults:
        raise Refusal("supplement_incomplete", _("追加指标填写不完整，请按提示补充。"), fields=faults)
    with transaction.atomic():
        fund = FundSource.objects.select_for_update().filter(pk=fund_id).first()
        if fund is None:
            raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
        if Voucher.objects.filter(fund=fund, movement=Movement.SUPPLEMENTED, reason=document).exists():
            raise WrongState(
                "supplement_known",
                _("%(fund)s 已按%(document)s追加过指标，不能重复追加，请核对文号。")
                % {"fund": fund, "document": document},
            )
        supplement(fund_id=fund.pk, amount_fen=amount_fen, by=by, reason=document)
        record(f"fund:{fund.pk}", "supplement_fund", by=by, data={"amount_fen": amount_fen, "document": document})
        fund.refresh_from_db()
    return fund


def reduce_fund(*, fund_id: int, amount_fen: int, document: str, reason: str, by: Actor) -> FundSource:
    """Take back of a fund what the treasury has cut (调减指标); by finance officers. `document` is the 调减指标文号.

    Only what no approval has taken: refuses `fund_short` past that. Refuses `fund_not_yours`, `fund_unknown`,
    `reduction_incomplete` (with the fields), and `reduction_known` when the fund was cut by this document already.
    """
    can_open(by).require()
    document, reason = document.strip(), reason.strip()
    faults = {}
    if amount_fen <= 0:
        faults["amount_fen"] = _("调减金额必须大于零。")
    if not 0 < len(document) <= LONGEST_NUMBER:
        faults["document"] = _("请填写调减指标文号，不超过%(longest)d个字。") % {"longest": LONGEST_NUMBER}
    if not 0 < len(reason) <= LONGEST_REASON:
        faults["reason"] = _("请填写调减原因，不超过%(longest)d个字。") % {"longest": LONGEST_REASON}
    if faults:
        raise Refusal("reduction_incomplete", _("调减指标填写不完整，请按提示补充。"), fields=faults)
    with transaction.atomic():
        fund = FundSource.objects.select_for_update().filter(pk=fund_id).first()
        if fund is None:
            raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
        if Voucher.objects.filter(fund=fund, movement=Movement.REDUCED, source=document).exists():
            raise WrongState(
                "reduction_known",
                _("%(fund)s 已按%(document)s调减过指标，不能重复调减，请核对文号。")
                % {"fund": fund, "document": document},
            )
        reduce(fund_id=fund.pk, amount_fen=amount_fen, by=by, document=document, reason=f"{document} {reason}")
        data = {"amount_fen": amount_fen, "document": document, "reason": reason}
        record(f"fund:{fund.pk}", "reduce_fund", by=by, data=data)
        fund.refresh_from_db()
    return fund
