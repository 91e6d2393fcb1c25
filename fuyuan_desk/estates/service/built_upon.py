"""Which records of a roster stay when its import is undone: those changed or used since, and what these are in.

A record that stays keeps what it refers to, a household its people with telephones, shares, documents and tags. A home
of the roster keeps its holders when another job has a record of it. A home that was there before does not: that record
may be older than the roster.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, ForeignKey, Table, and_, case, false, func, not_, or_, select, true
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.estates.facts.houses import KeptPlace
from fuyuan_desk.estates.records import Building, Estate, EstateRole, Household, Person, Unit
from fuyuan_desk.estates.service import search_entries
from fuyuan_desk.estates.service.bulk import (
    BUILDING,
    ESTATE,
    HOUSEHOLD,
    MODELS,
    PAPER,
    PARTS,
    PERSON,
    PHONE,
    SHARE,
    TAG,
    UNIT,
)
from fuyuan_desk.estates.service.holders import own_committee
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.kit.guards import counted
from fuyuan_desk.store.audit.removals import owners_of_removed
from fuyuan_desk.store.db.attachments import Attachment
from fuyuan_desk.store.db.base import Base

# limits the number of ids in one statement
_CHUNK = 2_000
_CHANGED = {
    ESTATE: N_("Estate changed"),
    BUILDING: N_("Building changed"),
    UNIT: N_("Home changed"),
    HOUSEHOLD: N_("Household changed"),
    PERSON: N_("People changed"),
    PHONE: N_("Telephone numbers changed"),
    SHARE: N_("Shares changed"),
    PAPER: N_("Documents changed"),
    TAG: N_("Tags changed"),
}
Blocks = Mapping[str, range]


@dataclass(frozen=True)
class Built:
    """What was built upon blocks of records.

    `kept`: the ids that must stay, by table; `changed`: by the table and id of a record, which of its tables were
    changed; `used`: by the table and id of a record, how many rows of which table refer to it and to nothing below it;
    `freed`: records, by table and id, that were kept for something that is gone; `found`: how many records were
    changed, or refer to the blocks, by table.
    """

    kept: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    changed: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    used: dict[tuple[str, int], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    freed: set[tuple[str, int]] = field(default_factory=set)
    found: dict[str, int] = field(default_factory=dict)


def built_upon(session: Session, blocks: Blocks) -> Built:
    """Return what of blocks was changed since they were added, or is referred to from outside, and what this is in."""
    built = Built()
    _add_changed(session, blocks, built)
    _add_removed_parts(session, blocks, built)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in blocks:
                _add_used(session, blocks, built, table, key)
    _add_pages(session, blocks, built)
    _add_holders(session, blocks, built)
    _add_parents(session, blocks, built)
    _add_parts(session, blocks, built)
    return built


def still_there(session: Session, blocks: Blocks) -> Built:
    """Return what is left of blocks that were removed except for what was built upon them, and why."""
    built = built_upon(session, blocks)
    for table, ids in blocks.items():
        model = MODELS[table]
        left = set(session.scalars(select(model.id).where(model.id.between(ids[0], ids[-1]))))
        if not model.is_part:
            built.freed.update((table, key) for key in left - built.kept[table])
        built.kept[table] |= left
    return built


def present(session: Session, blocks: Blocks) -> dict[str, int]:
    """Count the records of blocks that are still there, by table."""
    return {
        table: session.scalar(select(func.count()).where(MODELS[table].id.between(ids[0], ids[-1]))) or 0
        for table, ids in blocks.items()
    }


def kept_places(session: Session, blocks: Blocks, built: Built) -> tuple[KeptPlace, ...]:
    """List what must stay for its own sake: homes, buildings and estates, with the reason and the holders that stay.

    In natural order; holders are masked.
    """
    reasons = _reasons(session, built)
    places = [
        *_estates(session, {key for table, key in reasons if table == ESTATE}),
        *_buildings(session, {key for table, key in reasons if table == BUILDING}),
        *_homes(session, {key for table, key in reasons if table == UNIT}, blocks, built.kept),
    ]
    return tuple(
        KeptPlace(kind, key, address, holder, _(", ").join(dict.fromkeys(reasons[kind, key])))
        for _order, kind, key, address, holder in sorted(places)
    )


def _reasons(session: Session, built: Built) -> dict[tuple[str, int], list[str]]:
    """Return why places stay, by table and id; a household is part of its home."""
    texts: list[tuple[str, int, str]] = []
    for (table, key), parts in built.changed.items():
        texts += [(table, key, _(_CHANGED[part])) for part in MODELS if part in parts]
    for (table, key), counts in built.used.items():
        texts.append((table, key, _("has {things} since").format(things=counted(counts))))
    texts = _of_households(session, texts)
    texts += [(table, key, _("no longer used; can be removed")) for table, key in sorted(built.freed)]
    homes = _homes_of(session, {key for table, key, _text in texts if table == HOUSEHOLD})
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for table, key, text in texts:
        reasons[(UNIT, homes[key]) if table == HOUSEHOLD else (table, key)].append(text)
    return reasons


def _of_households(session: Session, texts: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Return reasons with those about people given to their households."""
    people = {key for table, key, _text in texts if table == PERSON}
    if not people:
        return texts
    households: dict[int, int] = {}
    for chunk in _chunks(people):
        rows = select(Person.id, Person.household_id).where(Person.id.in_(chunk))
        households |= dict(session.execute(rows).all())
    return [
        (HOUSEHOLD, households[key], text) if table == PERSON else (table, key, text)
        for table, key, text in texts
    ]


