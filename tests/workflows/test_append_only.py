"""What was written down for good: the database itself refuses to change or delete it, whoever asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from accounts.acting import acting
from core import clock
from core.append_only import _triggers
from core.timeline import sign_day
from documents.files import store
from documents.models import Paper, PaperBytes
from documents.papers import withdraw
from policy.commands import load_scheme
from policy.loading import shipped
from policy.models import SchemeVersion
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme
from tests.standing import standing
from tests.workflows.made import at, review_at, say
from workflows.check_lists import CheckEntry, CheckList
from workflows.claims import Claim
from workflows.consulting import answer, consult
from workflows.filing import withdraw as withdraw_claim
from workflows.objections import Statement, object_online
from workflows.publicity import publish
from workflows.samples import Reverification, Sample
from workflows.states import ClaimState, Step, Verb
from workflows.waivers import Waiver

pytestmark = pytest.mark.django_db

# Table: a column, and what somebody would like it to say afterwards.
WISHES: dict[str, tuple[str, object]] = {
    "core_event": ("by_label", "别人"),
    "core_dailyhead": ("events", 1),
    "documents_storedfile": ("name", "另一份.pdf"),
    "documents_paper": ("amount_fen", 1),
    "documents_paperbytes": ("made_at", "2020-01-01 00:00:00+00:00"),
    "documents_papermark": ("reason", "别的原因"),
    "funds_voucher": ("total_fen", 1),
    "funds_posting": ("amount_fen", 1),
    "workflows_decision": ("opinion", "同意"),
    "workflows_assessmentrecord": ("total_fen", 1),
    "workflows_objection": ("opinion", "别的理由"),
    "workflows_deed": ("note", "别的话"),
    "workflows_seat": ("answer", "别的意见"),
    "workflows_checklist": ("source", "别的单位"),
    "workflows_checkentry": ("uscc", "91350521MA0000000N"),
    "workflows_sample": ("seed", "0" * 32),
    "workflows_waiver": ("reason", "别的理由"),
    "workflows_reverification": ("note", "别的情况"),
    "policy_schemeversion": ("doc_no", "泉台管办规〔2099〕1号"),
}
FINAL_LATER = {
    "policy_schemeversion",
    "workflows_objection",
    "workflows_seat",
    "workflows_waiver",
    "workflows_reverification",
}  # rows are final only from some moment on


@pytest.fixture(scope="module")
def standing_rows(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with standing(django_db_blocker, write, files=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture
def written(standing_rows: None, db: None) -> None:
    """At least one row in every such table."""


def write() -> None:
    """A refused claim with its paper, a signed day, a published scheme."""
    cast = make_cast()
    fund_and_scheme(cast)
    claim = filed(cast, "agency", 2, seed=900)
    asking = {"review_id": review_at(claim, Step.ACCEPTANCE).pk, "by": cast["bureau"], "mode": "every"}
    asked = consult(post_ids=[cast["section"].post_id], question="材料是否属实？", **asking)
    answer(seat_id=asked.seats.get().pk, by=cast["section"], stance="disagree", words="不属实。")
    with TestCase.captureOnCommitCallbacks(execute=True):
        say(cast, review_at(claim, Step.ACCEPTANCE), Verb.REFUSE, opinion="材料不实。")
    paper = Paper.objects.get(subject=claim.chain)
    file = store(data=b"%PDF-1.7 %%EOF", name="a.pdf", content_type="application/pdf", by_id=None)
    PaperBytes.objects.create(paper=paper, file=file, made_at=paper.issued_at)
    withdraw(paper, reason="测试", by_label="测试")
    sign_day()
    published = at(cast, filed(cast, "individual", 1, seed=930), ClaimState.PUBLICITY)
    notice = publish(claim_ids=[published.pk], by=cast["bureau"])
    object_online(entry_id=notice.entries.get().pk, said=Statement("林素珍", "13805960001", "该人员并未在企业上班。"))
    withdraw_claim(claim_id=published.pk, by=cast["person"])
    looked_at_again(cast, claim)


def looked_at_again(cast: Cast, claim: Claim) -> None:
    """A check list, a sample and its work, an exception: rows as their commands leave them."""
    now, by, line = clock.now(), cast["leader"].user, claim.lines.first()
    asked = {"imported_by": by, "imported_at": now, "in_force_from": now.date(), "drawn_on": now.date()}
    listed = CheckList.objects.create(kind="blacklist", source="信用办", count=1, sha256="0" * 64, **asked)
    CheckEntry.objects.create(list=listed, uscc="91350521MA00000010")
    area = line.verify_area
    sample = Sample.objects.create(
        claim=claim, area=area, seed="1" * 32, pct=30, high_risk=False, population=[str(line.pk)], drawn_at=now
    )
    ended = {"outcome": "confirmed", "decided_by": by, "decided_at": now}
    Reverification.objects.create(
        claim=claim, line=line, area=area, why="sample", sample=sample, opened_at=now, due_on=now.date(), **ended
    )
    Waiver.objects.create(
        claim=claim, line=line, rule="C04", code="filed_late", message="逾期", role="bureau_leader", plea="洪灾",
        asked_at=now, reason="属实", decided_by=by, decided_at=now, outcome="granted",
    )  # fmt: skip


def rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        return list(cursor.fetchall())


def attempt(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_every_table_that_has_the_trigger_is_tried_here() -> None:
    """Those of payments are tried beside payments, where their rows are made (test_final_rows)."""
    found = {table for _name, table in _triggers(connection) if not table.startswith("payments_")}
    assert found == set(WISHES)


@pytest.mark.parametrize("table", WISHES)
def test_neither_update_nor_delete(written: None, table: str) -> None:
    column, wish = WISHES[table]
    before = rows(table)
    assert before
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(f'UPDATE "{table}" SET "{column}" = %s', wish)
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(f'DELETE FROM "{table}"')
    assert rows(table) == before


def test_rows_cannot_be_emptied_at_a_stroke(written: None) -> None:
    """TRUNCATE passes the triggers of rows by; PostgreSQL has one of its own for it, SQLite has no such statement."""
    for table in sorted(set(WISHES) - FINAL_LATER):
        before = rows(table)
        if connection.vendor == "postgresql":
            attempt("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be truncated at all
            with pytest.raises(IntegrityError, match="append-only"):
                attempt(f'TRUNCATE "{table}" CASCADE')
        assert rows(table) == before != []


def test_a_scheme_changes_as_long_as_it_is_a_draft(written: None) -> None:
    published = SchemeVersion.objects.get()
    text = shipped()[0].read_bytes().replace(b"version = 1", b"version = 2", 1)
    draft = load_scheme(data=text, by=acting(published.drafted_by))
    assert draft.status == SchemeVersion.Status.DRAFT
    attempt("UPDATE policy_schemeversion SET title = %s WHERE id = %s", "改后的名称", draft.pk)
    draft.refresh_from_db()
    assert draft.title == "改后的名称"
    with pytest.raises(IntegrityError, match="append-only"):
        attempt("UPDATE policy_schemeversion SET title = %s WHERE id = %s", "改后的名称", published.pk)
