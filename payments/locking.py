"""One command, one transaction: the batch's row is locked first, then the claims of its lines in order of id.

Commands of the road lock claims only, so the order batch, then claims, can never close a circle.
"""

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.timeline import Signer, record_each
from payments.models import Batch, PaymentItem
from policy.models import SchemeVersion
from registry.models import BankAccount
from workflows.claims import Claim

RELATED = ("fund", "opened_by", "made_by", "checked_by", "released_by", "sent_by")
LONGEST_OPINION = 300
_OF_AN_ITEM = (
    "batch", "claim", "line", "account", "transfer", "amount_fen", "entered_on", "live", "outcome",
    "line__claim", "line__seq", "line__status", "line__amount_fen",
)  # fmt: skip
_NUMBER = re.compile(r"\d{9,}")


def batch_locked(batch_id: int) -> Batch:
    """The batch under its lock and fresh; refuses `batch_unknown`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a batch is locked inside the transaction that changes it")
    batch = Batch.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(pk=batch_id).first()
    if batch is None:
        raise Refusal("batch_unknown", _("找不到该拨付批次，请刷新页面。"))
    return batch


def claims_locked(ids: Collection[int]) -> dict[int, Claim]:
    """The claims under their locks, in order of id, with what payments ask of them."""
    claims = Claim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {
        claim.pk: claim for claim in claims.select_related("account", "claimant_org", "claimant_user", "fund", "scheme")
    }


def live_items(batch: Batch) -> list[PaymentItem]:
    """The batch's live items with claim, account and line, in order; four queries.

    Claims, accounts and schemes are read once each, not once a line: 5,000 lines are half a second.
    """
    found = PaymentItem.objects.filter(batch=batch, live=True).select_related("line").order_by("claim_id", "id")
    items = list(found.only(*_OF_AN_ITEM))
    # By the items in hand, not asked again: without a lock they may be taken out of the batch between the queries.
    claims = Claim.objects.select_related("claimant_org", "claimant_user").filter(
        pk__in={item.claim_id for item in items}
    )
    by_key = {claim.pk: claim for claim in claims}
    needed = {item.account_id for item in items} | {claim.account_id for claim in by_key.values()}
    accounts = {account.pk: account for account in BankAccount.objects.filter(pk__in=needed - {None})}
    schemes = SchemeVersion.objects.defer("terms").in_bulk({claim.scheme_id for claim in by_key.values()} - {None})
    for claim in by_key.values():
        claim.account = accounts.get(claim.account_id)  # type: ignore[arg-type]
        claim.scheme = schemes.get(claim.scheme_id)  # type: ignore[arg-type]
    for item in items:
        item.claim, item.account = by_key[item.claim_id], accounts[item.account_id]
    return items


def note_claims(verb: str, items: Collection[PaymentItem], batch: Batch, by: Signer) -> None:
    """One event on the chain of each claim concerned (locked here), naming the batch; never an account.

    Few queries however many claims.
    """
    sums: dict[int, list[int]] = {}
    for item in items:
        sums.setdefault(item.claim_id, []).append(item.amount_fen)
    locked = Claim.objects.select_for_update().filter(pk__in=sums).order_by("pk").values_list("pk", flat=True)
    told = {pk: {"batch": batch.pk, "number": batch.number, "lines": len(sums[pk])} for pk in locked}
    entries = {Claim(pk=pk).chain: data | {"amount_fen": sum(sums[pk])} for pk, data in told.items()}
    record_each(verb, entries, by=by)


def plain_words(text: str, *, code: str, needed: str = "", longest: int = LONGEST_OPINION) -> str:
    """An opinion or a reason, trimmed. Refuses `code` when it is `needed` (the sentence) and empty, and numbers in it.

    It stands in the record for ever, so nobody's ID number, phone or account may be in it (PIPL Art. 28).
    """
    words = text.strip()[:longest]
    if needed and not words:
        raise Refusal(code, needed)
    if _NUMBER.search(words):
        raise Refusal("words_with_number", _("意见和原因中请勿填写证件号码、手机号码或账号，请改用文字说明。"))
    return words
