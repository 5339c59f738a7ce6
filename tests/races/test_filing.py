"""Claims filed at the same moment: one number each, one live line a worker, a clash never an accident."""

from functools import partial
from threading import Barrier
from uuid import UUID

import pytest

from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from registry.models import Worker
from tests.races.drafted import drafted, filed, people
from tests.races.together import DONE, at_once, meeting
from workflows.claims import Claim, ClaimLine
from workflows.clashes import resolve_clash
from workflows.corrections import Parts
from workflows.deciding import decide
from workflows.drafts import start_claim
from workflows.filing import answer_correction, file_claim, withdraw
from workflows.roster_import import import_roster
from workflows.roster_lines import save_line
from workflows.slots import rivals_of, settle
from workflows.states import ClaimState, LineStatus, Verb

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def statuses(person_index: str) -> list[str]:
    return sorted(ClaimLine.objects.filter(person_index=person_index).values_list("status", flat=True))


def lines_of(claim: Claim) -> list[ClaimLine]:
    return list(ClaimLine.objects.filter(claim=claim).order_by("seq"))


def test_fifty_submissions_of_one_filing_file_once(cast: Cast, fund: FundSource) -> None:
    claim = drafted(cast["agency"], people(cast, 3, seed=10))
    answers = at_once([partial(file_claim, claim_id=claim.pk, by=cast["agency"])] * 10, times=5)
    assert sorted(answers) == ["already_filed"] * 49 + [DONE]
    claim.refresh_from_db()
    assert claim.number == "YG-2025-104-000001"
    assert Event.objects.filter(chain=claim.chain, verb="file").count() == 1
    assert claim.reviews.count() == 1
    follower = filed(cast["agency"], people(cast, 3, seed=20))
    assert follower.number == "YG-2025-104-000002"
    assert list(breaks()) == []


def test_two_claims_file_the_same_workers_at_once(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 4 * ROUNDS, seed=100)
    for turn in range(ROUNDS):
        pair = [drafted(cast[who], workers[4 * turn : 4 * turn + 4]) for who in ("agency", "agency2")]
        answers = at_once(
            [
                partial(file_claim, claim_id=claim.pk, by=cast[who])
                for claim, who in zip(pair, ("agency", "agency2"), strict=True)
            ]
        )
        assert answers == [DONE, DONE]
        for line in lines_of(pair[0]):
            assert statuses(line.person_index) == [LineStatus.HELD, LineStatus.LIVE]
        by_claim = [{line.status for line in lines_of(claim)} for claim in pair]
        assert sorted(by_claim, key=str) == [{LineStatus.HELD}, {LineStatus.LIVE}]


def test_a_withdrawal_meets_a_filing_of_the_same_worker(cast: Cast, fund: FundSource) -> None:
    """The worker is live in the new claim, or held there; held, the bureau can still give him to it."""
    workers = people(cast, 3 * ROUNDS, seed=200)
    for turn in range(ROUNDS):
        three = workers[3 * turn : 3 * turn + 3]
        first, second = filed(cast["agency"], three), drafted(cast["agency2"], three)
        answers = at_once(
            [
                partial(withdraw, claim_id=first.pk, by=cast["agency"], reason="另行申报"),
                partial(file_claim, claim_id=second.pk, by=cast["agency2"]),
            ]
        )
        assert answers == [DONE, DONE]
        for line in lines_of(second):
            assert line.status in {LineStatus.LIVE, LineStatus.HELD}
            if line.status == LineStatus.HELD:
                resolve_clash(line_id=line.pk, by=cast["bureau"], opinion="另一申报已撤回")
            assert statuses(line.person_index) == [LineStatus.LIVE, LineStatus.RELEASED]


def test_two_officers_resolve_one_clash_in_opposite_directions(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 3 * ROUNDS, seed=300)
    for turn in range(ROUNDS):
        pair = [filed(cast[who], workers[3 * turn : 3 * turn + 3]) for who in ("agency", "agency2")]
        ours, theirs = lines_of(pair[0])[0], lines_of(pair[1])[0]
        answers = at_once(
            [
                partial(resolve_clash, line_id=ours.pk, by=cast["bureau"], opinion="先申报者保留"),
                partial(resolve_clash, line_id=theirs.pk, by=cast["bureau2"], opinion="合同在后者名下"),
            ]
        )
        assert sorted(answers) == ["clash_over", DONE]
        kept, lost = (ours, theirs) if answers[0] == DONE else (theirs, ours)
        kept.refresh_from_db()
        lost.refresh_from_db()
        assert (kept.status, lost.status) == (LineStatus.LIVE, LineStatus.DEDUCTED)
    assert list(breaks()) == []


