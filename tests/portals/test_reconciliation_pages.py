"""The reconciliation pages: figures that lead to people and bank items, red rows with their sentence, kept runs, a chart;
and from a bank item to all that it rests on in three clicks."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import clock
from core.append_only import triggers_off
from core.jobs import run_waiting
from documents.files import store
from documents.models import Paper
from funds.models import FundSource, Posting
from payments.figures import Cut
from payments.models import ReconciliationRun, Transfer
from payments.reconciliation_exports import _group_rows, _line_rows
from tests.payments import made
from tests.payments.answered import imported, said, sent_of
from tests.payments.made import Office, payable
from tests.portals.test_finance import refused, signed_in
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.reviews import AssessmentRecord, Review

pytestmark = pytest.mark.django_db
MOST = 15
SCREEN = "finance:reconciliation"


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()


@pytest.fixture
def claims(office: Office, source: FundSource) -> list[Claim]:
    """One paid, one returned, one waiting."""
    claims = [payable(source, heads=heads) for heads in (3, 2, 1)]
    batch = sent_of(office, source, claims[:2])
    imported(office, batch, said(batch, "settled", "returned"))
    return claims


def text_of(client: Client, page: str, asked: dict[str, Any] | None = None) -> str:
    answer = client.get(page, asked or {})
    assert answer.status_code == 200
    return str(answer.content.decode())


def hrefs(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"#]+)"', text)]


def test_each_cut_shows_the_money_and_leads_to_its_people(
    office: Office, source: FundSource, claims: list[Claim], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, auditor = signed_in(office.checker), signed_in(office.auditor)
    page, people = reverse(SCREEN), reverse("finance:reconciliation_lines")
    client.get(page)
    for cut in Cut.values:
        with django_assert_max_num_queries(MOST):
            text = text_of(client, page, {"by": cut, "year": 2025})
        assert "各组平衡" in text and "6,000.00" in text and "3,000.00" in text
        found = [link for link in hrefs(text) if link.startswith(people)]
        assert found, cut
        assert all(f"by={cut}" in link and "year=2025" in link for link in found)
        for measure, heads in (("approved", 6), ("settled", 3), ("returned", 2)):
            shown = [client.get(link).context["page"].paginator.count for link in found if f"of={measure}" in link]
            assert sum(shown) == heads, (cut, measure)
    with django_assert_max_num_queries(MOST):
        text = text_of(client, people, {"by": "fund", "key": source.pk, "of": "settled"})
    transfer = Transfer.objects.get(outcome="settled")
    assert reverse("finance:transfer", args=[transfer.pk]) in hrefs(text)
    assert text_of(auditor, page) and client.get(page, {"year": 2024}).context["page"].paginator.count == 0
    assert refused(client.get(people, {"by": "fund", "key": "x"})) == "group_unknown"
    assert refused(client.get(people, {"by": "month", "key": "2025-99-01"})) == "group_unknown"
    assert signed_in(office.bureau).get(page).status_code == 403
    rows = list(_group_rows(office.checker, {"by": "claimant"}))
    assert sorted(row[0] for row in rows) == sorted(claim.claimant_name for claim in claims)
    assert {row[-1] for row in rows} == {"平"}
    exported = list(_line_rows(office.checker, {"by": "fund", "key": str(source.pk), "of": "settled"}))
    assert [(row[0], row[1], row[4], row[8]) for row in exported] == [
        (claims[0].number, seq, 1_000_00, 1_000_00) for seq in (1, 2, 3)
    ]
    assert list(_line_rows(office.checker, {"by": "fund", "key": "x"})) == []


def test_what_does_not_balance_is_told_where_it_is(
    office: Office, source: FundSource, claims: list[Claim], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    line = ClaimLine.objects.get(claim=claims[0], seq=2)
    with triggers_off(connection):
        Posting.objects.filter(line_id=line.pk, voucher__movement="settled").update(amount_fen=999_99)
    client = signed_in(office.checker)
    text = text_of(client, reverse(SCREEN), {"by": "claimant"})
    assert "1组不平" in text
    assert "已支付：业务登记3,000.00元，账簿2,999.99元，差0.01元。" in text
    assert text.index(claims[0].claimant_name) < text.index(claims[1].claimant_name)
    (row, *others) = _line_rows(office.checker, {"by": "fund", "key": str(source.pk), "of": "settled"})
    assert (row[1], row[-1], {other[-1] for other in others}) == (2, "不平", {"平"})

    assert client.post(reverse("finance:reconciliation_start")).status_code == 302
    run_waiting()
    run = ReconciliationRun.objects.get()
    assert (run.balanced, run.by_label) == (False, office.checker.label)
    with django_assert_max_num_queries(MOST):
        text = text_of(client, reverse("finance:reconciliation_run", args=[run.pk]))
    assert reverse("finance:line", args=[line.pk]) in hrefs(text)
    assert f"{claims[0]} 第2行：支付成功1,000.00元，账簿999.99元。" in text
    with django_assert_max_num_queries(MOST):
        text = text_of(client, reverse("finance:payable"))
    assert f"{run.problems}处不平" in text and "退票待重发1笔" in text
    assert f"{run.problems}处不平" in text_of(client, reverse("finance:reconciliation_runs"))
    assert refused(client.get(reverse("finance:reconciliation_run", args=[987654]))) == "run_unknown"
    assert signed_in(office.bureau).post(reverse("finance:reconciliation_start")).status_code == 403


def test_the_chart_is_bare_and_its_table_says_the_same(
    office: Office, claims: list[Claim], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, page = signed_in(office.auditor), reverse("finance:reconciliation_chart")
    client.get(page)
    with django_assert_max_num_queries(MOST):
        answer = client.get(page, {"of": "settled"})
    text = answer.content.decode()
    svg = text[text.index("<svg xmlns") : text.index("</svg>", text.index("<svg xmlns"))]
    assert not re.search(r"<style|<script|style=|href=|url\(|http://(?!www\.w3\.org)", svg)
    assert f'aria-label="{answer.context["title"]}"' in svg and svg.count("<rect") >= 12
    money = answer.context["shown"]
    assert (money.total, money.months[clock.today().month - 1][2]) == (3_000_00, 3_000_00)
    assert client.get(page, {"of": "recovered", "year": "1"}).context["chart"] == ""


def test_three_clicks_from_a_bank_item_to_all_that_it_rests_on(
    office: Office, claims: list[Claim], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claim, transfer = claims[0], Transfer.objects.get(outcome="settled")
    line = claim.lines.get(seq=2)
    worker = line.worker
    assert worker is not None
    file = store(data=b"%PDF-1.4", name="劳动合同.pdf", content_type="application/pdf", by_id=office.maker.user_id)
    proof = Evidence.objects.create(
        claim=claim, line=line, kind="contract", file=file, added_by=office.maker.user, added_at=clock.now()
    )
    Review.objects.create(
        claim=claim, step="leader_approval", area=office.bureau.post.area, opened_at=clock.now(), due_on=clock.today(),
        outcome="passed", opinion="同意拨付。", decided_by=made.user("林国栋"), decided_at=clock.now(),
    )  # fmt: skip
    finding = {"rule": "C07", "severity": "review", "message": "参保不足三个月。", "article": "一（六）", "code": "x"}
    lines = [{"ref": str(line.pk), "findings": [finding]}]
    AssessmentRecord.objects.create(
        claim=claim, stage="approved", total_fen=1, at=clock.now(),
        result={"lines": lines, "rate_fen": 1_000_00, "rate_article": "泉台管办规〔2023〕3号一（六）"},
    )  # fmt: skip
    client = signed_in(office.maker)
    for start in (reverse("finance:batch", args=[transfer.batch_id]),
                  reverse("finance:result", args=[transfer.result_rows.get().result_file_id])):  # fmt: skip
        assert reverse("finance:transfer", args=[transfer.pk]) in hrefs(text_of(client, start))
    with django_assert_max_num_queries(MOST):
        item = text_of(client, reverse("finance:transfer", args=[transfer.pk]))
    assert transfer.account.number not in item
    first = next(link for link in hrefs(item) if link == reverse("finance:line", args=[line.pk]))  # click 1
    with django_assert_max_num_queries(MOST):
        person = text_of(client, first)
    for word in (worker.name, "同意拨付。", "林国栋", "C07", "泉台管办规〔2023〕3号一（六）", transfer.reference):
        assert word in person, word
    reached = hrefs(person)
    notice = claim.publicity.get().notice
    assert reverse("shared:evidence", args=[proof.pk]) in reached  # click 2
    assert (
        f"公示 {notice.number}" in person
    )  # its paper is linked once there is one; its public page ends with its period
    papers = Paper.objects.filter(subject=claim.chain)
    assert all(reverse("shared:paper", args=[paper.pk]) in reached for paper in papers)
    of_claim = next(link for link in reached if link == reverse("desk:claim", args=[claim.pk]))
    assert first in hrefs(text_of(client, of_claim))  # and back from the claim to its person's money
    assert client.get(reverse("shared:evidence", args=[proof.pk])).status_code == 200
    owner = ClaimLine.objects.get(pk=line.pk).claim.created_by
    assert signed_in(made.posted(owner, "individual")).get(first).status_code == 403
