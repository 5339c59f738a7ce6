"""Cuts one face of a font to the signs of papers and turns its outlines into TrueType's."""

from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

from documents.fonts.signs import wanted
from documents.fonts.sources import Source

LARGEST = 12_000  # glyphs; a font up to that size is used as it is
NO_SUBSETTING = 0x0100  # bit of OS/2.fsType by which a foundry forbids it
DROPPED = ["BASE", "DSIG", "VORG", "vhea", "vmtx", "JSTF", "LTSH", "PCLT"]  # vertical writing, signature, leftovers
FEATURES = ["ccmp", "kern", "mark", "mkmk", "tnum", "lnum"]
TOLERANCE = 1.0  # of 1,000 units an em: how far a quadratic curve may be from the cubic one


def may_cut(source: Source) -> bool:
    """Whether cutting pays and the font's licence bits allow it."""
    font = TTFont(source.path, fontNumber=source.index, lazy=True)
    forbidden = bool(font["OS/2"].fsType & NO_SUBSETTING)
    return font["maxp"].numGlyphs > LARGEST and not forbidden


def cut_face(source: Source, target: Path) -> None:
    """Write the cut face. The same source gives the same bytes."""
    font = _opened(source)
    held = font.getBestCmap()
    order = [sign for sign in wanted() if sign in held]
    options = subset.Options(
        layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False, desubroutinize=True,
        recalc_timestamp=False, glyph_names=True,
    )  # fmt: skip
    options.drop_tables += DROPPED
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=order)
    subsetter.subset(font)
    names = _by_frequency(font, order)
    if "CFF " in font:
        _to_truetype(font, names)
    else:
        font.setGlyphOrder(names)
    font.recalcTimestamp = False
    font.save(target, reorderTables=True)


def _opened(source: Source) -> TTFont:
    if source.path.lower().endswith((".ttc", ".otc")):
        return TTCollection(source.path, lazy=True).fonts[source.index & 0xFFFF]
    return TTFont(source.path, lazy=True)


def _by_frequency(font: TTFont, order: list[int]) -> list[str]:
    """Glyph names: .notdef, then those of the signs in their order, then what only other glyphs lead to."""
    held = font.getBestCmap()
    names = dict.fromkeys([".notdef"])
    names.update(dict.fromkeys(held[sign] for sign in order))
    names.update(dict.fromkeys(font.getGlyphOrder()))
    return list(names)


def _to_truetype(font: TTFont, names: list[str]) -> None:
    """Cubic outlines (CFF) become quadratic ones (glyf): half the time in the PDF's subsetting."""
    glyphs, drawn = font.getGlyphSet(), {}
    for name in names:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, TOLERANCE * font["head"].unitsPerEm / 1000, reverse_direction=True))
        drawn[name] = pen.glyph(dropImpliedOnCurves=True)
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    del font["CFF "]
    glyf.glyphOrder, glyf.glyphs = names, drawn
    font.setGlyphOrder(names)
    metrics = font["hmtx"].metrics
    for name in names:
        drawn[name].recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(drawn[name], "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                  "maxSizeOfInstructions", "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours",
                  "maxComponentElements", "maxComponentDepth"):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
