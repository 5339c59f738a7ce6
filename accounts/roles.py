"""Roles a post can carry, and the groups that rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Codes are stable; labels are what officials read."""

    AGENCY_CLERK = "agency_clerk", _("机构经办人")
    INDIVIDUAL = "individual", _("个人申报人")
    PLATFORM_CLERK = "platform_clerk", _("调剂平台经办人")
    EMPLOYMENT_OFFICER = "employment_officer", _("企业用工信息员")
    VILLAGE_CLERK = "village_clerk", _("村（社区）经办人")
    VILLAGE_HEAD = "village_head", _("村（社区）负责人")
    TOWNSHIP_HANDLER = "township_handler", _("乡镇经办人")
    TOWNSHIP_LEAD = "township_lead", _("乡镇分管领导")
    BUREAU_HANDLER = "bureau_handler", _("劳动保障科经办人")
    SECTION_HEAD = "section_head", _("劳动保障科负责人")
    BUREAU_LEADER = "bureau_leader", _("民生保障局分管领导")
    FINANCE_MAKER = "finance_maker", _("财政经办")
    FINANCE_CHECKER = "finance_checker", _("财政复核")
    FINANCE_APPROVER = "finance_approver", _("财政批准")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")


CLAIMANTS = frozenset({Role.AGENCY_CLERK, Role.INDIVIDUAL, Role.PLATFORM_CLERK, Role.EMPLOYMENT_OFFICER})
VILLAGE = frozenset({Role.VILLAGE_CLERK, Role.VILLAGE_HEAD})
TOWNSHIP = frozenset({Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_LEAD})
BUREAU = frozenset({Role.BUREAU_HANDLER, Role.SECTION_HEAD, Role.BUREAU_LEADER})
FINANCE = frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_APPROVER})
REVIEWERS = VILLAGE | TOWNSHIP | BUREAU
OFFICIALS = REVIEWERS | FINANCE | {Role.AUDITOR}  # who works at the desk
ADMINISTRATION = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})  # no one holds two of them

OF_ORGANISATION = {
    Role.AGENCY_CLERK: "agency",
    Role.PLATFORM_CLERK: "platform",
    Role.EMPLOYMENT_OFFICER: "employer",
}
OF_AREA = {
    Role.VILLAGE_CLERK: "village",
    Role.VILLAGE_HEAD: "village",
    Role.TOWNSHIP_HANDLER: "township",
    Role.TOWNSHIP_LEAD: "township",
}
