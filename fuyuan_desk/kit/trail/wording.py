"""Display texts of audit entries: names of tables and fields, values, personal data masked."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, inspect

from fuyuan_desk.core import paths
from fuyuan_desk.core.changes import FieldChange
from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.core.visible import visible_lines, visible_values
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.person import mask_contact
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.kit.trail.value_labels import coded
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.db.base import Base, UtcDateTime
from fuyuan_desk.store.db.personal import Kind, of_column
from fuyuan_desk.store.guards import scope

Reference = tuple[str, int]
"""The table and the key of a record."""

_SUMMARY_FIELDS = 4
_LONG = 40
_MOST_CHARS = 2_000
# internal columns for sorting and linking
_INTERNAL = ("order_key", "owner_uid", "content")
# details of notes that a clerk typed
_TYPED = {"filter", "what", "purpose", "receiver"}
# the detail of a reveal that names a column
_FIELD_DETAIL = "field"


@cache
def _names() -> Mapping[str, Any]:
    """Return `tables` and `details` by key, from the `names.json` of every job."""
    found: dict[str, dict[str, Any]] = {"tables": {}, "details": {}}
    for part in paths.read_each("names.json"):
        for section, entries in part.items():
            found[section] |= entries
    return found


def _localised(entry: Mapping[str, str]) -> str:
    return entry["zh" if language().startswith("zh") else "en"]


def table_name(table: str) -> str:
    """Return a table's display name, or its key if it has none."""
    entry = _names()["tables"].get(table)
    return table if entry is None else _localised(entry)


def tables() -> list[str]:
    """List the tables that have a display name."""
    return list(_names()["tables"])


def field_name(table: str, field: str) -> str:
    """Return the display name of a column or of a note's detail, or its key if it has none."""
    entry = _field(table, field)
    return field if entry is None else _localised(entry)


def _field(table: str, field: str) -> Mapping[str, Any] | None:
    names = _names()
    entry = names["tables"].get(table, {})
    # older entries name columns that are gone
    columns = {**entry.get("former", {}), **entry.get("columns", {})}
    found: Mapping[str, Any] | None = columns.get(field) or names["details"].get(field)
    return found


def columns_of(table: str) -> Mapping[str, Column[Any]]:
    """Return a table's columns by the names used in the trail: attribute or column."""
    # not remembered of a table that is not loaded yet: what is personal in it would never be masked
    return _columns_of(table) if table in Base.metadata.tables else {}


@cache
def _columns_of(table: str) -> Mapping[str, Column[Any]]:
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
    personal = of_column(column)
    return None if personal is None else personal.kind


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
    return numbered(len(text), N_("hidden ({n} character)"), N_("hidden ({n} characters)"))


def _erased() -> str:
    return _("(erased)")


