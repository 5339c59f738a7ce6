"""The officer's ways back: annulling an approved person, taking one's own decision back; and forms sent by script."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Area
from core import clock
from funds.models import FundSource
from payments.batches import draft_batch, open_batch
from policy.rules import DEDUCTION_REASONS
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from tests.portals.desk_made import claim_at, review_of, signed_in
from workflows.claims import Claim
from workflows.reviews import Review
from workflows.states import ClaimState, Kind, LineStatus

pytestmark = pytest.mark.django_db
REASON = next(iter(DEDUCTION_REASONS))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def villages() -> list[Area]:
    return [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    """The demonstration's fund for claims; its scheme is published with it."""
    return fund_and_scheme(cast)[0]


@pytest.fixture
def approved(cast: Cast, fund: FundSource) -> Claim:
    """Two people walked through every step in the autumn."""
    with clock.travel(date(2025, 8, 18)):
        claim = filed(cast, Kind.AGENCY, 2, seed=7)
    return walk(cast, claim, ClaimState.PAYABLE, fund=fund, on=date(2025, 8, 20))


def say(client: Client, claim: Claim, area: Area | None = None, **words: str) -> None:
    assert client.post(reverse("desk:decide", args=[review_of(claim, area).pk]), words).status_code == 302


def shown(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_leader_annuls_an_approved_person_with_reason_and_note(
    cast: Cast, approved: Claim, fund: FundSource
) -> None:
    client, line = signed_in(cast["leader"]), approved.lines.get(seq=1)
    where = reverse("desk:annul", args=[line.pk])
    page = shown(client, "desk:claim", approved.pk)
    assert page.count("作废该人员") == 2
    assert f'action="{where}"' in page
    for said in ({"reason": "", "note": "已离职"}, {"reason": REASON, "note": " "}, {"reason": "x", "note": "已离职"}):
        assert client.post(where, said).status_code == 422
    fund.refresh_from_db()
    assert fund.reserved_fen == 200_000
    answer = client.post(where, {"reason": REASON, "note": "经核查已离职"}, follow=True)
    assert "第1行已作废" in answer.content.decode()
    line.refresh_from_db()
    fund.refresh_from_db()
    assert (line.status, line.reason_code, fund.reserved_fen) == (LineStatus.ANNULLED, REASON, 100_000)
    assert shown(client, "desk:claim", approved.pk).count("作废该人员") == 1
    assert client.post(where, {"reason": REASON, "note": "经核查已离职"}).status_code == 409


def test_nobody_else_annuls_and_nobody_a_person_in_a_batch(cast: Cast, approved: Claim, fund: FundSource) -> None:
    line = approved.lines.get(seq=1)
    where, said = reverse("desk:annul", args=[line.pk]), {"reason": REASON, "note": "经核查已离职"}
    for who in ("bureau", "section", "auditor"):
        assert "作废该人员" not in shown(signed_in(cast[who]), "desk:claim", approved.pk)
        assert signed_in(cast[who]).post(where, said).status_code == 403
    batch = open_batch(fund_id=fund.pk, channel="public", by=cast["bureau"])
    draft_batch(batch_id=batch.pk, line_ids=[line.pk], by=cast["maker"])
    page = shown(signed_in(cast["leader"]), "desk:claim", approved.pk)
    assert page.count("作废该人员") == 1
    assert "已列入拨付批次，不能作废" in page
    assert signed_in(cast["leader"]).post(where, said).status_code == 409


def test_what_was_decided_last_can_be_taken_back_from_the_done_list(cast: Cast, villages: list[Area]) -> None:
    village = villages[0]
    claim = claim_at(cast, ClaimState.VILLAGE, villages=[village])
    clerk, head = signed_in(cast[f"clerk:{village.code}"]), signed_in(cast[f"head:{village.code}"])
    review = review_of(claim, village)
    say(clerk, claim, village, verb="pass", opinion="属实")
    way_back = reverse("desk:recall", args=[review.pk])
    for name, args in (("desk:done", ()), ("desk:claim", (claim.pk,))):
        assert f'action="{way_back}"' in shown(clerk, name, *args)
    say(head, claim, village, verb="pass", opinion="同意")
    for name, args in (("desk:done", ()), ("desk:claim", (claim.pk,))):
        page = shown(clerk, name, *args)
        assert way_back not in page
        assert "下一环节已经办理，不能再收回" in page
    assert "收回我的处理" not in shown(signed_in(cast["bureau"]), "desk:claim", claim.pk)


def test_a_form_sent_by_script_hears_the_refusal_in_place_and_the_way_onward(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages)
    client, where = signed_in(cast["bureau"]), reverse("desk:decide", args=[review_of(claim).pk])
    script = {"HX-Request": "true", "HX-Target": "answer"}
    page = shown(client, "desk:claim", claim.pk)
    assert re.search(rf'value="refuse" hx-post="{where}" hx-target="#answer"', page)
    refused = client.post(where, {"verb": "refuse", "opinion": ""}, headers=script)
    assert refused.status_code == 422
    assert "HX-Retarget" not in refused
    assert "<html" not in refused.content.decode()
    assert "请写明理由后再提交" in refused.content.decode()
    done = client.post(where, {"verb": "pass", "opinion": "同意"}, headers=script)
    assert (done.status_code, done["HX-Redirect"]) == (200, reverse("desk:inbox"))
    assert f"{claim.number} 已办理：同意" in shown(client, "desk:inbox")
    assert Review.objects.filter(claim=claim, outcome="passed").count() == 1
