"""The cut fonts: complete, true to their source, cut once, private to the papers; rare names are drawn."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont
from pypdf import PdfReader

from documents.fonts import configuration, cut, cutting
from documents.fonts.cutting import cut_face
from documents.fonts.signs import gb2312, wanted
from documents.fonts.sources import BOLD, REGULAR, installed
from documents.fonts.table import BEYOND_GB2312
from documents.papers import typesetting
from documents.papers.rendering import rendered
from project import checks
from tests.documents import papers_made as made
from tests.documents.pdf_examined import embedded, failures, paper_of

NAMES = "㛃䶮𬱖𫖯堃喆"  # 㛃 Extension A, 䶮 Extension A, 𬱖 Extension E, 𫖯 Extension C, the others in the first block


def rare_signs() -> list[str]:
    """300 characters that GB 2312 does not have.

    First the 喆 and 堃 that every name list has; then all those of the 通用规范汉字表 that stand in the Extensions A to E
    (names, places, sciences); then Extension B characters of GB 18030-2022 level 3, one in every 300, which no Noto face
    has: that standard binds the registers of residents and so the names that people legally bear.
    """
    found = dict.fromkeys(NAMES)
    found.update(dict.fromkeys(sign for sign in BEYOND_GB2312 if not "\u4e00" <= sign <= "\u9fff"))
    found.update(dict.fromkeys(map(chr, range(0x20010, 0x2A6D7, 300))))
    return list(found)[:300]


@pytest.fixture(scope="module")
def fonts() -> Path:
    """The folder of the cut fonts, as bin/setup leaves it."""
    done = cut()
    assert done.missing == ()
    return done.folder


def test_the_table_completes_gb2312_to_the_8105_characters() -> None:
    assert len(set(BEYOND_GB2312)) == len(BEYOND_GB2312) == 1_467
    assert len(list(gb2312())) == 6_763
    for sign in BEYOND_GB2312:
        with pytest.raises(UnicodeEncodeError):
            sign.encode("gb2312")
    assert set(NAMES) <= set(BEYOND_GB2312)
    assert set(map(ord, "￥①②〔〕（）·ā℃㎡☐〇Ⅻ￥¥")) <= set(wanted())
    assert not set(range(0x3041, 0x3100)) & set(wanted())  # no kana


def test_a_second_cut_does_nothing_and_the_command_says_so(fonts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in fonts.rglob("*")}
    again = cut()
    assert not again.made and again.folder == fonts and again.faces == 6
    call_command("cut_fonts")
    assert capsys.readouterr().out == ""
    assert {path: path.stat().st_mtime_ns for path in fonts.rglob("*")} == before


@pytest.mark.parametrize("family", ["Noto Serif CJK SC", "Noto Sans CJK SC"])
def test_cut_faces_hold_the_signs_in_both_weights_with_low_ids_for_frequent_ones(fonts: Path, family: str) -> None:
    assert [face.weight for face in installed(family)] == [REGULAR, BOLD]
    for face in installed(family):
        font = TTFont(fonts / "files" / f"{family.replace(' ', '')}-{face.weight}.ttf")
        held = font.getBestCmap()
        assert set(map(ord, gb2312())) | set(map(ord, BEYOND_GB2312)) <= set(held)
        assert "glyf" in font and not {"CFF ", "vhea", "vmtx", "VORG", "GPOS vert"} & set(font.keys())
        assert font["maxp"].numGlyphs < 10_000 and font["OS/2"].usWeightClass == (700 if face.weight == BOLD else 400)
        assert font.getGlyphID(held[ord("A")]) < 100
        assert font.getGlyphID(held[ord("啊")]) < font.getGlyphID(held[ord("龠")]) < font.getGlyphID(held[ord("堃")])


def test_outlines_are_those_of_the_source(fonts: Path) -> None:
    face = installed("Noto Serif CJK SC")[0]
    whole = TTCollection(face.path, lazy=True).fonts[face.index]
    small = TTFont(fonts / "files" / "NotoSerifCJKSC-80.ttf")
    for sign in "永引工奖补堃𬱖A8￥":
        boxes = []
        for font in (whole, small):
            glyphs, name = font.getGlyphSet(), font.getBestCmap()[ord(sign)]
            pen = BoundsPen(glyphs)
            glyphs[name].draw(pen)
            boxes.append((*pen.bounds, glyphs[name].width))
        assert max(abs(a - b) for a, b in zip(*boxes, strict=True)) <= 1.5, sign  # of 1,000 units an em


def test_cutting_gives_the_same_bytes_and_keeps_truetype_outlines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A foundry's TrueType font of many glyphs, as an operator may supply it; HanaMinA stands for it."""
    monkeypatch.setattr(cutting, "wanted", lambda: [0x41, 0x5F15, 0x5DE5, 0x4E00])
    (face,) = installed("HanaMinA")
    for name in ("a.ttf", "b.ttf"):
        cut_face(face, tmp_path / name)
    assert (tmp_path / "a.ttf").read_bytes() == (tmp_path / "b.ttf").read_bytes()
    small, whole = TTFont(tmp_path / "a.ttf"), TTFont(face.path)
    assert [small.getGlyphID(small.getBestCmap()[sign]) for sign in (0x41, 0x5F15, 0x5DE5)] == [1, 2, 3]
    for sign in (0x5F15, 0x5DE5):
        one, other = (font["glyf"][font.getBestCmap()[sign]] for font in (small, whole))
        assert (one.xMin, one.yMin, one.xMax, one.yMax) == (other.xMin, other.yMin, other.xMax, other.yMax)


