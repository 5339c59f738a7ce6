"""Who may see and do what with a claim. One answer for commands, lists, buttons, files and refusal pages."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area, Post
from accounts.roles import BUREAU, CLAIMANTS, FINANCE, TOWNSHIP, VILLAGE, Role
from core.verdict import YES, Verdict, no
from workflows.claims import Claim, ClaimLine
from workflows.consultations import with_consultation
from workflows.reviews import Review
from workflows.states import WITH_CLAIMANT, ClaimState, Kind, Step, Verb
from workflows.steps import StepRule, rule_of
from workflows.waiting import waits

KINDS_OF_ROLE: dict[Role, frozenset[Kind]] = {
    Role.AGENCY_CLERK: frozenset({Kind.AGENCY}),
    Role.PLATFORM_CLERK: frozenset({Kind.PLATFORM}),
    Role.INDIVIDUAL: frozenset({Kind.INDIVIDUAL, Kind.AMBASSADOR}),
    Role.EMPLOYMENT_OFFICER: frozenset({Kind.INDIVIDUAL}),
}
SEES_ALL = BUREAU | {Role.AUDITOR}
SEES_APPROVED = FINANCE
NOT_YOURS = no("claim_not_visible", "您当前的岗位无权查看该申报。如需办理，请切换到相应岗位或联系经办单位。")
CORRECTION_USED = no("correction_used", "本环节已退回补正过一次，不能再次退回。可核减有问题的人员，或作不予支持处理。")
VERBS: dict[Step, tuple[Verb, ...]] = {
    Step.ACCEPTANCE: (Verb.ACCEPT, Verb.RETURN, Verb.REFUSE),
    Step.VILLAGE_RECORD: (Verb.PASS,),
    Step.VILLAGE_CONFIRM: (Verb.PASS, Verb.RETURN, Verb.SEND_BACK),
    Step.TOWNSHIP_REVIEW: (Verb.PASS,),
    Step.TOWNSHIP_SIGN: (Verb.PASS, Verb.RETURN, Verb.SEND_BACK),
    Step.BUREAU_REVIEW: (Verb.PASS, Verb.RETURN, Verb.SEND_BACK, Verb.REFUSE),
    Step.SECTION_REVIEW: (Verb.PASS, Verb.SEND_BACK, Verb.REFUSE),
    Step.PUBLISH: (),
    Step.LEADER_APPROVAL: (Verb.APPROVE, Verb.SEND_BACK, Verb.REFUSE),
}

BY_LINE = (Step.VILLAGE_CONFIRM, Step.TOWNSHIP_SIGN)  # these return single lines; a title has none


def _of_claimant(by: Actor) -> Q:
    """Claims that are the actor's own side."""
    match by.role:
        case Role.AGENCY_CLERK | Role.PLATFORM_CLERK:
            return Q(claimant_org=by.post.organisation_id)
        case Role.INDIVIDUAL:
            return Q(claimant_user=by.user_id)
        case Role.EMPLOYMENT_OFFICER:
            return Q(kind=Kind.INDIVIDUAL, created_post__organisation=by.post.organisation_id)
    return Q(pk__in=())


def _of_area(by: Actor) -> Q:
    """Claims on which the actor's area has or had something to verify."""
    area = by.area
    if area is None:
        return Q(pk__in=())
    inside = Q(area=area) if by.role in VILLAGE else Q(area__path__startswith=area.path + "/") | Q(area=area)
    return Q(Exists(Review.objects.filter(inside, claim=OuterRef("pk")))) & ~Q(state=ClaimState.DRAFT)


def visible_to(by: Actor) -> QuerySet[Claim]:
    """Every claim the actor may see in his acting post; lists, searches, exports and files all start here."""
    claims = Claim.objects.all()
    if by.role in CLAIMANTS:
        return claims.filter(_of_claimant(by))
    if by.role in VILLAGE | TOWNSHIP:
        return claims.filter(_of_area(by))
    if by.role in SEES_ALL:
        return claims.exclude(state=ClaimState.DRAFT)
    if by.role in SEES_APPROVED:
        return claims.filter(state=ClaimState.PAYABLE)
    return claims.none()


