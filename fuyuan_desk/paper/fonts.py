"""The program's typefaces, and the choice of a face for a character."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from fuyuan_desk.core.paths import resource
from fuyuan_desk.paper.face import Face


class Style(Enum):
    """A text style; its value lists the font files searched for a character, in order."""

    SANS = ("FuyuanSans-Regular", "FuyuanSerif-Regular")
    BOLD = ("FuyuanSans-Bold", "FuyuanSans-Regular", "FuyuanSerif-Regular")
    SERIF = ("FuyuanSerif-Regular", "FuyuanSans-Regular")

    @property
    def faces(self) -> tuple[str, ...]:
        """Names of the files, the style's own first."""
        names: tuple[str, ...] = self.value
        return names


# control characters without a glyph: joiners, direction marks and variation selectors
_INVISIBLE = frozenset(
    chr(code)
    for low, high in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0xFE00, 0xFE0F),
                      (0xFEFF, 0xFEFF), (0xAD, 0xAD), (0xE0100, 0xE01EF))
    for code in range(low, high + 1)
)  # fmt: skip
_BLANKS = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
CODE_SCALE = 0.62  # size of the code that stands for a character no face has


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one face."""

    face: str
    text: str
    width: float  # in em of the text's own size
    scale: float = 1.0


def _file(name: str) -> Path:
    return resource("fonts", f"{name}.ttf")


@cache
def face(name: str) -> Face:
    """Return the face of a file name, opened once."""
    return Face(_file(name))


class _Widths(dict[str, float]):
    """Widths in em of the characters of a face, computed on first use; KeyError for a missing character."""

    def __init__(self, face_name: str) -> None:
        super().__init__()
        self._face = face(face_name)

    def __missing__(self, character: str) -> float:
        number = self._face.glyphs[character]
        width = self[character] = self._face.advance(number) / self._face.units
        return width


@cache
def widths(name: str) -> _Widths:
    """Return the widths of the characters of a face; a character it lacks raises KeyError."""
    return _Widths(name)


def measure(text: str, style: Style) -> float:
    """Return the width of a line of text in em, with codes in place of characters no face has."""
    try:
        return sum(map(widths(style.faces[0]).__getitem__, text))
    except KeyError:
        return sum(piece.width for piece in pieces(text, style))


def pieces(text: str, style: Style) -> Iterator[Piece]:
    """Split a line into runs of one face each, so that every character is shown.

    A character in no face becomes a small code such as ⟨U+1F600⟩; invisible characters are
    dropped; line ends and tabs become spaces.
    """
    first = style.faces[0]
    run: list[str] = []
    width = 0.0
    current = first
    for character in text:
        found = _face_of(character, style)
        if found == current:
            run.append(" " if character in _BLANKS else character)
            width += widths(current)[run[-1]]
            continue
        if run:
            yield Piece(current, "".join(run), width)
            run, width, current = [], 0.0, first
        if found:
            current, run = found, [character]
            width = widths(found)[character]
        elif found is None:
            yield _code(character, first)
    if run:
        yield Piece(current, "".join(run), width)


def _face_of(character: str, style: Style) -> str | None:
    """Return the face that has a character; "" for an invisible one, None if no face has it."""
    for name in style.faces:
        if character in face(name).glyphs:
            return name
    if character in _BLANKS:
        return style.faces[0]
    return "" if character in _INVISIBLE else None


def _code(character: str, face_name: str) -> Piece:
    """Return the code shown for a character that no face has."""
    shown = f"⟨U+{ord(character):04X}⟩"
    width = sum(map(widths(face_name).__getitem__, shown)) * CODE_SCALE
    return Piece(face_name, shown, width, CODE_SCALE)
