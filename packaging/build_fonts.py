"""Build the program's fonts: TrueType files and their licence, from the Noto CJK collections.

    python packaging/build_fonts.py SOURCE OUT [--only NAME]

SOURCE is a folder with the upstream collections (`NotoSansCJK-Regular.ttc` and so on; Debian's
package fonts-noto-cjk installs them below /usr/share/fonts/opentype/noto), OUT is `resources/fonts`.

The collections contain cubic outlines for four regions. PDF subsetting requires TrueType, and one
region's forms suffice: the Simplified Chinese face is subset to the characters an office of this
city may need, its outlines are converted to quadratic ones, hints and layout tables are dropped.
The build is reproducible: no clock is read. One face takes a few minutes.
"""

# fontTools is mostly untyped
# mypy: allow-untyped-calls

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.ttCollection import TTCollection

STANDARD_CHARACTERS = Path("tests/data/general-standard-chinese-characters.txt")
LICENCE = Path("packaging/OFL.txt")

# Hangul: a third of the outlines, and not used by offices of this city
HANGUL = ((0x1100, 0x11FF), (0x3131, 0x318F), (0x3200, 0x321E), (0x3260, 0x327F), (0xA960, 0xA97F),
          (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC))  # fmt: skip


@dataclass(frozen=True)
class Face:
    """One font file to build: its source collection and face, and whether to keep all characters."""

    file: str
    collection: str
    source_family: str
    family: str
    family_zh: str
    style: str
    whole: bool
    tolerance: float  # maximum deviation of a quadratic curve from the cubic one, in 1/1000 em


FACES = (
    Face("FuyuanSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC",
         "Fuyuan Sans", "福元黑体", "Regular", whole=True, tolerance=1.0),
    Face("FuyuanSans-Bold.ttf", "NotoSansCJK-Bold.ttc", "Noto Sans CJK SC",
         "Fuyuan Sans", "福元黑体", "Bold", whole=False, tolerance=1.0),
    Face("FuyuanSerif-Regular.ttf", "NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC",
         "Fuyuan Serif", "福元宋体", "Regular", whole=True, tolerance=1.5),
)  # fmt: skip


def main() -> int:
    """Build all faces, or the one named with `--only`, and print the size of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", help="file name of the one face to build")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "OFL.txt").write_bytes(LICENCE.read_bytes())
    for face in FACES:
        if options.only in (None, face.file):
            target = options.out / face.file
            characters = build(face, options.source, target)
            print(f"{face.file}: {characters} characters, {target.stat().st_size / 1e6:.1f} MB", flush=True)
    return 0


def build(face: Face, source: Path, target: Path) -> int:
    """Write one TrueType face and return the number of its characters."""
    font = open_face(source / face.collection, face.source_family)
    subset_glyphs(font, select_characters(font, face.whole))
    to_truetype(font, face.tolerance)
    add_symbols(font)
    rename(font, face)
    font.recalcTimestamp = False
    font.save(target, reorderTables=True)
    return len(font.getBestCmap())


def open_face(collection: Path, family: str) -> Any:
    """Open the face of a collection whose family name is `family`."""
    for font in TTCollection(collection, lazy=True).fonts:
        if font["name"].getDebugName(1) == family:
            return font
    raise SystemExit(f"{collection} holds no {family}")


def select_characters(font: Any, whole: bool) -> set[int]:
    """Return the code points to keep: all but Hangul, or only common ones for a heading face."""
    has = {code for code in font.getBestCmap() if not any(low <= code <= high for low, high in HANGUL)}
    if whole:
        return has
    common = set(map(ord, STANDARD_CHARACTERS.read_text(encoding="utf-8"))) | set(gb2312())
    return has & (common | set(range(0x20, 0x3400)) | set(range(0xFE10, 0xFFEF)))


def gb2312() -> Iterator[int]:
    """Yield the code point of every character of GB 2312."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from map(ord, bytes((row, cell)).decode("gb2312", errors="ignore"))


def subset_glyphs(font: Any, codes: set[int]) -> None:
    """Keep only the glyphs of `codes`; drop hints, layout and vertical writing."""
    options = subset.Options()
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"]
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def to_truetype(font: Any, tolerance: float) -> None:
    """Replace the cubic outlines by quadratic ones within `tolerance` units."""
    order = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    glyphs: dict[str, Glyph] = {}
    for name in order:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, tolerance, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    table: Any = font["glyf"]
    table.glyphOrder = order
    table.glyphs = glyphs
    for name, glyph in glyphs.items():
        glyph.recalcBounds(table)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    font["maxp"] = newTable("maxp")
    maxp: Any = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.numGlyphs = len(order)
    font["post"].formatType = 3.0
    font["post"].extraNames = []
    font["post"].mapping = {}
    font["gasp"] = newTable("gasp")
    gasp: Any = font["gasp"]
    gasp.version = 1
    gasp.gaspRange = {0xFFFF: 0x000A}  # no hints: smooth at every size


