"""Recovery: cases opened, decided, planned, paid back, set off and written off; and the insurance list."""

from datetime import timedelta
from uuid import UUID

from accounts.roles import Role
from payments.models import Outcome, PaymentItem, Recheck, RecoveryCase
from payments.recovery.deciding import Part, decide_case, plan_case
from payments.recovery.lifting import lift_case
from payments.recovery.opening import open_case
from payments.recovery.rechecks import answer, list_due
from payments.recovery.repaying import forgive, receive, set_off
from payments.recovery.rows import CaseState, Ground
from tests.payments.machine.town import Town
from workflows.claims import Claim, ClaimLine
from workflows.states import ClaimState

MOST_CASES = 20
OPINION = "事实清楚，同意。"


def open_one(town: Town) -> None:
    """A case over some paid lines, whole or in part; now and then more than was paid, or nothing paid."""
    if RecoveryCase.objects.count() >= MOST_CASES:
        return
    item = town.pick(PaymentItem.objects.filter(outcome=Outcome.SETTLED).order_by("pk"))
    claim = item.claim if item is not None else town.pick(Claim.objects.order_by("pk"))
    lines = town.some(list(ClaimLine.objects.filter(claim=claim, payment_items__outcome=Outcome.SETTLED).distinct()))
    if not lines and town.maybe(0.8):
        return
    amounts: dict[UUID, int] = {
        line.pk: town.chance.choice(
            [line.amount_fen, line.amount_fen // 2, 1, line.amount_fen + 1][: 3 + town.maybe(0.1)]
        )
        for line in lines
    }
    town.attempt(
        "open case",
        open_case,
        claim_id=claim.pk,
        amounts=amounts,
        ground=town.chance.choice(Ground.values),
        facts="社保系统显示该员工参保两个月后停保。",
        article="本区默认口径 A9",
        by=town.officer(Role.BUREAU_HANDLER),
    )


def _case(town: Town, state: str) -> RecoveryCase | None:
    found = RecoveryCase.objects.order_by("pk")
    return town.pick(found.filter(state=state) if town.maybe(0.92) else found)


def _parts(town: Town, owed: int) -> list[Part]:
    first = owed // 2
    parts = [Part(town.day + timedelta(days=7), first), Part(town.day + timedelta(days=40), owed - first)]
    return parts if owed > 1 and town.maybe(0.9) else parts[::-1]


def decide(town: Town) -> None:
    """The recovery is ordered, all at once or in instalments, or rejected."""
    if (case := _case(town, CaseState.PROPOSED)) is None:
        return
    by, order = town.officer(Role.SECTION_HEAD, Role.BUREAU_LEADER), town.maybe(0.8)
    parts = _parts(town, case.amount_fen) if town.maybe(0.3) else []
    more = {"days": town.chance.choice([15, 15, 5, 99]), "parts": parts}
    town.attempt("decide case", decide_case, case_id=case.pk, order=order, opinion=OPINION, by=by, **more)


def settle(town: Town) -> None:
    """Money comes back, a later payment is kept back, a part is given up, or a new plan is granted."""
    if (case := _case(town, CaseState.OWED)) is None:
        return
    deed = town.chance.choice(["receive", "receive", "receive", "set off", "set off", "forgive", "plan", "lift"])
    fen = town.chance.choice([case.owed_fen, case.owed_fen // 2, 1, case.owed_fen + 1])
    if deed == "receive":
        on, by = town.day - timedelta(days=town.maybe(0.2)), town.officer(Role.FINANCE_MAKER)
        town.attempt(deed, receive, case_id=case.pk, amount_fen=fen, on=on, reference=town.number("入"), by=by)
    elif deed == "set off":
        _set_off(town, case)
    elif deed == "forgive":
        by = town.officer(Role.FINANCE_APPROVER)
        town.attempt(deed, forgive, case_id=case.pk, amount_fen=fen, by=by, reason="企业已注销")
    elif deed == "lift":
        by = town.officer(Role.BUREAU_LEADER)
        town.attempt(deed, lift_case, case_id=case.pk, reason=town.chance.choice(["复核后撤销", " "]), by=by)
    else:
        by, parts = town.officer(Role.BUREAU_LEADER), _parts(town, case.owed_fen)
        town.attempt(deed, plan_case, case_id=case.pk, parts=parts, opinion=OPINION, by=by)


def _set_off(town: Town, case: RecoveryCase) -> None:
    claims = Claim.objects.filter(state=ClaimState.PAYABLE).exclude(pk=case.claim_id)
    same = {"claimant_org": case.claim.claimant_org_id, "claimant_user": case.claim.claimant_user_id}
    against = town.pick((claims.filter(**same) if town.maybe(0.95) else Claim.objects.all()).order_by("-pk"))
    if against is None:
        return
    lines = list(ClaimLine.objects.filter(claim=against, status="live").order_by("seq").values_list("pk", flat=True))
    chosen = lines[: town.chance.randint(1, 2)]
    by = town.officer(Role.BUREAU_LEADER)
    town.attempt("set off", set_off, case_id=case.pk, against_id=against.pk, line_ids=chosen, by=by, reason="同意抵扣")


def insured(town: Town) -> None:
    """The list of three months after payment, and what the records say."""
    if town.maybe(0.3):
        town.attempt("list rechecks", list_due)
    elif row := town.pick(Recheck.objects.order_by("pk")):
        on = town.day - timedelta(days=30) if town.maybe(0.5) else None
        outcome = "stopped" if on else "insured"
        by = town.officer(Role.BUREAU_HANDLER)
        town.attempt("recheck", answer, recheck_ids=[row.pk], outcome=outcome, by=by, stopped_on=on)
