"""What a file says beside its cells: colours and comments become columns, what is hidden or a picture is told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.cells import WORDS, is_blank, listed
from fuyuan_desk.roster.reading.headers import Column, column_letter
from fuyuan_desk.roster.reading.household_rows import Table
from fuyuan_desk.roster.reading.rows import INFO, WARNING, Problem, RosterRow
from fuyuan_desk.roster.reading.table_cells import TableCells
from fuyuan_desk.workbook.reader import Sheet, Workbook

COMMENT = "批注"
MARKED = "是"
_LISTED = 8
_LONGEST_TAG = 20
_BETWEEN_TAGS = re.compile(r"[、,，;；/\s]+")
Mapped = Mapping[str, Mapping[int, str]]


def offer_extras(tables: Sequence[Table], workbook: Workbook, mapping: Mapped | None) -> list[Problem]:
    """Add columns for the coloured rows and the comments to the tables; return what else is to be told.

    The columns stand to the right of all others of their sheet, as the clerk's `mapping` names them.
    """
    problems = _about_file(tables, workbook)
    for sheet in workbook.sheets:
        of_sheet = [table for table in tables if table.sheet == sheet.name]
        if of_sheet and any(sheet.marks):
            problems += _offer(of_sheet, sheet, (mapping or {}).get(sheet.name, {}))
    return problems


def with_tags(cells: TableCells, rows: list[RosterRow]) -> list[RosterRow]:
    """Return the rows of a table with the tags from its columns of tags: a yes names the column's title."""
    columns = [(column.title, cells.plains(column)) for column in cells.table.of("tag")]
    if not columns:
        return rows
    titles = [title for title, _texts in columns]
    tagged = zip(rows, *(texts for _title, texts in columns), strict=True)
    return [_tagged(row, tuple(_tags(titles, texts))) if any(texts) else row for row, *texts in tagged]


def _tagged(row: RosterRow, names: Sequence[str]) -> RosterRow:
    """Return a row with further tags; what is too long for the name of one is kept in the remarks."""
    short = [name for name in names if len(name) <= _LONGEST_TAG]
    long = [name for name in names if len(name) > _LONGEST_TAG]
    return row._replace(
        tags=tuple(dict.fromkeys((*row.tags, *short))),
        remarks="；".join(filter(None, (row.remarks, *long))) if long else row.remarks,
    )


