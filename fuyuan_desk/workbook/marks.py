"""What a workbook says beside its cells: coloured rows, comments, and what is hidden; runs in the sandbox process only.

The native reader of the cells does not give any of it. Of a file that has nothing of the kind, only the small parts
are looked at.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from fuyuan_desk.workbook import package, unpacking

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Spans = tuple[tuple[int, int], ...]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COMMENTS = ("/comments", "/threadedComment")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]*)(\d+)[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s([^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_COLUMNS = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d+)[\"']")
_TAIL = 1024  # a tag that is cut off at the end of a piece is found in the next one
_MOST_COLUMNS = 16_384
_PALE = 0xF6  # of red, green and blue; such a fill is not seen on paper
# the order in which cells refer to the colours of a theme, which lists dark before light
_THEME = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
# the colours that old files name by number, from 8
_PALETTE = (
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C0808080"
    "9999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF000080FF00FFFFFF0000FFFF8000808000000080800000FF"
    "00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC993366FF33CCCC99CC00FFCC00FF9900FF6600666699969696"
    "003366339966003300333300993300993366333399333333"
)


class Marks(NamedTuple):
    """What a sheet says beside its cells; rows and columns from 0, spans inclusive.

    `fills` are the coloured cells by colour as RRGGBB: of each row the sum of 1 << column, -1 for all columns.
    `comments` are the texts by row and column, `pictures` the columns with pictures in cells, each with its first row
    and their number. `struck` are the texts, by row and column, that are struck through and not among the cells;
    `struck_rows` those of which more than half is struck: they are among the rows.
    """

    fills: Mapping[str, Mapping[int, int]] = {}
    comments: Mapping[tuple[int, int], str] = {}
    hidden_columns: Spans = ()
    hidden_rows: Spans = ()
    pictures: Mapping[int, tuple[int, int]] = {}
    struck: Mapping[tuple[int, int], str] = {}
    struck_rows: frozenset[int] = frozenset()


NO_MARKS = Marks()


def read_marks(raw: bytes, hides: bool) -> dict[str, Marks]:
    """Return the marks of the sheets of an .xlsx file by name; `hides`: some row or column is hidden.

    Raises `ValueError` when a part that says them is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
            coloured = _coloured_styles(archive, names)
            has_comments = any(_is_comment(name) for name in names)
            if not (coloured or has_comments or hides):
                return {}
            return {
                name: _marks_of_sheet(raw, archive, part, coloured)
                for name, part in sheets_of(archive)
                if part in names
            }
    except (*package.BROKEN, SyntaxError, ArithmeticError, LookupError) as problem:
        raise ValueError from problem


def _is_comment(name: str) -> bool:
    return posixpath.basename(name).lower().startswith(("comments", "threadedcomment"))


def _marks_of_sheet(raw: bytes, archive: zipfile.ZipFile, part: str, coloured: Mapping[int, str]) -> Marks:
    fills: dict[str, dict[int, int]] = {}
    columns: set[tuple[int, int]] = set()
    rows: set[int] = set()
    cells = _coloured_tags(coloured)
    for block in blocks_of(raw, archive.getinfo(part)):
        for tag in cells.findall(block) if cells else ():
            place, style = _PLACE.search(tag), _STYLE.search(tag)
            if place and style:
                of_colour = fills.setdefault(coloured[int(style[1])], {})
                row, cell = int(place[2]) - 1, _bit(place[1])
                of_colour[row] = of_colour.get(row, 0) | cell
        for kind, tag in _HIDDEN.findall(block):
            if kind == b"col":
                ends = {name: int(at) - 1 for name, at in _COLUMNS.findall(tag)}
                if len(ends) == 2:
                    columns.add((ends[b"min"], min(ends[b"max"], _MOST_COLUMNS)))
            elif found := _PLACE.search(tag):
                rows.add(int(found[2]) - 1)
    return Marks(
        fills,
        _comments(archive, part),
        tuple(sorted(columns)),
        _spans(rows),
    )


def _bit(letters: bytes) -> int:
    column = package.column_number(letters) if letters else 0
    return 1 << column - 1 if 0 < column <= _MOST_COLUMNS else -1  # a row has no letters


