"""Bank answers for the tests: csv of the generic bank, sent batches of any size, and what an import left."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import Organisation
from core import clock
from core.money import yuan
from core.privacy import index_of
from core.timeline import SYSTEM
from funds.ledger import make_payable, reserve
from funds.models import FundSource
from payments.account_changes import confirm_account, propose_account
from payments.bank_results import Imported, import_result
from payments.batches import check_batch, draft_batch, release_batch
from payments.models import AccountChange, Batch, Outcome, Transfer
from registry.models import BankAccount, Worker
from tests.payments import made
from tests.payments.made import Office
from workflows.claims import Claim, ClaimLine
from workflows.payees import shares_of
from workflows.reviews import AssessmentRecord, NoticeEntry
from workflows.states import ClaimState, Kind, LineStatus

PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAYS = {Outcome.SETTLED: "支付成功", Outcome.RETURNED: "失败", Outcome.UNKNOWN: "处理中"}
Said = tuple[str, int, str, str]  # reference, fen, outcome, reason


def answer(rows: Iterable[Said], *, total: tuple[int, int] | None = None) -> bytes:
    """The csv a bank sends back; `total` is the count and the fen it states at the end."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["业务编号", "金额（元）", "处理结果", "失败原因"])
    for reference, fen, outcome, reason in rows:
        sheet.writerow([reference, yuan(fen), SAYS.get(outcome, outcome), reason])
    if total is not None:
        sheet.writerow([f"合计{total[0]}笔", yuan(total[1]), "", ""])
    return out.getvalue().encode("utf-8-sig")


def said(batch: Batch, *outcomes: str, reason: str = "户名不符") -> list[Said]:
    """What a bank says of the batch's transfers in order; settled for those without an outcome."""
    found = Transfer.objects.filter(batch=batch).order_by("seq")
    padded = [*outcomes, *[Outcome.SETTLED] * (len(found) - len(outcomes))]
    return [
        (one.reference, one.amount_fen, outcome, reason if outcome == Outcome.RETURNED else "")
        for one, outcome in zip(found, padded, strict=True)
        if outcome
    ]


def imported(office: Office, batch: Batch, rows: Iterable[Said] | bytes, name: str = "回单.csv") -> Imported:
    """The maker imports these rows."""
    data = rows if isinstance(rows, bytes) else answer(rows)
    return import_result(batch_id=batch.pk, data=data, name=name, by=office.maker)


def outcomes(batch: Batch) -> list[str]:
    return list(Transfer.objects.filter(batch=batch).order_by("seq").values_list("outcome", flat=True))


def sent_of(office: Office, source: FundSource, claims: Sequence[Claim]) -> Batch:
    """These claims in a batch that went to the bank."""
    batch = made.opened(office, source)
    draft_batch(batch_id=batch.pk, claim_ids=[claim.pk for claim in claims], by=office.maker)
    check_batch(batch_id=batch.pk, by=office.checker)
    release_batch(batch_id=batch.pk, by=office.approver)
    return made.send(office, batch)


def mended(office: Office, transfer: Transfer, number: str = "35001658107052501234") -> AccountChange:
    """A returned transfer's account corrected by the maker and confirmed by the checker."""
    change = propose_account(
        transfer_id=transfer.pk,
        bank="中国农业银行泉州台商投资区支行",
        number=number,
        evidence=(PROOF, "开户许可证.pdf"),
        reason="原账户已销户",
        by=office.maker,
    )
    return confirm_account(change_id=change.pk, by=office.checker)


def many_payable(source: FundSource, count: int, heads: int = 1) -> list[Claim]:
    """Many payable claims of so many lines each, each of an agency of its own, in few queries."""
    first = made.payable(source, heads=heads)
    like = {name: getattr(first, name) for name in ("kind", "created_by", "created_post", "scheme", "filed_on", "fund")}
    now = clock.now()
    agencies = Organisation.objects.bulk_create(
        Organisation(kind=Organisation.Kind.AGENCY, name=f"众{n}人力资源有限公司", uscc=f"9135{first.pk:06d}{n:08d}")
        for n in range(count - 1)
    )
    accounts = BankAccount.objects.bulk_create(
        BankAccount(
            organisation=agency,
            holder=agency.name,
            bank="中国建设银行泉州台商投资区支行",
            number=f"350016581070{n:08d}",
            number_index=index_of("account", f"350016581070{n:08d}"),
            created_at=now,
        )
        for n, agency in enumerate(agencies)
    )
    claims = Claim.objects.bulk_create(
        Claim(
            **like,
            claimant_org=agency,
            account=account,
            state=ClaimState.PAYABLE,
            number=f"YG-2025-105-{first.pk:03d}{n:05d}"[:24],
            created_at=now,
            saved_at=now,
            approved_at=now,
        )
        for n, (agency, account) in enumerate(zip(agencies, accounts, strict=True))
    )
    rate = made.RATE[Kind.AGENCY]
    fen = rate * heads
    people = Worker.objects.bulk_create(
        Worker(name=f"工人{n}", id_type="resident_id", id_number="", id_index=index_of("id", f"many:{first.pk}:{n}"))
        for n in range((count - 1) * heads)
    )
    lines = ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=claims[n // heads],
            seq=n % heads + 1,
            status=LineStatus.LIVE,
            worker=person,
            person_index=person.id_index,
            slot="referral:qtz-2023-3",
            employer_name="福建闽台精密机械股份有限公司",
            outcome="pay",
            amount_fen=rate,
        )
        for n, person in enumerate(people)
    )
    AssessmentRecord.objects.bulk_create(
        AssessmentRecord(claim=claim, stage="approved", result={"total_fen": fen}, total_fen=fen, at=now)
        for claim in claims
    )
    notice = NoticeEntry.objects.get(claim=first).notice
    NoticeEntry.objects.bulk_create(
        NoticeEntry(notice=notice, claim=claim, headcount=heads, amount_fen=fen) for claim in claims
    )
    shares = [share for n, claim in enumerate(claims) for share in shares_of(claim, lines[n * heads : (n + 1) * heads])]
    with transaction.atomic():
        reserve(fund_id=source.pk, shares=shares, by=SYSTEM)
        make_payable(fund_id=source.pk, shares=shares, by=SYSTEM)
    source.refresh_from_db()
    return [first, *claims]