def _tags(titles: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    for title, text in zip(titles, texts, strict=True):
        if title and text in listed("yes"):
            yield title
        elif text not in listed("no"):
            yield from (word for word in _BETWEEN_TAGS.split(text) if not is_blank(word))


# ---- what the whole file is told ----


def _about_file(tables: Sequence[Table], workbook: Workbook) -> list[Problem]:
    read = {sheet.name for sheet in workbook.sheets}
    problems = []
    for name in workbook.hidden:
        message = _("This sheet is hidden in the file; it was read.")
        if name not in read:
            message = _(
                "This sheet is hidden and was skipped. To import it, tick “Read hidden sheets, too” (--hidden-sheets) "
                "and choose the file again."
            )
        problems.append(Problem(name, 1, "A", name, message, WARNING if name in read else INFO))
    if not workbook.is_marked and tables:
        message = _(
            "Colours, comments and hidden rows and columns are not read from this kind of file. If they matter, save "
            "it as an Excel workbook (.xlsx) and choose that."
        )
        problems.append(Problem(tables[0].sheet, _first_row(tables[0]), "", "", message, INFO))
    return problems


def _first_row(table: Table) -> int:
    """Return the row, as in Excel, of which is told what concerns a whole table."""
    return (table.header_rows[-1] if table.header_rows else table.numbers[0]) + 1


# ---- one sheet ----


def _offer(tables: Sequence[Table], sheet: Sheet, mapped: Mapping[int, str]) -> list[Problem]:
    width = max(map(len, sheet.rows))
    problems = [*_about_hidden(tables, sheet, width), *_about_pictures(sheet), *_about_struck(tables, sheet)]
    rows = {number for table in tables for number in table.numbers}
    columns = {column.index for table in tables for column in table.columns}
    comments: dict[int, dict[int, str]] = {}
    for (number, index), text in sorted(sheet.marks.comments.items()):
        if number in rows and index in columns:
            comments.setdefault(number, {})[index] = text
        else:
            message = _("A comment outside the rows of households was not imported: {text}").format(text=text)
            problems.append(Problem(sheet.name, number + 1, column_letter(index), "", message, INFO))
    fills = _named_fills(sheet.marks.fills)
    for place, (title, marked) in enumerate(fills.items()):
        index = width + place
        for table in tables:
            problems += _offer_fill(table, index, title, marked, mapped.get(index, ""))
    for table in tables:
        _offer_comments(table, width + len(fills), comments, mapped.get(width + len(fills), ""))
    return problems


def _offer_fill(table: Table, index: int, title: str, marked: Mapping[int, int], field: str) -> list[Problem]:
    columns = sum(1 << column.index for column in table.columns)  # not those of a table beside it
    own = [marked.get(number, 0) & columns != 0 for number in table.numbers]
    if not any(own):
        return []
    if _is_decoration(own):
        message = _("Every row has this colour ({colour}), or every second one: it was taken for decoration.")
        return [Problem(table.sheet, _first_row(table), "", title, message.format(colour=title), INFO)]
    _add_column(table, Column(index, title, field), [MARKED if one else "" for one in own])
    message = numbered(
        sum(own),
        N_("{n} row is marked by colour ({colour}). Choose “{tag}” for this column to make it a tag."),
        N_("{n} rows are marked by colour ({colour}). Choose “{tag}” for this column to make it a tag."),
        colour=title,
        tag=_("Tag"),
    )
    return [Problem(table.sheet, _first_row(table), column_letter(index), title, message, INFO)]


def _is_decoration(marked: Sequence[bool]) -> bool:
    is_striped = len(marked) > 2 and all(first != second for first, second in pairwise(marked))
    return all(marked) or is_striped


def _offer_comments(table: Table, index: int, comments: Mapping[int, Mapping[int, str]], field: str) -> None:
    titles = {column.index: column.title for column in table.columns}
    texts = ["；".join(_told(comments.get(number, {}), titles)) for number in table.numbers]
    if any(texts):
        _add_column(table, Column(index, COMMENT, field), texts)


def _told(comments: Mapping[int, str], titles: Mapping[int, str]) -> Iterator[str]:
    for index, text in comments.items():
        if index in titles:
            yield f"{titles[index]}：{text}" if titles[index] else text


def _add_column(table: Table, column: Column, texts: Sequence[str]) -> None:
    table.columns = [*table.columns, column]
    for place, text in enumerate(texts):
        if text:
            row = table.rows[place]
            table.rows[place] = [*row, *[""] * (column.index - len(row)), text]


def _about_hidden(tables: Sequence[Table], sheet: Sheet, width: int) -> list[Problem]:
    problems = []
    letters = [
        column_letter(index)
        for first, last in sheet.marks.hidden_columns
        for index in range(first, min(last + 1, width))
    ]
    if letters:
        message = _("These columns are hidden in the file; they were read: {columns}").format(
            columns=_shortened(letters)
        )
        problems.append(Problem(sheet.name, _first_row(tables[0]), letters[0], "", message, WARNING))
    numbers = {number for table in tables for number in table.numbers}
    spans = [
        f"{first + 1}" if first == last else f"{first + 1}–{last + 1}"
        for first, last in sheet.marks.hidden_rows
        if not numbers.isdisjoint(range(first, last + 1))
    ]
    if spans:
        message = _("These rows are hidden in the file; they were read: {rows}").format(
            rows=_shortened(spans)
        )
        problems.append(Problem(sheet.name, int(spans[0].split("–")[0]), "", "", message, WARNING))
    return problems


def _about_struck(tables: Sequence[Table], sheet: Sheet) -> list[Problem]:
    """Note the struck rows in their tables, and return what is told of struck cells of others."""
    for table in tables:
        table.struck = sheet.marks.struck_rows
    fields = {column.index: column for table in tables for column in table.columns}
    message = _("This is struck through in the file, and was not imported.")
    return [
        Problem(
            sheet.name,
            number + 1,
            column_letter(index),
            text,
            message,
            WARNING,
            fields[index].field,
            is_lost=True,
        )
        for (number, index), text in sorted(sheet.marks.struck.items())
        if index in fields
    ]


def _shortened(texts: Sequence[str]) -> str:
    return _(", ").join(texts[:_LISTED]) + (" …" if len(texts) > _LISTED else "")


def _about_pictures(sheet: Sheet) -> list[Problem]:
    return [
        Problem(
            sheet.name,
            first + 1,
            column_letter(index),
            "",
            numbered(
                count,
                N_("This column holds a picture in {n} cell, which is not imported."),
                N_("This column holds pictures in {n} cells, which are not imported."),
            ),
            WARNING,
        )
        for index, (first, count) in sorted(sheet.marks.pictures.items())
    ]


# ---- names of colours ----


def _named_fills(fills: Mapping[str, Mapping[int, int]]) -> dict[str, dict[int, int]]:
    """Return the coloured cells by the name of the colour, 黄底; names in the order of the list of words."""
    named: dict[str, dict[int, int]] = {}
    for colour, rows in fills.items():
        of_name = named.setdefault(fill_name(colour), {})
        for number, cells in rows.items():
            of_name[number] = of_name.get(number, 0) | cells
    order = list(_samples())
    return dict(sorted(named.items(), key=lambda item: order.index(item[0])))


def fill_name(colour: str) -> str:
    """Return the name of the nearest known colour of a fill given as RRGGBB."""
    red, green, blue = _parts(colour)

    def distance(name: str) -> float:
        # as different as they look, by the mean of red ("redmean")
        return min(
            (2 + (red + r) / 512) * (red - r) ** 2
            + 4 * (green - g) ** 2
            + (3 - (red + r) / 512) * (blue - b) ** 2
            for r, g, b in _samples()[name]
        )

    return min(_samples(), key=distance)


@cache
def _samples() -> Mapping[str, Sequence[tuple[int, int, int]]]:
    return {name: [*map(_parts, colours)] for name, colours in paths.read_json(*WORDS)["fills"].items()}


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)
