"""Drawing on a page: text, rules, tick boxes and bitmaps, in mm from the top left corner.

A `Drawing` collects PDF operators as text, and records the tick boxes it drew and their positions,
so that a filled-in sheet can be read from a scan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fuyuan_desk.paper.embed import EmbeddedFace
from fuyuan_desk.paper.fit import POINT, Fitted, fit
from fuyuan_desk.paper.fonts import Style, measure, pieces
from fuyuan_desk.paper.qr import Symbol

WIDTH, HEIGHT = 210.0, 297.0  # A4
UNIT = 1 / POINT  # points in a mm
RULE, FRAME = 0.5, 0.9  # points: ordinary rules and the outer frame
BOX = 3.4  # mm, side of a tick box
_MIDDLE = 0.36  # em, height of the middle of a Chinese character above the baseline


class PageSize(NamedTuple):
    """The width and the height of a page in mm."""

    width: float
    height: float

    @property
    def across(self) -> "PageSize":
        """The same paper turned."""
        return PageSize(self.height, self.width)


A4, A3 = PageSize(WIDTH, HEIGHT), PageSize(297.0, 420.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A tick box: its page (from 1), its name on the sheet, and its position in mm from the top left."""

    page: int
    name: str
    x: float
    y: float
    w: float
    h: float

    def on(self, page: int) -> "Box":
        """Return the same box on another page."""
        return Box(page, self.name, self.x, self.y, self.w, self.h)


class Drawing:
    """Operators of one page or of one stencil, `height` mm high. Coordinates and lengths are mm, sizes points."""

    def __init__(self, faces: Mapping[str, EmbeddedFace], height: float = HEIGHT) -> None:
        self.height = height
        self.operators: list[str] = []
        self.under: list[str] = []  # drawn first, so that no fill covers a rule
        self.boxes: list[Box] = []
        self._faces = faces

    def text(
        self, x: float, y: float, text: str, style: Style = Style.SANS, size: float = 9.5,
        align: str = "left", stroke: float = 0.0,
    ) -> None:  # fmt: skip
        """Write one line with its baseline at `y`.

        `align`: whether `x` is the "left", "middle" or "right" of the text. `stroke` (points) thickens it.
        """
        if not text:
            return
        if align != "left":
            x -= measure(text, style) * size * POINT * (0.5 if align == "middle" else 1.0)
        face = self._faces[style.faces[0]]
        left, base = x * UNIT, (self.height - y) * UNIT
        begin, end = (f"q 2 Tr {stroke:.2f} w ", " Q") if stroke else ("", "")
        try:
            shown = "".join(map(face.codes.__getitem__, text))
        except KeyError:
            self._mixed(left, base, text, style, size)
            return
        self.operators.append(
            f"{begin}BT /{face.key} {size:.2f} Tf {left:.2f} {base:.2f} Td <{shown}> Tj ET{end}"
        )

    def _mixed(self, left: float, base: float, text: str, style: Style, size: float) -> None:
        """Write a line whose characters come from several faces, or from none."""
        for piece in pieces(text, style):
            face = self._faces[piece.face]
            shown = "".join(map(face.codes.__getitem__, piece.text))
            self.operators.append(
                f"BT /{face.key} {size * piece.scale:.2f} Tf {left:.2f} {base:.2f} Td <{shown}> Tj ET"
            )
            left += piece.width * size

    def lines(
        self, x: float, y: float, fitted: Fitted, style: Style = Style.SANS, align: str = "left"
    ) -> None:
        """Write fitted lines downwards, the top of the first line's em box at `y`."""
        size = fitted.size * POINT
        base = y + (fitted.leading - size) / 2 + size * (0.5 + _MIDDLE)
        for line in fitted.lines:
            self.text(x, base, line, style, fitted.size, align)
            base += fitted.leading

    def cell(
        self, x: float, y: float, w: float, h: float, text: str, style: Style = Style.SANS,
        size: float = 9.5, align: str = "left", pad: float = 1.6, smallest: float = 7.0,
    ) -> Fitted:  # fmt: skip
        """Fit text into a cell and write it, vertically centred; never beyond the cell."""
        fitted = fit(text, style, size, w - 2 * pad, h - 0.6, smallest)
        anchor = {"left": x + pad, "middle": x + w / 2, "right": x + w - pad}[align]
        self.lines(anchor, y + (h - fitted.height) / 2, fitted, style, align)
        return fitted

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, width: float = RULE, dashed: bool = False
    ) -> None:
        """Draw a straight rule of `width` points."""
        before, after = ("q [3 2] 0 d ", " Q") if dashed else ("", "")
        self.operators.append(
            f"{before}{width:.2f} w {x0 * UNIT:.2f} {(self.height - y0) * UNIT:.2f} m "
            f"{x1 * UNIT:.2f} {(self.height - y1) * UNIT:.2f} l S{after}"
        )

    def frame(self, x: float, y: float, w: float, h: float, width: float = RULE) -> None:
        """Draw the outline of a rectangle."""
        self.operators.append(f"{width:.2f} w {self._rectangle(x, y, w, h)} S")

    def fill(self, x: float, y: float, w: float, h: float, grey: float) -> None:
        """Fill a rectangle behind all else; `grey` is 0 for black, 1 for white."""
        self.under.append(f"{grey:.2f} g {self._rectangle(x, y, w, h)} f 0 g")

    def box(self, name: str, x: float, y: float) -> None:
        """Draw a tick box with its top left corner at x, y and record it by `name`."""
        self.operators.append(f"0.7 w {self._rectangle(x, y, BOX, BOX)} S")
        self.boxes.append(Box(0, name, x, y, BOX, BOX))

    def tick(self, x: float, y: float) -> None:
        """Tick the box at x, y."""
        size = BOX * UNIT * 1.15
        self.text(x + BOX / 2, y + BOX / 2 + size * POINT * 0.38, "✓", Style.SANS, size, "middle", stroke=0.5)

    def choice(self, name: str, x: float, middle: float, label: str, size: float = 9.5) -> float:
        """Draw a tick box with its label to the right, centred on the height `middle`; return its right edge."""
        self.box(name, x, middle - BOX / 2)
        start = x + BOX + 1.2
        self.text(start, middle + size * POINT * _MIDDLE, label, size=size)
        return start + measure(label, Style.SANS) * size * POINT

    def bitmap(self, x: float, y: float, side: float, symbol: Symbol) -> None:
        """Draw a square one-bit image, black on white, as an inline image."""
        self.operators.append(
            f"q {side * UNIT:.2f} 0 0 {side * UNIT:.2f} {x * UNIT:.2f} {(self.height - y - side) * UNIT:.2f} cm "
            f"BI /W {symbol.modules} /H {symbol.modules} /BPC 1 /CS /G /F /AHx ID {symbol.bits}> EI Q"
        )

    def _rectangle(self, x: float, y: float, w: float, h: float) -> str:
        return f"{x * UNIT:.2f} {(self.height - y - h) * UNIT:.2f} {w * UNIT:.2f} {h * UNIT:.2f} re"
