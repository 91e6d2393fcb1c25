"""Words that a clerk gave another meaning than the program's, applied to what was read; pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure, holder_owns
from fuyuan_desk.formats.names import name_fault
from fuyuan_desk.roster.reading.cells import Cell, read_tenure, text_of
from fuyuan_desk.roster.reading.headers import Column
from fuyuan_desk.roster.reading.kin import read_standing
from fuyuan_desk.roster.reading.reader import RosterDraft, TableView
from fuyuan_desk.roster.reading.rows import RosterRow

Words = Mapping[str, Mapping[str, str]]
"""The meaning of words as a code of `Tenure` or `HoldingRole`, by field (tenure, role) and word.

In the field `name` the word "" stands for all names that may be none: they are `SOUND_NAMES` or `NO_NAMES`.
"""
SOUND_NAMES, NO_NAMES = "names", "no-names"


def meaning_of(words: Words, field: str, word: str) -> Tenure | HoldingRole | None:
    """Return the meaning that was chosen for a word, None if none was."""
    code = words.get(field, {}).get(word)
    if code is None:
        return None
    return Tenure(code) if field == "tenure" else HoldingRole(code)


def with_meanings(draft: RosterDraft, words: Words) -> RosterDraft:
    """Return a draft in which words have the meanings that were chosen for them."""
    if not any(words.values()):
        return draft
    if names := words.get("name", {}).get(""):
        draft = replace(draft, rows=tuple(_settled(row, names) for row in draft.rows))
    changed: dict[tuple[str, int], tuple[str, str]] = {}
    for table in draft.tables:
        changed |= _changed(table, words)
    if not changed:
        return draft
    seen: set[tuple[str, int]] = set()
    rows = []
    for row in draft.rows:
        place = (row.sheet, row.row)
        if place in changed:
            tenure, role = changed[place]
            # a second holder of the row has a role of her own
            row = row._replace(tenure=tenure, role=row.role if place in seen else role)
            seen.add(place)
        rows.append(row)
    return replace(draft, rows=tuple(rows))


def _settled(row: RosterRow, names: str) -> RosterRow:
    """Return a row whose name may be none as a clerk decided; numbers without a name cannot be imported."""
    if not row.is_unsure:
        return row
    if names == SOUND_NAMES:
        return row._replace(is_unsure=False)
    remarks = "；".join(filter(None, (row.remarks, row.name)))
    fault = row.fault or (name_fault("") if row.phones or row.id_number or row.persons else "")
    return row._replace(name="", is_company=False, remarks=remarks, fault=fault, is_unsure=False)


def _changed(table: TableView, words: Words) -> dict[tuple[str, int], tuple[str, str]]:
    """Return tenure and role as codes of the rows with a word that has another meaning."""
    columns = {column.field: column for column in table.columns if column.field in ("tenure", "role", "name")}
    if not any(field in columns and words.get(field) for field in ("tenure", "role")):
        return {}
    holder = columns["name"].holder if "name" in columns else None
    # 住户 heads a column of names whoever they are
    named = None if holder is HoldingRole.OCCUPANT else holder
    changed = {}
    for number, cells in zip(table.numbers, table.rows, strict=True):
        tenure_text = _text(cells, columns.get("tenure"))
        role_text = _text(cells, columns.get("role"))
        tenure = meaning_of(words, "tenure", tenure_text)
        role = meaning_of(words, "role", role_text)
        if tenure is None and role is None:
            continue
        if not isinstance(tenure, Tenure):
            tenure = read_tenure(tenure_text)[0]
        if role is None:
            role = _role(read_standing(role_text).role or named, tenure)
        changed[table.sheet, number] = (tenure.value if tenure else "", role.value if role else "")
    return changed


def _role(role: HoldingRole | None, tenure: Tenure | None) -> HoldingRole | None:
    if role not in (None, HoldingRole.OWNER):
        return role
    if role is None and tenure is None:
        return None  # nothing says it
    return HoldingRole.OWNER if holder_owns(tenure) else HoldingRole.TENANT


def _text(cells: Sequence[Cell], column: Column | None) -> str:
    return text_of(cells[column.index]) if column is not None and column.index < len(cells) else ""
