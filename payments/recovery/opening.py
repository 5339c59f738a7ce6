"""Opening a recovery case on paid lines of one claim: the bureau's handler states facts, reason and basis."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.money import yuan
from core.numbering import take
from payments.locking import claims_locked, plain_words
from payments.models import Outcome, PaymentItem, RecoveryCase, RecoveryLine
from payments.recovery import access
from payments.recovery.booking import note
from payments.recovery.rows import CaseState, Ground

LONGEST_FACTS, LONGEST_ARTICLE = 1000, 200


def recoverable(claim_id: int) -> QuerySet[PaymentItem]:
    """The claim's settled items with `asked_fen`, what cases ask back of them; in order.

    A rejected case asks nothing, one that was lifted only what had come back by then.
    """
    live = PaymentItem.objects.filter(claim=claim_id, outcome=Outcome.SETTLED)
    asked = RecoveryLine.objects.exclude(case__state=CaseState.REJECTED).values("item")
    still = Case(When(case__state=CaseState.LIFTED, then=F("back_fen")), default=F("amount_fen"))
    sums = asked.filter(item=OuterRef("pk")).order_by().annotate(fen=Sum(still)).values("fen")
    return (
        live.annotate(asked_fen=Coalesce(Subquery(sums), 0))
        .annotate(left_fen=F("amount_fen") - F("asked_fen"))
        .select_related("line__worker", "batch__fund")
        .defer("line__details", "line__phone")
        .order_by("line__seq")
    )


def open_case(
    *, claim_id: int, amounts: Mapping[UUID, int], ground: str, facts: str, by: Actor, article: str
) -> RecoveryCase:
    """Open a case over the claim's paid lines (`amounts`: fen by line id); numbered ZH-2025-001 without gaps.

    Refuses `recovery_not_yours`, `recovery_concerns_you`, `claim_unknown`, `nothing_paid`, `nothing_selected`,
    `ground_unknown`, `facts_missing`, `article_missing`, `line_not_paid`, `more_than_paid`, `words_with_number`.
    """
    words = _words(facts, LONGEST_FACTS, "facts_missing", _("请写明应当追回的事实。"))
    basis = _words(article, LONGEST_ARTICLE, "article_missing", _("请写明追回的依据。"))
    if ground not in Ground.values:
        raise Refusal("ground_unknown", _("请选择追回事由。"))
    if not amounts:
        raise Refusal("nothing_selected", _("请先选择需要追回的人员。"))
    with transaction.atomic():
        claim = claims_locked([claim_id]).get(claim_id)
        if claim is None:
            raise Refusal("claim_unknown", _("找不到该申报，请刷新页面。"))
        access.can_open(by, claim).require()
        items = _chosen(claim_id, amounts)
        year = clock.today().year
        case = RecoveryCase.objects.create(
            number=f"ZH-{year}-{take(f'recovery:{year}'):03d}",
            claim=claim,
            ground=ground,
            facts=words,
            article=basis,
            amount_fen=sum(amounts.values()),
            opened_by=by.user,
            opened_post=by.post,
            opened_at=clock.now(),
        )
        RecoveryLine.objects.bulk_create(
            RecoveryLine(case=case, line=item.line, item=item, fund=item.batch.fund, amount_fen=amounts[item.line_id])
            for item in items
        )
        note(case, "open_recovery", by, lines=len(items), amount_fen=case.amount_fen, ground=ground)
    return case


def _chosen(claim_id: int, amounts: Mapping[UUID, int]) -> list[PaymentItem]:
    """The settled items of the chosen lines, each with room for what is asked back of it."""
    items = [item for item in recoverable(claim_id) if item.line_id in amounts]
    if len(items) != len(amounts):
        raise Refusal("line_not_paid", _("所选人员中有的尚未支付成功，不能追回，请刷新页面后重新选择。"))
    for item in items:
        left = item.left_fen  # type: ignore[attr-defined]
        if not 0 < amounts[item.line_id] <= left:
            raise Refusal(
                "more_than_paid",
                _("%(line)s已支付%(paid)s元，其中%(left)s元可以追回，请核对追回金额。")
                % {"line": item.line, "paid": yuan(item.amount_fen), "left": yuan(left)},
            )
    return items


def _words(text: str, longest: int, code: str, needed: str) -> str:
    """Refuses (`code`) an empty or too long text, and numbers of persons in it."""
    if len(text.strip()) > longest:
        raise Refusal(code, _("文字过长，请控制在%(n)d字以内。") % {"n": longest})
    return plain_words(text, code=code, needed=needed, longest=longest)
