"""What claims share with each other, as facts for the rules: counted right, in as many queries for many lines as for few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from documents.files import store
from project.demo.filing import draft, filed
from project.demo.people import Cast
from registry.models import Worker
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.facts import LINE_RELATED, claim_facts
from workflows.filing import lines_to_judge

pytestmark = pytest.mark.usefixtures("fund")


def facts_of(claim: Claim) -> Any:
    return claim_facts(claim, lines_to_judge(claim), clock.today())


def test_a_phone_in_two_claims_counts_both_claimants(cast: Cast) -> None:
    mine, theirs = filed(cast, "agency", 3, seed=100), filed(cast, "individual", 2, seed=400)
    phone = mine.lines.first().phone_index
    ClaimLine.objects.filter(pk=theirs.lines.first().pk).update(phone_index=phone)
    first = facts_of(mine).lines[0]
    assert (first.phone_shared_by, first.phone_claimants) == (2, 2)
    assert all((line.phone_shared_by, line.phone_claimants) == (1, 1) for line in facts_of(mine).lines[1:])


def test_the_same_scan_for_two_people_is_seen(cast: Cast) -> None:
    claim = draft(cast, "agency", 3, seed=100)
    file = store(data=b"%PDF-1 %%EOF", name="a.pdf", content_type="application/pdf", by_id=None)
    for line in claim.lines.order_by("seq")[:2]:
        Evidence.objects.create(
            claim=claim, line=line, kind="contract", file=file, added_by=cast["agency"].user, added_at=clock.now()
        )
    assert [line.same_files for line in facts_of(claim).lines] == [1, 1, 0]


def test_neighbouring_numbers_are_measured_within_an_area_and_a_birthday(cast: Cast) -> None:
    claim = draft(cast, "agency", 3, seed=100)
    lines = lines_to_judge(claim)
    for line, number in zip(lines, ("350521199003070013", "35052119900307003X", "350521199103070010"), strict=True):
        line.worker.id_number = number
    assert [line.id_distance for line in claim_facts(claim, lines, clock.today()).lines] == [2, 2, None]


def test_an_account_and_an_address_shared_with_others_are_told(cast: Cast) -> None:
    claim = draft(cast, "agency", 1, seed=100)
    org, other, employer = claim.claimant_org, cast["agency2"].post.organisation, claim.lines.get().employer
    for unit in (org, other, employer):
        unit.address = "东园镇阳光路1号"
        unit.save(update_fields=["address"])
    account = claim.account
    other.accounts.update(number_index=account.number_index)
    told = facts_of(Claim.objects.get(pk=claim.pk)).claimant
    assert (told.account_shared_by, told.address_shared_by) == (2, 2)
    assert told.shares == {("address", employer.uscc)}


def test_false_papers_before_are_remembered(cast: Cast) -> None:
    before = filed(cast, "agency", 3, seed=100)
    before.lines.filter(seq__lte=2).update(status="deducted", reason_code="material_false")
    assert facts_of(draft(cast, "agency", 1, seed=300)).claimant.false_before == 2


def test_facts_take_the_same_queries_for_many_lines(cast: Cast) -> None:
    asked = []
    for heads, seed in ((2, 100), (40, 400)):
        claim = draft(cast, "agency", heads, seed=seed)
        lines = list(ClaimLine.objects.filter(claim=claim).select_related(*LINE_RELATED))
        with CaptureQueriesContext(connection) as caught:
            claim_facts(claim, lines, clock.today())
        asked.append(len(caught))
    assert asked[0] == asked[1] <= 11
    assert Worker.objects.count() >= 42
