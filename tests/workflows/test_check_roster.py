"""`manage.py check_roster`: the page's pre-check from the shell, exit 2 with one sentence for what cannot be read."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from funds.models import FundSource
from project.demo.filing import draft
from project.demo.people import Cast
from project.demo.rosters import rows, workbook
from tests.documents.hostile_files import HOSTILE
from workflows.claims import Claim
from workflows.filing import precheck


def run(path: Path, *more: str) -> dict:
    out = StringIO()
    call_command("check_roster", str(path), "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def test_it_says_what_the_page_says(cast: Cast, fund: FundSource, tmp_path: Path) -> None:
    people = rows("agency", 6, seed=5, employers=cast.employers[:3])
    people[1]["hire_date"] = "2025-10-20"
    people[2]["contract_to"] = "2025-05-01"
    people[3]["id_number"] = "350521199003070010"
    people[4]["insured_months"] = "３"
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(workbook("agency", people))
    found = run(path, "--kind", "agency", "--on", "2025-11-24")
    assert [row["outcome"] for row in found["rows"]] == ["pay", "refuse", "refuse", "error", "error", "pay"]
    assert found["total_fen"] == 200_000 == sum(row["amount_fen"] for row in found["rows"])
    assert "C05" in found["rows"][1]["rules"]
    bad = found["rows"][3]["errors"][0]
    assert bad["sheet"] == "花名册" and bad["cell"].endswith("5") and "350521" not in bad["message"]
    assert Claim.objects.count() == 0

    claim = draft(cast, "agency", 6, seed=5, employers=cast.employers[:3])
    page = precheck(claim_id=claim.pk, by=cast["agency"])
    path.write_bytes(workbook("agency", rows("agency", 6, seed=5, employers=cast.employers[:3])))
    shell = run(path, "--kind", "agency")
    assert [str(line.outcome) for line in page.lines] == [row["outcome"] for row in shell["rows"]]
    assert page.total_fen == shell["total_fen"]


def test_another_day_gives_another_answer(cast: Cast, fund: FundSource, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(workbook("agency", rows("agency", 2, seed=5, employers=cast.employers, hired=date(2025, 9, 1))))
    assert run(path, "--kind", "agency", "--on", "2025-11-24")["total_fen"] == 0
    assert run(path, "--kind", "agency", "--on", "2025-12-02")["total_fen"] == 200_000


def test_a_platforms_minimum_counts(cast: Cast, fund: FundSource, tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    for heads, total in ((9, 0), (10, 500_000)):
        people = rows("platform", heads, seed=5, employers=cast.employers[:3], lender=cast.employers[5])
        path.write_bytes(workbook("platform", people))
        assert run(path, "--kind", "platform")["total_fen"] == total


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_cannot_be_read_leaves_with_one_sentence(name: str, tmp_path: Path, capsys) -> None:
    make, _code = HOSTILE[name]
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(make())
    with pytest.raises(SystemExit) as caught:
        call_command("check_roster", str(path), "--kind", "agency", "--json")
    assert caught.value.code == 2
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and "Traceback" not in said


def test_a_missing_file_is_a_sentence_too(tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("check_roster", str(tmp_path / "none.xlsx"), "--kind", "agency")
    assert caught.value.code == 2 and "无法打开文件" in capsys.readouterr().err
