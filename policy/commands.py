"""Loading a scheme version as a draft and publishing it: two different people, and then it never changes."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from policy.loading import read_scheme
from policy.models import SchemeVersion

MAKERS = (Role.SECTION_HEAD, Role.BUREAU_LEADER)


def can_load(by: Actor) -> Verdict:
    """Whether the post may load a scheme version."""
    return YES if by.role in MAKERS else no("policy_not_yours", _("政策版本由劳动保障科负责人载入、分管局领导发布。"))


def can_publish(by: Actor, scheme: SchemeVersion) -> Verdict:
    """Whether the actor may publish this draft: another person than who loaded it."""
    if not (verdict := can_load(by)):
        return verdict
    if scheme.status == SchemeVersion.Status.PUBLISHED:
        return no("scheme_published", _("该版本已经发布，不能修改；如需调整，请载入新版本。"))
    if scheme.drafted_by_id == by.user_id:
        return no("publisher_is_drafter", _("政策版本须由载入人以外的另一人核对后发布。"))
    return YES


def load_scheme(*, data: bytes, by: Actor) -> SchemeVersion:
    """Load a scheme file as a draft; refuses `policy_not_yours`, `scheme_unreadable`, `scheme_version_taken`."""
    can_load(by).require()
    content, terms, digest = read_scheme(data)
    try:
        with transaction.atomic():
            scheme = SchemeVersion.objects.create(
                code=terms.code,
                version=terms.version,
                doc_no=terms.doc_no,
                title=terms.title,
                valid_from=terms.valid_from,
                valid_to=terms.valid_to,
                terms=content,
                sha256=digest,
                drafted_by=by.user,
                drafted_at=clock.now(),
            )
            record(f"scheme:{scheme.pk}", "load", by=by, data={"label": scheme.label, "sha256": digest})
    except IntegrityError as error:
        raise WrongState(
            "scheme_version_taken",
            _("%(label)s 已载入过；请在文件中把版本号加一后再载入。") % {"label": f"{terms.code}/{terms.version}"},
        ) from error
    return scheme


def publish_scheme(*, scheme_id: int, by: Actor) -> SchemeVersion:
    """Publish a draft; from then on the database refuses any change to it."""
    with transaction.atomic():
        scheme = SchemeVersion.objects.select_for_update().filter(pk=scheme_id).first()
        if scheme is None:
            raise Refusal("scheme_unknown", _("找不到该政策版本。"))
        verdict = can_publish(by, scheme)
        if verdict.code == "scheme_published":
            raise WrongState(verdict.code, verdict.reason)
        if not verdict:
            raise NotAllowed(verdict.code, verdict.reason)
        scheme.status = SchemeVersion.Status.PUBLISHED
        scheme.published_by, scheme.published_at = by.user, clock.now()
        scheme.save(update_fields=["status", "published_by", "published_at"])
        record(f"scheme:{scheme.pk}", "publish", by=by, data={"label": scheme.label})
    return scheme
