"""A claim page as an officer works on it: each line with what he may say of it and what he has said so far."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.calendar import WorkingDays
from core.verdict import Verdict
from payments.access import SEES_BATCHES
from payments.models import RecoveryCase
from payments.recovery.reading import cases_of
from policy.rules import DEDUCTION_REASONS
from portals.desk.funding import Funding, funding
from portals.desk.more import Item, items
from portals.desk.tray import Due, Recall, Wish
from workflows import access, diagram
from workflows.claim_page import ClaimPage, LineView, claim_page
from workflows.claims import Evidence
from workflows.clashes import annullable
from workflows.hearings import Objection
from workflows.holds import suspended_fen
from workflows.locking import ACTIVE
from workflows.objection_page import listed
from workflows.recalling import can_recall
from workflows.reviews import Review
from workflows.rivals import Clash, clashes_among
from workflows.sending_back import BEFORE, targets
from workflows.states import ClaimState, Kind, LineStatus, Step, Verb
from workflows.words import LineWord

PREPARING = {Step.VILLAGE_RECORD, Step.TOWNSHIP_REVIEW}
CONFIRMING = {Step.VILLAGE_CONFIRM, Step.TOWNSHIP_SIGN}
DEDUCTING = PREPARING | CONFIRMING | {Step.BUREAU_REVIEW, Step.SECTION_REVIEW}
NAMING_PARTS = {Step.ACCEPTANCE, Step.BUREAU_REVIEW}
SHOWN = {
    "": "全部人员",
    "review": "需核查",
    "held": "重复申报",
    "deducted": "已核减",
}
PHRASES: dict[str, tuple[str, ...]] = {
    Step.ACCEPTANCE: ("材料齐全，予以受理。", "材料不齐，请按所列内容一次性补正。"),
    Step.VILLAGE_RECORD: ("经核实，上述人员情况属实。", "经入户核实，名单所列人员均在岗。", "经电话核实，情况属实。"),
    Step.VILLAGE_CONFIRM: ("同意经办人核实意见。", "请经办人补充核实后再报。"),
    Step.TOWNSHIP_REVIEW: ("经审核，材料齐全、情况属实。", "已与企业核对用工情况，属实。"),
    Step.TOWNSHIP_SIGN: ("同意经办人审核意见。", "请经办人复核后再报。"),
    Step.BUREAU_REVIEW: ("经审核，符合规定条件，拟予支持。", "已比对社保数据，情况属实。"),
    Step.SECTION_REVIEW: ("同意，提请公示。", "请经办人就所列问题补充核查。"),
    Step.LEADER_APPROVAL: ("同意。", "请科室复核后再报。"),
}
RETURN_PHRASE = "材料不齐或填写有误，请按下列内容补正："


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its control: `options` is empty when the officer has nothing to say on it."""

    view: LineView
    options: list[tuple[str, str]]
    word: LineWord | None
    annul: Verdict | None  # to the leader: whether the approved line may be annulled

    @property
    def chosen(self) -> str:
        return str(self.word.verb) if self.word else ""

    @property
    def reason_code(self) -> str:
        return self.word.reason_code if self.word else ""

    @property
    def note(self) -> str:
        return self.word.note if self.word else ""

    @property
    def reason(self) -> str:
        """Why the line was deducted, annulled or returned, in words."""
        line = self.view.line
        return "：".join(filter(None, (reason_label(line.reason_code), line.reason_note)))

    @property
    def proposed(self) -> str:
        """What the first officer of the pair proposed for the line; empty when he agreed."""
        word = self.view.proposal
        if word is None or word.verb == Verb.PASS:
            return ""
        return "，".join(filter(None, (str(Verb(word.verb).label), reason_label(word.reason_code), word.opinion)))

    @property
    def worst(self) -> str:
        """The weightiest finding: block, review, info, or empty."""
        found = {finding["severity"] for finding in self.view.findings}
        return next((level for level in ("block", "review", "info") if level in found), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the claim template is drawn from."""

    page: ClaimPage
    rows: list[Row]
    elsewhere: dict[UUID, LineWord]  # said on lines of other pages, carried along
    only: str
    filters: list[tuple[str, str]]
    clashes: list[Clash]
    rules_on_clash: bool
    picture: SafeString
    phrases: tuple[str, ...]
    due: Due | None
    evidence_kinds: list[tuple[str, str]]  # to choose from when parts are returned; empty otherwise
    funding: Funding | None  # of what the leader may pay it; None when no money moves
    recall: Recall | None  # the actor's own last decision and whether he may take it back
    deducts: bool  # whether this step may deduct lines
    recoveries: list[RecoveryCase]
    opens_recovery: int | None  # the claim, when the actor may ask money of it back
    more: list[Item]
    back_to: list[Review]  # earlier decisions the officer may send back to
    wish: Wish | None  # of the inbox the claim was opened from
    objections: list[Objection]  # open ones, to those who may see them; the leader sets them aside with his approval
    traces: bool  # whether the actor may follow each line's money

    @property
    def inbox_query(self) -> str:
        """The inbox as it stood when the claim was opened from it."""
        return self.wish.but() if self.wish else ""

    @property
    def next_query(self) -> str:
        """Said with the decision, so that the next claim of that inbox follows; empty when it was opened elsewhere."""
        return self.wish.carried if self.wish else ""

    @property
    def back_default(self) -> str:
        """The step before, where there is one."""
        before = BEFORE.get(Step(self.page.my_review.step)) if self.page.my_review else None
        return _("上一环节：%(step)s") % {"step": before.label} if before else ""

    @property
    def kept_by_batch(self) -> str:
        """Why some people in view cannot be annulled any more, said once; empty when nothing stands in the way."""
        return next((row.annul.reason for row in self.rows if row.annul is not None and not row.annul), "")

    @property
    def speaks(self) -> bool:
        """Whether the officer may say something on any line in view."""
        return any(row.options for row in self.rows)


def reason_label(code: str) -> str:
    """A reason code as officials read it."""
    return DEDUCTION_REASONS.get(code, code)


def sheet(
    *, claim_id: int, by: Actor, line_page: int, only: str, words: dict[UUID, LineWord], wish: Wish | None = None
) -> Sheet:
    """The sheet of a claim; refusals are `claim_page`'s. `words` were said before on other pages of the list."""
    only = only if only in SHOWN else ""
    page = claim_page(claim_id=claim_id, by=by, line_page=line_page, only=only)
    step = Step(page.my_review.step) if page.my_review else None
    can_return = any(action.verb == Verb.RETURN and action.verdict for action in page.actions)
    annul = _annul(by, page)
    rows = [
        Row(view, _options(step, view, can_return), words.get(view.line.pk), annul.get(view.line.pk))
        for view in page.lines
    ]
    here = {row.view.line.pk for row in rows}
    waiting = page.my_review or min(page.open_reviews, key=lambda review: review.due_on, default=None)
    return Sheet(
        page=page,
        rows=rows,
        elsewhere={pk: word for pk, word in words.items() if pk not in here},
        only=only,
        filters=list(SHOWN.items()),
        clashes=_clashes(by, page),
        rules_on_clash=by.role == Role.BUREAU_HANDLER,
        picture=mark_safe(diagram.svg(page.flow, page.claim.state)),  # noqa: S308 - drawn from the code's own labels, escaped
        phrases=PHRASES.get(step, ()) if step else (),
        due=Due.of(waiting, WorkingDays.load()) if waiting else None,
        evidence_kinds=[(kind.value, str(kind.label)) for kind in Evidence.Kind]
        if step in NAMING_PARTS and can_return
        else [],
        funding=funding(page.funds, _wanted(page)) if step == Step.LEADER_APPROVAL and _wanted(page) else None,
        recall=_last_own(page, by),
        deducts=step in DEDUCTING,
        recoveries=cases_of(by, page.claim),
        opens_recovery=page.claim.pk if _paid_to_open(by, page) else None,
        more=items(by, page),
        back_to=_back_to(page),
        wish=wish,
        objections=_objections(by, page),
        traces=by.role in SEES_BATCHES and page.claim.state == ClaimState.PAYABLE,
    )


def _back_to(page: ClaimPage) -> list[Review]:
    """Where this step may send it back to; empty when it may not."""
    if page.my_review is None or not any(a.verb == Verb.SEND_BACK and a.verdict for a in page.actions):
        return []
    return targets(page.my_review, page.reviews)


def _objections(by: Actor, page: ClaimPage) -> list[Objection]:
    """Asked only when there are any."""
    if not page.claim.objected:  # type: ignore[attr-defined]
        return []
    return list(listed(by, only="open").filter(claim=page.claim))


def _wanted(page: ClaimPage) -> int:
    """What approving takes of a fund, in fen: a title's bonus; otherwise the live lines without those objected to."""
    if page.claim.kind == Kind.AMBASSADOR:
        return page.assessment.get("bonus_fen") or 0
    return page.totals.live_fen - (suspended_fen(page.claim.pk) if page.claim.objected else 0)  # type: ignore[attr-defined]


def _paid_to_open(by: Actor, page: ClaimPage) -> bool:
    """Whether the handler finds something paid here; whether he may is the opening page's to say."""
    return by.role == Role.BUREAU_HANDLER and page.totals.paid_fen > 0


def _options(step: Step | None, view: LineView, can_return: bool) -> list[tuple[str, str]]:
    """What may be said of a line at this step; the first is the default and says nothing."""
    if step is None or not view.mine or view.line.status not in ACTIVE:
        return []
    options = [("", _("同意"))]
    if view.proposal and view.proposal.verb != Verb.PASS:
        proposed = str(Verb(view.proposal.verb).label)
        options = [("", _("采纳经办意见：%(word)s") % {"word": proposed}), (str(Verb.PASS), _("不采纳，同意"))]
    if step in DEDUCTING:
        options.append((str(Verb.DEDUCT), _("核减")))
    if step in PREPARING | CONFIRMING:
        options.append((str(Verb.RETURN), _("退回补正")))
    elif step in NAMING_PARTS and can_return:
        options.append((str(Verb.RETURN), _("列入补正")))
    return options if len(options) > 1 else []


def _clashes(by: Actor, page: ClaimPage) -> list[Clash]:
    """Only bureau and audit see whom another claimant names."""
    if by.role not in {Role.BUREAU_HANDLER, Role.SECTION_HEAD, Role.BUREAU_LEADER, Role.AUDITOR}:
        return []
    lines = [view.line for view in page.lines if view.line.contested]
    for line in lines:
        line.claim = page.claim
    return clashes_among(lines)


def _annul(by: Actor, page: ClaimPage) -> dict[UUID, Verdict]:
    """What the leader of an approved claim may annul; asked only for him."""
    if not access.can_annul(by, page.claim):
        return {}
    return annullable(view.line for view in page.lines if view.line.status == LineStatus.LIVE)


def _last_own(page: ClaimPage, by: Actor) -> Recall | None:
    """The review the officer decided last of all, while the claim is still under way."""
    if page.my_review or not page.open_reviews:
        return None
    decided = [review for review in page.reviews if review.decided_by_id == by.user_id and review.outcome == "passed"]
    return Recall(decided[-1].pk, can_recall(by, decided[-1], page.reviews)) if decided else None
