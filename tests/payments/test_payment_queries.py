"""The pages' questions: right sums, a page at a time, a fixed number of queries whatever the table holds."""

from dataclasses import fields

import pytest
from django.core.paginator import Paginator
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from core.errors import NotAllowed
from funds.models import FundSource
from payments import access, batches, queries
from payments.waiting import Waiting, all_waiting, chosen
from tests.payments import made
from tests.payments.made import Office, drafted, payable, sent

pytestmark = pytest.mark.django_db
MOST = 15


def test_what_waits_is_grouped_by_claim(office: Office, source: FundSource) -> None:
    big, small = payable(source, heads=3), payable(source, heads=1)
    person = payable(source, made.user("张海燕"), heads=2)
    payable(made.fund(allocation_no="别的"), heads=9)
    found = queries.payable_claims(fund_id=source.pk, channel="public")
    assert [(c.pk, c.open_heads, c.open_fen) for c in found] == [(big.pk, 3, 3_000_00), (small.pk, 1, 1_000_00)]
    private = queries.payable_claims(fund_id=source.pk, channel="private")
    assert [(c.pk, c.open_heads, c.open_fen) for c in private] == [(person.pk, 2, 1_000_00)]
    there = [(at.fund.allocation_no, at.channel, at.claims, at.heads, at.fen) for at in all_waiting()]
    here = source.allocation_no
    assert there == [
        (here, "public", 2, 4, 4_000_00), (here, "private", 1, 2, 1_000_00), ("别的", "public", 1, 9, 9_000_00),
    ]  # fmt: skip
    batch = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    batches.draft_batch(batch_id=batch.pk, line_ids=made.line_ids(big)[:2], by=office.maker)
    assert [c.open_heads for c in found.all()] == [1, 1]


def test_the_page_of_a_batch(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=3), payable(source, heads=1)
    batch = sent(office, source, claim, other)
    back = {"outcome": "returned", "reason_code": "holder_differs"}
    batches.mark_items(batch_id=batch.pk, claim_ids=[claim.pk], by=office.maker, **back)
    page = queries.batch_page(batch_id=batch.pk, by=office.maker)
    assert [(str(r.transfer), r.claim.pk, r.heads, r.amount_fen, r.outcome, r.reason) for r in page.rows] == [
        (f"{batch}-0001", claim.pk, 3, 3_000_00, "returned", "户名不符"),
        (f"{batch}-0002", other.pk, 1, 1_000_00, "pending", ""),
    ]
    assert all("*" in row.masked and row.account.number not in row.masked for row in page.rows)
    assert (page.totals.transfers, page.totals.heads, page.totals.fen) == (2, 4, 4_000_00)
    assert (page.totals.returned_fen, page.totals.pending_fen, page.totals.settled_fen) == (3_000_00, 1_000_00, 0)
    assert [s.state for s in page.stations] == ["done"] * 5 + ["now"]
    assert [s.who for s in page.stations[:4]] == ["黄美雄", "许丽云", "蔡文彬", "王建平"]
    allowed = {name for name, action in page.actions.items() if action.verdict}
    assert allowed == {"mark", "file", "download"}
    assert all(a.verdict.reason for a in page.actions.values() if not a.verdict)
    assert page.events[-1].words == "户名不符"


def test_verdicts_on_the_page_are_those_of_the_commands(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    for field in fields(office):
        actor = getattr(office, field.name)
        shown = queries.batch_page(batch_id=batch.pk, by=actor).actions
        assert {v.value: access.can(actor, batch, v) for v in access.BatchVerb} == {
            name: action.verdict for name, action in shown.items()
        }


@pytest.mark.parametrize("role", [r for r in Role if r not in access.SEES_BATCHES])
def test_nobody_else_sees_a_batch(office: Office, source: FundSource, role: Role) -> None:
    batch = drafted(office, source, payable(source))
    stranger = made.officer(role, "外人")
    assert not queries.batches_for(stranger).exists()
    assert not access.can_view_batch(stranger, batch)
    for pk in (batch.pk, 987):
        with pytest.raises(NotAllowed) as refused:
            queries.batch_page(batch_id=pk, by=stranger)
        assert refused.value.code == "batch_not_visible"


def test_the_list_knows_sums_before_and_after_sealing(office: Office, source: FundSource) -> None:
    done = sent(office, source, payable(source, heads=5))
    batches.mark_items(
        batch_id=done.pk, all_pending=True, outcome="returned", reason_code="account_frozen", by=office.maker
    )
    draft = drafted(office, source, payable(source, heads=2))
    batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    found = queries.batches_for(office.auditor)
    assert [(b.heads, b.sum_fen) for b in found] == [(0, 0), (2, 2_000_00), (5, 5_000_00)]
    assert list(queries.batches_for(office.bureau, state="drafted")) == [draft]


@pytest.mark.parametrize("claims", [2, 60])
def test_queries_do_not_grow(
    office: Office, source: FundSource, claims: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = sent(office, source, *[payable(source, heads=1) for _ in range(claims)])
    for _ in range(claims):
        payable(source, heads=1)
    with django_assert_max_num_queries(MOST, exact=False) as counted:
        page = queries.batch_page(batch_id=batch.pk, by=office.maker)
    assert (len(page.rows), page.totals.transfers) == (min(claims, queries.PAGE), claims)
    with django_assert_max_num_queries(MOST):
        waiting = Paginator(queries.payable_claims(fund_id=source.pk, channel="public"), queries.PAGE).get_page(1)
        assert [claim.claimant_name for claim in waiting]
        all_waiting()
    assert len(counted) <= MOST


def test_the_page_opens_where_money_waits(source: FundSource) -> None:
    empty = made.fund(allocation_no="空")
    empty.year += 1
    empty.save(update_fields=["year"])
    assert chosen(all_waiting(), fund_id=0, channel="") == Waiting(empty, "public")
    payable(source, made.user("张海燕"), heads=2)
    places = all_waiting()
    assert [(at.fund, at.channel) for at in places] == [(source, "private")]
    for asked, found in {
        (0, ""): places[0], (source.pk, ""): places[0], (0, "private"): places[0], (987, "nonsense"): places[0],
        (0, "public"): Waiting(empty, "public"), (empty.pk, "private"): Waiting(empty, "private"),
    }.items():  # fmt: skip
        assert chosen(places, fund_id=asked[0], channel=asked[1]) == found


def test_nothing_is_chosen_before_a_fund_is_there() -> None:
    assert chosen([], fund_id=0, channel="") is None