def visible_lines(by: Actor, claim: Claim) -> QuerySet[ClaimLine]:
    """The claim's lines the actor may see: a village sees its own people only."""
    lines = ClaimLine.objects.filter(claim=claim)
    if by.role in VILLAGE:
        return lines.filter(verify_area=by.area)
    if by.role in TOWNSHIP and by.area:
        return lines.filter(Q(verify_area=by.area) | Q(verify_area__path__startswith=by.area.path + "/"))
    return lines


def can_view(by: Actor, claim: Claim) -> Verdict:
    """True exactly when the claim is in `visible_to(by)`."""
    return YES if visible_to(by).filter(pk=claim.pk).exists() else NOT_YOURS


def can_start(by: Actor, kind: str) -> Verdict:
    """Whether the post files claims of this kind."""
    if kind in KINDS_OF_ROLE.get(by.role, ()):
        return YES
    return no("kind_not_of_post", _("您当前的岗位不能申报这一类奖补。请切换到相应的申报岗位。"))


def is_claimant_side(by: Actor, claim: Claim) -> bool:
    """Whether the actor acts for the claimant; no query when `created_post` is loaded."""
    match by.role:
        case Role.AGENCY_CLERK | Role.PLATFORM_CLERK:
            return claim.claimant_org_id == by.post.organisation_id
        case Role.INDIVIDUAL:
            return claim.claimant_user_id == by.user_id
        case Role.EMPLOYMENT_OFFICER:
            return claim.kind == Kind.INDIVIDUAL and claim.created_post.organisation_id == by.post.organisation_id
    return False


def can_edit(by: Actor, claim: Claim) -> Verdict:
    """Whether the actor may change the claim's content now: its own side, as a draft or in correction."""
    if not is_claimant_side(by, claim):
        return NOT_YOURS
    if claim.state not in WITH_CLAIMANT:
        return no("claim_not_editable", _("申报已提交，当前不能修改。如经办单位退回补正，可修改退回的部分。"))
    return YES


def can_file(by: Actor, claim: Claim) -> Verdict:
    """Whether the actor may file this draft."""
    if not is_claimant_side(by, claim):
        return NOT_YOURS
    if claim.state != ClaimState.DRAFT:
        return no("already_filed", _("该申报已经提交，编号 %(number)s，不能重复提交。") % {"number": claim.number})
    return YES


def can_withdraw(by: Actor, claim: Claim) -> Verdict:
    """The claimant may take the claim back until the leader has approved."""
    if not is_claimant_side(by, claim):
        return NOT_YOURS
    if claim.state in {ClaimState.PAYABLE, ClaimState.AWARDED, ClaimState.REFUSED, ClaimState.WITHDRAWN}:
        return no("too_late_to_withdraw", _("该申报已办结，不能再撤回。"))
    return YES


def owes(by: Actor, review: Review) -> Verdict:
    """Whether the review is the acting post's to decide: its role, its area, its assignee. No query."""
    rule = rule_of(review.step)
    if by.role != rule.role or by.post.area_id != review.area_id:
        return no("review_not_yours", _("该事项由%(who)s办理，不属于您当前的岗位。") % {"who": _who(rule, review.area)})
    if review.assignee_id and review.assignee_id not in by.people:
        return no("review_assigned", _("该事项已指派给其他人办理。"))
    return YES


def _who(rule: StepRule, area: Area) -> str:
    return f"{area.name}{rule.role.label}"


def interest_of(by: Actor) -> Exists:
    """On claims: whether the claimant is, or is operated by, a unit in which the actor ever held a post.

    A deputy brings the interests of the officer he stands in for with him.
    """
    unit = Q(organisation=OuterRef("claimant_org")) | Q(area=OuterRef("claimant_org__operated_by"))
    return Exists(Post.objects.filter(unit, user__in=sorted(by.people)))


def disinterested(by: Actor, claim: Claim) -> Verdict:
    """Nobody has a say on a claim that pays him, his organisation or his unit, nor on one he filed (C15, A27)."""
    interested = getattr(claim, "interested", None)  # a claim read with `interest_of` knows already
    if interested is None:
        interested = Claim.objects.filter(interest_of(by), pk=claim.pk).exists()
    if interested or by.people & {claim.claimant_user_id, claim.created_by_id}:
        return no("own_claim", _("该申报与您本人或您所在单位有利益关系，须由他人办理（回避）。"))
    return YES


