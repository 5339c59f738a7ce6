"""Figures of the papers: time, size, memory and throughput against plain WeasyPrint, and conformance as a count.

Each way of making papers runs in processes of its own, so that neither warms nor burdens the other; plain WeasyPrint
gets the same pages, but the machine's fonts and no claim to any standard. Typst is told for comparison and not judged.
The ways take turns and each is told by its least time, as other work on a shared machine only adds to it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benches.measuring import Line, judged, limited, spent, told

CHILD = Path(__file__).parent / "papers_child.py"
TIMES, TURNS = 5, 3
BATCH, PLAIN_BATCH = 1_000, 60  # papers made in two processes; the plain way is too slow for as many
CHECKED = 1_000


def paper_of(content: Any, n: int = 1) -> Any:
    """A paper that stands in no database."""
    from datetime import date

    from documents.models import Paper

    number = f"{content.SERIES or 'BF'}-2025-{n:06d}"
    return Paper(kind=content.KIND, number=number, code="K7MPX3QR9T", title=content.title, issued_on=date(2025, 11, 24))


def contents() -> dict[str, Any]:
    """An approval of one page and one of five."""
    from tests.documents import papers_made as made

    short = made.approval("ambassador")
    return {"one": replace(short, opinions=short.opinions[-3:]), "five": made.approval("agency", 100)}


def _child(way: str, papers: list[Any], times: int = TIMES) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, str(CHILD), way],
        input=json.dumps({"papers": papers, "times": times}),
        capture_output=True,
        text=True,
        check=True,
        env={key: value for key, value in os.environ.items() if key != "FONTCONFIG_FILE"},
    )
    return json.loads(answer.stdout.splitlines()[-1])


def _plain_papers(names: list[str]) -> list[list[Any]]:
    """The same pages as the product prints, as HTML and the text of its style sheets."""
    from documents.papers.rendering import html_of
    from documents.papers.typesetting import STYLES, families

    return [
        [html_of(paper_of(content), content), [families() + (STYLES / name).read_text() for name in
                                               ("base.css", content.STYLE)]]
        for content in (contents()[name] for name in names)
    ]  # fmt: skip


TYPST = """#set page(paper: "a4")
#set text(font: ("Noto Serif CJK SC",), lang: "zh", size: 10.5pt)
#align(center, text(size: 20pt, weight: "bold")[用工企业引工奖补审批表])
#table(columns: (10mm, 23mm, 35mm, 1fr, 20mm, 24mm, 18mm), table.header([序号], [姓名], [证件号码], [用工企业], [日期],
  [结果], [金额]), ..range(ROWS).map(n => (str(n), [陈志强], [350\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*0013],
  [泉州玉蝶纺织科技有限公司], [2025-03-02], [支持], [1,000.00])).flatten().map(x => [#x]))
"""


def one_and_five_pages() -> Iterator[Line]:
    """Figure 1: CPU time, size, memory."""
    names = ["one", "five"]
    turns = [(_child("plain", _plain_papers(names)), _child("ours", names)) for _turn in range(TURNS)]
    plain, ours = ({**way[0], "ms": [min(ms) for ms in zip(*(turn["ms"] for turn in way), strict=True)]}
                   for way in zip(*turns, strict=True))  # fmt: skip
    memory_plain, memory_ours = (
        _child(way, papers, times=20)["mb"] for way, papers in (("plain", _plain_papers(["one"])), ("ours", ["one"]))
    )
    typst = _child("typst", [TYPST.replace("ROWS", rows) for rows in ("20", "120")])
    yield judged("paper_one_page", ours["ms"][0], plain["ms"][0], 0.35)
    yield judged("paper_one_page_size", ours["sizes"][0] / 1024, plain["sizes"][0] / 1024, 0.2, unit="KB")
    yield judged("paper_five_pages", ours["ms"][1], plain["ms"][1], 0.75)
    yield judged("paper_worker_memory", memory_ours, memory_plain, 0.2, unit="MB")
    yield told("paper_one_page_typst", typst["ms"][0], plain["ms"][0])
    yield told("paper_five_pages_typst", typst["ms"][1], plain["ms"][1])


def _rate(way: str, papers: list[Any], count: int) -> float:
    """Papers a CPU second of two processes, their start included."""
    start = spent()
    half = json.dumps({"papers": papers * (count // 2), "times": 0})
    pair = [
        subprocess.Popen([sys.executable, str(CHILD), way], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for _ in range(2)
    ]
    for child in pair:
        assert child.stdin is not None
        child.stdin.write(half)
        child.stdin.close()
    if any(child.wait() for child in pair):
        raise RuntimeError("a process of the batch did not end well")
    return count / (spent() - start)


def a_thousand_approvals() -> Iterator[Line]:
    """Figure 2: 1,000 approvals in two processes."""
    ours = _rate("ours", ["one"], BATCH)
    plain = _rate("plain", _plain_papers(["one"]), PLAIN_BATCH)
    yield judged("papers_1000_two_processes", ours, plain, 3, unit="papers/CPU s", at_least=True)


def failures_of_a_thousand() -> Iterator[Line]:
    """Figure 5: failures of PDF/A-3a and PDF/UA-1 among 1,000 papers of every kind."""
    from documents.papers.rendering import render
    from tests.documents.pdf_examined import failures
    from tests.documents.test_papers_conformance import mixed

    found = sum(
        len(failures(render(paper_of(content, n), content))) for n, content in enumerate(mixed(CHECKED, longest=60))
    )
    yield limited("papers_1000_failures", found, 0, unit="failures")


def lines() -> Iterator[Line]:
    """Every figure of the papers."""
    yield from one_and_five_pages()
    yield from a_thousand_approvals()
    yield from failures_of_a_thousand()


def main() -> None:
    """For this module alone: `python bin/benches/papers.py`."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    for line in lines():
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent.parent
    sys.path[:0] = [str(root), str(root / "bin")]
    main()
