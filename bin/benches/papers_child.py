"""A process of its own for each way of making papers: `papers_child.py plain|ours|typst`, work as JSON on its input.

Input: {"papers": [[html, [css…]]…] (plain) or kinds of `contents` (ours) or sources (typst), "times": n, "count": n}.
Output: one JSON line with the least CPU milliseconds of each paper, their sizes, and the peak memory in MB.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def plain(papers: list[list]) -> list[Callable[[], bytes]]:
    """WeasyPrint as its manual shows it: nothing kept from one paper to the next, the fonts of the machine."""
    from weasyprint import CSS, HTML

    return [
        lambda html=html, sheets=sheets: HTML(string=html).write_pdf(stylesheets=[CSS(string=text) for text in sheets])
        for html, sheets in papers
    ]


def ours(names: list[str]) -> list[Callable[[], bytes]]:
    """The product's own way, both standards and the attached decision included."""
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from benches.papers import contents, paper_of
    from documents.papers.rendering import render

    known = contents()
    return [lambda content=known[name]: render(paper_of(content), content) for name in names]


def typst(sources: list[str]) -> list[Callable[[], bytes]]:
    """Typst with the fonts of the machine."""
    import typst as engine

    return [lambda source=source: engine.compile(source.encode()) for source in sources]


def main(way: str) -> None:
    """Do the work and say what it took."""
    sys.path.insert(0, str(ROOT / "bin"))
    asked = json.load(sys.stdin)
    taken, sizes = [], []
    for make in {"plain": plain, "ours": ours, "typst": typst}[way](asked["papers"]):
        sizes.append(len(make()))
        each = []
        for _ in range(asked["times"]):
            start = time.process_time()
            make()
            each.append((time.process_time() - start) * 1000)
        taken.append(min(each, default=0.0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms": taken, "sizes": sizes, "mb": peak, "pid": os.getpid()}))


if __name__ == "__main__":
    main(sys.argv[1])
