"""The life of an issued paper: in force until it is withdrawn or replaced, once, and never unsaid."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.errors import WrongState
from core.models import Event
from core.timeline import breaks
from documents.models import Paper, PaperMark
from documents.papers import issue, replace, standing_of, withdraw
from documents.papers.content import Content
from tests.documents import papers_made as made

pytestmark = pytest.mark.django_db


def issued(content: Content) -> Paper:
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")


def test_a_paper_holds_until_it_is_withdrawn(django_assert_num_queries: Any) -> None:
    paper = issued(made.approval())
    assert standing_of(paper) and standing_of(paper).label == "文书有效"
    withdraw(paper, reason="批准已收回", by_label="王小明（分管领导）")
    standing = standing_of(paper)
    assert not standing and (standing.code, standing.label, standing.reason) == ("withdrawn", "已撤回", "批准已收回")
    with django_assert_num_queries(1):
        assert Paper.objects.select_related("mark__replacement").get(pk=paper.pk).standing == standing


def test_a_replaced_paper_names_the_one_in_its_place_and_the_chain_tells_both() -> None:
    old, new, last = issued(made.approval()), issued(made.approval()), issued(made.approval())
    replace(old, by=new, reason="核定结果有变更", by_label="王小明")
    replace(new, by=last, reason="核定结果有变更", by_label="王小明")
    assert standing_of(old).label == "已被 SP-2025-000002 替代"
    assert standing_of(new).by_number == last.number and standing_of(last)
    told = list(Event.objects.filter(chain="claim:1").order_by("seq").values_list("verb", "by_label", "data"))
    assert [verb for verb, _, _ in told] == ["paper_replaced"] * 2 and told[0][1] == "王小明"
    assert told[0][2] == {"paper": str(old.pk), "number": old.number, "replacement": new.number}
    assert not list(breaks())


def test_one_mark_a_paper_for_good() -> None:
    old, new = issued(made.approval()), issued(made.approval())
    withdraw(old, reason="收回", by_label="王")
    for again in (
        lambda: withdraw(old, reason="收回", by_label="王"),
        lambda: replace(old, by=new, reason="", by_label="王"),
    ):
        with pytest.raises(WrongState) as caught:
            again()
        assert caught.value.code == "paper_marked"
    assert PaperMark.objects.count() == Event.objects.count() == 1
    for sql in ("UPDATE documents_papermark SET reason = 'x'", "DELETE FROM documents_papermark"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_cannot_take_a_papers_place() -> None:
    old, other = issued(made.approval()), issued(made.refusal())
    with clock.travel(clock.today() - timedelta(days=1)):
        earlier = issued(made.approval())
    for wrong in (old, other, earlier):
        with pytest.raises(ValueError, match="a later one of its kind"):
            replace(old, by=wrong, reason="", by_label="王")
    assert standing_of(old)


@pytest.mark.parametrize("mark", ["replaced without", "withdrawn with", "itself"])
def test_the_database_refuses_a_mark_that_contradicts_itself(mark: str) -> None:
    old, new = issued(made.approval()), issued(made.approval())
    by = {"replaced without": None, "withdrawn with": new, "itself": old}[mark]
    word = "withdrawn" if mark == "withdrawn with" else "replaced"
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperMark.objects.create(paper=old, mark=word, replacement=by, reason="", by_label="王", at=clock.now())
    assert standing_of(old)
