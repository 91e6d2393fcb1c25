"""A record's data on one person, inside a running session: values, purpose, retention, and who saw them."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import OperatorRow
from fuyuan_desk.access.seat import Role
from fuyuan_desk.estates.service.tags import tags_in_report
from fuyuan_desk.formats.id_numbers import mask_id
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.formats.phones import mask_phone
from fuyuan_desk.privacy.catalogue import Holding, cited, holdings
from fuyuan_desk.privacy.facts import Held, Key, Seen
from fuyuan_desk.privacy.service.anonymise import of_its_own, parent_column, table_of
from fuyuan_desk.privacy.service.matching import Slot, same_person, slots_at
from fuyuan_desk.privacy.service.retention import day_of
from fuyuan_desk.store.audit import redaction
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.db.attachments import photos_of
from fuyuan_desk.store.db.personal import Kind, Personal, columns_of

SEEN = ("reveal", "print", "person_report")
_SEEN_MOST = 12
_TAGS = "person_tag.tag_id"
_TEXTS = (Kind.FREE_TEXT, Kind.CONTACT)

Mask = Callable[[str], str]


def held(session: Session, slot: Slot, place: str, role: Role) -> Held:
    """Return one record for a person's report: only that person's data, in the Chinese used on paper.

    `role` is the operator's: tags that it may not see are withheld.
    """
    key = slot.key
    holding = holdings()[key.table]
    table = table_of(key.table)
    row = session.execute(select(table).where(table.c.id == key.id)).one()
    tags, withheld = (
        tags_in_report(session, key.table, key.id, role) if _has_tags(slot, holding) else ((), ())
    )
    photos = len(photos_of(session, key.table, row.uid)) if _is_whole(key) else 0
    return Held(
        what=holding.name.zh,
        place=place,
        since=_entered(session, key, row.uid),
        values=tuple(_values(session, slot, holding, row, tags)),
        photos=photos,
        purpose=holding.purpose.zh,
        basis=cited(holding.clauses, chinese=True),
        kept=_kept(holding, row),
        seen=_seen(session, key),
        withheld=withheld,
    )


def _is_whole(key: Key) -> bool:
    return not key.of and key.nth < 0


def _has_tags(slot: Slot, holding: Holding) -> bool:
    return _is_whole(slot.key) and _TAGS in holding.columns


def _values(
    session: Session, slot: Slot, holding: Holding, row: Row[Any], tags: Collection[str]
) -> Iterator[tuple[str, str]]:
    personal = columns_of(table_of(holding.table))
    mask = _mask_of_others(session, slot)
    for name, label in holding.columns.items():
        if "." in name:
            if _is_whole(slot.key):
                texts = tags if name == _TAGS else _below(session, holding, name, slot.key.id, mask)
                yield from ((label.zh, text) for text in texts)
            continue
        declared = personal.get(name)
        if declared is not None and not _concerns(slot.key, declared):
            continue
        value = slot.name if declared is not None and slot.key.nth >= 0 else getattr(row, name)
        text = holding.value_text(name, _text(value))
        if text:
            yield label.zh, mask(text) if declared is not None and declared.kind in _TEXTS else text


def _concerns(key: Key, column: Personal) -> bool:
    # a person in a list of names has no other data there; free text belongs to the record's own person
    if key.nth >= 0:
        return column.kind is Kind.NAMES and column.of == key.of
    return column.of == key.of


def _mask_of_others(session: Session, slot: Slot) -> Mask:
    """Return how a text about somebody is printed: other people of her home, by name or number, are masked in it."""
    everybody = slots_at(session, slot.unit_id) if slot.unit_id is not None else []
    others = [one for one in everybody if not same_person(slot, one)]
    known = {one.name: mask_name(one.name) for one in others}
    known |= {number: mask_id(number) for one in others for number in one.ids}
    known |= {number: mask_phone(number) for one in others for number in one.phones}
    # her own first, so that a name within hers is not masked there
    known |= {text: text for text in (slot.name, *slot.ids, *slot.phones)}
    words = sorted((text for text in known if len(text) > 1), key=len, reverse=True)
    if not words:
        return str
    found = re.compile("|".join(map(re.escape, words)))
    return lambda text: found.sub(lambda match: known[match[0]], text)


def _below(session: Session, holding: Holding, name: str, record_id: int, mask: Mask) -> list[str]:
    part_name, column = name.split(".")
    part = table_of(part_name)
    above = parent_column(part, table_of(holding.table))
    query = select(part.c[column])
    rows = session.scalars(
        query.where(above == record_id, *of_its_own(part, table_of(holding.table))).order_by(part.c.id)
    )
    declared = columns_of(part).get(column)
    is_text = declared is not None and declared.kind in _TEXTS
    return [mask(text) if is_text else text for text in rows if text]


def _text(value: Any) -> str:
    if value is None or value == "" or value == {}:
        return ""
    if isinstance(value, dict):
        return "；".join(f"{key} {entry}" for key, entry in value.items())
    if isinstance(value, datetime):
        local = value.astimezone()
        return f"{_day(local.date())} {local:%H:%M}"
    return _day(value) if isinstance(value, date) else str(value)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _kept(holding: Holding, row: Row[Any]) -> str:
    term = holding.term
    if term is None:
        return holding.why.zh
    clauses = cited(term.clauses, chinese=True)
    since = getattr(row, term.since)
    length = f"{term.years}年" if term.years else f"{term.days}日"
    if since is None:
        label = holding.columns[term.since].zh if term.since in holding.columns else "办结"
        return f"自{label}起保存{length}（{clauses}）"
    return f"保存至{_day(term.due_on(day_of(since)))}（{clauses}）"


def _entered(session: Session, key: Key, uid: str) -> date | None:
    entries = redaction.entries_of(session.connection(), key.table, key.id, uid)
    if not entries:
        return None
    at = session.scalar(select(AuditEntry.at).where(AuditEntry.id == entries[0]))
    return None if at is None else day_of(at)


def _seen(session: Session, key: Key) -> tuple[Seen, ...]:
    """Return the latest unmasked views and prints of the record, newest first."""
    own: list[ColumnElement[bool]] = [AuditEntry.table_name == key.table, AuditEntry.record_id == key.id]
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.operator, AuditEntry.action)
        .where(*own, AuditEntry.action.in_(SEEN))
        .order_by(AuditEntry.id.desc())
        .limit(_SEEN_MOST)
    )
    names = dict(session.execute(select(OperatorRow.login, OperatorRow.name)).all())
    return tuple(Seen(row.at, names.get(row.operator, row.operator), row.action) for row in rows)


def exports_of(session: Session, tables: Collection[str]) -> int:
    """Count the exported lists of these tables or of the tables directly above them."""
    above = {key.column.table.name for name in tables for key in table_of(name).foreign_keys}
    of_tables = AuditEntry.table_name.in_({*tables, *above})
    return (
        session.scalar(
            select(func.count()).select_from(AuditEntry).where(of_tables, AuditEntry.action == "export")
        )
        or 0
    )
