"""The shape of the house: layers, closed lists, sizes, and pages that load nothing from outside."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "project", "portals", "payments", "workflows", "funds", "documents", "registry", "policy", "accounts", "core",
}  # fmt: skip
AUDIENCES = {"claimant", "desk", "finance", "register", "administration", "public", "shared"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "tools"}
LONGEST_FILE = 300
OURS = {".css", ".js", ".svg", ".png", ".ico", ".webmanifest", ".txt"}
# Attributes and elements that the content security policy would have to be weakened for.
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an on… attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script with a body": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:json|ld\+json))", re.I
    ),
    "a javascript: address": re.compile(r"javascript:", re.I),
}
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.I)
PAPERS = ROOT / "templates" / "papers"  # WeasyPrint's, not a browser's: a style element is how a paper gets its look


def tracked(pattern: str) -> list[Path]:
    """Files of the repository that match, without what running it leaves behind."""
    skipped = {".venv", "var", ".git", "node_modules"}
    return sorted(p for p in ROOT.rglob(pattern) if p.is_file() and not skipped & set(p.relative_to(ROOT).parts))


def sources() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def told(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->|/\*.*?\*/", "", text, flags=re.S)


def test_imports_point_downward_only() -> None:
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    answer = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-2000:]


def test_ten_packages_and_no_more() -> None:
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"} == PACKAGES


def test_portals_have_one_folder_an_audience() -> None:
    assert {path.parent.name for path in (ROOT / "portals").glob("*/__init__.py")} <= AUDIENCES | {"templatetags"}


def test_no_module_has_a_vague_name() -> None:
    assert [told(path) for path in sources() if {path.stem, *path.relative_to(ROOT).parts[:-1]} & VAGUE_NAMES] == []


def test_long_files_say_why() -> None:
    unexplained = []
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > LONGEST_FILE and not any("# long:" in line for line in lines[:5]):
            unexplained.append(f"{told(path)}: {len(lines)} lines")
    assert unexplained == []


def test_static_files_are_our_own() -> None:
    foreign = []
    for path in (p for p in (ROOT / "static").rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        minified = path.suffix in {".js", ".css"} and max(map(len, text.splitlines() or [""])) > 1000
        licence = re.search(r"@license|\bMIT License|Copyright \(c\)|\bApache License|jquery|bootstrap v", text, re.I)
        if path.suffix not in OURS or minified or (path.suffix in {".js", ".css"} and licence):
            foreign.append(told(path))
    assert foreign == []


def pages() -> Iterator[Path]:
    return (path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".svg", ".txt", ".css"})


def test_pages_carry_nothing_inline() -> None:
    found = []
    for path in pages():
        text = without_comments(path.read_text(encoding="utf-8"))
        for what, pattern in INLINE.items():
            if pattern.search(text) and not (PAPERS in path.parents and what == "a style element"):
                found.append(f"{told(path)}: {what}")
    assert found == []


def test_pages_load_nothing_from_outside() -> None:
    found = []
    for path in [*pages(), *(p for p in (ROOT / "static").rglob("*") if p.suffix in {".css", ".js", ".svg"})]:
        text = without_comments(path.read_text(encoding="utf-8"))
        found += [f"{told(path)}: {match.group()}" for match in OUTSIDE.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p style="color:red">', "a style attribute"),
        ('<button\n  onclick="go()">', "an on… attribute"),
        ("<style>p{}</style>", "a style element"),
        ("<script>go()</script>", "a script with a body"),
        ('<script type="module">go()</script>', "a script with a body"),
        ('<a href="javascript:go()">', "a javascript: address"),
    ],
)
def test_the_inline_check_catches(markup: str, what: str) -> None:
    assert INLINE[what].search(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="/static/app.js" defer></script>',
        '<script defer src="{% static "app.js" %}"></script>',
        '<script type="application/json" id="x">{}</script>',
        '<p data-on="1" class="style">onward = 1</p>',
    ],
)
def test_the_inline_check_lets_pass(markup: str) -> None:
    assert [what for what, pattern in INLINE.items() if pattern.search(markup)] == []


@pytest.mark.parametrize("text", ["https://cdn.example.com/x.js", "url(//fonts.example.org/a)", "http://203.0.113.7/x"])
def test_the_outside_check_catches(text: str) -> None:
    assert OUTSIDE.search(text)


@pytest.mark.parametrize(
    "text", ['xmlns="http://www.w3.org/2000/svg"', "// a comment", "{% url 'desk:inbox' %}", "a//b"]
)
def test_the_outside_check_lets_pass(text: str) -> None:
    assert not OUTSIDE.search(text)
