"""Files that leave the system: never guessed at, never run."""

import pytest

from portals.shared.downloads import file_response


def test_a_download_is_named_for_people_and_never_run() -> None:
    answer = file_response(b"<script>", "花名册 “一”.html", "text/html", inline=True)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8A%B1")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("kind", "shown"), [("image/png", True), ("application/pdf", True), ("image/svg+xml", False)])
def test_only_pictures_and_pdfs_are_shown_in_place(kind: str, shown: bool) -> None:
    assert file_response(b"x", "a.bin", kind, inline=True)["Content-Disposition"].startswith("inline") is shown
    assert file_response(b"x", "a.bin", kind)["Content-Disposition"].startswith("attachment")