# --- what stays


def _add_changed(session: Session, blocks: Blocks, built: Built) -> None:
    for table, ids in blocks.items():
        model = MODELS[table]
        changed = select(model.id).where(model.id.between(ids[0], ids[-1]), model.version > 1)
        if found := set(session.scalars(changed)):
            built.found[table] = len(found)
            built.kept[table] |= found
        for key in _households_of(session, table, found) if table in PARTS else found:
            built.changed[HOUSEHOLD if table in PARTS else table, key].add(table)


def _add_pages(session: Session, blocks: Blocks, built: Built) -> None:
    # an attachment names its owner by table and uid, not by a foreign key
    ids = blocks.get(BUILDING)
    if not ids:
        return
    pages = dict(
        session.execute(
            select(Building.id, func.count(Attachment.id))
            .join(Attachment, Attachment.owner_uid == Building.uid)
            .where(Attachment.owner_table == BUILDING, Building.id.between(ids[0], ids[-1]))
            .group_by(Building.id)
        ).all()
    )
    for key, count in pages.items():
        built.kept[BUILDING].add(key)
        built.used[BUILDING, key][Attachment.__tablename__] = count
    if pages:
        built.found[Attachment.__tablename__] = sum(pages.values())


def _add_removed_parts(session: Session, blocks: Blocks, built: Built) -> None:
    # a household whose people or telephones were removed is changed, but its own row does not say so
    households = blocks.get(HOUSEHOLD, range(0))
    for table in PARTS:
        parts = blocks.get(table)
        if not parts or not households or present(session, {table: parts})[table] == len(parts):
            continue
        owners = owners_of_removed(session, table, "household_id", parts)
        for chunk in _chunks(owner for owner in owners if owner in households):
            for household in session.scalars(select(Household.id).where(Household.id.in_(chunk))):
                built.kept[HOUSEHOLD].add(household)
                built.changed[HOUSEHOLD, household].add(table)
                built.found[table] = built.found.get(table, 0) + 1


def _households_of(session: Session, table: str, parts: Collection[int]) -> set[int]:
    found: set[int] = set()
    columns = Base.metadata.tables[table].c
    for chunk in _chunks(parts):
        found.update(session.scalars(select(columns.household_id).where(columns.id.in_(chunk))))
    return found


def _add_used(session: Session, blocks: Blocks, built: Built, table: Table, key: ForeignKey) -> None:
    """Add what rows of `table` that are in no block refer to by one column."""
    above = key.column.table.name
    ids = blocks[above]
    outside: ColumnElement[bool] = true()
    if own := blocks.get(table.name):
        outside = not_(table.c.id.between(own[0], own[-1]))
    if table.name == EstateRole.__tablename__:
        outside = not_(own_committee())  # the import itself entered it
    below = _refers_below(blocks, table, above)
    itself = func.sum(case((below, 0), else_=1))
    rows = session.execute(
        select(key.parent, func.count(), itself)
        .where(key.parent.between(ids[0], ids[-1]), outside)
        .group_by(key.parent)
    ).all()
    if not rows:
        return
    built.found[table.name] = max(built.found.get(table.name, 0), sum(count for _id, count, _itself in rows))
    for record, _count, direct in rows:
        built.kept[above].add(record)
        if table.name in MODELS and MODELS[table.name].is_part:
            built.changed[above, record].add(table.name)
        elif direct:
            built.used[above, record][table.name] = direct


