"""C07: three months after payment somebody looks whether a referred worker is still insured.

"Paid three months ago and not yet listed" is asked every night, so a night that was missed is made up for. Lent workers
keep their insurance with the lender (A17) and titles have no worker; neither is listed.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import SYSTEM, record_each
from core.verdict import YES, Verdict, no
from payments.access import unconcerned
from payments.locking import claims_locked, plain_words
from payments.models import Outcome, PaymentItem, Recheck
from payments.recovery.access import SEES_CASES
from policy.months import add_months
from workflows.claims import Claim
from workflows.states import Kind

MONTHS = 3
KINDS = (Kind.AGENCY, Kind.INDIVIDUAL)
AT_ONCE = 1000


def list_due() -> int:
    """Put every paid line that is due and not listed on the list; how many. Twice at once lists nothing twice."""
    cutoff = clock.end_of(add_months(clock.today(), -MONTHS))
    due = PaymentItem.objects.filter(outcome=Outcome.SETTLED, claim__kind__in=KINDS, recheck=None)
    found = list(due.filter(answered_at__lt=cutoff).order_by("pk").values_list("pk", "claim_id", "answered_at"))
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        with transaction.atomic():
            claims = claims_locked({claim_id for _pk, claim_id, _at in some})
            new = set(
                PaymentItem.objects.filter(pk__in=[row[0] for row in some], recheck=None).values_list("pk", flat=True)
            )
            rows = [row for row in some if row[0] in new]
            Recheck.objects.bulk_create(
                Recheck(item_id=pk, claim_id=claim_id, paid_on=clock.local_date(at), listed_on=clock.today())
                for pk, claim_id, at in rows
                if at
            )
            counts = {pk: sum(row[1] == pk for row in rows) for pk in {row[1] for row in rows}}
            record_each("list_recheck", {claims[pk].chain: {"lines": n} for pk, n in sorted(counts.items())}, by=SYSTEM)
    return len(found)


def rechecks_for(by: Actor, *, only: str = "") -> QuerySet[Recheck]:
    """The list as the bureau, finance and audit see it, oldest payment first; `only`: open, insured, stopped, all."""
    if by.role not in SEES_CASES:
        return Recheck.objects.none()
    asked = {"insured": Q(outcome="insured"), "stopped": Q(outcome="stopped"), "all": Q()}
    related = ("claim__claimant_org", "claim__claimant_user", "item__line__worker", "checked_by")
    found = Recheck.objects.filter(asked.get(only, Q(outcome=""))).select_related(*related)
    return found.annotate(cases=Count("item__recoveries")).order_by("paid_on", "claim_id", "item__line__seq")


def can_answer(by: Actor) -> Verdict:
    """The bureau's handler looks into the insurance records."""
    if by.role == Role.BUREAU_HANDLER:
        return YES
    return no("recheck_not_yours", _("参保复核由劳动保障科经办人登记。"))


def answer(
    *, recheck_ids: Collection[int], outcome: str, by: Actor, stopped_on: date | None = None, note: str = ""
) -> int:
    """Write down what the insurance records say of some workers on the list; how many. All or nothing, each once.

    Refuses `recheck_not_yours`, `nothing_selected`, `outcome_unknown`, `stopped_on_missing`, `recheck_unknown`,
    `recheck_answered`, `recovery_concerns_you`.
    """
    can_answer(by).require()
    if not recheck_ids:
        raise Refusal("nothing_selected", _("请先选择要登记的人员。"))
    if outcome not in Recheck.Outcome.values:
        raise Refusal("outcome_unknown", _("请选择“仍在参保”或“已停保”。"))
    stopped = outcome == Recheck.Outcome.STOPPED
    if stopped and (stopped_on is None or stopped_on > clock.today()):
        raise Refusal("stopped_on_missing", _("请填写停保日期，不晚于今天。"))
    words = plain_words(note, code="note")
    with transaction.atomic():
        ids = set(recheck_ids)
        claims = claims_locked(set(Recheck.objects.filter(pk__in=ids).values_list("claim", flat=True)))
        rows = list(Recheck.objects.select_for_update().filter(pk__in=ids))
        if len(rows) != len(ids):
            raise Refusal("recheck_unknown", _("所选人员有的已不在清单中，请刷新页面。"))
        if any(row.outcome for row in rows):
            raise WrongState("recheck_answered", _("所选人员有的已登记复核结果，不能重复登记，请刷新页面。"))
        if not unconcerned(by, Claim.objects.filter(pk__in=claims)):
            raise NotAllowed(
                "recovery_concerns_you", _("所选人员的申报与您本人或您所在单位有关，须由他人办理（回避）。")
            )
        Recheck.objects.filter(pk__in=ids).update(
            outcome=outcome,
            stopped_on=stopped_on if stopped else None,
            note=words,
            checked_by=by.user,
            checked_at=clock.now(),
        )
        counts = {pk: sum(row.claim_id == pk for row in rows) for pk in sorted(claims)}
        told = {claims[pk].chain: {"lines": n, "outcome": outcome} for pk, n in counts.items()}
        record_each("answer_recheck", told, by=by)
    return len(rows)
