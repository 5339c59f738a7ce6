"""What can be wrong with a payable claim, each by one change of a row."""

from core import clock
from funds.models import FundSource
from registry.models import BankAccount
from tests.payments import made
from workflows.claims import Claim, ClaimLine


def other_fund(claim: Claim) -> None:
    claim.fund = made.fund(allocation_no="泉财指〔2025〕9号")
    claim.save()


def private(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(account=made.account(made.user("某人")))


def no_account(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(account=None)


def renamed(claim: Claim) -> None:
    BankAccount.objects.filter(pk=claim.account_id).update(holder="另一家公司")


def annulled(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(status="annulled")


def worthless(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(amount_fen=0)


def dearer(claim: Claim) -> None:
    ClaimLine.objects.filter(claim=claim).update(amount_fen=2_000_00)


def unpublished(claim: Claim) -> None:
    claim.publicity.all().delete()


def still_public(claim: Claim) -> None:
    notice = claim.publicity.get().notice
    notice.closes_on = clock.today()
    notice.save()


def not_approved(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(state="leader")


def never_promised(claim: Claim) -> None:
    FundSource.objects.filter(pk=claim.fund_id).update(reserved_fen=1, payable_fen=0)
