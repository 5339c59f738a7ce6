"""The commands in bin/: they run from anywhere, count honestly and clean up after themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ["bin/setup", "bin/demo", "bin/check", "bin/test", ".ci/run"]
CASES = {
    "passed": '<testcase name="a"/>',
    "failed": '<testcase name="b"><failure message="no"/></testcase>',
    "error": '<testcase name="c"><error message="no"/></testcase>',
    "skipped": '<testcase name="d"><skipped message="no"/></testcase>',
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_parse_and_have_their_run_bit(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / name], capture_output=True, check=False).stderr == b""


@pytest.mark.parametrize(("name", "argument"), [("bin/demo", "--serve-not"), ("bin/check", "--fxi")])
def test_a_mistyped_argument_is_named_before_anything_is_installed(tmp_path: Path, name: str, argument: str) -> None:
    answer = subprocess.run(
        ["bash", ROOT / name, argument], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False
    )
    assert answer.returncode == 2
    assert argument in answer.stderr


def tally(
    folder: Path, selected: str = "no", check: int = 0, **engines: tuple[int, list[str] | None]
) -> tuple[int, str]:
    """Exit code and last line for engines given as (exit code, kinds of cases or None for no report)."""
    (folder / "check.exit").write_text(f"{check}\n")
    for engine, (status, cases) in engines.items():
        (folder / f"{engine}.exit").write_text(f"{status}\n")
        if cases is not None:
            (folder / f"{engine}.xml").write_text(
                f"<testsuites><testsuite>{''.join(CASES[case] for case in cases)}</testsuite></testsuites>"
            )
    answer = subprocess.run(
        [sys.executable, ROOT / "bin/tally", folder, "--selected", selected],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr == ""
    return answer.returncode, answer.stdout.splitlines()[-1]


def test_both_engines_are_summed(tmp_path: Path) -> None:
    both = tally(tmp_path, sqlite=(0, ["passed", "passed", "skipped"]), postgres=(0, ["passed"]))
    assert both == (0, "3 passed, 0 failed")


def test_failures_and_errors_count(tmp_path: Path) -> None:
    assert tally(tmp_path, sqlite=(1, ["passed", "failed", "error"]), postgres=(0, ["passed"])) == (
        1,
        "2 passed, 2 failed",
    )


def test_a_run_that_broke_is_a_failure(tmp_path: Path) -> None:
    assert tally(tmp_path, sqlite=(0, ["passed"]), postgres=(3, None)) == (1, "1 passed, 1 failed")


def test_a_failed_check_is_a_failure(tmp_path: Path) -> None:
    both = tally(tmp_path, check=1, sqlite=(0, ["passed"]), postgres=(0, ["passed"]))
    assert both == (1, "2 passed, 1 failed")


@pytest.mark.parametrize(
    ("selected", "expected"), [("no", (1, "1 passed, 1 failed")), ("yes", (0, "1 passed, 0 failed"))]
)
def test_nothing_collected_on_one_engine(tmp_path: Path, selected: str, expected: tuple[int, str]) -> None:
    assert tally(tmp_path, selected, sqlite=(5, []), postgres=(0, ["passed"])) == expected


def test_a_selection_that_names_nothing_is_a_failure(tmp_path: Path) -> None:
    assert tally(tmp_path, "yes", sqlite=(5, []), postgres=(5, [])) == (1, "0 passed, 1 failed")


def test_the_throw_away_postgresql_serves_the_command_and_is_gone_afterwards(tmp_path: Path) -> None:
    command = (
        "import os, psycopg, sys\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as c:\n"
        "    print(c.execute('SHOW fsync').fetchone()[0], c.execute('SHOW data_directory').fetchone()[0])\n"
        "sys.exit(7)"
    )
    far = tmp_path / ("a long folder for temporary files" * 4)
    far.mkdir()
    answer = subprocess.run(
        [sys.executable, ROOT / "bin/postgres", sys.executable, "-c", command],
        env={**os.environ, "TMPDIR": str(far)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert answer.returncode == 7, answer.stderr
    fsync, folder = answer.stdout.split()
    assert fsync == "off"
    assert not Path(folder).parent.exists()
    assert list(far.iterdir()) == []
