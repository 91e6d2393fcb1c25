"""A roster's cells of ID documents: one number or several, each checked; pure functions."""

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.fillers import is_filler
from fuyuan_desk.formats.id_numbers import IdKind, Paper, parse_typed_id_number, read_id_numbers
from fuyuan_desk.formats.names import half_width
from fuyuan_desk.formats.person import LONGEST_NUMBER
from fuyuan_desk.roster.reading.cells import Cell, is_blank, text_of

_ROUNDED = 10**15
_SHORTENED = re.compile(r"\d\.\d+E\+?1[0-9]|\d{15,18}\.0+", re.IGNORECASE)
_NUMBERS = (float, int)
_TIMES = (date, time, timedelta)
# 2023-02-13 has the digits of a permit, and so has -100000.25
_NO_NUMBER = re.compile(
    r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?!\d)|-?\d+\.\d*[1-9]\d*$|-\d{1,14}(?:\.\d+)?$"
)
_YEARS = re.compile(r"(?:1[89]|20)\d\d\D+(?:1[89]|20)\d\d\D*")  # 1948-2023
_LEAST_DIGITS = 7


class PaperCell(NamedTuple):
    """The contents of a cell of document numbers: those to keep, other text, warnings, and warnings of what is lost."""

    papers: tuple[Paper, ...] = ()
    words: str = ""
    doubts: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


_NOTHING = PaperCell()


def is_rounded(cell: Cell) -> bool:
    """Return whether a cell is a number of which Excel has lost digits: it keeps fifteen of them."""
    if isinstance(cell, _NUMBERS) and not isinstance(cell, bool):
        return cell >= _ROUNDED
    return isinstance(cell, str) and _SHORTENED.fullmatch(cell.strip()) is not None


def read_papers(cell: Cell, kind: str = "") -> PaperCell:
    """Read every ID document of a cell; `kind` is what another column says of it.

    A number of no known shape is kept whole, with a warning; one too long to be a document's is among the words.
    """
    if is_rounded(cell):
        doubt = _("Excel has rounded this ID number. Format the column as text and type the number again.")
        return PaperCell(lost=(doubt,))
    text = text_of(cell)
    if len(text) < 5 and is_blank(text):
        return _NOTHING
    if isinstance(cell, _TIMES) or _NO_NUMBER.match(half_width(text)):
        return PaperCell(words=text, doubts=(_not_a_number(),))
    read = read_id_numbers(text)
    papers = tuple(paper for paper in read.papers if len(paper.number) <= LONGEST_NUMBER)
    words = [paper.number for paper in read.papers if len(paper.number) > LONGEST_NUMBER]
    if kind and len(papers) == 1 and not words:
        papers = (parse_typed_id_number(kind, papers[0].number) or papers[0],)
    doubts = [paper.doubt or _unknown(paper, kind) for paper in papers]
    if read.words and not read.papers and not is_filler(text):
        doubts.append(_not_a_number())
    if words:
        doubts.append(_("This is too long for an ID number; it was added to the remarks."))
    words = [*filter(None, (read.words,)), *words]
    return PaperCell(papers, "、".join(words), tuple(dict.fromkeys(filter(None, doubts))))


def _not_a_number() -> str:
    return _("This is not an ID number; it was added to the remarks.")


def _unknown(paper: Paper, kind: str) -> str:
    if paper.kind != IdKind.OTHER or kind == IdKind.OTHER:
        return ""
    return _("This is not the number of a known document; it was kept as it is written. Compare it.")


def number_in(note: str) -> Paper | None:
    """Return the document whose number a note beside a name is, such as 310101198001010007; None if it is none."""
    if sum(map(str.isdigit, note)) < _LEAST_DIGITS or _YEARS.fullmatch(note):
        return None
    read = read_id_numbers(note)
    whole = len(read.papers) == 1 and not read.words and not read.papers[0].doubt
    return read.papers[0] if whole and read.papers[0].kind != IdKind.OTHER else None
