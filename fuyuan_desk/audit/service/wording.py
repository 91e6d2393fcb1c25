"""What an act of the trail says, in the words of the screen: tables and fields by name, personal values masked."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, inspect

from fuyuan_desk.audit.facts import FieldChange
from fuyuan_desk.audit.service.value_labels import coded
from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import _, language
from fuyuan_desk.estates.rules.checks import mask_contact
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.db.base import Base, UtcDateTime
from fuyuan_desk.store.db.personal import Kind, of_column
from fuyuan_desk.store.guards import scope

_SHOWN = 4
_LONG = 40
_MOST_SIGNS = 2_000
# of no use to people: what the program sorts and links by
_PLUMBING = ("order_key", "owner_uid", "content")
# what notes say in a clerk's own words
_TYPED = {"filter", "what", "purpose", "receiver"}
# what a reveal names by its column
_SHOWN_FIELD = "field"


@cache
def _names() -> Mapping[str, Any]:
    """Return `tables` and `details` by key, from the `names.json` of every job."""
    found: dict[str, dict[str, Any]] = {"tables": {}, "details": {}}
    for part in paths.read_each("names.json"):
        for section, entries in part.items():
            found[section] |= entries
    return found


def _word(entry: Mapping[str, str]) -> str:
    return entry["zh" if language().startswith("zh") else "en"]


def table_name(table: str) -> str:
    """Name a table, or give its key where it has no name."""
    entry = _names()["tables"].get(table)
    return table if entry is None else _word(entry)


def tables() -> list[str]:
    """List the tables that have a name."""
    return list(_names()["tables"])


def field_name(table: str, field: str) -> str:
    """Name a column of a table or a detail of a note, or give its key where it has no name."""
    entry = _field(table, field)
    return field if entry is None else _word(entry)


def _field(table: str, field: str) -> Mapping[str, str] | None:
    names = _names()
    columns = names["tables"].get(table, {}).get("columns", {})
    found: Mapping[str, str] | None = columns.get(field) or names["details"].get(field)
    return found


@cache
def columns_of(table: str) -> Mapping[str, Column[Any]]:
    """Give a table's columns by the names under which the trail tells of them: attribute or column."""
    if table not in Base.metadata.tables:
        return {}
    found: dict[str, Column[Any]] = dict(Base.metadata.tables[table].columns)
    for model in scope.models():
        if model.__tablename__ == table:
            attributes = inspect(model).column_attrs
            found |= {name.key: name.columns[0] for name in attributes if isinstance(name.columns[0], Column)}
    return found


def _kind(table: str, field: str) -> Kind | None:
    column = columns_of(table).get(field)
    if column is None:
        return Kind.FREE_TEXT if field in _TYPED else None
    told = of_column(column)
    return None if told is None else told.kind


def _masked(kind: Kind | None, text: str) -> str:
    if kind is None or not text or text == _erased():
        return text
    if kind is Kind.NAME:
        return mask_name(text)
    if kind is Kind.PHONE:
        return mask_phone(text)
    if kind is Kind.ID_NUMBER:
        return mask_id(text)
    if kind is Kind.CONTACT:
        return mask_contact(text)
    if kind is Kind.LOGIN:
        return text
    return _("hidden ({n} signs)").format(n=len(text))


def _erased() -> str:
    return _("(erased)")


def _plain(table: str, field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if value == redaction.ERASED:
        return _erased()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    said = coded(table, field, value)
    if said is not None:
        return said
    if field == _SHOWN_FIELD and isinstance(value, str) and table in _names()["tables"]:
        return field_name(table, value)
    shown_as = (_field(table, field) or {}).get("as", "")
    if isinstance(value, str) and _is_instant(table, field):
        return _local(value)
    if isinstance(value, int) and shown_as:
        return f"¥{value / 100:,.2f}" if shown_as == "money" else f"{value / 100:.2f} m²"
    if isinstance(value, list) and all(isinstance(part, str | int) for part in value):
        return _(", ").join(coded(table, field, part) or str(part) for part in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:_MOST_SIGNS]


def _local(told: str) -> str:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return told
    # blocks tell instants as the table holds them: in UTC without saying so
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _is_instant(table: str, field: str) -> bool:
    column = columns_of(table).get(field)
    return column is not None and isinstance(column.type, UtcDateTime)


def beginning(told: str) -> dict[str, Any]:
    """Read as much of an act's JSON as there is: a long one is fetched only in part for a list."""
    decoder, found, place = json.JSONDecoder(), {}, 1
    try:
        while told[place : place + 1] not in ("}", ""):
            key, place = decoder.raw_decode(told, place)
            value, place = decoder.raw_decode(told, place + 1)
            if place == len(told):
                break  # cut off here: a number may go on
            found[key] = value
            place += told[place] == ","
    except ValueError:
        pass
    return found


def block_of(action: str, told: Mapping[str, Any]) -> tuple[int, int] | None:
    """Give the first and last record of an act that tells of many at once, None for any other."""
    ids = told.get("ids")
    if action != "insert" or not isinstance(ids, list) or [type(part) for part in ids] != [int, int]:
        return None
    return ids[0], ids[1]


def changes_of(
    table: str, action: str, told: Mapping[str, Any], reveal: bool = False, record_id: int | None = None
) -> tuple[FieldChange, ...]:
    """Say what an act says, field by field; of a block what `record_id` was given, or how many values there are."""
    if block_of(action, told) is not None:
        if record_id is None:
            return tuple(_of_block(table, told))
        told = _of_record(told, record_id)
    return tuple(_each(table, action, told, reveal))


def _each(table: str, action: str, told: Mapping[str, Any], reveal: bool) -> Iterator[FieldChange]:
    for field, value in told.items():
        if field in _PLUMBING:
            continue
        kind = _kind(table, field)
        pair = value if action == "update" and isinstance(value, list) and len(value) == 2 else ("", value)
        plain = [_plain(table, field, part) for part in pair]
        shown = plain if reveal else [_masked(kind, text) for text in plain]
        yield FieldChange(field, field_name(table, field), shown[0], shown[1], shown != plain)


def _of_record(told: Mapping[str, Any], record_id: int) -> dict[str, Any]:
    place = record_id - told["ids"][0]
    rows = told.get("rows", {})
    return {field: value[place] if isinstance(value, list) else value for field, value in rows.items()}


def _of_block(table: str, told: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field, value in told.get("rows", {}).items():
        if field in _PLUMBING:
            continue
        if isinstance(value, list):
            text = _("{n} values").format(n=len(value))
        else:
            text = _masked(_kind(table, field), _plain(table, field, value))
        yield FieldChange(field, field_name(table, field), "", text, False)


def summary(table: str, action: str, told: Mapping[str, Any]) -> str:
    """Say in one line what an act says, personal values masked."""
    block = block_of(action, told)
    if block is not None:
        first, last = block
        return _("{n} records, no. {first} to {last}").format(n=last - first + 1, first=first, last=last)
    parts: list[str] = []
    for change in changes_of(table, action, told):
        if not (change.old or change.new):
            continue
        if len(parts) == _SHOWN:
            parts.append("…")
            break
        parts.append(_told(change, action))
    return _("; ").join(parts)


def _told(change: FieldChange, action: str) -> str:
    old, new = _short(change.old), _short(change.new)
    value = f"{old or '–'} → {new or '–'}" if action == "update" else new
    return _("{name}: {value}").format(name=change.name, value=value)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
