"""Cells whose text does not hold as it stands: struck through in Excel, or an error; runs in the sandbox process only.

The native reader of the cells gives an error as blank, and text that is struck through like any other.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fuyuan_desk.workbook import package
from fuyuan_desk.workbook.marks import MAIN, blocks_of, elements, local_name, sheets_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from fuyuan_desk.workbook.plain import Cell

Numbered = tuple[int, "list[Cell]"]

_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_TAG = rb"<(?:\w+:)?c(\s[^>]*?\b%s\s*=\s*[\"'](?:%s)[\"'][^>]*)>"
_VALUE = rb"(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)</"
_ERROR = re.compile(_TAG % (b"t", b"e") + _VALUE)
_TEXT = re.compile(_TAG % (b"t", b"s") + _VALUE)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]+)(\d+)[\"']")
_OFF = ("0", "false", "none")


class Runs(NamedTuple):
    """A text of which a part is struck through: what is left of it, and that part."""

    left: str
    struck: str


class Altered(NamedTuple):
    """By row, the cells of a sheet that are errors, that are struck through as a whole, and of which a part is."""

    errors: Mapping[int, Mapping[int, str]] = {}
    whole: Mapping[int, frozenset[int]] = {}
    parts: Mapping[int, Mapping[int, Runs]] = {}


NOTHING_ALTERED = Altered()


class Struck:
    """Puts errors into rows and takes out what is struck through; `texts` and `rows` tell what that was."""

    def __init__(self, altered: Altered) -> None:
        self._altered = altered
        self.texts: dict[tuple[int, int], str] = {}
        self.rows: set[int] = set()

    def applied_to(self, rows: Iterable[Numbered]) -> Iterator[Numbered]:
        """Yield the rows as they hold; one of which more than half is struck through stays as it is."""
        if not any(self._altered):
            yield from rows
            return
        for number, row in rows:
            for column, text in self._altered.errors.get(number, {}).items():
                if column < len(row):
                    row[column] = text
            whole = self._altered.whole.get(number, frozenset())
            filled = sum(cell != "" for cell in row)
            if sum(row[column] != "" for column in whole if column < len(row)) * 2 > filled:
                self.rows.add(number)
            else:
                self._take_out(number, row, whole)
            yield number, row

    def _take_out(self, number: int, row: "list[Cell]", whole: frozenset[int]) -> None:
        for column in whole:
            if column < len(row) and row[column] != "":
                self.texts[number, column] = str(row[column])
                row[column] = ""
        for column, runs in self._altered.parts.get(number, {}).items():
            if column < len(row) and row[column] != "":
                self.texts[number, column] = runs.struck
                row[column] = runs.left


def read_altered(raw: bytes, errs: bool, strikes: bool) -> dict[str, Altered]:
    """Return the altered cells of an .xlsx file by the name of the sheet.

    `errs`: a cell may be an error, `strikes`: a shared text may be struck through in part; otherwise these are not
    looked for. Raises `ValueError` when a part is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
            styles = _struck_styles(archive) if _STYLES in names else []
            runs = _struck_runs(archive) if strikes and _STRINGS in names else {}
            if not (errs or styles or runs):
                return {}
            return {
                name: _of_sheet(raw, archive.getinfo(part), styles, runs)
                for name, part in sheets_of(archive)
                if part in names
            }
    except (*package.BROKEN, SyntaxError, ArithmeticError, LookupError) as problem:
        raise ValueError from problem


def _of_sheet(raw: bytes, entry: zipfile.ZipInfo, styles: list[int], runs: Mapping[int, Runs]) -> Altered:
    errors: dict[int, dict[int, str]] = {}
    whole: dict[int, set[int]] = {}
    parts: dict[int, dict[int, Runs]] = {}
    ids = b"|".join(b"%d" % style for style in styles)
    struck = re.compile(_TAG % (b"s", ids)) if styles else None
    for block in blocks_of(raw, entry):
        for tag, text in _ERROR.findall(block):
            if (place := _place(tag)) is not None:
                errors.setdefault(place[0], {})[place[1]] = text.decode("utf-8", "replace")
        for tag in struck.findall(block) if struck else ():
            if (place := _place(tag)) is not None:
                whole.setdefault(place[0], set()).add(place[1])
        for tag, text in _TEXT.findall(block) if runs else ():
            if not text.isdigit() or int(text) not in runs or (place := _place(tag)) is None:
                continue
            if (found := runs[int(text)]).left:
                parts.setdefault(place[0], {})[place[1]] = found
            else:
                whole.setdefault(place[0], set()).add(place[1])
    return Altered(errors, {row: frozenset(columns) for row, columns in whole.items()}, parts)


def _place(tag: bytes) -> tuple[int, int] | None:
    found = _PLACE.search(tag)
    return None if found is None else (int(found[2]) - 1, package.column_number(found[1]) - 1)


def _struck_styles(archive: zipfile.ZipFile) -> list[int]:
    """Return the styles of cells whose font is struck through."""
    if b"strike" not in archive.read(_STYLES):
        return []
    fonts: list[bool] = []
    styles: list[int] = []
    for element in elements(archive, _STYLES):
        if element.tag == f"{MAIN}fonts":
            fonts = [_is_struck(font) for font in element]
        elif element.tag == f"{MAIN}cellXfs":
            for number, style in enumerate(element):
                font = int(style.get("fontId", "0"))
                if font < len(fonts) and fonts[font]:
                    styles.append(number)
    return styles


def _is_struck(properties: "Element") -> bool:
    found = next((child for child in properties if local_name(child) in ("strike", "dstrike")), None)
    return found is not None and found.get("val", "1").lower() not in _OFF


def _struck_runs(archive: zipfile.ZipFile) -> dict[int, Runs]:
    """Return the shared texts of which a part is struck through, by their number."""
    found: dict[int, Runs] = {}
    number = 0
    for element in elements(archive, _STRINGS):
        if local_name(element) != "si":
            continue
        left, struck = "", ""
        for run in element:
            text = "".join(child.text or "" for child in run.iter() if local_name(child) == "t")
            properties = next((child for child in run if local_name(child) == "rPr"), None)
            if local_name(run) == "r" and properties is not None and _is_struck(properties):
                struck += text
            elif local_name(run) in ("r", "t"):
                left += text
        if struck:
            found[number] = Runs(left, struck)
        number += 1
        element.clear()
    return found