def unconflicted(by: Actor, claim: Claim, step: str, reviews: Iterable[Review] | None = None) -> Verdict:
    """Besides `disinterested`: nobody decides two duties of one claim, and a deputy not even two steps (C15, A27).

    Judged by identity over all of the person's posts, past ones too, and over the officer's he stands in for.
    `reviews` are all of the claim's, when the caller has them; otherwise they are one more query.
    """
    if not (verdict := disinterested(by, claim)):
        return verdict
    if reviews is None:
        reviews = with_consultation(Review.objects.filter(claim=claim))
    if any(_acted_before(by, review, step) for review in reviews):
        return no("acted_before", _("您已办理过该申报的其他环节，经办、审核、审批须由不同的人办理。"))
    return YES


def _acted_before(by: Actor, review: Review, step: str) -> bool:
    """Whether the actor, or whom he stands in for, had a hand in this review, so that `step` is not for him."""
    hands = {review.decided_by_id, review.decided_for_id, getattr(review, "delegate_id", None)}
    if not hands & by.people:
        return False
    if by.covers or review.decided_for_id:
        return review.step != step
    return rule_of(review.step).duty != rule_of(step).duty


def verb_of_step(review: Review, verb: str) -> Verdict:
    """Whether this step may speak this verb on this kind of claim; no query."""
    if verb not in VERBS[Step(review.step)]:
        return no("verb_not_of_step", _("这一环节不能作出该处理。"))
    if verb == Verb.RETURN and review.step in BY_LINE and review.claim.kind != Kind.AMBASSADOR:
        return no("return_by_line", _("请在名单中逐人选择退回补正，并写明需要补正的内容。"))
    return YES


def can_decide(by: Actor, review: Review, verb: str | None = None, reviews: Iterable[Review] | None = None) -> Verdict:
    """Whether the actor may decide this open review (with this verb). `review.claim`, `review.area` are loaded."""
    if not (verdict := owes(by, review)):
        return verdict
    if verb is not None and not (verdict := verb_of_step(review, verb)):
        return verdict
    if not (verdict := waits(review, verb)):
        return verdict
    return unconflicted(by, review.claim, review.step, reviews)


def can_resolve_clash(by: Actor, claim: Claim) -> Verdict:
    """The bureau decides who keeps a worker that two claims name."""
    if by.role != Role.BUREAU_HANDLER:
        return no("clash_not_yours", _("同一人员被重复申报的，由劳动保障科经办人裁定。"))
    return unconflicted(by, claim, Step.BUREAU_REVIEW)


def can_annul(by: Actor, claim: Claim) -> Verdict:
    """The bureau leader may annul an approved line that is not paid."""
    if by.role != Role.BUREAU_LEADER:
        return no("annul_not_yours", _("已批准的人员由民生保障局分管领导作废。"))
    if claim.state not in {ClaimState.PAYABLE, ClaimState.AWARDED}:
        return no("not_approved_yet", _("该申报尚未批准，请在审核环节核减。"))
    return YES


def can_approve_suspended(by: Actor, claim: Claim) -> Verdict:
    """The bureau leader approves lines that an objection had left out of the approval."""
    if by.role != Role.BUREAU_LEADER:
        return no("approval_not_yours", _("补充批准由民生保障局分管领导办理。"))
    if claim.state != ClaimState.PAYABLE:
        return no("not_approved_yet", _("该申报尚未批准，请在审批环节办理。"))
    return unconflicted(by, claim, Step.LEADER_APPROVAL)


def can_hear(by: Actor, claim: Claim) -> Verdict:
    """The labour section's handler takes objections in and investigates them."""
    if by.role != Role.BUREAU_HANDLER:
        return no("objection_not_yours", _("异议由劳动保障科经办人登记和核查。"))
    return unconflicted(by, claim, Step.BUREAU_REVIEW)


def can_end_objection(by: Actor, claim: Claim) -> Verdict:
    """The section head decides an objection that a handler has investigated."""
    if by.role != Role.SECTION_HEAD:
        return no("objection_not_yours", _("异议由劳动保障科负责人作出处理决定。"))
    return unconflicted(by, claim, Step.SECTION_REVIEW)


def shows_objector(by: Actor) -> bool:
    """Whether the post reads who objects and how to reach him: those who investigate and decide."""
    return by.role in {Role.BUREAU_HANDLER, Role.SECTION_HEAD}
