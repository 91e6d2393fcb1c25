"""Search for a person in all tables, guided by the declarations of the personal columns."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.names import ANONYMOUS, is_company, mask_name
from fuyuan_desk.privacy.catalogue import holdings
from fuyuan_desk.privacy.facts import Key
from fuyuan_desk.privacy.service.anonymise import of_its_own, parent_column, table_of
from fuyuan_desk.store.db.personal import Kind, columns_of

MOST_HITS = 200
_CHUNK = 500
_BETWEEN = re.compile(r"[、，,;；/\s]+")
# the columns that identify a record, in display order
_DESCRIBING = ("number", "subject", "login", "form", "origin")


@dataclass(frozen=True)
class Slot:
    """One person in one record, unmasked."""

    key: Key
    name: str = field(repr=False)
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    phones: frozenset[str] = field(default=frozenset(), repr=False)
    unit_id: int | None = None


@dataclass(frozen=True)
class Shape:
    """The columns of one of a table's persons: name, ID numbers and telephones."""

    table: Table
    of: str
    name: Column[Any]
    ids: tuple[Column[Any], ...]
    phones: tuple[Column[Any], ...]
    # telephones in a table of their own: the number's column, the one that refers to the record, which rows are its
    below: tuple[tuple[Column[Any], Column[Any], tuple[ColumnElement[bool], ...]], ...]


