"""All papers of a batch as a zip: complete, hashed, the same twice, logged, and only for those who may download."""

import csv
import io
import json
import zipfile
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from core.jobs import Job, run_waiting
from core.models import Event
from documents.files import read
from documents.models import Paper, StoredFile
from funds.models import FundSource
from payments.models import Batch
from tests.payments.answered import imported, said, sent_of
from tests.payments.made import Office, payable
from tests.portals.test_finance import refused, signed_in

pytestmark = pytest.mark.django_db


def command(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("batch_pack", *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as left:
        return int(str(left.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def batch(office: Office, source: FundSource) -> Batch:
    sent = sent_of(office, source, [payable(source), payable(source, heads=1)])
    imported(office, sent, said(sent, "settled", "returned"), name="=回单.csv")
    return sent


def test_it_holds_every_file_with_its_hash_and_is_the_same_twice(office: Office, batch: Batch, tmp_path: Path) -> None:
    code, answer = command(batch.number, str(tmp_path / "one.zip"))
    data = (tmp_path / "one.zip").read_bytes()
    assert (code, answer["sha256"]) == (0, sha256(data).hexdigest())
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        rows = list(csv.DictReader(io.StringIO(pack.read("目录.csv").decode("utf-8-sig"))))
        assert [row["文件"] for row in rows] == names[:-2] and len(rows) == answer["count"]
        assert all(sha256(pack.read(row["文件"])).hexdigest() == row["SHA-256"] for row in rows)
        kept = {info.filename: info.compress_type for info in pack.infolist()}
        assert all((how == zipfile.ZIP_STORED) == name.endswith((".pdf", ".xlsx")) for name, how in kept.items())
        assert batch.number in pack.read("目录.html").decode()
        contents = {sha256(pack.read(name)).hexdigest() for name in names}
    assert batch.sha256 in contents
    assert set(batch.files.values_list("sha256", flat=True)) <= contents
    assert set(batch.result_files.values_list("sha256", flat=True)) <= contents
    papers = set(Paper.objects.filter(subject=batch.chain).values_list("number", flat=True))
    assert papers and papers <= {row["编号"] for row in rows}
    assert command(batch.number, str(tmp_path / "two.zip"))[1]["sha256"] == answer["sha256"]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["one.zip", "two.zip"]
    events = Event.objects.filter(chain=batch.chain, verb="download_batch")
    assert [event.data["sha256"] for event in events] == [answer["sha256"]] * 2


def test_who_may_download_may_have_it_as_a_job_and_nobody_else(office: Office, batch: Batch, tmp_path: Path) -> None:
    page = reverse("finance:pack", args=[batch.pk])
    assert refused(signed_in(office.bureau).post(page)) == "batch_not_yours"
    code, answer = command(batch.number, str(tmp_path / "no.zip"), "--by", office.bureau.user.username)
    assert (code, answer["refusal"]["code"], list(tmp_path.iterdir())) == (2, "batch_not_yours", [])
    assert command("BF-2025-999", str(tmp_path / "no.zip"))[1]["refusal"]["code"] == "batch_unknown"
    auditor = signed_in(office.auditor)
    where = auditor.post(page).url
    run_waiting()
    job = Job.objects.get(kind="payments.batch_pack")
    assert (where, job.state, job.done) == (reverse("shared:job", args=[job.pk]), Job.State.DONE, job.total)
    file = StoredFile.objects.get(pk=job.result["file"])
    _code, same = command(batch.number, str(tmp_path / "same.zip"))
    assert (tmp_path / "same.zip").read_bytes() == read(file) and same["count"] == job.total
    assert Event.objects.filter(chain=batch.chain, verb="download_batch", by_label=office.auditor.label).count() == 1
    assert auditor.get(reverse("shared:job_file", args=[job.pk])).status_code == 200
    assert signed_in(office.maker).get(reverse("shared:job_file", args=[job.pk])).status_code == 403
    assert "打包全部文书" in auditor.get(reverse("finance:batch", args=[batch.pk])).content.decode()
