"""The PDFs themselves: fonts, rare names, long tables, nothing fetched, nothing unmasked, nothing unescaped."""

import io
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader

from documents.models import Paper
from documents.papers.content import Content
from documents.papers.rendering import families, html_of, render, style
from tests.documents import papers_made as made
from tests.documents.papers_seen import printed

ALL = made.all_kinds()
HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ paper.content }}{% include 'base.html' %}",
    "&lt;b&gt;",
    "长" * 200,
    "A" * 200,
)


def paper_of(content: Content) -> Paper:
    number = f"{content.SERIES or 'BF'}-2025-000123"
    return Paper(kind=content.KIND, number=number, code="K7MPX3QR9T", title=content.title, issued_on=date(2025, 11, 24))


def pdf(content: Content) -> PdfReader:
    return PdfReader(io.BytesIO(render(paper_of(content), content)))


def pages(content: Content) -> list[str]:
    """The text of each page without the white space that layout put in."""
    return ["".join(page.extract_text().split()) for page in pdf(content).pages]


def embedded_fonts(reader: PdfReader) -> dict[str, bytes]:
    """Family name without the subset tag → font program."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            program = descriptor.get("/FontFile3") or descriptor.get("/FontFile2")
            found[str(descriptor["/FontName"]).split("+")[-1]] = program.get_object().get_data()
    return found


def missing_glyphs(page: PageObject) -> int:
    """How often a page shows an empty box: glyph 0, or an id beyond the embedded font; codes are glyph ids."""
    held = {}
    for name, font in page["/Resources"]["/Font"].items():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        program = (descriptor.get("/FontFile3") or descriptor.get("/FontFile2")).get_object().get_data()
        held[name] = TTFont(io.BytesIO(program))["maxp"].numGlyphs
    content, glyphs, missing = page.get_contents(), 0, 0
    assert content is not None
    for name, text in re.findall(rb"(/\w+) [\d.]+ Tf|<([0-9a-fA-F]+)>", content.get_data()):
        if name:
            glyphs = held[name.decode()]
        codes = [int(text[n : n + 4], 16) for n in range(0, len(text), 4)]
        missing += sum(code == 0 or code >= glyphs for code in codes)
    return missing


@pytest.mark.parametrize("name", ALL)
def test_every_paper_is_drawn_with_the_chosen_fonts_and_no_empty_box(name: str) -> None:
    content = ALL[name]
    reader = PdfReader(io.BytesIO(printed(name)))
    allowed = {"Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"}
    families = set(embedded_fonts(reader))
    assert "Noto-Serif-CJK-SC-Bold" in families
    assert {name.split("-")[0] for name in families - allowed} <= {"HanaMinA", "HanaMinB"}
    assert sum(missing_glyphs(page) for page in reader.pages) == 0
    assert content.title in str(reader.metadata.title)
    assert reader.root_object["/Lang"] == "zh-CN"
    text = "".join(page.extract_text() for page in reader.pages)
    assert "K7MPX3QR9T" in text and "盖章处" in text


def test_rare_names_are_drawn_by_the_fallback_family() -> None:
    rare = "㛃䶮𬱖𫖯𠆲𠚮"  # the last two stand in no Noto family
    reader = pdf(made.certificate(name=rare))
    assert rare in reader.pages[0].extract_text()
    assert missing_glyphs(reader.pages[0]) == 0
    fallback = [data for name, data in embedded_fonts(reader).items() if name.startswith("HanaMinB")]
    assert len(fallback) == 1
    assert len(TTFont(io.BytesIO(fallback[0])).getGlyphOrder()) >= 3  # .notdef and the two


def test_an_empty_box_is_noticed_and_the_log_does_not_spell_the_name(caplog: pytest.LogCaptureFixture) -> None:
    unknown = "\U00031350"
    assert missing_glyphs(pdf(made.certificate(name=f"陈{unknown}强")).pages[0]) == 1
    assert "no font holds" in caplog.text
    assert unknown not in caplog.text and "31350" not in caplog.text


def test_the_settings_name_the_families_of_every_role(settings: Any) -> None:
    settings.PAPER_FONTS = {"body": "One", "title": "Two", "sans": "Three", "rare": "Four, Five"}
    assert families() == (
        ':root{--body:"One", "Four", "Five";--title:"Two", "Four", "Five";--sans:"Three", "Four", "Five";}\n'
    )


def test_a_long_annex_repeats_its_head_and_loses_nobody() -> None:
    content = made.approval(lines=made.workers(300))
    texts = pages(content)
    annex = [text for text in texts if "证件号码用工企业入职日期审核结果金额" in text]
    assert len(annex) == len(texts) - 2 >= 8
    whole = "".join(annex)
    assert all(made.masked(n) in whole for n in range(1, 301))
    assert "298人人民币贰拾玖万捌仟元整￥298,000.00" in texts[-1]
    assert [re.search(r"—(\d+)—", text).group(1) for text in texts] == [str(n + 1) for n in range(len(texts))]


def test_many_payees_repeat_the_head_and_the_signatures_stand_once() -> None:
    texts = pages(made.payment(120))
    assert sum("收款人全称" in text for text in texts) == len(texts) > 2
    whole = "".join(texts)
    assert whole.count("财政复核") == 1 and "潘国栋" in texts[0]
    assert all(f"14080101090{n:08d}" in whole for n in range(1, 121))
    assert "人民币叁佰叁拾陆万元整" in whole and "3,360,000.00" in whole


def test_the_approval_form_says_what_was_decided_on_what_ground() -> None:
    first, second = pages(made.approval())[:2]
    for text in ("SP-2025-000123", "YG-2025-104-000123", "人民币贰万捌仟元整", "28,000.00", "泉台财指〔2025〕118号"):
        assert text in first
    assert "泉台管办规〔2023〕3号" in first and "qtz-2023-3/1" in first and "一（六）" in first
    for who in ("李秀英", "王海涛", "苏国平", "庄晓雯", "许志远", "曾立群"):
        assert who in first + second
    assert "金牌" in "".join(pages(made.approval("ambassador")))


@pytest.mark.parametrize("content", [made.refusal(), made.deduction()], ids=["refusal", "deduction"])
def test_refusals_and_deductions_name_reasons_and_remedies(content: Content) -> None:
    text = re.sub(r"—\d+—", "", "".join(pages(content)))
    assert "60日内向泉州台商投资区管理委员会申请行政复议" in text and "行政复议法》第二十条" in text
    assert "6个月内" in text and "人民法院提起行政诉讼" in text and "行政诉讼法》第四十六条" in text
    assert all(reason.text in text and reason.article.replace(" ", "") in text for reason in content.reasons)


def test_a_correction_says_what_until_when_and_that_the_rest_is_closed() -> None:
    text = "".join(pages(made.correction()))
    assert "2025年10月17日24时前" in text and "其他内容已经锁定" in text
    assert all(item.part.replace(" ", "") in text and item.what in text for item in made.correction().items)
    assert "尚未公布放假安排" not in text
    assert "尚未公布放假安排" in "".join(pages(replace(made.correction(), provisional=True)))


@pytest.mark.parametrize(
    "content", [made.approval(), made.publicity(), made.certificate()], ids=["form", "list", "award"]
)
def test_public_facing_papers_hold_no_whole_number_of_a_person(content: Content) -> None:
    text = "".join(pages(content)).replace("9f86d081884c7d65", "")
    assert not re.search(r"(?<![0-9A-Z*])\d{15,19}[\dX]?(?![0-9A-Z])", text)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def test_the_publicity_list_names_recipients_and_nothing_else_of_them() -> None:
    text = "".join(pages(made.publicity()))
    assert "陈志强" in text and "阿卜杜拉·买买提" in text and "实名" in text and "0595-27390571" in text
    assert "*" not in text and "证件" not in text and "账号" not in text


@pytest.mark.parametrize("name", HOSTILE, ids=["script", "quote", "template", "entity", "long", "one word"])
def test_hostile_names_are_printed_as_they_are_and_whole(name: str) -> None:
    row = replace(made.publicity().rows[0], recipient=name, employers=[name])
    papers: list[Content] = [
        made.approval(claimant=name, lines=[replace(made.workers(1, deducted=0)[0], name=name, employer=name)]),
        replace(made.publicity(), rows=[row]),
        made.certificate(name=name[:50], employer=name),
        replace(made.payment(), rows=[replace(made.payment(1).rows[0], payee=name)], count=1, total_fen=2_800_000),
        replace(made.refusal(), to=replace(made.TO, name=name)),
    ]
    for content in papers:
        markup = html_of(paper_of(content), content)
        assert "<script" not in markup and "<img src=x" not in markup
        text = "".join(pages(content))
        assert "".join(name.split())[:50] in text
        if content.KIND != Paper.Kind.CERTIFICATE:
            assert "".join(name.split()) in text
    assert len(pages(papers[2])) == 1


@pytest.mark.parametrize(("sign", "fits"), [("A", 30), ("长", 14)])
def test_a_long_word_breaks_inside_its_cell(sign: str, fits: int) -> None:
    """The column is 45 mm wide at most: nothing runs over its line, and nothing is lost."""
    content = replace(made.publicity(), rows=[replace(made.publicity().rows[0], recipient=sign * 200)])
    runs = [run for page in pdf(content).pages for run in re.findall(f"{sign}+", page.extract_text())]
    assert max(map(len, runs)) <= fits
    assert sum(len(run) for run in runs if len(run) > 1 or sign == "长") == 200


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port on this machine that remembers who called."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        open_ = [True]

        def serve() -> None:
            while open_:
                try:
                    peer, _ = server.accept()
                except TimeoutError:
                    continue
                with peer:
                    calls.append(peer.recv(1000))

        thread = Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            open_.clear()
            thread.join()


def test_rendering_fetches_nothing_not_even_when_the_markup_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    from documents.papers import rendering

    with listener() as (port, calls):
        with socket.create_connection(("127.0.0.1", port)) as probe:
            probe.sendall(b"probe")
        address = f"http://127.0.0.1:{port}"
        asking = (
            f'<html lang="zh-CN"><title>x</title><link rel="stylesheet" href="{address}/a.css">'
            f"<style>@import url({address}/b.css); @font-face{{font-family:F;src:url({address}/f.ttf)}}"
            f"p{{background:url({address}/bg.png);font-family:F}}</style>"
            f'<p>字<img src="{address}/i.png" alt="a"><img src="file:///etc/passwd" alt="b">'
            f'<object data="{address}/o.svg"></object>'
            f'<svg width="9" height="9"><image href="{address}/s.png"/><use href="{address}/u.svg#a"/></svg></p></html>'
        )
        monkeypatch.setattr(rendering, "html_of", lambda *_: asking)
        content = made.refusal()
        assert render(paper_of(content), content).startswith(b"%PDF-")
    assert calls == [b"probe"]


def test_a_template_cannot_ask_for_what_content_does_not_have() -> None:
    from django.template import Context

    from documents.papers.rendering import engine

    with pytest.raises(LookupError, match=r"content\.nothing"):
        engine().from_string("{{ content.nothing }}").render(Context({"content": made.refusal()}))


def test_the_same_paper_gives_the_same_bytes_and_styles_are_read_once() -> None:
    content = made.certificate()
    assert render(paper_of(content), content) == render(paper_of(content), content)
    assert style("base.css") is style("base.css")
