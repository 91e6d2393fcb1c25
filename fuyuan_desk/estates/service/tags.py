"""Services on the tags of people: the office's list, what a person has, who may see it.

Who may see a tag is for the administrator to say: otherwise everybody could let herself see every tag.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.book import tag_book
from fuyuan_desk.estates.facts.people import HOLDER, TagFields, TagView
from fuyuan_desk.estates.records import Household, Person, PersonTag, Tag
from fuyuan_desk.estates.rules.people import may_see
from fuyuan_desk.estates.service.parts import Somebody, household_of, of_person
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique
from fuyuan_desk.store.audit.log import AuditEntry


def _unique() -> tuple[Unique, ...]:
    return (Unique(("name",), _("There is a tag with this name already. Choose another name.")),)


TABLE = Table(Tag, TagFields, tag_book, unique=_unique)


# --- the office's list


@permit(Role.ADMIN)
def find_tags(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[TagFields]]:
    """List a window of the office's tags."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(Role.ADMIN)
def read_tag(seat: Seat, tag_id: int) -> Line[TagFields]:
    """Return one tag."""
    with seat.reading() as session:
        return TABLE.read(session, tag_id)


@permit(Role.ADMIN)
def save_tag(seat: Seat, fields: TagFields, known: Known | None = None, kept: Collection[str] = ()) -> Saved:
    """Add a tag, or change the one read as `known`."""
    with seat.transaction() as session:
        return TABLE.save(session, fields, known, kept)


@permit(Role.ADMIN)
def remove_tag(seat: Seat, tag_id: int) -> str:
    """Remove a tag that nobody has, and return its name."""
    with seat.transaction() as session:
        used = session.scalar(select(func.count()).select_from(PersonTag).where(PersonTag.tag_id == tag_id))
        if used:
            message = numbered(
                used, N_("{n} person still has this tag."), N_("{n} persons still have this tag.")
            )
            instead = _("Tick “no longer given” to keep the past, or take it from them.")
            refuse_wrong({"name": f"{message} {instead}"})
        return TABLE.remove(session, tag_id)


@permit(Role.ADMIN)
def tag_history(seat: Seat, tag_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a tag, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, tag_id)


@permit(*WRITERS)
def add_usual_tags(seat: Seat) -> None:
    """Add the usual tags (独居老人, 残疾 …) to an office that never had any; they are then the office's own."""
    with seat.transaction() as session:
        _add_usual(session)


def _add_usual(session: Session) -> None:
    had_any = select(AuditEntry.id).where(AuditEntry.table_name == Tag.__tablename__).limit(1)
    if session.scalar(had_any) is not None:
        return
    for row in read_json("estates", "tags.json")["tags"]:
        TABLE.save(session, TagFields(**{**row, "roles": tuple(row["roles"])}))


def tags_named(session: Session, names: Collection[str]) -> dict[str, int]:
    """Return the tags of these names, adding those that the office does not have, by name."""
    _add_usual(session)
    known = dict(session.execute(select(Tag.name, Tag.id).where(Tag.name.in_(list(names)))).all())
    for name in names:
        if name not in known:
            known[name] = TABLE.save(session, TagFields(name)).id
    return known


# --- for people and homes


def _visible(session: Session, role: Role) -> dict[int, TagView]:
    tags = session.scalars(select(Tag).order_by(Tag.id))
    return {tag.id: TagView(tag.id, tag.name, tag.look) for tag in tags if may_see(tag.roles, role)}


@permit(*EVERYONE)
def tag_choices(seat: Seat) -> tuple[TagView, ...]:
    """Return the tags to filter by, as the operator may see them."""
    with seat.reading() as session:
        return tuple(_visible(session, seat.operator.role).values())


def _ordered(visible: dict[int, TagView], held: Collection[int]) -> tuple[TagView, ...]:
    return tuple(view for key, view in visible.items() if key in held)


