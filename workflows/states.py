"""Codes of the road: claim kinds and states, line statuses, review steps and outcomes. Codes never change; labels may."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The four kinds of claim; values as `policy.facts.ClaimKind`."""

    AGENCY = "agency", _("机构引进")
    INDIVIDUAL = "individual", _("个人引进")
    PLATFORM = "platform", _("用工调剂")
    AMBASSADOR = "ambassador", _("引工大使")


class ClaimState(models.TextChoices):
    """Where a claim stands. What is paid is derived from its lines' payment items, never a state."""

    DRAFT = "draft", _("草稿")
    FILED = "filed", _("待受理")
    CORRECTION = "correction", _("待补正")
    VILLAGE = "village", _("村（社区）核实")
    TOWNSHIP = "township", _("乡镇审核")
    BUREAU = "bureau", _("劳动保障科审核")
    SECTION = "section", _("科室负责人审核")
    PUBLICITY = "publicity", _("公示")
    LEADER = "leader", _("分管领导审批")
    PAYABLE = "payable", _("待拨付")
    AWARDED = "awarded", _("已授称号")
    REFUSED = "refused", _("不予支持")
    WITHDRAWN = "withdrawn", _("已撤回")


FINAL = frozenset({ClaimState.AWARDED, ClaimState.REFUSED, ClaimState.WITHDRAWN})
WITH_CLAIMANT = frozenset({ClaimState.DRAFT, ClaimState.CORRECTION})
UNDER_REVIEW = frozenset(
    {
        ClaimState.FILED,
        ClaimState.VILLAGE,
        ClaimState.TOWNSHIP,
        ClaimState.BUREAU,
        ClaimState.SECTION,
        ClaimState.PUBLICITY,
        ClaimState.LEADER,
    }
)


class Risk(models.IntegerChoices):
    """How much a claim asks to be looked at, from the rules that fired (`policy.risk`); higher comes first."""

    NONE = 0, _("无")
    MEDIUM = 1, _("中")
    HIGH = 2, _("高")


class LineStatus(models.TextChoices):
    """`live` holds the worker's slot; `held` waits for the bureau to decide a clash; `suspended` was left out of an
    approval because of an objection and keeps its slot; the rest hold nothing."""

    DRAFT = "draft", _("草稿")
    LIVE = "live", _("有效")
    HELD = "held", _("冲突待裁定")
    SUSPENDED = "suspended", _("异议核查，暂缓批准")
    DEDUCTED = "deducted", _("已核减")
    ANNULLED = "annulled", _("已作废")
    RELEASED = "released", _("已释放")  # the claim was refused or withdrawn


class Step(models.TextChoices):
    """A piece of work somebody owes. Each step belongs to one role (`workflows.steps`)."""

    ACCEPTANCE = "acceptance", _("受理")
    VILLAGE_RECORD = "village_record", _("村（社区）核实")
    VILLAGE_CONFIRM = "village_confirm", _("村（社区）负责人确认")
    TOWNSHIP_REVIEW = "township_review", _("乡镇审核")
    TOWNSHIP_SIGN = "township_sign", _("乡镇签批")
    BUREAU_REVIEW = "bureau_review", _("劳动保障科经办审核")
    SECTION_REVIEW = "section_review", _("科室负责人审核")
    PUBLISH = "publish", _("公示")
    LEADER_APPROVAL = "leader_approval", _("分管领导审批")


class ReviewOutcome(models.TextChoices):
    """How a review ended. `recalled` and `superseded` were overtaken and decided nothing."""

    PASSED = "passed", _("通过")
    RETURNED = "returned", _("退回补正")
    REFUSED = "refused", _("不予支持")
    SENT_BACK = "sent_back", _("退回指定环节")
    DEEMED = "deemed", _("视为受理")
    SUPERSEDED = "superseded", _("已终止")


class Verb(models.TextChoices):
    """What a decision did, on a whole claim or on one line."""

    ACCEPT = "accept", _("受理")
    PASS = "pass", _("同意")
    DEDUCT = "deduct", _("核减")
    RETURN = "return_for_correction", _("退回补正")
    SEND_BACK = "send_back", _("退回指定环节")
    REFUSE = "refuse", _("不予支持")
    APPROVE = "approve", _("批准")
    DEEM = "deem_accepted", _("视为受理")
    KEEP = "resolve_clash", _("冲突裁定")
    ANNUL = "annul", _("作废")
    FREED = "freed", _("重复申报已解除")


class PaymentState(models.TextChoices):
    """Derived from a claim's live payment items."""

    UNPAID = "unpaid", _("未拨付")
    PARTLY_PAID = "partly_paid", _("部分拨付")
    PAID = "paid", _("已拨付")
