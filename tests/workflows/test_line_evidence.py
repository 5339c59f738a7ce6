"""What stands beside a line: counted over others' claims, told without them, to its own village only."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast, area_of
from registry.labour.commands import Doing, Particulars, register_person
from registry.models import LabourPerson
from tests.workflows.made import at, lines_in
from workflows.claims import Claim, ClaimLine
from workflows.line_evidence import line_evidence
from workflows.states import ClaimState

LUOYANG = "350521104201"
CLERK = f"clerk:{LUOYANG}"


@pytest.fixture
def claim(cast: Cast, fund: FundSource) -> Claim:
    """Four people, two villages, in verification."""
    return at(cast, filed(cast, "agency", 4, seed=3100, homes=["洛阳村", "锦峰社区"]), ClaimState.VILLAGE)


def test_shares_are_counted_and_nobody_is_named(cast: Cast, claim: Claim) -> None:
    line = lines_in(claim, LUOYANG)[0]
    other = filed(cast, "individual", 2, seed=3500)
    stranger = other.lines.order_by("seq")[0]
    ClaimLine.objects.filter(pk=stranger.pk).update(phone_index=line.phone_index, employer_uscc=line.employer_uscc)
    shown = line_evidence(line_id=line.pk, by=cast[CLERK])
    assert (shown.phone_workers, shown.phone_claimants, shown.account_claimants) == (1, 1, 0)
    assert shown.employer_people >= 1 and shown.advice == "true"
    assert stranger.worker.name not in repr(shown.earlier)


def test_earlier_claims_on_the_person_stand_there(cast: Cast, claim: Claim) -> None:
    line = lines_in(claim, LUOYANG)[0]
    other = filed(cast, "individual", 2, seed=3500)
    other.lines.filter(seq=1).update(person_index=line.person_index, status="deducted")
    (before,) = line_evidence(line_id=line.pk, by=cast[CLERK]).earlier
    assert (before.kind, before.status) == ("个人引进", "已核减")


@pytest.mark.parametrize("severity", ["review", "block"])
def test_the_advice_follows_the_findings(cast: Cast, claim: Claim, severity: str) -> None:
    line = lines_in(claim, LUOYANG)[0]
    result = {"lines": [{"ref": str(line.pk), "findings": [{"severity": severity, "code": "x"}]}]}
    claim.assessments.create(stage="rechecked", result=result, total_fen=0, at=claim.saved_at)
    advice = line_evidence(line_id=line.pk, by=cast[CLERK]).advice
    assert advice == {"review": "look", "block": "deduct"}[severity]


def test_a_village_opens_its_own_people_only(cast: Cast, claim: Claim) -> None:
    foreign = claim.lines.exclude(verify_area__code=LUOYANG).first()
    for who in (CLERK, "maker"):
        with pytest.raises(NotAllowed):
            line_evidence(line_id=foreign.pk, by=cast[who])
    assert line_evidence(line_id=foreign.pk, by=cast["bureau"]).line == foreign


def register(cast: Cast, claim: Claim, village: str, *, number: bool, **doing: object) -> LabourPerson:
    """The claim's first person of 洛阳, in a village's register."""
    worker = lines_in(claim, LUOYANG)[0].worker
    who = Particulars(
        name=worker.name, sex={"male": "1", "female": "2"}[worker.sex], birth_month=worker.birth.replace(day=1),
        id_number=worker.id_number if number else "",
    )  # fmt: skip
    doing = {"status": "employed", "since": date(2025, 5, 1)} | doing
    return register_person(village=area_of(village), who=who, doing=Doing(**doing), by=cast[f"clerk:{village}"])


@pytest.mark.parametrize("number", [True, False])
def test_the_register_stands_beside_the_line(cast: Cast, claim: Claim, number: bool) -> None:
    line = lines_in(claim, LUOYANG)[0]
    person = register(cast, claim, LUOYANG, number=number, employer=line.employer_name)
    shown = line_evidence(line_id=line.pk, by=cast[CLERK])
    assert ([seen.pk for seen in shown.registered], shown.doubts, shown.advice) == ([person.pk], [], "true")
    assert [status.status for status in shown.registered[0].history] == ["employed"]


@pytest.mark.parametrize(("doing", "said"), [({"status": "in_prison"}, "服刑"), ({"employer": "别的工厂"}, "别的工厂")])
def test_what_the_register_says_against_the_claim_is_a_reason_to_look(
    cast: Cast, claim: Claim, doing: dict[str, object], said: str
) -> None:
    line = lines_in(claim, LUOYANG)[0]
    register(cast, claim, LUOYANG, number=True, **doing)
    shown = line_evidence(line_id=line.pk, by=cast[CLERK])
    assert said in shown.doubts[0] and shown.advice == "look"


def test_another_villages_register_is_not_shown(cast: Cast, claim: Claim) -> None:
    line = lines_in(claim, LUOYANG)[0]
    person = register(cast, claim, "350521104203", number=True, status="in_prison")
    assert line_evidence(line_id=line.pk, by=cast[CLERK]).registered == []
    assert line_evidence(line_id=line.pk, by=cast["handler:350521104"]).registered == [person]


def test_it_takes_few_queries(cast: Cast, claim: Claim) -> None:
    line = lines_in(claim, LUOYANG)[0]
    with CaptureQueriesContext(connection) as caught:
        line_evidence(line_id=line.pk, by=cast[CLERK])
    assert len(caught) <= 12
