"""The shape of a roster's tables, and what of their readings is worth keeping for others of the same shape; pure."""

import hashlib
from collections.abc import Collection, Sequence

from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.reading.header_words import normal_header
from fuyuan_desk.roster.reading.headers import FIELD_LABELS
from fuyuan_desk.roster.reading.meanings import Words
from fuyuan_desk.roster.reading.reader import TableView
from fuyuan_desk.roster.reading.unsure import NAMES, WARNED, WORD, Fields


def shape_of(table: TableView) -> str:
    """Return a table's shape: a hash of its headers in their order, which tells nothing of them; "" without any."""
    if not table.header_rows:
        return ""  # what follows is nobody's header, and two such files have nothing in common
    titles = "\x1f".join(f"{column.index}:{normal_header(column.title)}" for column in table.columns)
    return hashlib.sha256(titles.encode()).hexdigest()


def readings_of(
    tables: Sequence[TableView], read: Fields, chosen: Fields, words: Words, confirmed: Collection[str]
) -> tuple[Reading, ...]:
    """Return what was corrected in tables that have headers; `read` are the fields as the program read them."""
    lasting = frozenset(
        key for key in confirmed if not key.startswith((f"{WARNED}:", NAMES, f"{WORD}:name:"))
    )
    # what is a name in one file says nothing of the names in another
    words = {field: meanings for field, meanings in words.items() if field != "name"}
    found = {}
    for table in tables:
        shape = shape_of(table)
        if shape:
            before, after = read.get(table.sheet, {}), chosen.get(table.sheet, {})
            columns = {
                column.index: after[column.index]
                for column in table.columns
                if after.get(column.index, before.get(column.index)) != before.get(column.index)
            }
            found[shape] = Reading(shape, columns, words, lasting)
    return tuple(found.values())


def fields_of(tables: Sequence[TableView]) -> dict[str, dict[int, str]]:
    """Return the fields of the columns as the tables were read."""
    found: dict[str, dict[int, str]] = {}
    for table in tables:
        found.setdefault(table.sheet, {}).update({column.index: column.field for column in table.columns})
    return found


def with_readings(tables: Sequence[TableView], readings: Sequence[Reading]) -> dict[str, dict[int, str]]:
    """Return the fields of the columns with the corrections kept for their shapes; {} if these correct no column."""
    kept = {reading.shape: reading for reading in readings}
    fields = fields_of(tables)
    is_corrected = False
    for table in tables:
        reading = kept.get(shape_of(table))
        known = (
            {index: field for index, field in reading.columns.items() if not field or field in FIELD_LABELS}
            if reading
            else {}
        )
        fields[table.sheet].update(known)
        is_corrected = is_corrected or bool(known)
    return fields if is_corrected else {}
