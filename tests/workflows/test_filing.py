"""Filing: what is refused before it is filed, how many queries it takes, and that a worker is paid once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from funds.models import FundSource
from policy.models import SchemeVersion
from project.demo.filing import draft, evidence_for, filed
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from project.demo.walking import walk
from tests.workflows.made import at, lines_in, open_of, review_at, say
from workflows.claims import Claim, ClaimLine
from workflows.clashes import annul_line, resolve_clash
from workflows.drafts import save_claim, start_claim
from workflows.filing import file_claim, precheck, withdraw
from workflows.roster_import import import_roster
from workflows.states import ClaimState, LineStatus, Step

pytestmark = pytest.mark.usefixtures("fund")


def test_filing_five_hundred_lines_takes_at_most_twenty_four_queries(cast: Cast, django_assert_max_num_queries) -> None:
    """The checks across claims (phones, account, address, lists) ask four of them, however many the lines."""
    claim = draft(cast, "agency", 500, seed=1)
    with django_assert_max_num_queries(24):
        file_claim(claim_id=claim.pk, by=cast["agency"])
    assert claim.lines.filter(status=LineStatus.LIVE).count() == 500


def test_numbers_run_within_the_year(cast: Cast) -> None:
    numbers = [filed(cast, "individual", 1, seed=n).number for n in (10, 20, 30)]
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
    assert all(number.startswith("YG-2025-") for number in numbers)


@pytest.mark.parametrize(("field", "code"), [("declared", "not_declared"), ("account", "no_account")])
def test_an_incomplete_draft_is_not_filed(cast: Cast, field: str, code: str) -> None:
    claim = draft(cast, "agency", 2, seed=5)
    Claim.objects.filter(pk=claim.pk).update(**{field: False if field == "declared" else None})
    with pytest.raises(Refusal) as caught:
        file_claim(claim_id=claim.pk, by=cast["agency"])
    assert caught.value.code == code


def test_filing_twice_says_the_number(cast: Cast) -> None:
    claim = filed(cast, "agency", 2, seed=5)
    with pytest.raises(WrongState, match=claim.number):
        file_claim(claim_id=claim.pk, by=cast["agency"])


def test_only_the_claimants_side_files(cast: Cast) -> None:
    claim = draft(cast, "agency", 2, seed=5)
    for name in ("agency2", "person", "bureau", "auditor"):
        with pytest.raises(NotAllowed):
            file_claim(claim_id=claim.pk, by=cast[name])


@pytest.mark.parametrize(
    ("hired", "what"), [(date(2023, 2, 1), "C04"), (date(2025, 10, 20), "C05"), (date(2024, 3, 1), "C04")]
)
def test_what_would_be_refused_is_not_filed_and_says_why(cast: Cast, hired: date, what: str) -> None:
    """Hired before the notice; not yet three months; filing window of 365 days over."""
    claim = draft(cast, "agency", 2, seed=5, hired=hired)
    found = precheck(claim_id=claim.pk, by=cast["agency"])
    assert {line.outcome for line in found.lines} == {"refuse"} and found.total_fen == 0
    assert what in {finding.rule for line in found.lines for finding in line.findings}
    with pytest.raises(Refusal, match="第1行") as caught:
        file_claim(claim_id=claim.pk, by=cast["agency"])
    assert caught.value.code == "lines_refused"
    assert not ClaimLine.objects.filter(claim=claim).exclude(status=LineStatus.DRAFT).exists()


def test_after_the_window_the_real_date_refuses(cast: Cast) -> None:
    claim = draft(cast, "agency", 2, seed=5)
    with clock.travel(date(2027, 5, 1)), pytest.raises(Refusal) as caught:
        file_claim(claim_id=claim.pk, by=cast["agency"])
    assert caught.value.code == "lines_refused"


def test_a_platform_below_ten_is_refused_as_a_whole(cast: Cast) -> None:
    claim = draft(cast, "platform", 9, seed=5)
    with pytest.raises(Refusal) as caught:
        file_claim(claim_id=claim.pk, by=cast["platform"])
    assert caught.value.code in {"claim_refused", "lines_refused"}


def test_hire_dates_under_two_versions_are_filed_apart(cast: Cast) -> None:
    first = SchemeVersion.objects.get()
    terms = dict(first.terms)
    terms["code"], terms["version"] = "qtz-2025-next", 1
    terms["policy"] = terms["policy"] | {
        "valid_from": terms["policy"]["valid_from"] | {"value": "2025-05-01"},
    }
    SchemeVersion.objects.create(
        code="qtz-2025-next",
        version=1,
        doc_no="下一号",
        title="后续政策",
        valid_from=date(2025, 5, 1),
        valid_to=date(2025, 12, 31),
        terms=terms,
        sha256="0" * 64,
        status="published",
        drafted_by=cast["section"].user,
        drafted_at=clock.now(),
        published_by=cast["leader"].user,
        published_at=clock.now(),
    )
    claim = draft(cast, "agency", 1, seed=5)
    more = rows("agency", 1, seed=700, employers=cast.employers[:1], hired=date(2025, 6, 3))
    import_roster(claim_id=claim.pk, by=cast["agency"], data=workbook("agency", more), name="补充.xlsx")
    with pytest.raises(Refusal) as caught:
        file_claim(claim_id=claim.pk, by=cast["agency"])
    assert caught.value.code == "mixed_schemes"


def test_the_database_refuses_a_second_live_line_for_a_worker(cast: Cast) -> None:
    claim = filed(cast, "agency", 1, seed=5)
    line = claim.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimLine.objects.create(
            claim=claim, seq=99, status=LineStatus.LIVE, person_index=line.person_index, slot=line.slot
        )


def test_a_clash_holds_the_later_line_and_the_bureau_decides(cast: Cast) -> None:
    first = filed(cast, "agency", 3, seed=50)
    second = filed(cast, "individual", 3, seed=52)  # one worker in common
    held = second.lines.get(status=LineStatus.HELD)
    kept = first.lines.get(person_index=held.person_index)
    assert second.amount_fen == 2 * 50_000
    second = at(cast, second, ClaimState.BUREAU)
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(second, Step.BUREAU_REVIEW), opinion="已核对。")
    assert caught.value.code == "clash_open"
    resolve_clash(line_id=held.pk, by=cast["bureau"], opinion="个人报备在先")
    held.refresh_from_db()
    kept.refresh_from_db()
    assert (held.status, kept.status, kept.reason_code) == ("live", "deducted", "duplicate_claim")
    with pytest.raises(WrongState) as caught:
        resolve_clash(line_id=kept.pk, by=cast["bureau"], opinion="改判")
    assert caught.value.code == "clash_over"


def test_a_worker_paid_once_is_refused_to_the_next(cast: Cast, fund: FundSource) -> None:
    walk(cast, filed(cast, "agency", 3, seed=50), ClaimState.PAYABLE, fund=fund)
    claim = draft(cast, "individual", 3, seed=52)
    found = precheck(claim_id=claim.pk, by=cast["person"])
    assert sorted(line.outcome for line in found.lines) == ["pay", "pay", "refuse"]
    assert "C02" in {finding.rule for line in found.lines for finding in line.findings}


def test_withdrawal_frees_the_slots_until_the_leader_has_approved(cast: Cast, fund: FundSource) -> None:
    claim = at(cast, filed(cast, "agency", 2, seed=5), ClaimState.TOWNSHIP)
    claim = withdraw(claim_id=claim.pk, by=cast["agency"], reason="另行申报")
    assert claim.state == ClaimState.WITHDRAWN and not open_of(claim)
    again = filed(cast, "agency", 2, seed=5)
    assert again.lines.filter(status=LineStatus.LIVE).count() == 2
    done = walk(cast, again, ClaimState.PAYABLE, fund=fund)
    with pytest.raises(NotAllowed) as caught:
        withdraw(claim_id=done.pk, by=cast["agency"], reason="x")
    assert caught.value.code == "too_late_to_withdraw"


def test_an_annulled_line_gives_its_money_back(cast: Cast, fund: FundSource) -> None:
    claim = walk(cast, filed(cast, "agency", 3, seed=5), ClaimState.PAYABLE, fund=fund)
    line = claim.lines.first()
    with pytest.raises(NotAllowed):
        annul_line(line_id=line.pk, by=cast["bureau"], reason_code="material_false", note="合同不实")
    annul_line(line_id=line.pk, by=cast["leader"], reason_code="material_false", note="合同不实")
    fund.refresh_from_db()
    assert claim.amount_fen == fund.reserved_fen == 2 * 100_000


def test_a_foreign_account_is_refused(cast: Cast) -> None:
    from registry.models import BankAccount

    claim = start_claim(kind="agency", by=cast["agency"])
    foreign = BankAccount.objects.filter(organisation=cast.agencies[1]).get()
    with pytest.raises(Refusal) as caught:
        save_claim(claim_id=claim.pk, by=cast["agency"], account_id=foreign.pk)
    assert caught.value.code == "account_not_yours"


def test_evidence_twice_is_one(cast: Cast) -> None:
    claim = draft(cast, "agency", 1, seed=5)
    before = claim.evidence.count()
    evidence_for(claim, cast["agency"])
    assert claim.evidence.count() == before


def test_lines_go_to_the_right_verifier(cast: Cast) -> None:
    """Home village in the zone first; else the employer's village; an industrial area's township level (A25, A26)."""
    claim = filed(
        cast, "agency", 4, seed=5, employers=[cast.employers[0], cast.employers[4]], homes=["张坂村", "张坂村", "", ""]
    )
    assert len(lines_in(claim, "350521106201")) == 2
    assert len(lines_in(claim, "350521104201")) == 1
    assert len(lines_in(claim, "350521401")) == 1
