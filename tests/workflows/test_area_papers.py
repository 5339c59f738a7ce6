"""Papers the road issues besides the decision: verification sheets, rosters, summaries; who may open which."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from documents.models import Paper
from documents.papers import content_of
from documents.papers.checks import CheckContent
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from tests.workflows.made import at, lines_in, review_at, say
from workflows.claim_page import claim_page
from workflows.claims import Claim
from workflows.files import can_open_paper
from workflows.filing import answer_correction
from workflows.issuing import issue_due, issue_missing, issue_notice
from workflows.publicity import publish
from workflows.reviews import Notice, Review
from workflows.states import ClaimState, Step, Verb
from workflows.words import LineWord

LUOYANG, XINGTIAN, TOWN = "350521104201", "350521104215", "350521104"
GONE = LineWord(Verb.DEDUCT, "not_found_at_employer", "上门未见到本人")
WRONG_DATE = LineWord(Verb.RETURN, "", "入职日期与企业台账不符，请核对")
Commit = Callable[..., Any]
SHEETS = (Paper.Kind.VILLAGE_CHECK, Paper.Kind.TOWNSHIP_CHECK)


@pytest.fixture
def claim(cast: Cast, fund: FundSource) -> Claim:
    """Four workers in each of two villages of one township."""
    return filed(cast, "agency", 8, seed=300, homes=["洛阳村", "杏田村"])


@contextmanager
def committed(capture: Commit) -> Iterator[None]:
    with capture(execute=True):
        yield


def sheet(claim: Claim, step: Step, area: str, round_: int = 1) -> CheckContent:
    review = Review.objects.get(claim=claim, step=step, area__code=area, round=round_)
    return content_of(Paper.objects.get(subject=f"review:{review.pk}"))  # type: ignore[return-value]


def walked(cast: Cast, claim: Claim, words: dict[str, dict], heads: dict[str, dict] | None = None) -> Claim:
    """Both villages verify with their words on lines."""
    claim = at(cast, claim, ClaimState.VILLAGE)
    for village in (LUOYANG, XINGTIAN):
        say(cast, review_at(claim, Step.VILLAGE_RECORD, village), lines=words.get(village, {}), opinion="已上门核实")
        claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, village), lines=(heads or {}).get(village, {}))
    return claim


def test_each_village_has_its_own_sheet_of_its_own_people(
    cast: Cast, claim: Claim, django_capture_on_commit_callbacks: Commit
) -> None:
    first, second, *_rest = lines_in(claim, LUOYANG)
    with committed(django_capture_on_commit_callbacks):
        walked(
            cast,
            claim,
            {LUOYANG: {first.pk: GONE, second.pk: GONE}},
            {LUOYANG: {second.pk: LineWord(Verb.PASS)}},
        )
    mine, other = sheet(claim, Step.VILLAGE_CONFIRM, LUOYANG), sheet(claim, Step.VILLAGE_CONFIRM, XINGTIAN)
    assert {line.seq for line in mine.lines} == {line.seq for line in lines_in(claim, LUOYANG)}
    assert not {line.seq for line in mine.lines} & {line.seq for line in other.lines}
    found = {line.seq: line for line in mine.lines}
    assert (found[first.seq].outcome, found[first.seq].why) == ("deducted", "核实未到岗：上门未见到本人")
    assert (found[second.seq].outcome, found[second.seq].proposed) == ("true", "核实未到岗：上门未见到本人")
    assert dict(mine.counts) == {"属实": 3, "核减": 1, "退回补正": 0}
    assert dict(other.counts) == {"属实": 4, "核减": 0, "退回补正": 0}
    clerk, head = cast[f"clerk:{LUOYANG}"].user.full_name, cast[f"head:{LUOYANG}"].user.full_name
    assert [(signed.duty, signed.who) for signed in mine.signatures] == [("经办", clerk), ("负责人", head)]
    assert all("*" in line.masked_id for line in mine.lines)


def test_a_township_signs_for_what_its_villages_left_and_says_what_they_found(
    cast: Cast, claim: Claim, django_capture_on_commit_callbacks: Commit
) -> None:
    first = lines_in(claim, LUOYANG)[0]
    with committed(django_capture_on_commit_callbacks):
        claim = walked(cast, claim, {LUOYANG: {first.pk: GONE}})
        say(cast, review_at(claim, Step.TOWNSHIP_REVIEW))
        say(cast, review_at(claim, Step.TOWNSHIP_SIGN))
    town = sheet(claim, Step.TOWNSHIP_SIGN, TOWN)
    assert len(town.lines) == 7 and first.seq not in {line.seq for line in town.lines}
    assert {line.before for line in town.lines} == {"洛阳村委会：属实", "杏田村委会：属实"}


def test_a_second_round_has_a_sheet_of_its_own(
    cast: Cast, claim: Claim, django_capture_on_commit_callbacks: Commit
) -> None:
    line = lines_in(claim, LUOYANG)[0]
    with committed(django_capture_on_commit_callbacks):
        claim = walked(cast, claim, {LUOYANG: {line.pk: WRONG_DATE}})
        assert claim.state == ClaimState.CORRECTION
    assert dict(sheet(claim, Step.VILLAGE_CONFIRM, LUOYANG).counts)["退回补正"] == 1
    claim = answer_correction(claim_id=claim.pk, by=cast["agency"])
    with committed(django_capture_on_commit_callbacks):
        claim = at(cast, claim, ClaimState.BUREAU)
    again = [review.round for review in Review.objects.filter(claim=claim, step=Step.VILLAGE_CONFIRM)]
    assert Paper.objects.filter(kind=Paper.Kind.VILLAGE_CHECK).count() == len(again)


def test_what_a_crash_left_out_is_issued_once(cast: Cast, claim: Claim, fund: FundSource) -> None:
    """Commit callbacks do not run in this test, as after a crash."""
    at(cast, claim, ClaimState.BUREAU)
    assert not Paper.objects.exists()
    assert issue_missing() == 3
    assert issue_missing() == 0 == issue_due(claim.pk, "系统")
    assert sorted(Paper.objects.values_list("kind", flat=True)) == ["township_check", "village_check", "village_check"]


def test_a_sheet_opens_for_its_area_and_those_above_only(cast: Cast, claim: Claim) -> None:
    claim = walked(cast, claim, {})
    issue_missing()
    review = Review.objects.get(claim=claim, step=Step.VILLAGE_CONFIRM, area__code=LUOYANG)
    paper = Paper.objects.get(subject=f"review:{review.pk}")
    who = (
        f"clerk:{LUOYANG}",
        f"clerk:{XINGTIAN}",
        f"handler:{TOWN}",
        "bureau",
        "agency",
        "agency2",
        "maker",
        "auditor",
    )
    assert [name for name in who if can_open_paper(cast[name], paper)] == [
        f"clerk:{LUOYANG}",
        f"handler:{TOWN}",
        "bureau",
        "auditor",
    ]
    for name in (f"clerk:{LUOYANG}", f"clerk:{XINGTIAN}", "bureau", "agency"):
        listed = claim_page(claim_id=claim.pk, by=cast[name]).papers
        assert set(listed) == {p for p in Paper.objects.all() if can_open_paper(cast[name], p)}, name


def test_lists_of_everybody_stay_closed_to_a_village_that_sees_only_its_own(
    cast: Cast, claim: Claim, fund: FundSource
) -> None:
    alone = filed(cast, "agency", 2, seed=700, homes=["洛阳村"], by=cast["agency2"])
    shared = at(cast, claim, ClaimState.LEADER)
    alone = at(cast, alone, ClaimState.LEADER)
    for each in (shared, alone):
        say(cast, review_at(each, Step.LEADER_APPROVAL), Verb.APPROVE, fund_id=fund.pk)
    issue_missing()
    clerk, handler = cast[f"clerk:{LUOYANG}"], cast[f"handler:{TOWN}"]
    for kind in (Paper.Kind.ROSTER, Paper.Kind.APPROVAL):
        of_both, of_mine = (Paper.objects.get(subject=each.chain, kind=kind) for each in (shared, alone))
        assert not can_open_paper(clerk, of_both) and can_open_paper(clerk, of_mine)
        assert can_open_paper(handler, of_both) and can_open_paper(cast["agency"], of_both)
    for by in (clerk, handler, cast["agency"], cast["maker"]):
        listed = claim_page(claim_id=shared.pk, by=by).papers
        assert all(can_open_paper(by, paper) for paper in listed)
        assert bool({paper.kind for paper in listed} & {Paper.Kind.ROSTER}) == (by is not clerk)


def test_a_roster_holds_everybody_masked_and_a_pools_says_who_lent_them(cast: Cast, fund: FundSource) -> None:
    for kind in ("agency", "platform"):
        claim = at(cast, filed(cast, kind, 12, seed=500), ClaimState.LEADER)
        say(cast, review_at(claim, Step.LEADER_APPROVAL), Verb.APPROVE, fund_id=fund.pk)
        issue_missing()
        roster: Any = content_of(Paper.objects.get(subject=claim.chain, kind=Paper.Kind.ROSTER))
        assert (len(roster.lines), roster.live_count, roster.claim_number) == (12, 12, claim.number)
        assert all("*" in line.masked_id and "*" in line.masked_phone and line.job for line in roster.lines)
        assert all(bool(line.lender) == bool(line.lent_to) == (kind == "platform") for line in roster.lines)
        assert all(bool(line.contract_from and line.insurance) == (kind == "agency") for line in roster.lines)


def test_a_notice_has_a_summary_whose_totals_are_its_own(
    cast: Cast, claim: Claim, django_assert_max_num_queries: Any
) -> None:
    first = lines_in(claim, LUOYANG)[0]
    walked(cast, claim, {LUOYANG: {first.pk: GONE}})
    claims = [
        at(cast, claim, ClaimState.PUBLICITY),
        at(cast, filed(cast, "individual", 3, seed=800), ClaimState.PUBLICITY),
    ]
    notice = publish(claim_ids=[each.pk for each in claims], by=cast["bureau"])
    with django_assert_max_num_queries(20):
        assert issue_notice(notice.pk, "黄美雄") == 2
    assert issue_notice(notice.pk, "黄美雄") == 0
    notice = Notice.objects.get(pk=notice.pk)
    paper = Paper.objects.get(subject=f"notice:{notice.pk}", kind=Paper.Kind.SUMMARY)
    summary: Any = content_of(paper)
    assert (summary.occasion, summary.made_by) == (f"公示 {notice.number}", cast["bureau"].user.full_name)
    assert [(row.filed_count, row.live_count, row.deducted_count) for row in summary.rows] == [(8, 7, 1), (3, 3, 0)]
    assert summary.rows[0].reasons == "核实未到岗（上门未见到本人）1人"
    assert paper.amount_fen == notice.paper.amount_fen == 7 * 100_000 + 3 * 50_000  # type: ignore[union-attr]
    assert can_open_paper(cast["bureau"], paper) and can_open_paper(cast["maker"], paper)
    assert not can_open_paper(cast["agency"], paper)


def test_queries_to_issue_do_not_grow_with_the_lines(
    cast: Cast, fund: FundSource, django_assert_max_num_queries: Any
) -> None:
    claim = at(cast, filed(cast, "agency", 120, seed=2000), ClaimState.LEADER)
    issue_missing()
    say(cast, review_at(claim, Step.LEADER_APPROVAL), Verb.APPROVE, fund_id=fund.pk)
    with django_assert_max_num_queries(30):
        assert issue_due(claim.pk, "系统") == 2
