"""村务公示栏: the villages concerned put a notice up on their boards for the scheme's calendar days, with a photo as proof.

Basis: `publicity.village_board_days` and `keep_photo` of the scheme (brief 2.3, P17). The day of posting is not counted.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import BUREAU, TOWNSHIP, VILLAGE, Role
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from documents.files import accept_upload
from workflows.claims import Claim, ClaimLine
from workflows.hearings import BoardPosting
from workflows.reviews import Notice, NoticeEntry
from workflows.states import LineStatus

VENUE = "village_board"
HIDDEN = no("posting_not_visible", "您当前的岗位无权查看该公示栏记录，或记录不存在。")


def owe_postings(notice: Notice, claims: Collection[Claim]) -> list[BoardPosting]:
    """Name the villages that must put the notice up: those that answer for a live line, or for a title's employer."""
    asked = [claim for claim in claims if _asks_for_boards(claim)]
    if not asked:
        return []
    days = max(claim.scheme.parsed().publicity.village_board_days for claim in asked)  # type: ignore[union-attr]
    live = ClaimLine.objects.filter(claim__in=asked, status=LineStatus.LIVE).order_by()
    villages = set(live.filter(verify_area__kind=Area.Kind.VILLAGE).values_list("verify_area", flat=True))
    for claim in asked:
        if claim.employer and claim.employer.area and claim.employer.area.kind == Area.Kind.VILLAGE:
            villages.add(claim.employer.area.pk)
    return BoardPosting.objects.bulk_create(
        BoardPosting(notice=notice, area_id=pk, days=days) for pk in sorted(villages)
    )


def _asks_for_boards(claim: Claim) -> bool:
    terms = claim.scheme.parsed().publicity if claim.scheme else None
    return terms is not None and terms.keep_photo and VENUE in terms.venues


def postings_for(by: Actor) -> QuerySet[BoardPosting]:
    """The postings the post may see: its own village's, its township's, or all; the newest notice first."""
    postings = BoardPosting.objects.select_related("area", "notice", "photo", "posted_by", "waived_by")
    postings = postings.defer("notice__paper").order_by("-notice_id", "area__path")
    if by.role in VILLAGE:
        return postings.filter(area=by.area)
    if by.role in TOWNSHIP and by.area:
        return postings.filter(area__path__startswith=by.area.path + "/")
    if by.role in BUREAU | {Role.AUDITOR}:
        return postings
    return postings.none()


def owed_count(by: Actor) -> int:
    """How many postings the village still owes; one query, none for other posts."""
    if by.role not in VILLAGE:
        return 0
    return postings_for(by).filter(posted_on=None, waived_at=None).filter(_standing()).count()


def _standing() -> Exists:
    """A notice on which some claim still rests."""
    return Exists(NoticeEntry.objects.filter(notice=OuterRef("notice"), claim__state__in=ON_ROAD))


ON_ROAD = ("publicity", "leader", "payable", "awarded")


def can_post(by: Actor, posting: BoardPosting) -> Verdict:
    """The village itself records its board, once; clerk or head."""
    if by.role not in VILLAGE or by.post.area_id != posting.area_id:
        return no("posting_not_yours", _("公示栏张贴由该村（社区）经办人或负责人记录。"))
    if posting.posted_on is not None:
        return no("posting_recorded", _("本村的张贴情况已经记录，不能重复记录。如照片有误，请联系劳动保障科。"))
    return YES


def record_posting(*, posting_id: int, by: Actor, posted_on: date, data: bytes, name: str) -> BoardPosting:
    """Record that the sheet hangs, from which day, with a photo of it. The photo is drawn anew: no place, no device.

    Refuses `posting_not_yours`, `posting_recorded`, `posting_day`, and what `accept_upload` refuses.
    """
    found = postings_for(by).filter(pk=posting_id).first()
    if found is None:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    _require(can_post(by, found))
    if not found.notice.opens_on <= posted_on <= clock.today():
        raise Refusal(
            "posting_day",
            _("张贴日期应在公示发布日（%(day)s）至今天之间，请核对。") % {"day": f"{found.notice.opens_on:%Y-%m-%d}"},
        )
    photo = accept_upload(data=data, name=name, by_id=by.user_id, kinds=("image",))
    with transaction.atomic():
        posting = BoardPosting.objects.select_for_update(of=("self",)).get(pk=posting_id)
        _require(can_post(by, posting))
        posting.posted_on, posting.until = posted_on, posted_on + timedelta(days=posting.days)
        posting.photo, posting.posted_by, posting.recorded_at = photo, by.user, clock.now()
        posting.save(update_fields=["posted_on", "until", "photo", "posted_by", "recorded_at"])
        _note(posting, "board_posted", by, {"on": posted_on.isoformat(), "until": posting.until.isoformat()})
    return posting


def can_waive(by: Actor, posting: BoardPosting) -> Verdict:
    """The section head frees a village from a posting that cannot be made, with a reason on record."""
    if by.role != Role.SECTION_HEAD:
        return no("waive_not_yours", _("免予张贴由劳动保障科负责人决定。"))
    if not posting.is_owed:
        return no("posting_recorded", _("该村的张贴情况已经记录，无须再免。"))
    return YES


def waive_posting(*, posting_id: int, by: Actor, reason: str) -> BoardPosting:
    """Free a village from its posting. Refuses `waive_not_yours`, `posting_recorded`, `reason_missing`."""
    with transaction.atomic():
        posting = BoardPosting.objects.select_for_update(of=("self",)).filter(pk=posting_id).first()
        if posting is None:
            raise Refusal("posting_unknown", _("找不到该公示栏记录，请刷新页面。"))
        _require(can_waive(by, posting))
        if not reason.strip():
            raise Refusal("reason_missing", _("请写明免予张贴的原因。"))
        posting.waived_by, posting.waived_at, posting.waived_why = by.user, clock.now(), reason.strip()[:300]
        posting.save(update_fields=["waived_by", "waived_at", "waived_why"])
        _note(posting, "board_waived", by, {"reason": posting.waived_why})
    return posting


def _note(posting: BoardPosting, verb: str, by: Actor, data: dict[str, object]) -> None:
    """On the notice's own chain, under the notice's lock: several villages record at the same moment."""
    Notice.objects.select_for_update(of=("self",)).only("pk").get(pk=posting.notice_id)
    record(f"notice:{posting.notice_id}", verb, by=by, data={"posting": posting.pk, **data})


def _require(verdict: Verdict) -> None:
    if verdict.code == "posting_recorded":
        raise WrongState(verdict.code, verdict.reason)
    verdict.require()
