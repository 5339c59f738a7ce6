"""Correction: once a level, only the named parts open, others' decisions stand, the reviewer sees what changed."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import NotAllowed, Refusal
from core.identifiers import IdType
from documents.rosters import RosterValues
from funds.models import FundSource
from project.demo.filing import filed, scan
from project.demo.people import Cast
from project.demo.walking import open_of, say_yes
from tests.workflows.made import at, lines_in, review_at, say
from workflows.claims import Claim, ClaimLine
from workflows.corrections import Parts
from workflows.drafts import save_claim
from workflows.evidence import add_evidence
from workflows.filing import answer_correction
from workflows.reviews import Correction, Review
from workflows.roster_lines import remove_line, save_line
from workflows.states import ClaimState, ReviewOutcome, Step, Verb
from workflows.words import LineWord

LUOYANG, XINGTIAN = "350521104201", "350521104215"
WRONG_DATE = LineWord(Verb.RETURN, "", "入职日期与企业台账不符，请核对")


@pytest.fixture
def cast(ours: tuple[Cast, FundSource, Claim]) -> Cast:
    return ours[0]


@pytest.fixture
def fund(ours: tuple[Cast, FundSource, Claim]) -> FundSource:
    return ours[1]


@pytest.fixture
def claim(ours: tuple[Cast, FundSource, Claim]) -> Claim:
    return ours[2]


def values_of(line: ClaimLine, **changes: object) -> RosterValues:
    same = RosterValues(
        name=line.worker.name,
        id_type=IdType(line.worker.id_type),
        id_number=line.worker.id_number,
        village=line.home.code,
        phone=line.phone,
        employer_name=line.employer_name,
        employer_uscc=line.employer_uscc,
        hire_date=line.hire_date,
        contract_from=line.contract_from,
        contract_to=line.contract_to,
        insurance_types=frozenset(line.details["insurance_types"]),
        insured_from=line.insured_from,
        insured_months=line.insured_months,
        still_employed=line.still_employed,
    )
    return replace(same, **changes)


def returned(cast: Cast, claim: Claim) -> tuple[Claim, ClaimLine]:
    """One village returns a line, the other passes; the claim waits for its claimant."""
    claim = at(cast, claim, ClaimState.VILLAGE)
    line = lines_in(claim, LUOYANG)[0]
    say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG), lines={line.pk: WRONG_DATE})
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    assert claim.state == ClaimState.VILLAGE, "correction opens once all have answered"
    say(cast, review_at(claim, Step.VILLAGE_RECORD, XINGTIAN))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, XINGTIAN))
    assert claim.state == ClaimState.CORRECTION
    return claim, line


def test_a_villages_return_opens_its_line_only(cast: Cast, claim: Claim) -> None:
    claim, line = returned(cast, claim)
    other = lines_in(claim, XINGTIAN)[0]
    by = cast["agency"]
    with pytest.raises(NotAllowed) as caught:
        save_line(claim_id=claim.pk, by=by, values=values_of(other, hire_date=date(2025, 3, 4)), line_id=other.pk)
    assert caught.value.code == "part_not_open"
    with pytest.raises(NotAllowed):
        save_claim(claim_id=claim.pk, by=by, note="x")
    with pytest.raises(NotAllowed):
        add_evidence(claim_id=claim.pk, by=by, kind="contract", data=scan("a", "b"), name="合同.png")
    with pytest.raises(Refusal) as caught:
        remove_line(claim_id=claim.pk, line_id=line.pk, by=by)
    assert caught.value.code == "line_locked"


def test_only_the_village_whose_line_changed_decides_again(cast: Cast, claim: Claim) -> None:
    claim, line = returned(cast, claim)
    line = ClaimLine.objects.select_related("worker", "home").get(pk=line.pk)
    fixed = values_of(line, hire_date=date(2025, 3, 4), phone="13900001111")
    save_line(claim_id=claim.pk, by=cast["agency"], values=fixed, line_id=line.pk)
    claim = answer_correction(claim_id=claim.pk, by=cast["agency"])
    assert claim.state == ClaimState.VILLAGE
    assert [(r.area.code, r.round) for r in open_of(claim)] == [(LUOYANG, 2)]
    changed = {c["field"]: (c["before"], c["after"]) for c in Correction.objects.get().changes}
    assert changed["hire_date"] == ("2025-03-03", "2025-03-04")
    assert changed["phone"][1] == "139****1111", "a changed phone is shown masked"
    say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    assert claim.state == ClaimState.TOWNSHIP
    assert Review.objects.filter(claim=claim, area__code=XINGTIAN, outcome=ReviewOutcome.PASSED).count() == 2


def test_a_second_round_at_the_same_level_is_refused(cast: Cast, claim: Claim) -> None:
    claim, line = returned(cast, claim)
    claim = answer_correction(claim_id=claim.pk, by=cast["agency"])
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(claim, Step.VILLAGE_RECORD, LUOYANG), lines={line.pk: WRONG_DATE})
    assert caught.value.code == "correction_used"


def test_a_line_that_moves_village_is_verified_there(cast: Cast, claim: Claim) -> None:
    claim, line = returned(cast, claim)
    line = ClaimLine.objects.select_related("worker", "home").get(pk=line.pk)
    moved = values_of(line, village="350521106201")
    save_line(claim_id=claim.pk, by=cast["agency"], values=moved, line_id=line.pk)
    claim = answer_correction(claim_id=claim.pk, by=cast["agency"])
    assert [r.area.code for r in open_of(claim)] == ["350521106201"]


def test_the_bureau_asks_once_before_acceptance_for_named_parts(cast: Cast, claim: Claim) -> None:
    review = open_of(claim)[0]
    with pytest.raises(Refusal) as caught:
        say(cast, review, Verb.RETURN, opinion="请补充账户证明")
    assert caught.value.code == "parts_missing"
    claim = say(cast, review, Verb.RETURN, opinion="请补充账户证明", parts=Parts(evidence=["bank_proof"]))
    assert claim.state == ClaimState.CORRECTION
    add_evidence(claim_id=claim.pk, by=cast["agency"], kind="bank_proof", data=scan("新", "1"), name="账户.png")
    claim = answer_correction(claim_id=claim.pk, by=cast["agency"])
    assert claim.state == ClaimState.FILED
    with pytest.raises(Refusal) as caught:
        say(cast, open_of(claim)[0], Verb.RETURN, opinion="再补", parts=Parts(claim=True))
    assert caught.value.code == "correction_used"
    assert say_yes(cast, open_of(claim)[0]).state == ClaimState.VILLAGE


def test_a_corrected_person_who_is_taken_is_held(cast: Cast, claim: Claim) -> None:
    rival = filed(cast, "individual", 1, seed=777)
    claim, line = returned(cast, claim)
    line = ClaimLine.objects.select_related("worker", "home").get(pk=line.pk)
    other = rival.lines.select_related("worker").get().worker
    taken = values_of(line, name=other.name, id_number=other.id_number)
    save_line(claim_id=claim.pk, by=cast["agency"], values=taken, line_id=line.pk)
    answer_correction(claim_id=claim.pk, by=cast["agency"])
    line.refresh_from_db()
    assert line.status == "held"
