"""A paper that is not ready: its page says how far it is instead of waiting for it, and it opens all the same."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import Actor
from core.jobs import Job, run_waiting
from documents.models import Paper, PaperBytes
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from workflows.claims import Claim
from workflows.issuing import issue_due
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def claim(cast: Cast, settings: Any) -> Claim:
    """Approved, its form and its roster issued in one transaction, their PDFs not made."""
    fund = fund_and_scheme(cast)[0]
    claim = walk(cast, filed(cast, "individual", 2, seed=40, homes=["白奇村"]), ClaimState.PAYABLE, fund=fund)
    settings.JOBS_CARRIER = "database"
    assert issue_due(claim.pk, "系统") >= 2
    return claim


def window(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    session = client.session
    session["post_id"] = by.post_id
    session.save()
    return client


def test_a_page_shows_one_progress_a_job_until_its_papers_are_there(cast: Cast, claim: Claim) -> None:
    (job,) = Job.objects.filter(kind="papers.render")
    owner = cast["person"]
    pages = {"bureau": reverse("desk:claim", args=[claim.pk]), "person": reverse("claimant:claim", args=[claim.pk])}
    paper = Paper.objects.get(subject=claim.chain, kind=Paper.Kind.APPROVAL)
    progress = reverse("shared:paper_progress", args=[paper.pk])
    for who, page in pages.items():
        shown = window(cast[who]).get(page).content.decode()
        assert shown.count(f'id="job-{job.pk}"') == 1 and "/progress/" in shown
        assert f'href="{reverse("shared:paper", args=[paper.pk])}"' in shown
    asked = window(owner).get(progress, headers={"HX-Request": "true"})
    assert f'hx-get="{progress}"' in asked.content.decode() and "HX-Refresh" not in asked
    assert not PaperBytes.objects.exists()  # no page made one
    run_waiting()
    over = window(owner).get(progress, headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true" and not over.content.strip()
    for who, page in pages.items():
        assert "/progress/" not in window(cast[who]).get(page).content.decode()


def test_it_opens_before_it_is_ready_and_its_progress_is_as_hidden_as_it_is(cast: Cast, claim: Claim) -> None:
    paper = Paper.objects.get(subject=claim.chain, kind=Paper.Kind.APPROVAL)
    progress = reverse("shared:paper_progress", args=[paper.pk])
    assert window(cast["agency2"]).get(progress, headers={"HX-Request": "true"}).status_code == 403
    bureau = window(cast["bureau"])
    assert bureau.get(progress).url == reverse("shared:paper", args=[paper.pk])
    assert bureau.get(reverse("shared:paper", args=[paper.pk])).content.startswith(b"%PDF-")
    assert PaperBytes.objects.count() == 1 and Job.objects.get(kind="papers.render").is_live
    run_waiting()
    assert PaperBytes.objects.count() == Paper.objects.filter(job__isnull=False).count()