Draw = Callable[[TTGlyphPen], None]


def bar(pen: TTGlyphPen, x0: float, y0: float, x1: float, y1: float, width: float) -> None:
    """Draw a straight stroke of `width` between two points, clockwise as required by TrueType."""
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    dx, dy = (x1 - x0) / length * width / 2, (y1 - y0) / length * width / 2
    points = ((x0 - dy, y0 + dx), (x1 - dy, y1 + dx), (x1 + dy, y1 - dx), (x0 + dy, y0 - dx))
    pen.moveTo((round(points[0][0]), round(points[0][1])))
    for x, y in points[1:]:
        pen.lineTo((round(x), round(y)))
    pen.closePath()


def strokes(*lines: tuple[float, float, float, float], width: float = 60) -> Draw:
    """Return a function that draws straight strokes."""

    def draw(pen: TTGlyphPen) -> None:
        for line in lines:
            bar(pen, *line, width)

    return draw


_BOX = ((125, 30, 125, 790), (95, 760, 905, 760), (875, 790, 875, 30), (905, 0, 95, 0))
_TICK = ((260, 420, 450, 190), (420, 190, 760, 620))
_CROSS = ((280, 160, 720, 600), (280, 600, 720, 160))
# symbols used on forms and missing in the sources: (code, advance width, drawing)
SYMBOLS: tuple[tuple[int, int, Draw], ...] = (
    (0x2610, 1000, strokes(*_BOX)),
    (0x2611, 1000, strokes(*_BOX, *_TICK)),
    (0x2612, 1000, strokes(*_BOX, *_CROSS)),
    (0x2714, 1000, strokes((160, 400, 420, 110), (385, 100, 850, 690), width=110)),
    (0x2717, 1000, strokes((220, 90, 780, 690), (240, 700, 800, 70), width=80)),
    (0x2718, 1000, strokes((220, 90, 780, 690), (240, 700, 800, 70), width=120)),
    (0x27E8, 380, strokes((290, 850, 110, 375), (110, 385, 290, -90))),
    (0x27E9, 380, strokes((90, 850, 270, 375), (270, 385, 90, -90))),
    (0x2252, 1000, strokes((100, 470, 900, 470), (100, 290, 900, 290), (160, 680, 160, 580),
                           (840, 180, 840, 80), width=70)),
)  # fmt: skip


def add_symbols(font: Any) -> None:
    """Add the symbols of `SYMBOLS` that the face lacks."""
    known = font.getBestCmap()
    order = list(font.getGlyphOrder())
    added: dict[int, str] = {}
    for code, advance, draw in SYMBOLS:
        if code in known:
            continue
        pen = TTGlyphPen(None)
        draw(pen)
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        name = added[code] = f"sign{code:04X}"
        order.append(name)
        font["glyf"].glyphs[name] = glyph
        font["hmtx"][name] = (advance, glyph.xMin)
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    for table in font["cmap"].tables:
        if table.format in (4, 12):
            table.cmap.update(added)
    font["cmap"].tables = [table for table in font["cmap"].tables if table.format in (4, 12)]


def rename(font: Any, face: Face) -> None:
    """Rename the converted face, so that it is never mistaken for an installed original.

    The licence requires that where a name is reserved; here none is, but "Noto" is a trademark.
    Copyright, designers and licence are unchanged.
    """
    table = font["name"]
    kept = {
        record.nameID: record.toUnicode()
        for record in table.names
        if record.platformID == 3 and record.langID == 0x409 and record.nameID in (0, 5, 8, 9, 11, 13, 14)
    }
    full = face.family if face.style == "Regular" else f"{face.family} {face.style}"
    postscript = face.file.removesuffix(".ttf")
    version = kept[5].split(";")[0]
    texts: dict[int, Any] = kept | {
        1: face.family, 2: face.style, 3: f"{version};{postscript}", 4: full, 5: version, 6: postscript,
        10: f"TrueType conversion of a subset of {face.source_family} {face.style}. "
            "Noto is a trademark of Google Inc.",
    }  # fmt: skip
    table.names = []
    for number, text in sorted(texts.items()):
        table.setName(text, number, 3, 1, 0x409)
    table.setName(face.family_zh, 1, 3, 1, 0x804)
    table.setName(face.style, 2, 3, 1, 0x804)
    table.setName(full.replace(face.family, face.family_zh), 4, 3, 1, 0x804)


if __name__ == "__main__":
    sys.exit(main())