def test_a_worker_left_over_is_given_out_once(cast: Cast, fund: FundSource, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rival of a held line withdrew: the bureau lets it live while a third claim files the same worker."""
    three = people(cast, 3, seed=700)
    first, second = filed(cast["agency"], three), filed(cast["agency2"], three)
    withdraw(claim_id=first.pk, by=cast["agency"])
    third = drafted(cast["person"], three, kind="individual")
    held = lines_of(second)[0]
    gate = Barrier(2)
    monkeypatch.setattr("workflows.filing.settle", meeting(settle, gate))
    looks = iter([rivals_of, meeting(rivals_of, gate)])  # the second look is the one that decides
    monkeypatch.setattr("workflows.clashes.rivals_of", lambda line: next(looks)(line))
    answers = at_once(
        [
            partial(resolve_clash, line_id=held.pk, by=cast["bureau"], opinion="另一申报已撤回"),
            partial(file_claim, claim_id=third.pk, by=cast["person"]),
        ]
    )
    assert answers[0] in {DONE, "clash_moved"} and answers[1] == DONE
    assert statuses(held.person_index) == [LineStatus.HELD, LineStatus.LIVE, LineStatus.RELEASED]


def test_a_third_claim_is_filed_while_a_clash_is_resolved(cast: Cast, fund: FundSource) -> None:
    """Whatever order the two commit in, one claim has the worker live and the newcomer waits."""
    workers = people(cast, 3 * ROUNDS, seed=400)
    for turn in range(ROUNDS):
        three = workers[3 * turn : 3 * turn + 3]
        pair = [filed(cast[who], three) for who in ("agency", "agency2")]
        third = drafted(cast["person"], three, kind="individual")
        held = lines_of(pair[1])[0]

        def resolve(line: UUID = held.pk) -> None:
            resolve_clash(line_id=line, by=cast["bureau"], opinion="合同在后者名下")

        answers = at_once([resolve, partial(file_claim, claim_id=third.pk, by=cast["person"])])
        assert answers[1] == DONE and answers[0] in {DONE, "clash_moved"}
        assert statuses(held.person_index).count(LineStatus.LIVE) == 1
        assert lines_of(third)[0].status in {LineStatus.HELD, LineStatus.DEDUCTED}


def test_a_corrected_line_meets_a_filing_of_the_same_worker(
    cast: Cast, fund: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction names another worker at the moment the same one is filed elsewhere; then it is answered."""
    workers = people(cast, 3, seed=600)
    first, second = filed(cast["agency"], workers[:2]), drafted(cast["agency2"], workers[2:])
    (acceptance,) = first.reviews.all()
    line = lines_of(first)[0]
    parts = Parts(lines=[line.pk])
    decide(review_id=acceptance.pk, by=cast["bureau"], verb=Verb.RETURN, opinion="请核对人员。", parts=parts)
    gate = Barrier(2)
    monkeypatch.setattr("workflows.filing.settle", meeting(settle, gate))
    monkeypatch.setattr("workflows.roster_lines.settle", meeting(settle, gate))
    answers = at_once(
        [
            partial(save_line, claim_id=first.pk, by=cast["agency"], values=workers[2], line_id=line.pk),
            partial(file_claim, claim_id=second.pk, by=cast["agency2"]),
        ]
    )
    assert answers == [DONE, DONE]
    assert statuses(lines_of(second)[0].person_index) == [LineStatus.HELD, LineStatus.LIVE]
    answer_correction(claim_id=first.pk, by=cast["agency"])
    assert statuses(lines_of(second)[0].person_index) == [LineStatus.HELD, LineStatus.LIVE]


def test_a_correction_that_names_a_taken_worker_waits_for_the_bureau(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 3, seed=650)
    first, second = filed(cast["agency"], workers[:2]), filed(cast["agency2"], workers[2:])
    (acceptance,) = first.reviews.all()
    line = lines_of(first)[0]
    parts = Parts(lines=[line.pk])
    decide(review_id=acceptance.pk, by=cast["bureau"], verb=Verb.RETURN, opinion="请核对人员。", parts=parts)
    save_line(claim_id=first.pk, by=cast["agency"], values=workers[2], line_id=line.pk)
    answer_correction(claim_id=first.pk, by=cast["agency"])
    assert [line.status for line in lines_of(first)] == [LineStatus.HELD, LineStatus.LIVE]
    assert [line.status for line in lines_of(second)] == [LineStatus.LIVE]


def test_two_imports_name_the_same_new_people_in_opposite_order(cast: Cast, fund: FundSource) -> None:
    """Both register the same workers at once: neither waits for the other for ever, and each worker is one row."""
    for turn in range(ROUNDS):
        people = rows("agency", 60, seed=2000 + 60 * turn, employers=cast.employers[:4])
        files = [workbook("agency", people), workbook("agency", people[::-1])]
        claims = [start_claim(kind="agency", by=cast[who]) for who in ("agency", "agency2")]
        answers = at_once(
            [
                partial(import_roster, claim_id=claim.pk, by=cast[who], data=data, name="花名册.xlsx")
                for claim, who, data in zip(claims, ("agency", "agency2"), files, strict=True)
            ]
        )
        assert answers == [DONE, DONE]
        assert Worker.objects.count() == 60 * (turn + 1)
        assert [claim.lines.count() for claim in claims] == [60, 60]


def test_double_start_of_a_title_claim_is_one_claim(cast: Cast, fund: FundSource) -> None:
    answers = at_once([partial(start_claim, kind="ambassador", by=cast["person"], count_year=2025)] * 8)
    assert sorted(answers) == ["ambassador_year_taken"] * 7 + [DONE]
    assert Claim.objects.filter(kind="ambassador", state=ClaimState.DRAFT).count() == 1