def blocks_of(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part piece by piece, each with the end of the one before it."""
    tail = b""
    for piece in unpacking.pieces(raw, entry):
        yield tail + piece
        tail = piece[-_TAIL:]


def _coloured_tags(coloured: Mapping[int, str]) -> re.Pattern[bytes] | None:
    if not coloured:
        return None
    styles = b"|".join(b"%d" % style for style in coloured)
    return re.compile(rb"<(?:\w+:)?(?:c|row)(\s[^>]*?\bs\s*=\s*[\"'](?:%s)[\"'][^>]*)>" % styles)


def _spans(numbers: set[int]) -> Spans:
    """Return numbers as spans of consecutive ones."""
    spans: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return tuple(spans)


# ---- the small parts ----


def elements(archive: zipfile.ZipFile, part: str) -> Iterator["Element"]:
    """Yield the elements of a part, each when it is complete; what is inside of it has been yielded before.

    What entities expand to is bounded by the parser. Damaged XML raises `SyntaxError`.
    """
    from xml.etree.ElementTree import iterparse  # 5 ms that a text table does not need

    with archive.open(part) as file:
        yield from (element for _event, element in iterparse(file))


def local_name(element: "Element") -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the part of each relation of a part, by its id."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    found = {}
    for element in elements(archive, path):
        target = element.get("Target", "")
        if local_name(element) == "Relationship" and element.get("TargetMode") != "External":
            whole = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[element.get("Id", "")] = (element.get("Type", ""), whole)
    return found


def sheets_of(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the names of the sheets, each with its part."""
    relations = _relations(archive, "xl/workbook.xml")
    return [
        (element.get("name", ""), relations.get(element.get(_ID, ""), ("", ""))[1])
        for element in elements(archive, "xl/workbook.xml")
        if local_name(element) == "sheet"
    ]


def _comments(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    """Return the comments of a sheet; of a conversation its own text, not the hint that Excel puts in its place."""
    relations = sorted(_relations(archive, part).values(), key=lambda relation: _COMMENTS[1] in relation[0])
    found: dict[tuple[int, int], str] = {}
    for kind, target in relations:
        if kind.endswith(_COMMENTS[0]):
            found |= dict(_notes(archive, target))
        elif kind.endswith(_COMMENTS[1]):
            talks: dict[tuple[int, int], list[str]] = {}
            for place, text in _talks(archive, target):
                talks.setdefault(place, []).append(text)
            found |= {place: "；".join(texts) for place, texts in talks.items()}
    return found


def _notes(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    authors: list[str] = []
    for element in elements(archive, part):
        if local_name(element) == "author":
            authors.append(element.text or "")
        elif local_name(element) == "comment":
            runs = (child.text or "" for child in element.iter() if local_name(child) == "t")
            text = "".join(runs).strip()
            author = element.get("authorId", "")
            named = authors[int(author)] if author.isdecimal() and int(author) < len(authors) else ""
            # Excel begins a comment with the name of its author
            text = text.removeprefix(f"{named}:").strip() if named else text
            if (place := _place(element.get("ref", ""))) and text:
                yield place, text
            element.clear()


def _talks(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    for element in elements(archive, part):
        if local_name(element) == "threadedComment":
            texts = (child.text or "" for child in element if local_name(child) == "text")
            text = "".join(texts).strip()
            if (place := _place(element.get("ref", ""))) and text:
                yield place, text
            element.clear()


def _place(reference: str) -> tuple[int, int] | None:
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not digits or not letters.isascii() or not letters.isalpha():
        return None
    return int(digits) - 1, package.column_number(letters.upper().encode()) - 1


# ---- colours ----


def _coloured_styles(archive: zipfile.ZipFile, names: list[str]) -> dict[int, str]:
    """Return the colour of each style of cells that has one, as RRGGBB."""
    if "xl/styles.xml" not in names:
        return {}
    fills: list[str] = []
    styles: dict[int, str] = {}
    theme: list[str] | None = None
    for element in elements(archive, "xl/styles.xml"):
        if element.tag == f"{MAIN}fill":
            pattern = next(iter(element), None)
            colour = None if pattern is None else _fill_colour(pattern)
            if colour is not None and colour.get("theme") and theme is None:
                theme = _theme_colours(archive, names)
            fills.append("" if colour is None else _rgb(colour, theme or []))
        elif element.tag == f"{MAIN}cellXfs":
            for number, style in enumerate(element):
                fill = int(style.get("fillId", "0"))
                if fill < len(fills) and fills[fill]:
                    styles[number] = fills[fill]
    return styles


def _fill_colour(pattern: "Element") -> "Element | None":
    """Return the colour that is seen of a fill, None for none and for the pattern that every file has."""
    if local_name(pattern) == "gradientFill":
        return next((colour for colour in pattern.iter() if local_name(colour) == "color"), None)
    if pattern.get("patternType") in (None, "none", "gray125"):
        return None
    return pattern.find(f"{MAIN}fgColor")


def _rgb(colour: "Element", theme: list[str]) -> str:
    """Return a colour as RRGGBB, "" if it is white, or not to be seen on white."""
    found = (colour.get("rgb") or "")[-6:]
    if number := colour.get("theme"):
        place = _THEME[int(number)] if int(number) < len(_THEME) else len(theme)
        found = theme[place] if place < len(theme) else ""
    elif number := colour.get("indexed"):
        place = int(number) - 8 if int(number) >= 8 else int(number)  # the first eight are there twice
        found = _PALETTE[place * 6 : place * 6 + 6]
    if len(found) != 6:
        return ""
    tint = float(colour.get("tint") or 0)
    parts = [_tinted(int(found[start : start + 2], 16), tint) for start in (0, 2, 4)]
    return "" if min(parts) >= _PALE else "".join(f"{part:02X}" for part in parts)


def _tinted(part: int, tint: float) -> int:
    lighter = part + (255 - part) * tint
    return min(max(round(lighter if tint > 0 else part * (1 + tint)), 0), 255)


def _theme_colours(archive: zipfile.ZipFile, names: list[str]) -> list[str]:
    part = "xl/theme/theme1.xml"
    if part not in names:
        return []
    scheme = next((e for e in elements(archive, part) if local_name(e) == "clrScheme"), None)
    colours = chain.from_iterable(scheme or ())
    return [colour.get("lastClr") or colour.get("val") or "" for colour in colours]
