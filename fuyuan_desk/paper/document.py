"""A PDF document: pages over stencils, embedded font subsets, the same bytes for the same content.

ReportLab's document objects write the file; pages are assembled directly from operators, which
makes a batch of hundreds of sheets fast.
"""

import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fuyuan_desk.paper.drawing import A4, UNIT, Box, Drawing, PageSize
from fuyuan_desk.paper.embed import EmbeddedFace
from fuyuan_desk.paper.fonts import face

CREATOR = "福元台"


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper: the PDF, its number of pages, and the tick boxes of each page.

    Pages of one layout share their boxes, so that a batch holds them once.
    """

    pdf: bytes
    pages: int
    placed: tuple[tuple[Box, ...], ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The tick boxes in page order."""
        return tuple(box.on(number) for number, page in enumerate(self.placed, 1) for box in page)


@dataclass(frozen=True, slots=True)
class Stencil:
    """The fixed part of a page, stored once in the file and reused by each page."""

    name: str
    boxes: tuple[Box, ...]


class _Faces(dict[str, EmbeddedFace]):
    """The faces a document uses, opened and added to it on first use."""

    def __init__(self, document: Any) -> None:
        super().__init__()
        self._document = document

    def __missing__(self, name: str) -> EmbeddedFace:
        embedded = self[name] = EmbeddedFace(face(name), f"F{len(self) + 1}")
        self._document.delayedFonts.append(embedded)
        return embedded


class Page(Drawing):
    """One page of a document."""

    def __init__(
        self, faces: _Faces, number: int, height: float, add_picture: Callable[[bytes, int, int], str]
    ) -> None:
        super().__init__(faces, height)
        self.number = number
        self._add_picture = add_picture
        self._shared: tuple[Box, ...] = ()

    @property
    def placed(self) -> tuple[Box, ...]:
        """The boxes of the stencil and of this page, the stencil's own where there are no others."""
        return (*self._shared, *self.boxes) if self.boxes else self._shared

    def use(self, stencil: Stencil) -> None:
        """Draw a stencil; its boxes become boxes of this page."""
        self.operators.append(f"/{stencil.name} Do")
        self._shared = (*self._shared, *stencil.boxes) if self._shared else stencil.boxes

    def picture(self, x: float, y: float, w: float, h: float, jpeg: bytes, size: tuple[int, int]) -> None:
        """Draw a colour JPEG of `size` pixels as large as fits into a box (mm), in its middle."""
        scale = min(w / size[0], h / size[1])
        width, height = size[0] * scale, size[1] * scale
        left, bottom = x + (w - width) / 2, self.height - y - (h + height) / 2
        matrix = " ".join(f"{length * UNIT:.2f}" for length in (width, 0, 0, height, left, bottom))
        self.operators.append(f"q {matrix} cm /{self._add_picture(jpeg, *size)} Do Q")


def _content(drawing: Drawing) -> bytes:
    """Return the operators of a drawing as they are stored."""
    # projecting line caps: rules overlap at their ends, so that corners are closed
    return "\n".join(["2 J", *drawing.under, *drawing.operators]).encode("ascii")


class Document:
    """A paper under construction, all its pages of one size."""

    def __init__(self, title: str, author: str, made: date, size: PageSize = A4) -> None:
        from reportlab.pdfbase import pdfdoc

        self._rl: Any = pdfdoc  # its type stubs are incomplete
        document: Any = pdfdoc.PDFDocument(invariant=1, compression=1, lang="zh-CN")
        stamp = f"D:{made:%Y%m%d}000000+08'00'"
        document.setTitle(title)
        document.setAuthor(author)
        document.setSubject(title)
        document.setCreator(CREATOR)
        document.setDateFormatter(lambda *_: stamp)
        self._document = document
        self._size = size
        self._faces = _Faces(document)
        self._stencils: dict[Hashable, Stencil] = {}
        self._forms: Any = self._rl.PDFDictionary({})
        self._fonts = self._rl.PDFObjectReference(self._rl.BasicFonts)
        self._resources = document.Reference(
            self._rl.PDFDictionary({"Font": self._fonts, "XObject": self._forms}), "sheet resources"
        )
        self._page: Page | None = None
        self._placed: list[tuple[Box, ...]] = []

    def stencil(self, key: Hashable, draw: Callable[[Drawing], None]) -> Stencil:
        """Return the stencil of `key`, drawing it on first use."""
        known = self._stencils.get(key)
        if known is None:
            drawing = Drawing(self._faces, self._size.height)
            draw(drawing)
            name = f"S{len(self._stencils) + 1}"
            self._forms[name] = self._document.Reference(self._form(drawing), f"stencil {name}")
            known = self._stencils[key] = Stencil(name, tuple(drawing.boxes))
        return known

    def _form(self, drawing: Drawing) -> object:
        entries = {
            "Type": "/XObject", "Subtype": "/Form", "BBox": self._bounds(),
            "Resources": self._rl.PDFDictionary({"Font": self._fonts}),
        }  # fmt: skip
        return self._stream(drawing, self._rl.PDFDictionary(entries))

    def _add_picture(self, jpeg: bytes, width: int, height: int) -> str:
        """Store a picture in the file as it is, and return its name."""
        name = f"P{sum(one.startswith('P') for one in self._forms.dict) + 1}"
        entries = {
            "Type": "/XObject", "Subtype": "/Image", "Width": width, "Height": height,
            "ColorSpace": "/DeviceRGB", "BitsPerComponent": 8, "Filter": "/DCTDecode",
        }  # fmt: skip
        stream = self._rl.PDFStream(self._rl.PDFDictionary(entries), jpeg)
        self._forms[name] = self._document.Reference(stream, f"picture {name}")
        return name

    def _stream(self, drawing: Drawing, entries: object) -> object:
        return self._rl.PDFStream(entries, _content(drawing), [self._rl.PDFZCompress])

    def _bounds(self) -> object:
        return self._rl.PDFArray(
            [0, 0, round(self._size.width * UNIT, 2), round(self._size.height * UNIT, 2)]
        )

    def page(self) -> Page:
        """Start the next page; nothing more can be drawn on the one before."""
        self._end_page()
        self._page = Page(self._faces, len(self._placed) + 1, self._size.height, self._add_picture)
        return self._page

    def _end_page(self) -> None:
        """Store the page that was drawn, packed: of a batch no more than one page is in memory as operators."""
        page, self._page = self._page, None
        if page is None:
            return
        sheet = self._rl.PDFPage()
        sheet.MediaBox = self._bounds()
        sheet.Resources = self._resources
        packed = self._rl.PDFArray([self._rl.PDFName("FlateDecode")])
        content = zlib.compress(_content(page))
        sheet.Contents = self._rl.PDFStream(self._rl.PDFDictionary({"Filter": packed}), content)
        self._document.addPage(sheet)
        self._placed.append(page.placed)

    def finish(self) -> Printed:
        """Write the file; no pages can be added afterwards."""
        self._end_page()
        pdf: bytes = self._document.GetPDFData(None)
        return Printed(pdf, len(self._placed), tuple(self._placed))
