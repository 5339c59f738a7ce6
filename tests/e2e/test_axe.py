"""No serious or critical fault by axe on the pages that people work on all day, at a desk's width and a telephone's."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from core import clock
from funds.models import FundSource
from payments.batches import draft_batch, open_batch
from payments.queries import payable_lines
from project.demo.filing import draft, filed
from project.demo.people import Cast
from project.demo.walking import walk
from tests.e2e.browsing import Street, Window
from tests.portals import returns_world
from workflows.states import ClaimState, Kind

pytestmark = pytest.mark.e2e
GRAVE = {"serious", "critical"}


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_axe(street: Street, cast: Cast, funds: tuple[FundSource, FundSource], phone: bool) -> None:
    with clock.travel(date(2025, 9, 22)):
        paid = filed(cast, Kind.AGENCY, 3, seed=40)
    walk(cast, paid, ClaimState.PAYABLE, fund=funds[0], on=date(2025, 9, 24))
    batch = open_batch(fund_id=funds[0].pk, channel="public", by=cast["bureau"])
    lines = list(payable_lines(fund_id=funds[0].pk, channel="public").values_list("pk", flat=True))
    draft_batch(batch_id=batch.pk, line_ids=lines, by=cast["maker"])
    waiting = filed(cast, Kind.AGENCY, 5, seed=60)
    unfinished = draft(cast, Kind.AGENCY, 4, seed=80)

    stranger = street.window(phone=phone)
    stranger.page.goto(reverse("login"))
    _examined(stranger, "login")
    officer = street.sign_in(cast["bureau"], phone=phone)
    _examined(officer, "inbox", "desk:inbox")
    _examined(officer, "claim", "desk:claim", waiting.pk)
    _examined(officer, "claim-paid", "desk:claim", paid.pk)
    _examined(officer, "publicity", "desk:publicity")
    _examined(officer, "boards", "desk:boards")
    _examined(officer, "objections", "desk:objections")
    _examined(officer, "trace", "finance:line", paid.lines.first().pk)
    clerk = street.sign_in(cast["agency"], phone=phone)
    _examined(clerk, "mine", "claimant:list")
    _examined(clerk, "new", "claimant:new")
    _examined(clerk, "draft", "claimant:claim", unfinished.pk)
    _examined(clerk, "line", "claimant:line_add", unfinished.pk)
    _examined(clerk, "progress", "claimant:claim", paid.pk)
    made = returns_world.make_returns(cast)
    _examined(officer, "returns", "returns:returns")
    _examined(officer, "returns-town", "returns:town", made.round_id, made.town_id)
    _examined(officer, "picture", "returns:picture")
    village = street.sign_in(cast[f"clerk:{returns_world.OPEN}"], phone=phone)
    _examined(village, "returns-village", "returns:village", returns_world.open_return().pk)
    checker = street.sign_in(cast["checker"], phone=phone)
    _examined(checker, "payable", "finance:payable")
    _examined(checker, "batches", "finance:batches")
    _examined(checker, "batch", "finance:batch", batch.pk)
    _examined(checker, "results", "finance:results", batch.pk)
    _examined(checker, "parked", "finance:parked")
    _examined(checker, "returned", "finance:returned")
    _examined(checker, "reconciliation", "finance:reconciliation")
    _examined(checker, "reconciliation-runs", "finance:reconciliation_runs")
    checker.page.goto(f"{reverse('finance:reconciliation_lines')}?by=fund&key={funds[0].pk}&of=approved")
    _examined(checker, "reconciliation-lines")
    checker.page.goto(f"{reverse('finance:reconciliation_chart')}?of=approved")
    _examined(checker, "chart")


def _examined(window: Window, shot: str, name: str = "", *args: Any) -> None:
    """Axe finds nothing grave, and the page is no wider than the window."""
    if name:
        window.open(name, *args)
    window.shot(shot)
    window.no_sideways_scroll()
    found = Axe().run(window.page).response["violations"]
    grave = [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} — {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:5]
    ]
    assert not grave, f"{window.page.url}\n" + "\n".join(grave)
