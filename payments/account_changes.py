"""Correcting an account that a bank returned: one officer enters it with evidence, another confirms or turns it down.

Confirmed, it becomes an account of the same owner (holder: the owner's own name, control C08), and every claim that
named the old one and is not at its end is paid to the new one from then on. What was sealed before stays as it is.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.identifiers import bank_account_fault, cnaps_fault
from core.privacy import index_of
from core.timeline import record_each
from documents.files import accept_upload
from payments import result_access
from payments.account_rows import AccountChange
from payments.bank_results import moment
from payments.locking import claims_locked, plain_words
from payments.models import Outcome, Transfer
from registry.commands import add_account
from registry.models import BankAccount
from workflows.claims import Claim
from workflows.states import FINAL


def propose_account(
    *,
    transfer_id: int,
    bank: str,
    number: str,
    evidence: tuple[bytes, str],
    reason: str,
    by: Actor,
    cnaps: str = "",
) -> AccountChange:
    """Enter the account that shall stand in place of a returned transfer's; `evidence` is a file's bytes and name.

    The same number again says that the account was right after all. Refuses `transfer_not_returned`, `account_invalid`,
    `bank_missing`, `cnaps_invalid`, `reason_missing`, `account_change_waiting`, what `accept_upload` refuses, and
    whoever may not.
    """
    account = _returned_account(transfer_id)
    result_access.require_verdict(result_access.can_propose(by, account))
    words = plain_words(reason, code="reason_missing", needed=_("请写明更正原因。"))
    number = "".join(number.split())
    if fault := bank_account_fault(number, personal=account.user_id is not None):
        raise Refusal("account_invalid", fault, fields={"number": fault})
    bank, cnaps = _bank(bank, cnaps)
    require_none_waiting(account)
    data, name = evidence
    with transaction.atomic():
        BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
        require_none_waiting(account)
        file = accept_upload(data=data, name=name, by_id=by.user_id)
        change = AccountChange.objects.create(
            account=account,
            bank=bank,
            cnaps=cnaps,
            number=number,
            number_index=index_of("account", number),
            evidence=file,
            reason=words,
            proposed_by=by.user,
            proposed_by_label=by.label,
            proposed_at=clock.now(),
        )
        _note("account_change_asked", _claims_of(account), change, by)
    return change


def confirm_account(*, change_id: UUID, by: Actor, opinion: str = "") -> AccountChange:
    """The second officer confirms: the account is made, and claims that named the old one name the new one.

    Refuses `account_change_unknown`, `account_change_decided` (names who was first), and whoever may not.
    """
    words = plain_words(opinion, code="opinion")
    with transaction.atomic():
        change = _waiting(change_id, by)
        claims = _claims_of(change.account)
        change.replacement = _account_of(change)
        for claim in claims:
            claim.account = change.replacement
        Claim.objects.bulk_update(claims, ["account"], batch_size=500)
        _decide(change, AccountChange.State.CONFIRMED, by, words)
        _note("account_changed", claims, change, by)
    return change


def reject_account(*, change_id: UUID, by: Actor, opinion: str) -> AccountChange:
    """The second officer turns it down, with the reason; the transfer waits for another one."""
    words = plain_words(opinion, code="reason_missing", needed=_("请写明未通过的原因。"))
    with transaction.atomic():
        change = _waiting(change_id, by)
        _decide(change, AccountChange.State.REJECTED, by, words)
        _note("account_change_rejected", _claims_of(change.account), change, by)
    return change


def require_none_waiting(account: BankAccount) -> None:
    """Refuses `account_change_waiting` while another change of the account waits to be confirmed."""
    waiting = AccountChange.objects.filter(account=account, state=AccountChange.State.WAITING).first()
    if waiting:
        raise WrongState(
            "account_change_waiting",
            _("该账户的更正已由%(who)s于%(when)s录入，正在等待确认。")
            % {"who": waiting.proposed_by_label, "when": moment(waiting.proposed_at)},
        )


def _returned_account(transfer_id: int) -> BankAccount:
    """The account of a returned transfer that was not paid again yet; refuses `transfer_not_returned`."""
    transfer = (
        Transfer.objects.select_related("account__organisation", "account__user")
        .filter(pk=transfer_id, outcome=Outcome.RETURNED)
        .exclude(reissues__outcome__in=[Outcome.PENDING, Outcome.UNKNOWN, Outcome.SETTLED, Outcome.RETURNED])
        .first()
    )
    if transfer is None:
        raise Refusal("transfer_not_returned", _("这一笔不是待重发的退票，请刷新页面。"))
    return transfer.account


def _bank(bank: str, cnaps: str) -> tuple[str, str]:
    bank, cnaps = bank.strip(), "".join(cnaps.split())
    if not bank or len(bank) > 120:
        sentence = _("请填写开户银行全称，120个字以内。")
        raise Refusal("bank_missing", sentence, fields={"bank": sentence})
    if cnaps and (fault := cnaps_fault(cnaps)):
        raise Refusal("cnaps_invalid", fault, fields={"cnaps": fault})
    return bank, cnaps


def _waiting(change_id: UUID, by: Actor) -> AccountChange:
    """The change under its lock, when it waits and the actor may decide it."""
    related = ("account__organisation", "account__user")
    change = AccountChange.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=change_id).first()
    if change is None:
        raise Refusal("account_change_unknown", _("找不到这项账户更正，请刷新页面。"))
    verdict = result_access.can_confirm(by, change.account, change.proposed_by_id)
    result_access.require_verdict(verdict)
    if change.state != AccountChange.State.WAITING:
        raise WrongState(
            "account_change_decided",
            _("这项更正已由%(who)s于%(when)s办理（%(state)s），未作改动。")
            % {
                "who": change.decided_by_label,
                "when": moment(change.decided_at),
                "state": change.get_state_display(),
            },
        )
    return change


def _account_of(change: AccountChange) -> BankAccount:
    """The account that was confirmed: the old one when nothing differs, else a new row of the same owner."""
    old = change.account
    same = (old.number_index, old.bank, old.cnaps) == (change.number_index, change.bank, change.cnaps)
    if same:
        return old
    return add_account(
        holder=old.organisation.name if old.organisation else (old.user.full_name if old.user else ""),
        bank=change.bank,
        number=change.number,
        cnaps=change.cnaps,
        organisation=old.organisation,
        user=old.user,
    )


def _claims_of(account: BankAccount) -> list[Claim]:
    """The claims that name the account and may still be paid, locked in order of id."""
    named = Claim.objects.filter(account=account).exclude(state__in=FINAL).values_list("pk", flat=True)
    locked = claims_locked(list(named))
    return [claim for claim in locked.values() if claim.account_id == account.pk]


def _decide(change: AccountChange, state: AccountChange.State, by: Actor, opinion: str) -> None:
    change.state, change.opinion = state, opinion
    change.decided_by, change.decided_by_label, change.decided_at = by.user, by.label, clock.now()
    change.save()


def _note(verb: str, claims: list[Claim], change: AccountChange, by: Actor) -> None:
    """One event on each claim's chain; it names the change, never an account."""
    record_each(verb, {claim.chain: {"change": str(change.pk)} for claim in claims}, by=by)
