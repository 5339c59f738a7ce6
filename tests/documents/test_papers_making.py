"""PDFs are made in the background: one job a transaction that issues, each paper once, whatever becomes of others."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock
from core.append_only import triggers_off
from core.jobs import Job, JobState, enqueue, run_waiting
from core.models import Event
from core.privacy import Ciphertext
from documents.models import Paper, PaperBytes
from documents.papers import issue, issuing, pdf_of
from documents.papers.content import Content
from tests.documents import papers_made as made
from tests.documents.pdf_examined import decision


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.JOBS_CARRIER = "database"
    settings.SEAL = "none"


def issued(content: Content | None = None) -> Paper:
    content = content or made.refusal()
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")


def unknown_sign() -> Content:
    return made.certificate(name="陈\U00031350强")


def made_papers() -> set[Any]:
    return set(PaperBytes.objects.values_list("paper_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_one_job_a_transaction_that_exists_if_and_only_if_its_papers_do() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issued()
        raise ZeroDivisionError
    assert not Job.objects.exists()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            issued()
            raise ZeroDivisionError
        first = issued()
        with transaction.atomic():
            second = issued(unknown_sign())
        assert Job.objects.count() == 1  # in the transaction that caused it
    third = issued(made.correction())
    jobs = list(Job.objects.order_by("enqueued_at"))
    assert [[*job.papers.order_by("issued_at")] for job in jobs] == [[first, second], [third]]
    assert {(job.kind, job.state, job.key) for job in jobs} == {("papers.render", JobState.WAITING, "")}
    assert first.in_the_making and not PaperBytes.objects.exists()
    assert run_waiting() == 2
    for job in jobs:
        job.refresh_from_db()
    assert [(job.state, job.done, job.total, job.result["count"]) for job in jobs] == [
        (JobState.DONE, 2, 2, 2),
        (JobState.DONE, 1, 1, 1),
    ]
    assert made_papers() == {first.pk, second.pk, third.pk}
    assert second.number in jobs[0].result["say"] and first.number not in jobs[0].result["say"]
    (event,) = Event.objects.filter(chain=issuing.chain_of(second))
    assert (event.verb, event.data) == ("signs_missing", {"signs": 1})
    assert decision(pdf_of(third))["number"] == third.number
    assert not Paper.objects.get(pk=first.pk).in_the_making


@pytest.mark.django_db(transaction=True)
def test_a_paper_opened_sooner_is_left_alone_and_one_that_fails_is_tried_again_without_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction.atomic():
        opened, bad, good = issued(), issued(), issued()
    pdf_of(opened)
    real, tried = issuing.rendered, []

    def fail_one(paper: Paper, content: Content) -> Any:
        tried.append(paper.pk)
        if paper.pk == bad.pk and tried.count(bad.pk) == 1:
            raise OSError("full")
        return real(paper, content)

    monkeypatch.setattr(issuing, "rendered", fail_one)
    run_waiting()
    job = Job.objects.get()
    assert (job.state, job.error_code, made_papers()) == (JobState.WAITING, "OSError", {opened.pk, good.pk})
    Job.objects.update(run_after=clock.machine_now())
    run_waiting()
    assert made_papers() == {opened.pk, bad.pk, good.pk} and tried == [bad.pk, good.pk, bad.pk]
    assert Job.objects.get().state == JobState.DONE


@pytest.fixture
def abandoned() -> Iterator[tuple[Paper, Paper]]:
    """A paper whose job failed for good, and one whose job still waits."""
    lost, awaited = issued(), issued()
    Job.objects.filter(pk=lost.job_id).update(state=JobState.FAILED, finished_at=clock.now())
    Job.objects.filter(pk=awaited.job_id).update(run_after=clock.machine_now() + timedelta(hours=1))
    yield lost, awaited


@pytest.mark.django_db(transaction=True)
def test_the_schedule_makes_what_no_live_job_will(abandoned: tuple[Paper, Paper]) -> None:
    lost, awaited = abandoned
    assert not Paper.objects.get(pk=lost.pk).in_the_making and awaited.in_the_making
    enqueue("papers.render", arguments={})  # as `scheduled` does
    assert run_waiting() == 1
    assert made_papers() == {lost.pk}


@pytest.mark.django_db(transaction=True)
def test_with_the_inline_carrier_a_paper_is_made_when_it_is_opened_or_by_the_schedule(settings: Any) -> None:
    settings.JOBS_CARRIER = "inline"
    paper = issued()
    assert not Job.objects.exists() and not paper.in_the_making
    enqueue("papers.render", arguments={})
    assert made_papers() == {paper.pk}


@pytest.mark.django_db(transaction=True)
def test_a_content_nobody_can_read_keeps_no_other_waiting() -> None:
    with transaction.atomic():
        bad, good = issued(), issued()
    with triggers_off(connection):
        Paper.objects.filter(pk=bad.pk).update(content=Ciphertext("broken"))
    run_waiting()
    assert made_papers() == {good.pk} and Job.objects.get().state == JobState.WAITING
