"""A stranger verifies a paper at a desk and on a telephone: by code, by its file, by a file that was tampered with."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from documents.models import Paper
from documents.papers import issue, pdf_of, replace
from tests.documents import papers_made as made
from tests.e2e.browsing import Street, Window
from tests.e2e.test_axe import GRAVE

pytestmark = pytest.mark.e2e


def issued(subject: str = "claim:1") -> Paper:
    content = made.certificate()
    return issue(kind=content.KIND, content=content, subject=subject, by_label="庄晓雯")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_stranger_verifies_a_paper(street: Street, cast: object, phone: bool, tmp_path: Path) -> None:
    paper, later = issued(), issued()
    data = pdf_of(paper)
    genuine, altered = tmp_path / "收到的证书.pdf", tmp_path / "改过的证书.pdf"
    genuine.write_bytes(data)
    altered.write_bytes(data + b"\n")
    window = street.window(phone=phone)
    page = window.page
    page.goto("/login/")
    page.get_by_role("link", name="文书核验").click()
    look(window, "verify")
    page.get_by_label("文书编号或验证码").fill(paper.code.lower())
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.locator("[data-standing=genuine]")).to_contain_text("文书有效")
    upload(window, genuine)
    expect(page.locator("[data-standing=genuine]")).to_contain_text("逐字节一致")
    expect(page.get_by_text("签章有效")).to_be_visible()
    look(window, "verify-genuine")
    upload(window, altered)
    expect(page.locator("[data-standing=altered]")).to_contain_text("文件已被改动")
    expect(page.get_by_text("签章无效")).to_be_visible()
    look(window, "verify-altered")
    replace(paper, by=later, reason="变更", by_label="王小明")
    upload(window, genuine)
    expect(page.locator("[data-standing=replaced]")).to_contain_text(f"请以{later.number}为准")
    look(window, "verify-replaced")
    page.get_by_role("link", name=f"核验{later.number}").click()
    expect(page.locator("[data-standing=genuine]")).to_be_visible()


def upload(window: Window, file: Path) -> None:
    window.page.locator("input[type=file]").set_input_files(file)
    window.page.get_by_role("button", name="核验文件").click()


def look(window: Window, shot: str) -> None:
    window.shot(shot)
    window.no_sideways_scroll()
    found = Axe().run(window.page)
    assert not [v["id"] for v in found.response["violations"] if v["impact"] in GRAVE]
