"""A roster as a background job: its answer, what is refused, cancelled, moved on or ended meanwhile, and once only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Post
from core.errors import Refusal
from core.jobs import Again, Job, JobState, cancel, run_waiting
from documents.models import StoredFile
from project.demo.people import Cast, make_cast
from project.demo.rosters import rows, workbook
from project.demo.zone import fund_and_scheme
from registry.models import Worker
from workflows import roster_import, roster_lines
from workflows.claims import Claim, ClaimLine
from workflows.drafts import start_claim
from workflows.roster_import import KIND, outcome_of, running, start_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT, settings.JOBS_CARRIER = tmp_path, "database"
    cast = make_cast()
    fund_and_scheme(cast)
    return cast


@pytest.fixture
def claim(cast: Cast) -> Claim:
    return start_claim(kind="agency", by=cast["agency"])


def people(cast: Cast, heads: int = 5, **changes: str) -> list[dict[str, str]]:
    made = rows("agency", heads, seed=8100, employers=cast.employers[:4])
    made[0] |= changes
    return made


def upload(cast: Cast, claim: Claim, data: bytes | None = None, name: str = "花名册.xlsx") -> Job:
    return start_import(
        claim_id=claim.pk, by=cast["agency"], data=data or workbook("agency", people(cast)), name=name, page="/here/"
    )


def worked(job: Job) -> Job:
    run_waiting()
    job.refresh_from_db()
    return job


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def test_nothing_is_in_the_draft_before_and_everything_after(cast: Cast, claim: Claim) -> None:
    made = people(cast, phone="12345")
    job = upload(cast, claim, workbook("agency", made))
    assert (ClaimLine.objects.count(), running(claim.pk), job.key) == (0, job, f"roster:{claim.pk}")
    worked(job)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert (job.result["say"], job.result["url"]) == ("通过4人，未通过1人", "/here/")
    assert ClaimLine.objects.filter(claim=claim).count() == 4 and running(claim.pk) is None
    outcome = outcome_of(job)
    assert (outcome["saved"], outcome["failed"], outcome["more"]) == (4, 1, 0)
    assert "11位" in outcome["faults"][0][2]
    claim.refresh_from_db()
    assert str(claim.roster_id) == job.arguments["file"]


def test_the_row_holds_no_personal_data_and_no_name_of_a_file(cast: Cast, claim: Claim) -> None:
    made = people(cast)
    job = worked(upload(cast, claim, workbook("agency", made), "陈志强的名单.xlsx"))
    row = str(Job.objects.filter(pk=job.pk).values().get())
    for person in made:
        assert person["name"] not in row and person["id_number"] not in row and person["phone"] not in row
    assert "陈志强" not in row


def test_a_second_upload_while_one_runs_is_refused_and_taken_when_it_is_over(cast: Cast, claim: Claim) -> None:
    job = upload(cast, claim)
    assert code_of(lambda: upload(cast, claim)) == "roster_running"
    assert (Job.objects.filter(kind=KIND).count(), StoredFile.objects.count()) == (1, 1)
    worked(job)
    again = worked(upload(cast, claim))
    assert outcome_of(again)["saved"] == 5 and ClaimLine.objects.count() == 5


def test_what_is_wrong_with_the_file_is_the_answer_not_a_failed_job(cast: Cast, claim: Claim) -> None:
    job = worked(upload(cast, claim, "姓名,别的\n张三,1\n".encode(), "花名册.csv"))
    assert (job.state, job.error_code) == (JobState.DONE, "")
    refusal = outcome_of(job)["refusal"]
    assert refusal["code"].startswith("roster_") and refusal["message"].endswith("。")
    assert "张三" not in str(job.result) and ClaimLine.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 64),
        ("a.exe", b"MZ\x90\0" * 200),
        ("a.xls", b"\xef\xbb\xbf <HTML><script>1</script>"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_at_sight_and_not_stored(
    cast: Cast, claim: Claim, name: str, data: bytes
) -> None:
    assert code_of(lambda: start_import(claim_id=claim.pk, by=cast["agency"], data=data, name=name)).startswith("file_")
    assert (Job.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_anothers_claim_takes_no_roster_and_nothing_is_stored(cast: Cast, claim: Claim, settings: Any) -> None:
    data = workbook("agency", people(cast))
    assert code_of(lambda: start_import(claim_id=claim.pk, by=cast["agency2"], data=data, name="a.xlsx"))
    assert (Job.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert list(Path(settings.MEDIA_ROOT).rglob("*.sealed")) == []


def test_cancelled_before_it_saves_it_leaves_the_draft_as_it_was(
    cast: Cast, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine = roster_import.examine

    def cancelled_meanwhile(*args: Any) -> Any:
        found = examine(*args)
        cancel(job_id=job.pk, by=cast["agency"])
        return found

    monkeypatch.setattr(roster_import, "examine", cancelled_meanwhile)
    job = upload(cast, claim)
    worked(job)
    claim.refresh_from_db()
    assert (job.state, ClaimLine.objects.count(), claim.roster_id) == (JobState.CANCELLED, 0, None)
    assert StoredFile.objects.count() == 1  # the upload itself


def test_a_run_after_the_save_changes_nothing(cast: Cast, claim: Claim) -> None:
    job = worked(upload(cast, claim))
    files, result = StoredFile.objects.count(), job.result
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, finished_at=None, result={})
    worked(job)
    assert (job.state, job.result) == (JobState.DONE, result)
    assert (ClaimLine.objects.count(), StoredFile.objects.count()) == (5, files)


def test_a_person_registered_under_another_name_meanwhile_is_a_fault_of_his_row(
    cast: Cast, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = people(cast)
    examine, calls = roster_import.examine, []

    def registered_meanwhile(*args: Any) -> Any:
        found = examine(*args)
        calls.append(found)
        if len(calls) == 1:
            values = found.good[2]
            Worker.objects.create(
                name="欧阳某甲",
                id_type=values.id_type,
                id_number=values.id_number,
                id_index=roster_lines.index_in(values),
                sex="male",
            )
        return found

    monkeypatch.setattr(roster_import, "examine", registered_meanwhile)
    outcome = outcome_of(worked(upload(cast, claim, workbook("agency", made))))
    assert (len(calls), outcome["saved"], outcome["failed"]) == (2, 4, 1)
    assert "欧阳某甲" not in str(outcome["faults"]) and "登记在另一姓名下" in outcome["faults"][0][2]


def test_more_people_than_a_claim_may_have_are_refused_whole(
    cast: Cast, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_lines, "MAX_LINES", 4)
    job = worked(upload(cast, claim))
    assert outcome_of(job)["refusal"]["code"] == "too_many_lines"
    assert (ClaimLine.objects.count(), Worker.objects.filter(name=people(cast)[0]["name"]).count()) == (0, 0)


def test_who_lost_his_post_imports_nothing(cast: Cast, claim: Claim) -> None:
    job = upload(cast, claim)
    Post.objects.filter(pk=cast["agency"].post_id).update(valid_to="2025-01-01")
    assert outcome_of(worked(job))["refusal"]["code"] == "post_ended"
    assert ClaimLine.objects.count() == 0


def test_a_storage_that_is_down_is_tried_again(cast: Cast, claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(data: bytes) -> None:
        raise Again("storage_down", "文件存储暂时无法使用。")

    job = upload(cast, claim)
    with monkeypatch.context() as patch:
        patch.setattr(roster_import, "put", down)
        worked(job)
    assert (job.state, job.error_code) == (JobState.WAITING, "storage_down")
    Job.objects.update(run_after=job.enqueued_at)
    assert outcome_of(worked(job))["saved"] == 5