def tags_of_people(
    session: Session, household_ids: Collection[int], role: Role
) -> dict[tuple[int, int], tuple[TagView, ...]]:
    """Return the tags of the people of households that an operator of a role may see, by household and person.

    In the order of the office's list; `HOLDER` stands for a holder.
    """
    visible = _visible(session, role)
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = select(PersonTag.household_id, PersonTag.person_id, PersonTag.tag_id)
    for household_id, person_id, tag_id in session.execute(
        rows.where(PersonTag.household_id.in_(household_ids))
    ):
        found[household_id, person_id or HOLDER].add(tag_id)
    return {person: _ordered(visible, held) for person, held in found.items()}


def _tagged(*columns: Any) -> Select[Any]:
    """Select from the tags of people who have not left."""
    today = func.current_date()
    return (
        select(*columns)
        .select_from(PersonTag)
        .join(Household, Household.id == PersonTag.household_id)
        .outerjoin(Person, Person.id == PersonTag.person_id)
        .where(or_(Person.until_on.is_(None), Person.until_on > today), Household.moved_out_on.is_(None))
    )


def tags_of_units(session: Session, unit_ids: Collection[int], role: Role) -> dict[int, tuple[TagView, ...]]:
    """Return the tags of the people who belong to units now, as an operator of a role may see them."""
    visible = _visible(session, role)
    if not visible:
        return {}
    found: dict[int, set[int]] = defaultdict(set)
    rows = _tagged(Household.unit_id, PersonTag.tag_id).where(Household.unit_id.in_(unit_ids))
    for unit_id, tag_id in session.execute(rows):
        found[unit_id].add(tag_id)
    return {unit: _ordered(visible, held) for unit, held in found.items()}


def units_with_tag(session: Session, tag_id: int, role: Role) -> Select[Any]:
    """Select the units where somebody who has not left has a tag; none of a tag that the role may not see."""
    chosen = PersonTag.tag_id == tag_id if tag_id in _visible(session, role) else false()
    return _tagged(Household.unit_id).where(chosen)


def tag_ids(session: Session, row: Somebody, role: Role) -> list[int]:
    """Return the ids of somebody's tags, as an operator of a role may see them."""
    visible = _visible(session, role)
    rows = select(PersonTag.tag_id).where(*of_person(PersonTag, row))
    return [key for key in session.scalars(rows.order_by(PersonTag.tag_id)) if key in visible]


def tags_in_report(
    session: Session, table: str, record_id: int, role: Role
) -> tuple[tuple[str, ...], tuple[Role, ...]]:
    """Return the names of the tags of a holder or person that a role may see, and who may see those it may not.

    The second are the roles that may make a report and see all of her tags; nobody, if none is hidden.
    """
    holder = (PersonTag.household_id == record_id, PersonTag.person_id.is_(None))
    own = (PersonTag.person_id == record_id,) if table == Person.__tablename__ else holder
    tags = session.scalars(
        select(Tag).join(PersonTag, PersonTag.tag_id == Tag.id).where(*own).order_by(PersonTag.id)
    ).all()
    seen = tuple(tag.name for tag in tags if may_see(tag.roles, role))
    if len(seen) == len(tags):
        return seen, ()
    return seen, tuple(one for one in REVEALERS if all(may_see(tag.roles, one) for tag in tags))


def set_tags(session: Session, row: Somebody, wanted: Iterable[int], role: Role) -> None:
    """Give somebody these tags and no others, leaving those that an operator of the role does not see."""
    visible = _visible(session, role)
    chosen = set(wanted) & visible.keys()
    present = session.scalars(select(PersonTag).where(*of_person(PersonTag, row))).all()
    for given in present:
        if given.tag_id in visible and given.tag_id not in chosen:
            session.delete(given)
    household_id, person_id = household_of(row)
    session.add_all(
        PersonTag(household_id=household_id, person_id=person_id, tag_id=tag)
        for tag in sorted(chosen - {given.tag_id for given in present})
    )
