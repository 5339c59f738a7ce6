"""What finance does: batches from the opening to the sending, the bank's answers in every shape, accounts, other funds."""

from accounts.roles import Role
from core.jobs import run_waiting
from funds.commands import reduce_fund, supplement_fund
from payments import batches
from payments.account_changes import confirm_account, propose_account, reject_account
from payments.answers import ResultRow, RowVerdict
from payments.bank_results import import_result
from payments.files import ask_file, download
from payments.fitting import formats_for
from payments.models import SENT_STATES, AccountChange, Batch, BatchState, Outcome, ReturnReason, Transfer
from payments.moving import move_claims
from payments.parked import settle_row
from payments.paying_again import reissue
from payments.queries import payable_lines
from payments.reissue import returned_transfers_open
from payments.results import mark_items
from tests.payments.answered import PROOF, Said, answer
from tests.payments.machine.town import Town
from workflows.claims import Claim, ClaimLine
from workflows.states import ClaimState

REASON = "收款人来函更正"
MOST_BATCHES = 25
NUMBERS = ["35001658107052501234", "35001658107052505678", "35001658107052509999"]
CARDS = ["6228480010012345678", "6217001820000050000", "6217001820000050018"]


def open_one(town: Town) -> None:
    """An empty batch on one of the funds."""
    if Batch.objects.count() >= MOST_BATCHES:
        return
    town.attempt(
        "open batch",
        batches.open_batch,
        fund_id=town.chance.choice([*town.world.funds[:1] * 4, *town.world.funds]).pk,
        channel=town.chance.choice(["public", "public", "private", "private", "cash"]),
        by=town.officer(Role.BUREAU_HANDLER),
        note=town.chance.choice(["", "第一批", "第二批"]),
    )


def draft(town: Town) -> None:
    """Lines or whole claims into a batch; some that do not fit it."""
    batch = _batch(town, BatchState.OPENED)
    if batch is None:
        return
    fitting = list(payable_lines(fund_id=batch.fund_id, channel=batch.channel).values_list("pk", "claim_id"))
    lines = [pk for pk, _claim in fitting]
    claims = sorted({claim for _pk, claim in fitting})
    if town.maybe(0.1):
        lines = list(ClaimLine.objects.values_list("pk", flat=True))
        claims = list(Claim.objects.filter(state=ClaimState.PAYABLE).values_list("pk", flat=True))
    chosen = {"line_ids": town.some(lines)} if town.maybe(0.5) else {"claim_ids": town.some(claims)}
    by = town.officer(Role.FINANCE_MAKER)
    town.attempt("draft batch", batches.draft_batch, batch_id=batch.pk, by=by, **chosen)


def _batch(town: Town, *states: str) -> Batch | None:
    found = Batch.objects.order_by("pk")
    return town.pick(found.filter(state__in=states) if town.maybe(0.95) else found)


def onward(town: Town) -> None:
    """A batch goes its next step: checked, released, sent."""
    batch = _batch(town, BatchState.DRAFTED, BatchState.CHECKED, BatchState.SEALED)
    if batch is None:
        return
    deed = {BatchState.DRAFTED: "check", BatchState.CHECKED: "release", BatchState.SEALED: "send"}.get(
        BatchState(batch.state), town.chance.choice(["check", "release", "send"])
    )
    if deed == "check":
        town.attempt("check", batches.check_batch, batch_id=batch.pk, by=town.officer(Role.FINANCE_CHECKER))
    elif deed == "release":
        by = town.officer(Role.FINANCE_APPROVER)
        if town.attempt("release", batches.release_batch, batch_id=batch.pk, by=by) and town.maybe(0.8):
            town.attempt("jobs", run_waiting)
    else:
        code = batch.format_code if town.maybe(0.9) else "bank-txt"
        by = town.officer(Role.FINANCE_MAKER)
        town.attempt("send", batches.send_batch, batch_id=batch.pk, by=by, format_code=code)


def back(town: Town) -> None:
    """A batch is returned, cancelled, made for another format, or its file asked for and fetched."""
    deed = town.chance.choice(["return", "cancel", "format", "file", "download"])
    if deed in ("return", "cancel"):
        states = [BatchState.DRAFTED, BatchState.CHECKED] + [BatchState.SEALED] * (deed == "cancel")
        batch, command = _batch(town, *states), getattr(batches, f"{deed}_batch")
        if batch is not None:
            sealed = batch.state in (BatchState.SEALED, BatchState.CHECKED)
            by = town.officer(
                Role.FINANCE_APPROVER if sealed else Role.FINANCE_CHECKER if deed == "return" else Role.FINANCE_MAKER
            )
            town.attempt(f"{deed} batch", command, batch_id=batch.pk, by=by, reason=REASON if town.maybe(0.9) else " ")
        return
    batch = _batch(town, BatchState.DRAFTED) if deed == "format" else _batch(town, BatchState.SEALED, *SENT_STATES)
    if batch is None:
        return
    code = town.chance.choice([form.code for form in formats_for(batch)] or [batch.format_code])
    command = {"format": batches.choose_format, "file": ask_file, "download": download}[deed]
    by = town.officer(Role.FINANCE_MAKER)
    town.attempt(f"{deed} batch", command, batch_id=batch.pk, by=by, format_code=code)


def answered(town: Town) -> None:
    """The bank answers: in part, twice, against itself, with a wrong amount, item or total; or nonsense."""
    batch = _batch(town, *SENT_STATES)
    if batch is None:
        return
    sent = town.memory.setdefault("files", {})
    if town.maybe(0.15) and sent:
        data = sent[town.chance.choice(sorted(sent))]
    elif town.maybe(0.05):
        data = town.chance.choice([b"", b"\xff\xfe\x00", "没有标题\n1,2,3".encode()])
    else:
        data = sent[len(sent)] = _file(town, batch)
    by = town.officer(Role.FINANCE_MAKER, Role.FINANCE_CHECKER)
    town.attempt("import", import_result, batch_id=batch.pk, data=data, name="回单.csv", by=by)


