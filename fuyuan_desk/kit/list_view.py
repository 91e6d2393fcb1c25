"""The list of a book: its columns and filters, from the declaration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fuyuan_desk.core import periods
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import RIGHT, Book, BookQuery, Heading, Line, Mark, Part, text_of
from fuyuan_desk.widgets import fields
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.facets import Facet
from fuyuan_desk.widgets.table_model import Column, Query
from fuyuan_desk.widgets.theme import TEXT_PX, text_px


def columns_of(book: Book, today: date, without: str = "") -> list[Column]:
    """Return the columns of a book's list, without that of the part `without`."""
    shown = [part for part in book.fields if part.shown is not None and part.name != without]
    return [_column(book, part, today, is_alone=bool(without)) for part in shown]


def _mark_of(book: Book, part: Part) -> Callable[[Line[Any], date], Mark | None] | None:
    if part.mark is None and part.filter == "due":
        return lambda line, today: book.due_mark(part, line.fields, today)
    return part.mark


def _column(book: Book, part: Part, today: date, *, is_alone: bool) -> Column:
    assert part.shown is not None
    shown, mark = part.shown, _mark_of(book, part)

    def chip(line: Line[Any]) -> Chip | None:
        found = mark(line, today) if mark is not None else None
        return None if found is None else Chip(text_of(part, line), found.tone, found.icon)

    return Column(
        part.name, part.name_shown, lambda line: text_of(part, line),
        (is_alone and shown.wide) or shown.width,
        "right" if part.kind in RIGHT and mark is None else "left",
        sort=part.name if shown.sort else "",
        chip=chip if mark is not None else None,
        tip=shown.tip or shown.whole or (lambda line: text_of(part, line)),
        masked=part.mask is not None, least=shown.least,
        hidden=not shown.at_first or (text_px() > TEXT_PX and not shown.in_large),
    )  # fmt: skip


def export_columns(book: Book, columns: Sequence[Column]) -> list[Column]:
    """Return columns of a book's list for an export: texts as a whole, numbers as numbers."""
    return [_exported(book.part(column.name), column) for column in columns]


def _exported(part: Part, column: Column) -> Column:
    whole = part.shown.whole if part.shown is not None else None
    if whole is None:
        return column
    return replace(column, text=whole, chip=None, align="right" if part.kind in RIGHT else "left")


def facets_of(book: Book, without: str = "") -> list[Facet]:
    """Return the filters of a book's list, without that of the part `without`."""
    return [_facet(part) for part in book.fields if part.filter and part.name != without]


def _facet(part: Part) -> Facet:
    everything = _("{what}: all").format(what=part.name_shown)
    spans = {"period": periods.PAST, "due": periods.DUE}.get(part.filter, ())
    return Facet(part.name, part.name_shown, everything, tuple(part.choices), spans)


def fields_of(book: Book, without: str = "") -> list[fields.Field | fields.Section]:
    """Return the fields of a book's form, without that of the part `without`."""
    return [_field(part) for part in book.parts if not _is_left_out(part, without)]


_FIELD_KINDS: dict[str, Any] = {"reference": "choice", "code": "text"}


def field_of(part: Part) -> fields.Field:
    """Return the field of a part in a form."""
    assert part.kind != "instant", "an instant is recorded, not typed"
    return fields.Field(
        part.name, part.label, _FIELD_KINDS.get(part.kind, part.kind),
        hint=part.hint, required=part.required, choices=tuple(part.choices), unit=part.unit,
        placeholder=part.placeholder, span=2 if part.kind == "lines" else part.span, low=part.low, high=part.high,
        sensitive=part.sensitive,
    )  # fmt: skip


def _field(part: Part | Heading) -> fields.Field | fields.Section:
    return fields.Section(part.title, part.hint) if isinstance(part, Heading) else field_of(part)


def _is_left_out(part: Part | Heading, without: str) -> bool:
    return isinstance(part, Part) and (not part.in_form or part.name == without)


def book_query(query: Query, within: Mapping[str, Any]) -> BookQuery:
    """Return what a list shows as a query of its service; `within` are facets that the page sets."""
    return BookQuery(query.filter, {**query.facets, **within}, query.sort, query.descending)


def form_values(book: Book, line: Line[Any] | None) -> dict[str, Any]:
    """Return the values with which a form is filled; a masked one can be revealed."""
    if line is None:
        return {}
    values = {part.name: _form_value(part, line) for part in book.fields if part.in_form}
    masked = {part.name: fields.Masked(values[part.name]) for part in book.fields if part.mask is not None}
    return {**values, **masked}


def _form_value(part: Part, line: Line[Any]) -> Any:
    value = getattr(line.fields, part.name)
    return fields.Picked(value, line.names[part.name] or value) if part.kind == "search" and value else value


def names_of(parts: Sequence[Part]) -> list[tuple[str, str]]:
    """Return parts as choices, by name."""
    return [(part.name, part.name_shown) for part in parts]
