"""A batch at the browsers of the bureau and the three finance officers, from opening it to the bank's answer."""

import io
import re

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.jobs import run_waiting
from funds.models import FundSource
from payments.models import Batch
from project.demo.people import Cast
from tests.e2e.browsing import Street
from workflows.claims import Claim


def pay(street: Street, cast: Cast, claim: Claim, fund: FundSource) -> Batch:
    """Opened, drafted, checked, released, taken out and marked paid; each by another officer."""
    opener = street.sign_in(cast["bureau"])
    page = opener.open("finance:open")
    page.get_by_label("资金来源及指标文号").select_option(str(fund.pk))
    page.get_by_role("radio", name=re.compile("^对公")).check()
    page.get_by_label(re.compile("说明")).fill("11月机构引进奖补")
    opener.shot("batch-open")
    page.get_by_role("button", name="发起批次").click()
    opener.told("已发起")
    batch = Batch.objects.get()

    maker = street.sign_in(cast["maker"])
    page = maker.open("finance:payable")
    page.get_by_role("navigation", name="按资金来源和收款方式").get_by_role("link", name=str(fund)).click()
    page.get_by_role("checkbox", name=f"选择 {claim}").check()
    expect(page.locator("[data-sum]")).to_contain_text("合计300,000.00元")
    maker.shot("payable")
    page.get_by_role("button", name="编制批次").click()
    maker.told("已编制")
    maker.shot("batch-drafted")

    checker = street.sign_in(cast["checker"])
    page = checker.open("finance:batch", batch.pk)
    _say(page, "check", "收款信息与审批表一致。")
    checker.told("已办理")
    approver = street.sign_in(cast["approver"])
    page = approver.open("finance:batch", batch.pk)
    _say(page, "release", "同意拨付。")
    approver.told("已办理")
    approver.shot("batch-sealed")

    run_waiting()
    page = maker.open("finance:batch", batch.pk)
    name, book = maker.take(page.get_by_role("link", name="下载支付文件 银行代发通用表格（xlsx）"))
    assert name.endswith(".xlsx")
    assert book[:4] == b"PK\x03\x04"
    cells = {cell.value for sheet in load_workbook(io.BytesIO(book)) for row in sheet.iter_rows() for cell in row}
    assert claim.claimant_name in {str(cell) for cell in cells}
    assert len(maker.read_paper(page.get_by_role("link", name="拨付审批表（PDF）"))) > 10_000
    page.get_by_role("button", name="登记已发送").click()
    maker.told("已办理")
    page.get_by_role("button", name=re.compile("全部待支付（300人）登记为已支付")).click()
    maker.told("已办理")
    maker.shot("batch-paid")
    batch.refresh_from_db()
    return batch


def _say(page: Page, act: str, opinion: str) -> None:
    form = page.locator(f'form[action$="/{act}/"]')
    form.locator("[name=opinion]").fill(opinion)
    form.get_by_role("button").click()