def _file(town: Town, batch: Batch) -> bytes:
    rows: list[Said] = []
    for one in town.some(list(Transfer.objects.filter(batch=batch).order_by("seq"))):
        outcome = town.chance.choice([Outcome.SETTLED] * 5 + [Outcome.RETURNED] * 2 + [Outcome.UNKNOWN])
        reason = town.chance.choice(["户名不符", "账户已销户", "账号错误", "冻结", "不明"])
        rows.append((one.reference, one.amount_fen + town.maybe(0.06), outcome, reason * (outcome == "returned")))
        if town.maybe(0.05):
            rows.append((one.reference, one.amount_fen, town.chance.choice(["settled", "returned"]), ""))
    if town.maybe(0.1) or not rows:
        strange = town.pick(Transfer.objects.order_by("pk"))
        rows.append((strange.reference if strange else "BF-2025-999-0001", 1_00, Outcome.SETTLED, ""))
    total = (len(rows), sum(row[1] for row in rows) + town.maybe(0.1)) if town.maybe(0.3) else None
    return answer(rows, total=total)


def mark(town: Town) -> None:
    """An answer by hand, of some transfers or all that wait; or a parked row is settled."""
    if town.maybe(0.5) and (row := town.pick(ResultRow.objects.filter(verdict=RowVerdict.PARKED).order_by("-pk"))):
        by, kind = (
            town.officer(Role.FINANCE_CHECKER, Role.FINANCE_APPROVER),
            town.chance.choice(["set_aside", "booked"]),
        )
        town.attempt("settle row", settle_row, row_id=row.pk, kind=kind, reason="经银行核实", by=by)
        return
    if (batch := _batch(town, *SENT_STATES)) is None:
        return
    found = list(Transfer.objects.filter(batch=batch).values_list("pk", flat=True))
    which = {"all_pending": True} if town.maybe(0.3) else {"transfer_ids": town.some(found)}
    outcome = town.chance.choice([Outcome.SETTLED, Outcome.SETTLED, Outcome.RETURNED])
    code = town.chance.choice(ReturnReason.values) if outcome == Outcome.RETURNED and town.maybe(0.9) else ""
    by = town.officer(Role.FINANCE_MAKER)
    town.attempt("mark", mark_items, batch_id=batch.pk, outcome=outcome, by=by, reason_code=code, **which)


def account(town: Town) -> None:
    """A returned transfer's account is corrected by one officer, confirmed or turned down by another."""
    change = town.pick(AccountChange.objects.filter(state="waiting").order_by("proposed_at"))
    if change is not None and town.maybe(0.7):
        by = town.officer(Role.FINANCE_CHECKER, Role.FINANCE_APPROVER)
        if town.maybe(0.85):
            town.attempt("confirm account", confirm_account, change_id=change.pk, by=by)
        else:
            town.attempt("reject account", reject_account, change_id=change.pk, by=by, opinion="证明不清")
        return
    found = returned_transfers_open() if town.maybe(0.9) else Transfer.objects.order_by("pk")
    transfer = town.pick(found)
    if transfer is None:
        return
    number = town.chance.choice([*(NUMBERS if transfer.account.organisation_id else CARDS), "12"])
    by = town.officer(Role.FINANCE_MAKER, Role.BUREAU_HANDLER)
    town.attempt(
        "propose account",
        propose_account,
        transfer_id=transfer.pk,
        bank="中国农业银行泉州台商投资区支行",
        number=number if town.maybe(0.8) else transfer.account.number,
        evidence=(PROOF, "开户许可证.pdf"),
        reason="原账户已销户",
        by=by,
    )


def pay_again(town: Town) -> None:
    """Returned transfers into an opened batch."""
    transfers = [one.pk for one in returned_transfers_open()]
    batch = _batch(town, BatchState.OPENED)
    if (not transfers and town.maybe(0.9)) or batch is None:
        return
    if town.maybe(0.1):
        transfers = list(Transfer.objects.values_list("pk", flat=True))
    town.attempt(
        "reissue", reissue, transfer_ids=town.some(transfers), batch_id=batch.pk, by=town.officer(Role.FINANCE_MAKER)
    )


def other_fund(town: Town) -> None:
    """Unpaid claims move to another fund; a fund gets more."""
    fund = town.chance.choice(town.world.funds)
    if town.maybe(0.4):
        by, paper = town.officer(Role.FINANCE_MAKER), town.number("泉台财指〔2025〕")
        fen = town.chance.choice([100_00, 1_000_00, 0])
        if town.maybe(0.5):
            town.attempt("supplement", supplement_fund, fund_id=fund.pk, amount_fen=fen, document=paper, by=by)
            return
        fen = town.chance.choice([100_00, 1_000_00, fund.amount_fen, 0])
        about = {"document": paper, "reason": "年中调整"}
        town.attempt("reduce", reduce_fund, fund_id=fund.pk, amount_fen=fen, by=by, **about)
        return
    claims = Claim.objects.filter(state=ClaimState.PAYABLE) if town.maybe(0.95) else Claim.objects.all()
    if claim := town.pick(claims.order_by("pk")):
        by, why = town.officer(Role.FINANCE_MAKER), "原指标不足"
        town.attempt("move", move_claims, claim_ids=[claim.pk], to_fund_id=fund.pk, reason=why, by=by)
