"""What the figures of a period say otherwise than the book that was printed of it; pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from fuyuan_desk.core.texts import _, in_chinese
from fuyuan_desk.reports.facts import BookFigures, Cell, Changed, ReportTable, Said
from fuyuan_desk.reports.rules.summary import summary_parts
from fuyuan_desk.reports.rules.tables import ORGANISATIONS, figure_tables
from fuyuan_desk.reports.rules.words import cell_text

_DIGITS = 16
_NONE, _BETWEEN = "–", " · "


def said(figures: BookFigures) -> Said:
    """Return what a book of these figures says, in the language of the moment.

    The summary and the organisations are kept figure by figure, all else as a digest: those tables name persons.
    """
    facts = {
        _BETWEEN.join((title, name)): cell_text(cell)
        for title, those in summary_parts(figures)
        for name, cell in those
    }
    others = {}
    for table in figure_tables(figures):
        if table.key == ORGANISATIONS:
            facts |= _by_row(table)
        else:
            others[table.title] = _digest([table.columns]) + _digest(table.rows)
    return Said(facts, others)


def _by_row(table: ReportTable) -> Iterator[tuple[str, str]]:
    for name, *cells in table.rows:
        for column, cell in zip(table.columns[1:], cells, strict=True):
            yield _BETWEEN.join((cell_text(name), column)), cell_text(cell)


def _digest(rows: Iterable[Sequence[Cell]]) -> str:
    texts = sorted([cell_text(cell) for cell in row] for row in rows)
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:_DIGITS]


def changes(printed: Said, figures: BookFigures) -> tuple[Changed, ...]:
    """Return what these figures say otherwise than a book that was printed, which says it in Chinese.

    A figure that only one of both has is none in the other. A table whose columns are others now cannot be compared.
    """
    with in_chinese():
        now, labels = said(figures), _labels(figures)
    texts = dict(zip(now.figures, said(figures).figures.values(), strict=True))
    shown = dict(zip(labels, _labels(figures), strict=True))
    differing = (
        Changed(
            _BETWEEN.join(shown.get(part, part) for part in name.split(_BETWEEN)),
            printed.figures.get(name, _NONE),
            texts.get(name, _NONE),
        )
        for name in dict.fromkeys((*now.figures, *printed.figures))
        if now.figures.get(name) != printed.figures.get(name)
    )
    others = (
        Changed(shown[title], "", _("other figures"))
        for title, digest in now.tables.items()
        if printed.tables.get(title, digest) != digest and printed.tables[title][:_DIGITS] == digest[:_DIGITS]
    )
    return (*differing, *others)


def _labels(figures: BookFigures) -> list[str]:
    """Return the words of which the names of figures are made up, in an order that no language changes."""
    facts = (
        label
        for title, those in summary_parts(figures)
        for label in (title, *(name for name, _cell in those))
    )
    made = figure_tables(figures)
    return [*facts, *(label for table in made for label in (table.title, *table.columns))]
