"""What happens on the road of a claim, from the draft to the approval, and what time does to it."""

from datetime import timedelta

from accounts.roles import Role
from core.jobs import run_waiting
from policy.rules import OFFICER_REASONS
from project.demo.walking import officer_of, photo
from tests.payments.machine.town import Town
from tests.payments.machine.world import CLAIMANTS, PEOPLE, drafted
from workflows.approving import approve_suspended
from workflows.boards import record_posting, waive_posting
from workflows.claims import Claim, ClaimLine
from workflows.clashes import annul_line, resolve_clash
from workflows.corrections import Parts
from workflows.deadlines import PARTS, run_due
from workflows.deciding import decide
from workflows.filing import answer_correction, file_claim, withdraw
from workflows.hearing import decide_objection, investigate, send_back
from workflows.hearings import BoardPosting, Objection
from workflows.objections import Statement, object_online, record_objection
from workflows.publicity import end_publicity, publish
from workflows.recalling import recall
from workflows.reviews import NoticeEntry, Review
from workflows.states import ClaimState, LineStatus, Step, Verb
from workflows.words import LineWord

MOST_CLAIMS = 16
REASONS = [*OFFICER_REASONS, "", "unheard_of"]
WORDS = ["经核实，情况属实。", "经核实，情况属实。", "经核实，情况属实。", " "]


def file(town: Town) -> None:
    """A new draft and its filing; or one that was filed already."""
    who = town.chance.choice(sorted(CLAIMANTS))
    known = Claim.objects.exclude(state=ClaimState.DRAFT)
    draft = town.pick(Claim.objects.filter(state=ClaimState.DRAFT))
    if (draft is None or town.maybe(0.7)) and Claim.objects.count() < MOST_CLAIMS:
        people = [town.chance.randrange(PEOPLE) for _person in range(town.chance.randint(1, 3))]
        start = {"world": town.world, "who": who, "people": people, "employer": town.chance.randrange(4)}
        draft = town.attempt("draft", drafted, **start) or draft
    claim = town.pick(known) if draft is None or town.maybe(0.15) else draft
    by = town.world.cast[_claimant(town, claim)] if town.maybe(0.8) else town.officer(Role.AGENCY_CLERK)
    town.attempt("file", file_claim, claim_id=claim.pk, by=by)


def _claimant(town: Town, claim: Claim) -> str:
    return next(key for key in CLAIMANTS if town.world.cast[key].user_id == claim.created_by_id)


def review(town: Town) -> None:
    """A decision on a review, mostly an open one, by its officer and with the usual yes."""
    found = Review.objects.select_related("area", "claim").order_by("pk")
    opened = found.filter(outcome="").exclude(step=Step.PUBLISH)
    one = town.pick(found.exclude(step=Step.PUBLISH).order_by("-pk")) if town.maybe(0.05) else town.pick(opened)
    if one is None:
        return
    step = Step(one.step)
    usual = {Step.ACCEPTANCE: Verb.ACCEPT, Step.LEADER_APPROVAL: Verb.APPROVE}.get(step, Verb.PASS)
    verb = usual if town.maybe(0.85) else town.chance.choice(list(Verb))
    lines = ClaimLine.objects.filter(claim=one.claim_id) if town.maybe(0.9) else ClaimLine.objects.all()
    words = {}
    if town.maybe(0.12) and (line := town.pick(lines.order_by("pk"))):
        kind = town.chance.choice([Verb.DEDUCT, Verb.DEDUCT, Verb.RETURN])
        words[line.pk] = LineWord(kind, town.chance.choice(REASONS), "劳动合同缺页")
    named = list(Objection.objects.filter(claim=one.claim_id, outcome="").values_list("number", flat=True))
    by = _their_officer(town, one)
    town.attempt(
        f"decide {step}",
        decide,
        review_id=one.pk,
        by=by,
        verb=verb,
        opinion=town.chance.choice(WORDS),
        lines=words,
        fund_id=town.chance.choice([*town.world.funds[:1] * 4, *town.world.funds]).pk if town.maybe(0.95) else None,
        parts=Parts(lines=list(lines.values_list("pk", flat=True)[:1]), claim=town.maybe(0.5)),
        set_aside=named if town.maybe(0.7) else [],
    )


def _their_officer(town: Town, one: Review) -> object:
    """Whose review it is, or a colleague who has not acted on the claim, or anybody."""
    if town.maybe(0.1):
        return town.officer(*town.world.officers)
    mine = officer_of(town.world.cast, one)
    colleagues = [town.world.cast[key] for key in town.world.officers.get(Role(mine.role), [])]
    return town.chance.choice(colleagues) if colleagues and town.maybe(0.3) else mine


def correct(town: Town) -> None:
    """The claimant answers a correction, or takes the claim back."""
    waiting = Claim.objects.filter(state=ClaimState.CORRECTION).order_by("pk")
    claim = town.pick(waiting if town.maybe(0.9) else Claim.objects.order_by("pk"))
    if claim is not None:
        town.attempt("answer", answer_correction, claim_id=claim.pk, by=town.world.cast[_claimant(town, claim)])


def take_back(town: Town) -> None:
    """A withdrawal by the claimant, or an officer's recall of his last decision."""
    if town.maybe(0.3):
        claim = town.pick(Claim.objects.order_by("-pk"))
        town.attempt("withdraw", withdraw, claim_id=claim.pk, by=town.world.cast[_claimant(town, claim)])
        return
    one = town.pick(Review.objects.exclude(outcome="").select_related("area", "claim").order_by("-pk"), most=8)
    if one.step != Step.PUBLISH:
        town.attempt("recall", recall, review_id=one.pk, by=officer_of(town.world.cast, one))


