"""Questions about publicity notices, for the desk."""

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.verdict import YES, Verdict, no
from documents.models import PaperMark
from workflows import access
from workflows.reviews import Notice, NoticeEntry
from workflows.states import ClaimState


def notices_for(by: Actor) -> QuerySet[Notice]:
    """Notices with entries the actor may see, the latest first; each with `claims_count`, `heads`, `total_fen`.

    `waiting` holds the entries whose claims still stand at publicity.
    """
    mine = access.visible_to(by)
    waiting = NoticeEntry.objects.filter(claim__state=ClaimState.PUBLICITY, claim__in=mine).select_related(
        "claim__claimant_org", "claim__claimant_user"
    )
    replaced = PaperMark.objects.select_related("paper").defer("paper__content")
    return (
        Notice.objects.filter(entries__claim__in=mine)
        .annotate(claims_count=Count("entries"), heads=Sum("entries__headcount"), total_fen=Sum("entries__amount_fen"))
        .select_related("paper__mark", "paper__bytes", "paper__job", "opened_by")
        .defer("paper__content")
        .prefetch_related(Prefetch("entries", waiting, to_attr="waiting"), Prefetch("paper__replaces", replaced))
        .order_by("-pk")
    )


def can_publish(by: Actor) -> Verdict:
    """Whether the post publishes claims and ends publicity."""
    if by.role == Role.BUREAU_HANDLER:
        return YES
    return no("publish_not_yours", _("公示由劳动保障科经办人发布。"))
