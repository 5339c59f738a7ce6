"""The fonts inside a paper: cut once, to what a PDF reads of an embedded TrueType font.

WeasyPrint cuts each font twice and leaves tables that only a desktop reads: a character map, names, metrics of Windows.
Basis: ISO 32000-1 clause 9.9 (glyf, head, hhea, hmtx, loca, maxp, and cvt, fpgm, prep where the outlines have them);
glyphs are found by CIDToGIDMap and read back as text by ToUnicode.
"""

from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

UNREAD = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"OS/2", b"PCLT", b"STAT", b"cmap", b"name", b"post")  # fmt: skip
_theirs = fonts.Font._harfbuzz_subset


def _cut(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Keep the glyphs used under their numbers. Any font but a plain TrueType one goes WeasyPrint's way."""
    if "glyf" not in font.tables or "fvar" in font.tables or font.missing or hinting:
        return _theirs(font, to_unicode, hinting)
    wish = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _fill(harfbuzz_subset.hb_subset_input_glyph_set(wish), sorted(to_unicode))
    tags = sorted(harfbuzz.hb_tag_from_string(name, -1) for name in UNREAD)
    _fill(harfbuzz_subset.hb_subset_input_set(wish, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG), tags)
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    harfbuzz_subset.hb_subset_input_set_flags(wish, flags)
    face = harfbuzz_subset.hb_subset_or_fail(font.hb_face, wish)
    if face == ffi.NULL:
        return _theirs(font, to_unicode, hinting)
    font.file_content = fonts.get_hb_object_data(ffi.gc(face, harfbuzz.hb_face_destroy))
    return None


def _fill(numbers: Any, held: list[int]) -> None:
    harfbuzz.hb_set_add_sorted_array(numbers, ffi.new(f"hb_codepoint_t[{len(held)}]", held), len(held))


def take() -> None:
    """From now on fonts are cut this way."""
    if fonts.harfbuzz_subset:
        fonts.Font._harfbuzz_subset = _cut
