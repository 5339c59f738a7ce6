"""催办, 抄送 and 已阅, 收藏, and the mark that one has seen a claim: what draws officers' attention."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import User
from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from workflows import access, around, colleagues
from workflows.attention import Copy, Deed, DeedVerb, Favourite, Sight
from workflows.claims import Claim
from workflows.deeds import note_deed
from workflows.locking import Case, claim_locked

MOST_COPIES = 20


def urge(*, review_id: int, by: Actor, note: str = "") -> Deed:
    """Urge whoever owes a review; once a working day a review, whoever urges.

    Refuses `urge_not_yours`, `urge_own`, `review_suspended`, `urged_today`, and who may not see the claim.
    """
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        access.can_view(by, case.claim).require()
        around.can_urge(by, review).require()
        day = WorkingDays.load().next_working(clock.today())
        if Deed.objects.filter(review=review, verb=DeedVerb.URGE, day=day).exists():
            raise WrongState("urged_today", _("该事项今日已催办过。每个工作日只能催办一次。"))
        return note_deed(
            DeedVerb.URGE, claim=case.claim, review=review, by=by, to=review.assignee, note=note.strip()[:500], day=day
        )


def copy_to(*, claim_id: int, post_ids: Sequence[int], by: Actor, note: str = "") -> list[Copy]:
    """Bring a claim to the notice of officers who may see it; a copy that is still unread is not sent again.

    Refuses `copy_not_yours`, `claim_not_visible`, `colleague_unfit`, `too_many_copies`.
    """
    around.can_copy(by).require()
    with transaction.atomic():
        claim = claim_locked(claim_id)
        access.can_view(by, claim).require()
        if len(post_ids) > MOST_COPIES:
            raise Refusal("too_many_copies", _("一次最多抄送%(n)d人。") % {"n": MOST_COPIES})
        among = colleagues.witnesses(claim, but=by, reviewers_only=False)
        posts = colleagues.chosen(list(post_ids), among=among)
        unread = set(Copy.objects.filter(claim=claim, read_at=None).values_list("post", flat=True))
        made = []
        for post in (post for post in posts if post.pk not in unread):
            if not access.can_view(Actor(post.user, post), claim):
                raise Refusal("colleague_unfit", _("所选人员无权查看该申报，请另选人员。"))
            said = {"note": note.strip()[:300], "at": clock.now()}
            made.append(Copy.objects.create(claim=claim, to=post.user, post=post, by=by.user, by_post=by.post, **said))
            note_deed(DeedVerb.COPY, claim=claim, by=by, to=post.user, note=note.strip()[:300])
    return made


def mark_read(*, copy_id: int, by: Actor) -> Copy:
    """已阅: the copy has been read, in the post it was sent to. Refuses `copy_not_to_you`."""
    with transaction.atomic():
        claim_id = Copy.objects.filter(pk=copy_id, post=by.post_id).values_list("claim", flat=True).first()
        if claim_id is None:
            raise NotAllowed("copy_not_to_you", _("该抄送不是发给您当前岗位的。"))
        claim = claim_locked(claim_id)
        copy = Copy.objects.get(pk=copy_id)
        if copy.read_at is None:
            copy.read_at = clock.now()
            copy.save(update_fields=["read_at"])
            record(claim.chain, "read_copy", by=by, data={"copy": copy.pk})
    return copy


def favour(*, claim_id: int, by: Actor, keep: bool = True) -> Claim:
    """Keep a claim at hand, or no longer; doing it twice changes nothing. Refuses `claim_not_visible`."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user_id)
        claim = access.visible_to(by).filter(pk=claim_id).first()
        if claim is None:
            raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
        mine = Favourite.objects.filter(user=by.user_id, claim=claim)
        if keep == mine.exists():
            return claim
        if keep:
            Favourite.objects.create(user=by.user, claim=claim, at=clock.now())
        else:
            mine.delete()
        record(f"user:{by.user_id}", "favour" if keep else "unfavour", by=by, data={"claim": claim.pk})
    return claim


def mark_seen(*, claim_id: int, by: Actor) -> Claim:
    """Everything of the claim up to now is known to the officer. Refuses `claim_not_visible`."""
    claim = access.visible_to(by).filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    Sight.objects.update_or_create(user=by.user, claim=claim, defaults={"at": clock.now()})
    return claim