def _refers_below(blocks: Blocks, table: Table, above: str) -> ColumnElement[bool]:
    """Return the condition that rows of `table` also refer to something within the record of `above`."""
    order = list(MODELS)
    deeper = [key for key in table.foreign_keys if _is_within(key.column.table.name, above, order)]
    if table.name in MODELS:  # also names what its parent is in, which that parent says itself
        return true() if deeper else false()
    within = [
        and_(key.parent.is_not(None), key.parent.between(ids[0], ids[-1]))
        for key in deeper
        if (ids := blocks.get(key.column.table.name))
    ]
    return or_(*within) if within else false()


def _is_within(table: str, above: str, order: Sequence[str]) -> bool:
    return table in order and order.index(table) > order.index(above)


def _add_holders(session: Session, blocks: Blocks, built: Built) -> None:
    # what another job keeps on a home, such as a renovation, prints who holds it
    block = blocks.get(HOUSEHOLD)
    if not block:
        return
    homes = (
        key for (table, key), counts in built.used.items() if table == UNIT and counts.keys() - MODELS.keys()
    )
    for chunk in _chunks(homes):
        holders = select(Household.id).where(
            Household.unit_id.in_(chunk), Household.id.between(block[0], block[-1])
        )
        built.kept[HOUSEHOLD].update(session.scalars(holders))


def _add_parents(session: Session, blocks: Blocks, built: Built) -> None:
    for name in reversed(MODELS):
        table = Base.metadata.tables[name]
        for key in table.foreign_keys:
            ids = blocks.get(key.column.table.name)
            if not ids:
                continue
            for chunk in _chunks(built.kept.get(name, ())):
                above = select(key.parent).where(table.c.id.in_(chunk), key.parent.between(ids[0], ids[-1]))
                built.kept[key.column.table.name].update(session.scalars(above.distinct()))


def _add_parts(session: Session, blocks: Blocks, built: Built) -> None:
    for name in PARTS:
        parts = blocks.get(name)
        if not parts:
            continue
        table = Base.metadata.tables[name]
        for chunk in _chunks(built.kept.get(HOUSEHOLD, ())):
            of_kept = select(table.c.id).where(
                table.c.household_id.in_(chunk), table.c.id.between(parts[0], parts[-1])
            )
            built.kept[name].update(session.scalars(of_kept))


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


# --- where it is

Place = tuple[str, str, int, str, str]
"""What sorts it, its table, id, address and holders."""


def _homes_of(session: Session, households: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in _chunks(households):
        found |= dict(
            session.execute(select(Household.id, Household.unit_id).where(Household.id.in_(chunk))).all()
        )
    return found


def _estates(session: Session, ids: Collection[int]) -> Iterator[Place]:
    for row in session.execute(select(Estate.id, Estate.name).where(Estate.id.in_(ids))):
        yield search_entries.unit_order_key(row.name, "", "", ""), ESTATE, row.id, row.name, ""


def _buildings(session: Session, ids: Collection[int]) -> Iterator[Place]:
    for chunk in _chunks(ids):
        rows = session.execute(
            select(Building.id, Building.label, Estate.name)
            .join(Estate, Estate.id == Building.estate_id)
            .where(Building.id.in_(chunk))
        )
        for row in rows:
            address = search_entries.unit_address(row.name, row.label, "", "")
            yield search_entries.unit_order_key(row.name, row.label, "", ""), BUILDING, row.id, address, ""


def _homes(
    session: Session, ids: Collection[int], blocks: Blocks, kept: Mapping[str, Collection[int]]
) -> Iterator[Place]:
    for chunk in _chunks(ids):
        holders = _holders(session, chunk, blocks.get(HOUSEHOLD, range(0)), kept.get(HOUSEHOLD, ()))
        rows = session.execute(
            select(
                Unit.id,
                Unit.order_key,
                Unit.entrance,
                Unit.label,
                Building.label.label("building"),
                Estate.name,
            )
            .join(Building, Building.id == Unit.building_id)
            .join(Estate, Estate.id == Unit.estate_id)
            .where(Unit.id.in_(chunk))
        )
        for row in rows:
            address = search_entries.unit_address(row.name, row.building, row.entrance, row.label)
            yield row.order_key, UNIT, row.id, address, _(", ").join(holders.get(row.id, ()))


def _holders(
    session: Session, units: Collection[int], block: range, kept: Collection[int]
) -> dict[int, list[str]]:
    """Return the masked holders of units that stay."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Household.id, Household.unit_id, Household.head, Household.is_company)
        .where(Household.unit_id.in_(units))
        .order_by(Household.id)
    )
    for key, unit, head, is_company in rows:
        if key not in block or key in kept:
            found[unit].append(mask_name(head, is_company))
    return found
