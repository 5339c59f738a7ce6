"""Who sees and keeps the labour register. One answer for commands, lists, searches, files and refusal pages."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import BUREAU, TOWNSHIP, VILLAGE, Role
from core.verdict import YES, Verdict, no
from registry.labour.rows import LabourPerson

KEEPERS = VILLAGE | TOWNSHIP | {Role.BUREAU_HANDLER, Role.SECTION_HEAD}  # each within his area
READERS = KEEPERS | BUREAU | {Role.AUDITOR}


def areas_of(by: Actor) -> QuerySet[Area]:
    """The villages whose people the acting post sees; the village's own post has one, none for other roles."""
    villages = Area.objects.filter(kind=Area.Kind.VILLAGE)
    if by.role not in READERS or by.area is None:
        return villages.none()
    if by.area.kind == Area.Kind.ZONE:
        return villages
    return villages.filter(Q(pk=by.area.pk) | Q(path__startswith=by.area.path + "/"))


def can_open(by: Actor) -> Verdict:
    """May the post open the register at all."""
    if by.role in READERS and by.area is not None:
        return YES
    return no("register_not_yours", _("劳动力信息库供村（社区）、乡镇、民生保障局和审计岗位使用，请切换岗位。"))


def can_see_village(by: Actor, village: Area) -> Verdict:
    """May the post see the people of a village; what is not there and what is not his are told alike."""
    if not (verdict := can_open(by)):
        return verdict
    return YES if by.area is not None and by.area.contains(village) else NOT_SEEN


def can_view(by: Actor, person: LabourPerson) -> Verdict:
    """May the post see this person; the same answer as `queries.visible_to`."""
    verdict = can_see_village(by, person.village)
    if verdict and person.removed_at is not None:
        return NOT_SEEN
    return verdict


def can_keep(by: Actor, village: Area) -> Verdict:
    """May the post register, change and import people of a village."""
    return can_see_village(by, village) and can_register(by)


def can_register(by: Actor) -> Verdict:
    """May the post register people at all, in its own villages."""
    if not (verdict := can_open(by)):
        return verdict
    if by.role in KEEPERS:
        return YES
    return no("register_read_only", _("当前岗位只能查看劳动力信息，登记和导入由村（社区）、乡镇和劳动保障科办理。"))


def can_reveal(by: Actor, person: LabourPerson) -> Verdict:
    """May the post read a number or phone in full, for a reason that is recorded: whoever sees the person."""
    return can_view(by, person)


def can_merge(by: Actor, kept: LabourPerson, gone: LabourPerson) -> Verdict:
    """May the post say that two rows are one person: who keeps the villages of both."""
    return can_keep(by, kept.village) and can_keep(by, gone.village)


NOT_SEEN = no("person_not_visible", "没有找到该人员，或您在当前岗位无权查看。")
