"""Who may do what with a monthly return. One answer for commands, buttons, lists and refusal pages."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import TOWNSHIP, VILLAGE, Role
from core.verdict import YES, Verdict, no
from registry.labour import access
from workflows.returns.rows import OPEN, Filed, TownReturn, VillageReturn

RECEIVERS = frozenset({Role.BUREAU_HANDLER, Role.SECTION_HEAD})
MOVED = "return_moved"  # the thing has moved on: pages answer 409


def visible_to(by: Actor) -> QuerySet[VillageReturn]:
    """The returns the post may see: its own village's, its town's, or all."""
    found = VillageReturn.objects.select_related("round", "village__parent")
    return found.filter(village__in=access.areas_of(by))


def towns_of(by: Actor) -> QuerySet[Area]:
    """The towns whose reports the post may see; a village sees none."""
    towns = Area.objects.filter(kind=Area.Kind.TOWNSHIP)
    if by.role in VILLAGE or by.role not in access.READERS or by.area is None:
        return towns.none()
    return towns if by.area.kind == Area.Kind.ZONE else towns.filter(pk=by.area.pk)


def can_fill(by: Actor, found: VillageReturn) -> Verdict:
    """May the post mark people and submit: the village's own clerk or head, while the return is with the village."""
    if not (verdict := _own(by, found)):
        return verdict
    if found.state not in OPEN:
        return no(MOVED, _("本期月报已经报送。如需修改，请联系乡镇退回，或在乡镇汇总后办理更正。"))
    return YES


def can_correct(by: Actor, found: VillageReturn) -> Verdict:
    """May the village begin a correction: of what the town has merged, once."""
    if not (verdict := _own(by, found)):
        return verdict
    if found.state != Filed.RECEIVED or VillageReturn.objects.filter(supersedes=found).exists():
        return no(MOVED, _("只有乡镇已汇总的月报可以更正，且同一份只能更正一次。请刷新页面。"))
    return YES


def can_send_back(by: Actor, found: VillageReturn) -> Verdict:
    """May the town send it back: one of its villages' that is submitted and not merged."""
    if by.role not in TOWNSHIP or by.area is None or not by.area.contains(found.village):
        return no("town_only", _("退回村级月报由该村所在乡镇办理。"))
    return YES if found.state == Filed.SUBMITTED else no(MOVED, _("该村月报不在待汇总状态，请刷新页面。"))


def can_merge(by: Actor, town: Area) -> Verdict:
    """May the post merge and report for a town: its own officers."""
    if by.role in TOWNSHIP and by.area is not None and by.area.pk == town.pk and town.kind == Area.Kind.TOWNSHIP:
        return YES
    return no("town_only", _("汇总上报由本乡镇经办人或分管领导办理。"))


def can_receive(by: Actor, found: TownReturn) -> Verdict:
    """May the post receive a town's report: the labour section, once."""
    if by.role not in RECEIVERS:
        return no("section_only", _("接收乡镇月报由劳动保障科办理。"))
    return YES if found.state == TownReturn.State.REPORTED else no(MOVED, _("该乡镇月报已经接收，请刷新页面。"))


def _own(by: Actor, found: VillageReturn) -> Verdict:
    if not (verdict := access.can_see_village(by, found.village)):
        return no("return_not_visible", _("没有找到该月报，或您在当前岗位无权查看。")) if verdict.code else verdict
    if by.role in VILLAGE:
        return YES
    return no("village_only", _("月报由村（社区）经办人或负责人填报。"))