def test_other_families_than_those_cut_are_drawn_from_the_machine_and_the_check_says_so(
    fonts: Path, settings: Any
) -> None:
    assert configuration() == fonts / "fonts.conf" and checks.check_cut_fonts(None) == []
    settings.PAPER_FONTS = {**settings.PAPER_FONTS, "title": "FZXiaoBiaoSong-B05S"}
    assert configuration() is None
    (message,) = checks.check_cut_fonts(None)
    assert message.id == "yingong.W007" and message.hint == "manage.py cut_fonts"


def test_a_folder_that_was_never_cut_is_no_error(settings: Any, tmp_path: Path) -> None:
    settings.FONTS_DIR = tmp_path / "none"
    assert configuration() is None
    (tmp_path / "current.json").write_text("{")
    settings.FONTS_DIR = tmp_path
    assert configuration() is None


def test_child_processes_do_not_inherit_the_private_fonts(fonts: Path) -> None:
    before = os.environ.get("FONTCONFIG_FILE")
    typesetting.fonts()
    assert os.environ.get("FONTCONFIG_FILE") == before


def test_papers_are_drawn_from_the_cut_fonts_alone(fonts: Path) -> None:
    """In a process of its own: the big collections of the machine are never opened."""
    code = (
        "import django; django.setup()\n"
        "from tests.documents import papers_made as made\n"
        "from tests.documents.pdf_examined import paper_of\n"
        "from documents.papers.rendering import render\n"
        "content = made.refusal(); render(paper_of(content), content)\n"
        "import json; print(json.dumps([line.split()[-1] for line in open('/proc/self/maps')]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=project_settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    mapped = {Path(path) for path in json.loads(told.stdout.splitlines()[-1])}
    assert {path.name for path in mapped if path.suffix in {".ttf", ".ttc", ".otf"}} <= {
        path.name for path in (fonts / "files").iterdir()
    }
    assert any(path.name == "NotoSerifCJKSC-80.ttf" for path in mapped)


def test_three_hundred_rare_names_are_drawn_and_can_be_read_out() -> None:
    signs = rare_signs()
    assert len(set(signs)) == 300 and sum(sign > "\U0001ffff" for sign in signs) > 200
    rows = [replace(made.workers(1, deducted=0)[0], seq=n, name=f"陈{sign}") for n, sign in enumerate(signs, 1)]
    content = made.approval(lines=rows)
    done = rendered(paper_of(content), content)
    assert done.missing_signs == 0
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(done.data)).pages)
    assert [sign for sign in signs if f"陈{sign}" not in text] == []
    assert {"HanaMinB", "Noto-Serif-CJK-SC"} <= embedded(done.data)
    assert failures(done.data) == []


def test_a_sign_that_no_font_holds_is_told_to_the_caller() -> None:
    content = made.certificate(name="陈\U00031350强")
    assert rendered(paper_of(content), content).missing_signs == 1
    content = made.certificate()
    assert rendered(paper_of(content), content).missing_signs == 0