def public(town: Town) -> None:
    """Notices: published, hung up, waived, and their end."""
    deed = town.chance.choice(["publish", "hang", "hang", "hang", "waive", "end", "end"])
    owed = BoardPosting.objects.select_related("area").order_by("pk")
    owed = owed.filter(posted_on=None, waived_at=None) if town.maybe(0.9) else owed
    if deed == "publish":
        waiting = Claim.objects.filter(state=ClaimState.PUBLICITY, reviews__step=Step.PUBLISH, reviews__outcome="")
        ids = (
            list(waiting.distinct().values_list("pk", flat=True))
            if town.maybe(0.9)
            else [town.pick(Claim.objects.all()).pk]
        )
        town.attempt("publish", publish, claim_ids=ids, by=town.officer(Role.BUREAU_HANDLER))
    elif deed == "end":
        claim = town.pick(Claim.objects.filter(state=ClaimState.PUBLICITY).order_by("pk"))
        if claim is not None:
            town.attempt("end publicity", end_publicity, claim_id=claim.pk, by=town.officer(Role.BUREAU_HANDLER))
    elif posting := town.pick(owed):
        if deed == "waive":
            by = town.officer(Role.SECTION_HEAD)
            town.attempt("waive", waive_posting, posting_id=posting.pk, by=by, reason="村部装修")
            return
        on = town.day - timedelta(days=town.chance.choice([0, 0, 0, 1, 9]))
        by = town.world.cast[f"clerk:{posting.area.code}"] if town.maybe(0.9) else town.officer(Role.BUREAU_HANDLER)
        town.attempt(
            "hang", record_posting, posting_id=posting.pk, by=by, posted_on=on, data=photo(), name="公示栏.jpg"
        )


def object_to(town: Town) -> None:
    """Somebody objects, at the desk or on line, to a claim or to some of its lines."""
    entry = town.pick(NoticeEntry.objects.order_by("-pk"))
    if entry is None:
        return
    phone = f"1380596{town.chance.randrange(20):04d}"
    said = Statement("林素珍", phone, "该人员七月起就没有在企业上班，请核查。" if town.maybe(0.9) else "短")
    lines = list(ClaimLine.objects.filter(claim=entry.claim_id).select_related("worker").order_by("seq"))
    named = town.some(lines) if town.maybe(0.8) else []
    if town.maybe(0.5):
        by = town.officer(Role.BUREAU_HANDLER)
        ids = [line.pk for line in named]
        town.attempt("object at the desk", record_objection, entry_id=entry.pk, by=by, said=said, line_ids=ids)
    else:
        people = [line.worker.name for line in named if line.worker]
        town.attempt("object on line", object_online, entry_id=entry.pk, said=said, people=people)


def hear(town: Town) -> None:
    """An objection is investigated, handed back, or ended."""
    found = Objection.objects.order_by("received_at")
    one = town.pick(found.filter(outcome="") if town.maybe(0.95) else found)
    if one is None:
        return
    outcome = town.chance.choice(["upheld", "dismissed"])
    if one.investigated_at is None or town.maybe(0.1):
        more = {"line_ids": _others(town, one)} if town.maybe(0.2) else {}
        by, found_out = town.officer(Role.BUREAU_HANDLER), "已电话并上门核实。"
        town.attempt(
            "investigate", investigate, objection_id=one.pk, by=by, findings=found_out, proposal=outcome, **more
        )
    elif town.maybe(0.1):
        by = town.officer(Role.SECTION_HEAD)
        town.attempt("hand back", send_back, objection_id=one.pk, by=by, opinion="请补充证据")
    else:
        reason = town.chance.choice(REASONS)
        town.attempt(
            "end objection",
            decide_objection,
            objection_id=one.pk,
            by=town.officer(Role.SECTION_HEAD),
            uphold=outcome == "upheld",
            opinion=town.chance.choice(WORDS),
            reason_code=reason,
        )


def _others(town: Town, one: Objection) -> list[object]:
    return town.some(list(ClaimLine.objects.filter(claim=one.claim_id).values_list("pk", flat=True)))


def approve_rest(town: Town) -> None:
    """The leader approves what an objection had left out, annuls a line, or a handler ends a clash."""
    deed = town.chance.choice(["suspended", "annul", "clash"])
    if deed == "suspended":
        claims = Claim.objects.filter(lines__status=LineStatus.SUSPENDED).distinct().order_by("pk")
        if claim := town.pick(claims if town.maybe(0.9) else Claim.objects.order_by("pk")):
            by = town.officer(Role.BUREAU_LEADER)
            town.attempt("approve suspended", approve_suspended, claim_id=claim.pk, by=by)
    elif deed == "annul" and town.maybe(0.4):
        line = town.pick(ClaimLine.objects.order_by("claim", "seq"))
        by, reason = town.officer(Role.BUREAU_LEADER), town.chance.choice(REASONS)
        town.attempt("annul", annul_line, line_id=line.pk, by=by, reason_code=reason, note="已离职")
    elif deed == "clash":
        lines = ClaimLine.objects.order_by("claim", "seq")
        line = town.pick(lines.filter(status=LineStatus.HELD) if town.maybe(0.9) else lines)
        if line is not None:
            by = town.officer(Role.BUREAU_HANDLER)
            town.attempt("clash", resolve_clash, line_id=line.pk, by=by, opinion="合同在先者保留")


def pass_time(town: Town) -> None:
    """Some days go by; mostly the night's work is done."""
    town.day += timedelta(days=town.chance.choice([1, 1, 2, 3, 7]))
    for kind in ("deemed_accepted", "publicity_ended", "deadlines_recomputed"):
        if town.maybe(0.7):
            town.attempt(kind, PARTS[kind])
    if town.maybe(0.05):
        town.attempt("night", run_due)
    town.attempt("jobs", run_waiting)
