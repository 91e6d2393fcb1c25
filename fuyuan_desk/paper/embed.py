"""A font embedded in a PDF: a subset with two-byte codes, and the table that maps codes back to text.

ReportLab embeds TrueType as many one-byte subsets and writes a character beyond U+FFFF as five hex
digits, which no reader understands. This object is added to a ReportLab document like its own fonts
(`delayedFonts` calls `addObjects`), but is one composite font whose table is written in UTF-16BE.
"""

import hashlib
from typing import Any

from fuyuan_desk.paper.face import Face

_BLOCK = 100  # maximum number of lines in a CMap section


class EmbeddedFace:
    """One face as used by one document.

    `codes[character]` returns the four hex digits to write in a text operator and marks the
    character as used; KeyError when the face lacks it. Codes are assigned in the order of first use,
    one for each character even where two share a glyph, so that text can be copied exactly.
    """

    def __init__(self, face: Face, key: str) -> None:
        self.key = key
        self._face = face
        self.codes = _Codes(face)

    def addObjects(self, document: Any) -> None:  # noqa: N802 - the name ReportLab calls
        """Add the font, its subset and its tables to the document."""
        from reportlab.pdfbase import pdfdoc as reportlab_objects

        pdfdoc: Any = reportlab_objects  # its type stubs are incomplete

        characters = self.codes.characters
        glyphs = [0, *(self._face.glyphs[character] for character in characters)]
        digest = hashlib.sha256("".join(characters).encode("utf-8", "surrogatepass")).digest()
        prefix = "".join(chr(65 + byte % 26) for byte in digest[:6])
        name = pdfdoc.PDFName(f"{prefix}+{self._face.name}")
        scale = 1000 / self._face.units

        def stream(content: bytes, **entries: object) -> object:
            return pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), content, [pdfdoc.PDFZCompress])

        file = self._face.subset(glyphs)
        descriptor = pdfdoc.PDFDictionary({
            "Type": "/FontDescriptor", "FontName": name, "Flags": 4, "ItalicAngle": 0,
            "FontBBox": pdfdoc.PDFArray([round(value * scale) for value in self._face.bounds]),
            "Ascent": round(self._face.ascent * scale), "Descent": round(self._face.descent * scale),
            "CapHeight": 733, "StemV": 50 + (self._face.weight // 65) ** 2,
            "FontFile2": document.Reference(stream(file, Length1=len(file))),
        })  # fmt: skip
        descendant = pdfdoc.PDFDictionary({
            "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": name, "CIDToGIDMap": "/Identity",
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
            "FontDescriptor": document.Reference(descriptor), "DW": 1000,
            "W": pdfdoc.PDFArray(
                [0, pdfdoc.PDFArray([round(self._face.advance(glyph) * scale) for glyph in glyphs])]),
        })  # fmt: skip
        font = pdfdoc.PDFDictionary({
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": name, "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant)]),
            "ToUnicode": document.Reference(stream(to_unicode(characters).encode("ascii"))),
        })  # fmt: skip
        document.idToObject["BasicFonts"].dict[self.key] = document.Reference(font)


class _Codes(dict[str, str]):
    def __init__(self, face: Face) -> None:
        super().__init__()
        self._glyphs = face.glyphs
        self.characters: list[str] = []

    def __missing__(self, character: str) -> str:
        if character not in self._glyphs:
            raise KeyError(character)
        self.characters.append(character)
        code = self[character] = f"{len(self.characters):04X}"
        return code


def to_unicode(characters: list[str]) -> str:
    """Write the ToUnicode CMap of codes 1, 2, 3 …; characters beyond U+FFFF as surrogate pairs."""
    lines = [f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
             for code, character in enumerate(characters, 1)]  # fmt: skip
    parts = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
        "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange",
    ]  # fmt: skip
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        parts += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    parts += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(parts)