def people_in(text: str) -> list[str]:
    """Split a list of names."""
    return [name for name in _BETWEEN.split(text) if name]


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the named persons of each table."""
    found = []
    for name, holding in holdings().items():
        table = table_of(name)
        columns = columns_of(table)
        for column, personal in columns.items():
            if personal.kind is not Kind.NAME:
                continue

            def of_kind(
                kind: Kind, of: str = personal.of, columns: Any = columns, table: Table = table
            ) -> Any:
                return tuple(table.c[c] for c, t in columns.items() if t.kind is kind and t.of == of)

            below = [
                (part.c[c], parent_column(part, table), tuple(of_its_own(part, table)))
                for part in map(table_of, holding.parts)
                for c, t in columns_of(part).items()
                if t.kind is Kind.PHONE and personal.of == t.of
            ]
            found.append(
                Shape(
                    table,
                    personal.of,
                    table.c[column],
                    of_kind(Kind.ID_NUMBER),
                    of_kind(Kind.PHONE),
                    tuple(below),
                )
            )
    return tuple(found)


@cache
def lists() -> tuple[tuple[Table, Column[Any], str], ...]:
    """Return the columns that hold several names, each with its table and person."""
    return tuple(
        (table_of(name), table_of(name).c[column], personal.of)
        for name in holdings()
        for column, personal in columns_of(table_of(name)).items()
        if personal.kind is Kind.NAMES
    )


def slots_like(session: Session, typed: str) -> list[Slot]:
    """Find people by part of a name, or by the end of an ID or phone number.

    At most `MOST_HITS` + 1 records per column are read; one too many means that the text is too short.
    """
    number = any(sign.isdigit() for sign in typed)
    found: list[Slot] = []
    for shape in shapes():
        if not number:
            found += _slots(session, shape, shape.name.contains(typed, autoescape=True), most=MOST_HITS + 1)
            continue
        fits = [c.endswith(typed.upper(), autoescape=True) for c in (*shape.ids, *shape.phones)]
        for phone, above, own in shape.below:
            fits.append(
                shape.table.c.id.in_(select(above).where(*own, phone.endswith(typed, autoescape=True)))
            )
        if fits:
            found += _slots(session, shape, or_(*fits), most=MOST_HITS + 1)
    if not number:
        found += _mentions(session, lambda name: typed in name, typed)
    return found


def slots_related(session: Session, hits: Collection[Slot]) -> list[Slot]:
    """Add the other records with the same names or ID numbers."""
    names = {slot.name for slot in hits}
    ids = {number for slot in hits for number in slot.ids}
    found = list(hits)
    for shape in shapes():
        fits: list[ColumnElement[bool]] = [shape.name.in_(names)]
        fits += [column.in_(ids) for column in shape.ids if ids]
        found += _slots(session, shape, or_(*fits))
    for name in names:
        found += _mentions(session, name.__eq__, name)
    return list({slot.key: slot for slot in found}.values())


def slots_of(session: Session, keys: Iterable[Key]) -> list[Slot]:
    """Return the persons at these keys; missing records are skipped."""
    found: list[Slot] = []
    wanted = list(keys)
    for shape in shapes():
        ids = [key.id for key in wanted if (key.table, key.of, key.nth) == (shape.table.name, shape.of, -1)]
        found += _slots(session, shape, shape.table.c.id.in_(ids), everybody=True) if ids else []
    for table, column, of in lists():
        for key in wanted:
            if (key.table, key.of) == (table.name, of) and key.nth >= 0:
                names = people_in(session.scalar(select(column).where(table.c.id == key.id)) or "")
                found += [Slot(key, names[key.nth])] if key.nth < len(names) else []
    order = {key: place for place, key in enumerate(wanted)}
    return sorted(found, key=lambda slot: order[slot.key])


def slots_at(session: Session, unit_id: int) -> list[Slot]:
    """Return the persons of all records of a home."""
    return [
        slot
        for shape in shapes()
        for home in _home(shape.table)
        for slot in _slots(session, shape, home == unit_id)
    ]


def _home(table: Table) -> list[ColumnElement[Any]]:
    """Return the column of the home that a record belongs to, by itself or by its household; none for other records."""
    if "unit_id" in table.c:
        return [table.c.unit_id]
    if "household_id" not in table.c:
        return []
    household = table_of("household")
    own = select(household.c.unit_id).where(household.c.id == table.c.household_id)
    return [own.scalar_subquery().label("unit_id")]


def _slots(
    session: Session,
    shape: Shape,
    fits: ColumnElement[bool],
    everybody: bool = False,
    most: int | None = None,
) -> Iterator[Slot]:
    table = shape.table
    columns = [table.c.id, shape.name, *shape.ids, *shape.phones]
    unit = _home(table)
    rows = session.execute(select(*columns, *unit).where(fits).limit(most)).all()
    below: dict[int, set[str]] = defaultdict(set)
    for phone, above, own in shape.below:
        for start in range(0, len(rows), _CHUNK):
            chunk = [row[0] for row in rows[start : start + _CHUNK]]
            for key, number in session.execute(select(above, phone).where(above.in_(chunk), *own)):
                below[key].add(number)
    after_ids = 2 + len(shape.ids)
    for row in rows:
        # company data is not personal data
        if not everybody and (row[1] in ("", ANONYMOUS) or is_company(row[1])):
            continue
        phones = {number for number in row[after_ids : after_ids + len(shape.phones)] if number}
        yield Slot(
            Key(table.name, row[0], shape.of),
            row[1],
            frozenset(number for number in row[2:after_ids] if number),
            frozenset(phones | below[row[0]]),
            row[-1] if unit else None,
        )


def _mentions(session: Session, fits: Any, part: str) -> Iterator[Slot]:
    for table, column, of in lists():
        asked = select(table.c.id, column).where(column.contains(part, autoescape=True))
        for key, text in session.execute(asked):
            for nth, name in enumerate(people_in(text)):
                if fits(name):
                    yield Slot(Key(table.name, key, of, nth), name)


def same_person(one: Slot, other: Slot) -> bool:
    """Whether two records concern one person: the same ID number, or the same name with a phone or the home."""
    if one.ids and other.ids:
        return bool(one.ids & other.ids)
    if one.name != other.name:
        return False
    return bool(one.phones & other.phones) or (one.unit_id is not None and one.unit_id == other.unit_id)


def grouped(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Group the records by person; mentions by name alone form groups of their own, one per name."""
    groups: list[list[Slot]] = []
    mentions: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.key.nth >= 0:
            mentions[slot.name].append(slot)
            continue
        joined = [group for group in groups if any(same_person(slot, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(other for group in joined for other in group), slot])
    return [*groups, *mentions.values()]


def places(session: Session, table: str, ids: Sequence[int]) -> dict[int, str]:
    """Describe records by number, subject and home."""
    described: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        described |= _places(session, table_of(table), ids[start : start + _CHUNK])
    return described


def _places(session: Session, table: Table, ids: Sequence[int]) -> dict[int, str]:
    columns = [table.c[name] for name in _DESCRIBING if name in table.c]
    unit = _home(table)
    rows = session.execute(select(table.c.id, *columns, *unit).where(table.c.id.in_(ids))).all()
    homes: Mapping[int, str] = {}
    if unit:
        described = estates.describe_units(session, sorted({row[-1] for row in rows}))
        homes = {found.id: found.address for found in described}
    return {
        row[0]: " ".join([*row[1 : 1 + len(columns)], *([homes.get(row[-1], "")] if unit else [])]).strip()
        for row in rows
    }


def names_of(session: Session, table: str, ids: Sequence[int]) -> dict[int, str]:
    """Return each record's first name, masked, '' if it has none."""
    whole = table_of(table)
    kinds = (Kind.NAME, Kind.NAMES)
    columns = [c for c, personal in columns_of(whole).items() if personal.kind in kinds and not personal.of]
    if not columns:
        return {}
    rows = session.execute(select(whole.c.id, whole.c[columns[0]]).where(whole.c.id.in_(ids)))
    return {
        key: "、".join(mask_name(name, is_company(name)) for name in people_in(text or "")[:1])
        for key, text in rows
    }
