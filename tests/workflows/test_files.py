"""Which files open for whom: as visible as what they belong to, and no more."""

import uuid

import pytest

from accounts.models import Area
from core import clock
from core.errors import NotAllowed
from documents.models import Paper
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, evidence
from workflows.claims import Claim, Evidence
from workflows.files import can_open_paper, evidence_for, owner_of, papers_of
from workflows.publicity import publish
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def villages() -> list[Area]:
    return [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]


@pytest.fixture
def claim(cast: Cast, villages: list[Area]) -> Claim:
    return claim_at(cast, ClaimState.VILLAGE, villages=villages, heads=2)


def paper(subject: str, kind: str = Paper.Kind.APPROVAL) -> Paper:
    return Paper.objects.create(
        kind=kind,
        number=f"SP-{uuid.uuid4()}"[:40],
        code=uuid.uuid4().hex[:10],
        subject=subject,
        title="审批表",
        content="{}",
        public={},
        issued_on=clock.today(),
        issued_at=clock.now(),
        issued_by_label="林国栋",
    )


def opens(cast: Cast, who: str, item: Evidence) -> bool:
    try:
        return evidence_for(evidence_id=item.pk, by=cast[who]) == item
    except NotAllowed as refusal:
        assert refusal.code == "file_not_visible"
        return False


def test_evidence_of_a_line_opens_for_its_own_village_and_those_above(cast: Cast, claim: Claim) -> None:
    item = evidence(claim, claim.lines.get(seq=1))
    who = ("clerk:350521104201", "clerk:350521105001", "handler:350521104", "handler:350521105", "bureau", "auditor")
    assert [name for name in who if opens(cast, name, item)] == [
        "clerk:350521104201",
        "handler:350521104",
        "bureau",
        "auditor",
    ]


def test_evidence_of_the_claim_opens_for_all_who_see_the_claim(cast: Cast, claim: Claim) -> None:
    item = evidence(claim)
    assert opens(cast, "agency", item)
    assert opens(cast, "clerk:350521105001", item)
    assert not opens(cast, "agency2", item)
    assert not opens(cast, "person", item)
    assert not opens(cast, "maker", item)  # finance sees what is approved
    assert not opens(cast, "sysadmin", item)


def test_unknown_evidence_is_refused_like_hidden_evidence(cast: Cast, claim: Claim) -> None:
    for pk in (0, 999_999, 2**70):
        with pytest.raises(NotAllowed) as refusal:
            evidence_for(evidence_id=pk, by=cast["bureau"])
        assert refusal.value.code == "file_not_visible"


def test_a_paper_of_a_claim_opens_with_the_claim(cast: Cast, claim: Claim) -> None:
    mine = paper(claim.chain)
    assert can_open_paper(cast["agency"], mine)
    assert can_open_paper(cast["bureau"], mine)
    assert not can_open_paper(cast["agency2"], mine)
    assert not can_open_paper(cast["clerk:350521106208"], mine)


@pytest.mark.parametrize("kind", [Paper.Kind.APPROVAL, Paper.Kind.DEDUCTION])
def test_a_paper_that_names_workers_is_for_those_who_see_all_of_them(cast: Cast, claim: Claim, kind: str) -> None:
    naming, letter = paper(claim.chain, kind), paper(claim.chain, Paper.Kind.REFUSAL)
    for who in ("clerk:350521104201", "head:350521104201", "handler:350521104", "clerk:350521105001"):
        by = cast[who]  # two villages of two townships: each sees a half
        assert [item for item in (naming, letter) if can_open_paper(by, item)] == [letter]
        assert papers_of(by, claim, []) == [letter]
    for who in ("agency", "bureau", "auditor"):
        assert papers_of(cast[who], claim, []) == [naming, letter]


def test_a_village_that_answers_for_everybody_of_a_claim_opens_its_papers(cast: Cast, villages: list[Area]) -> None:
    own = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], heads=2)
    naming = paper(own.chain)
    assert can_open_paper(cast["clerk:350521104201"], naming)
    assert papers_of(cast["handler:350521104"], own, []) == [naming]


def test_a_paper_of_a_notice_opens_for_officials_and_the_claimants_concerned(cast: Cast, villages: list[Area]) -> None:
    shown = claim_at(cast, ClaimState.PUBLICITY, villages=villages)
    notice = publish(claim_ids=[shown.pk], by=cast["bureau"])
    posted = paper(f"notice:{notice.pk}")
    assert can_open_paper(cast["agency"], posted)
    assert can_open_paper(cast["clerk:350521106208"], posted)
    assert not can_open_paper(cast["agency2"], posted)


@pytest.mark.parametrize("subject", ["batch:4", "claim:", "claim:x", "", "claim:99999999999999999999999", "notice"])
def test_papers_of_anything_else_are_not_the_roads_to_open(cast: Cast, subject: str) -> None:
    assert not can_open_paper(cast["agency"], paper(subject))


def test_the_owner_is_read_from_the_chain(cast: Cast) -> None:
    assert owner_of(paper("batch:4")) == ("batch", 4)
    assert owner_of(paper("claim:x")) == ("claim", 0)