def _plain(table: str, field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if value == redaction.ERASED:
        return _erased()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    label = coded(table, field, value)
    if label is not None:
        return label
    if field == _FIELD_DETAIL and isinstance(value, str) and table in _names()["tables"]:
        return field_name(table, value)
    shown_as = (_field(table, field) or {}).get("as", "")
    words: Mapping[str, Mapping[str, str]] = (_field(table, field) or {}).get("words", {})
    if isinstance(value, str) and value in words:
        return _localised(words[value])
    if isinstance(value, str) and _is_instant(table, field):
        return _local(value)
    if isinstance(value, int) and shown_as:
        return f"¥{value / 100:,.2f}" if shown_as == "money" else f"{value / 100:.2f} m²"
    value = _read_parts(table, field, value)
    if isinstance(value, list | dict):
        entry = _field(table, field) or {}
        return _in_words(visible_values(value), f"{table}.{field}", entry)[:_MOST_CHARS] if value else ""
    # the entry itself stays as it was written
    text = visible_lines(value) if isinstance(value, str) else str(value)
    return text[:_MOST_CHARS]


# --- values of several parts


def _read_parts(table: str, field: str, value: Any) -> Any:
    """Return a value of several parts; an entry for many records holds it as its column does, as a text."""
    column = columns_of(table).get(field)
    if not isinstance(value, str) or column is None or not isinstance(column.type, JSON):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _in_words(value: Any, column: str, entry: Mapping[str, Any]) -> str:
    """Return a value of several parts in words, as `names.json` says in the `entry` of its column or part.

    `parts` names the parts, `parts_of` the resource that names them; `words` and `words_of` likewise the codes, `like`
    the column whose codes they are. `only` is the language that shows a part; `is_range`: a first and a last one. A
    part that is not named there is called as the table or column of its key.
    """
    column = entry.get("like", column)
    if isinstance(value, Mapping):
        texts = _texts(entry, "parts")
        named = {key: texts.get(key, {}) for key in value}
        told = _("; ").join(
            _("{name}: {value}").format(
                name=_localised(own) if own else _called(column, key),
                value=_in_words(
                    value[key],
                    f"{key}." if key in _names()["tables"] else column,
                    {"words": entry.get("words", {}), **own},
                ),
            )
            for key, own in named.items()
            if language().startswith(own.get("only", ""))
        )
        return told or "–"
    if isinstance(value, list):
        parts = [_in_words(part, column, entry) for part in value]
        if "is_range" in entry:
            return "–".join(dict.fromkeys(parts))
        return ("\n" if any(isinstance(part, Mapping) for part in value) else _(", ")).join(parts) or "–"
    words = _texts(entry, "words")
    if isinstance(value, str) and value in words:
        return _localised(words[value])
    table, _dot, field = column.partition(".")
    return _plain(table, field, value) or "–"


def _texts(entry: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """Return texts by key: those of the entry, and those of the resource that it names."""
    own: dict[str, Any] = dict(entry.get(section, {}))
    if f"{section}_of" not in entry:
        return own
    *file, part = entry[f"{section}_of"]
    rows = paths.read_json(*file)[part]
    kind = "text" if "text" in rows[0] else "name"
    return {row["key"]: {"zh": row[kind], "en": row[f"{kind}_en"]} for row in rows} | own


def _called(column: str, key: str) -> str:
    """Return the name of a part whose key is a table, or a column of the table of `column`."""
    return table_name(key) if key in _names()["tables"] else field_name(column.partition(".")[0], key)


def _local(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    # block entries hold instants as the table does: in UTC, without a zone
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def target_of(table: str, field: str) -> str:
    """Return the table to which a column or a note's detail refers, '' for none."""
    column = columns_of(table).get(field)
    if column is not None and column.foreign_keys:
        return next(iter(column.foreign_keys)).column.table.name
    target = field.removesuffix("_id")
    return target if target != field and target in Base.metadata.tables else ""


def references(table: str, changes: Iterable[FieldChange]) -> Iterator[Reference]:
    """Yield the records to which the values of an entry refer."""
    for change in changes:
        target = target_of(table, change.field)
        if target:
            yield from ((target, int(text)) for text in (change.old, change.new) if text.isdecimal())


def with_names(
    table: str, changes: Iterable[FieldChange], names: Mapping[Reference, str]
) -> tuple[FieldChange, ...]:
    """Replace the keys of records by their names; one that is gone keeps its key."""

    def named(change: FieldChange) -> FieldChange:
        target = target_of(table, change.field)
        old, new = (
            names.get((target, int(text)), text) if target and text.isdecimal() else text
            for text in (change.old, change.new)
        )
        return replace(change, old=old, new=new)

    return tuple(map(named, changes))


def _is_instant(table: str, field: str) -> bool:
    column = columns_of(table).get(field)
    return column is not None and isinstance(column.type, UtcDateTime)


def beginning(text: str) -> dict[str, Any]:
    """Parse as much as possible of an entry's JSON, which may be cut off in a list."""
    decoder, found, index = json.JSONDecoder(), {}, 1
    try:
        while text[index : index + 1] not in ("}", ""):
            key, index = decoder.raw_decode(text, index)
            value, index = decoder.raw_decode(text, index + 1)
            if index == len(text):
                break  # cut off here: a number may continue
            found[key] = value
            index += text[index] == ","
    except ValueError:
        pass
    return found


def block_of(action: str, changes: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the first and last record of an entry for many records, None for any other entry."""
    ids = changes.get("ids")
    if action != "insert" or not isinstance(ids, list) or [type(part) for part in ids] != [int, int]:
        return None
    return ids[0], ids[1]


def changes_of(
    table: str, action: str, changes: Mapping[str, Any], reveal: bool = False, record_id: int | None = None
) -> tuple[FieldChange, ...]:
    """Return an entry's fields; for a block entry those of `record_id`, or the number of values of each field."""
    if block_of(action, changes) is not None:
        if record_id is None:
            return tuple(_of_block(table, changes))
        changes = _of_record(changes, record_id)
    return tuple(_fields(table, action, changes, reveal))


def _fields(table: str, action: str, changes: Mapping[str, Any], reveal: bool) -> Iterator[FieldChange]:
    for field, value in changes.items():
        if field in _INTERNAL:
            continue
        kind = _kind(table, field)
        pair = value if action == "update" and isinstance(value, list) and len(value) == 2 else ("", value)
        plain = [_plain(table, field, part) for part in pair]
        shown = plain if reveal else [_masked(kind, text) for text in plain]
        if plain[0] == plain[1] and plain[0] and pair[0] != pair[1]:
            shown[0] = _("{text} (with invisible characters)").format(text=shown[0])
        yield FieldChange(field, field_name(table, field), shown[0], shown[1], shown != plain)


def _of_record(changes: Mapping[str, Any], record_id: int) -> dict[str, Any]:
    index = record_id - changes["ids"][0]
    rows = changes.get("rows", {})
    return {field: value[index] if isinstance(value, list) else value for field, value in rows.items()}


def _of_block(table: str, changes: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field, value in changes.get("rows", {}).items():
        if field in _INTERNAL:
            continue
        if isinstance(value, list):
            text = numbered(len(value), N_("{n} value"), N_("{n} values"))
        else:
            text = _masked(_kind(table, field), _plain(table, field, value))
        yield FieldChange(field, field_name(table, field), "", text, False)


def summary(
    table: str, action: str, changes: Mapping[str, Any], fields: Sequence[FieldChange] | None = None
) -> str:
    """Return an entry's details in one line, personal values masked; `fields` are its changes if they are known."""
    block = block_of(action, changes)
    if block is not None:
        first, last = block
        return numbered(
            last - first + 1,
            N_("{n} record, no. {first}"),
            N_("{n} records, no. {first} to {last}"),
            first=first,
            last=last,
        )
    parts: list[str] = []
    for change in changes_of(table, action, changes) if fields is None else fields:
        if not (change.old or change.new):
            continue
        if len(parts) == _SUMMARY_FIELDS:
            parts.append("…")
            break
        parts.append(_format(change, action))
    return _("; ").join(parts)


def whole(action: str, fields: Iterable[FieldChange]) -> str:
    """Return all that an entry holds, a line for each field."""
    said = (change for change in fields if change.old or change.new)
    return "\n".join(_written(change, change.old, change.new, action) for change in said)


def _format(change: FieldChange, action: str) -> str:
    return _written(change, _short(change.old), _short(change.new), action)


def _written(change: FieldChange, old: str, new: str, action: str) -> str:
    value = f"{old or '–'} → {new or '–'}" if action == "update" else new
    return _("{name}: {value}").format(name=change.name, value=value)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
