"""Code lists of the labour register. Codes are stable; labels are what officials read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("未知")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSAID = "9", _("未说明")


class Education(models.TextChoices):
    """GB/T 4658-2006, level one (two digits)."""

    POSTGRADUATE = "10", _("研究生")
    BACHELOR = "20", _("大学本科")
    COLLEGE = "30", _("大学专科")
    VOCATIONAL = "40", _("中等职业")
    HIGH = "60", _("普通高中")
    MIDDLE = "70", _("初中")
    PRIMARY = "80", _("小学")
    OTHER = "90", _("其他")


class LabourState(models.TextChoices):
    """What somebody does; the first three stand in returns, the others only in his history (brief section 4)."""

    UNEMPLOYED = "unemployed", _("未就业")
    EMPLOYED = "employed", _("已就业")
    OUTSIDE = "outside", _("外出")
    STUDYING = "studying", _("在校")
    DRAFTED = "drafted", _("参军")
    IN_PRISON = "in_prison", _("服刑")
    UNABLE = "unable", _("无劳动能力")
    UNWILLING = "unwilling", _("无就业意愿")
    DEAD = "dead", _("死亡")
    MOVED_OUT = "moved_out", _("迁出")


ANNEX_STATES = {1: (LabourState.UNEMPLOYED,), 2: (LabourState.EMPLOYED, LabourState.OUTSIDE)}
IN_SCOPE = (*ANNEX_STATES[1], *ANNEX_STATES[2])
OUT_OF_SCOPE = tuple(state for state in LabourState if state not in IN_SCOPE)


class Source(models.TextChoices):
    """Where a status comes from."""

    ANNEX = "annex", _("附件导入")
    RETURN = "return", _("月报")
    OFFICER = "officer", _("经办人登记")


class JobForm(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业就业")
    FLEXIBLE = "flexible", _("灵活就业")
    FARMING = "farming", _("务农")
    SELF_EMPLOYED = "self_employed", _("个体经营")


class Sector(models.TextChoices):
    PRIMARY = "1", _("第一产业")
    SECONDARY = "2", _("第二产业")
    TERTIARY = "3", _("第三产业")


class Reach(models.TextChoices):
    """How far away somebody works (外出流向)."""

    CITY = "city", _("市内")
    PROVINCE = "province", _("省内市外")
    COUNTRY = "country", _("省外")
    ABROAD = "abroad", _("境外")


class HukouType(models.TextChoices):
    RURAL = "rural", _("农村")
    URBAN = "urban", _("城镇")


class Group(models.TextChoices):
    """Key groups of the notice; 就业困难人员 is a certified status (闽人社办〔2025〕69号)."""

    HARDSHIP = "hardship", _("就业困难人员")
    GRADUATE = "graduate", _("高校毕业生")
    VETERAN = "veteran", _("退役军人")
    LAND_SEA_LOSS = "land_sea_loss", _("失地失海")
