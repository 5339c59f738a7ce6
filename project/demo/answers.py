"""The bank's answer to a November batch: one paid, two returned, one row in doubt; an account waits to be confirmed."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from core.jobs import run_waiting
from core.money import yuan
from funds.models import FundSource
from payments.account_changes import propose_account
from payments.bank_results import import_result
from payments.batches import check_batch, draft_batch, open_batch, release_batch, send_batch
from payments.models import Batch, Transfer
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import steps
from workflows.states import ClaimState, Kind

FORMAT = "bank-xlsx"
PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAID = {"person": ("支付成功", ""), "person2": ("失败", "账户已销户"), "person3": ("失败", "账号户名不符")}


def returned_money(cast: Cast, fund: FundSource) -> Iterator[date]:
    """Three people's claims in one batch, of which the bank pays one and gives two back."""
    claims = []
    for turn, name in enumerate(SAID):
        yield date(2025, 10, 27)
        claim = filed(cast, Kind.INDIVIDUAL, 2, seed=1200 + 10 * turn, by=cast[name], hired=date(2025, 6, 3))
        yield from steps(cast, claim, ClaimState.PAYABLE, fund=fund, on=date(2025, 10, 28))
        claims.append(claim.pk)
    yield date(2025, 11, 18)
    batch = open_batch(fund_id=fund.pk, channel="private", by=cast["bureau"], note="11月个人引进奖补")
    draft_batch(batch_id=batch.pk, claim_ids=claims, by=cast["maker"])
    check_batch(batch_id=batch.pk, by=cast["checker"], opinion="收款信息与审批表一致。")
    yield date(2025, 11, 19)
    release_batch(batch_id=batch.pk, by=cast["approver"], opinion="同意拨付。")
    run_waiting()
    send_batch(batch_id=batch.pk, by=cast["maker"], format_code=FORMAT)
    yield date(2025, 11, 20)
    import_result(batch_id=batch.pk, data=_answer(batch, cast), name="建行回单20251120.csv", by=cast["maker"])
    yield date(2025, 11, 21)
    transfer = Transfer.objects.get(batch=batch, reason_code="account_closed")
    propose_account(
        transfer_id=transfer.pk,
        bank="中国农业银行泉州台商投资区支行",
        number="6228480010012345678",
        evidence=(PROOF, "新社会保障卡.pdf"),
        reason="原卡已注销，改用社会保障卡",
        by=cast["maker"],
    )


def _answer(batch: Batch, cast: Cast) -> bytes:
    """The csv of the bank; its last row is another bank customer's."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["业务编号", "金额（元）", "处理结果", "失败原因"])
    said = {cast[name].user_id: words for name, words in SAID.items()}
    for transfer in Transfer.objects.filter(batch=batch).select_related("account").order_by("seq"):
        sheet.writerow([transfer.reference, yuan(transfer.amount_fen), *said[transfer.account.user_id or 0]])
    sheet.writerow(["DG20251120-0088", yuan(86_00), "支付成功", ""])
    return out.getvalue().encode("utf-8-sig")
