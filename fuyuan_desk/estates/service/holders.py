"""Who holds today the roles that an estate's form shows, and what a typed name or a roster does to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from fuyuan_desk.access.seat import WRITERS, Seat, permit
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.records import Estate, EstateRole
from fuyuan_desk.estates.rules import roles as rules
from fuyuan_desk.estates.rules.roles import Period, RoleKind
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.organisations.rules import OrganisationKind
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.audit import bulk_insert

IN_FORM = {
    "committee": (RoleKind.RESIDENTS, OrganisationKind.RESIDENTS),
    "property_company": (RoleKind.PROPERTY, OrganisationKind.PROPERTY),
}
"""The roles whose holder of today is a field of the estate, and what a new organisation in it is."""


def touch(estate: Estate) -> None:
    """Count a change of a role as one of the estate: a form of it that is open elsewhere shows the old holder."""
    flag_modified(estate, "name")


@dataclass(frozen=True)
class Holders:
    """The names of those who hold a role of `IN_FORM` today, '' for nobody known."""

    committee: str = ""
    property_company: str = ""


def holders_of(session: Session, today: date, estate_id: int | None = None) -> dict[int, Holders]:
    """Return who holds the roles of `IN_FORM` today by estate, of all estates or one, in one statement."""
    named = organisations.organisation_names().subquery()
    query = (
        select(EstateRole.estate_id, EstateRole.role, named.c.name)
        .join(named, named.c.id == EstateRole.organisation_id)
        .where(
            or_(*(EstateRole.role == role for role, _kind in IN_FORM.values())),
            or_(EstateRole.since.is_(None), EstateRole.since <= today),
            or_(EstateRole.until.is_(None), EstateRole.until >= today),
        )
    )
    if estate_id is not None:
        query = query.where(EstateRole.estate_id == estate_id)
    fields = {role.value: name for name, (role, _kind) in IN_FORM.items()}
    found: dict[int, dict[str, str]] = {}
    for key, role, name in session.execute(query):
        found.setdefault(key, {})[fields[role]] = name
    return {key: Holders(**held) for key, held in found.items()}


def set_holder(session: Session, estate: Estate, field: str, name: str, today: date) -> str:
    """Let the organisation named `name` hold a role of an estate from today on; '' ends it yesterday.

    Return what the operator is to be told, '' for nothing. A name that is not known becomes an organisation.
    """
    role, kind = IN_FORM[field]
    rows = session.scalars(
        select(EstateRole).where(EstateRole.estate_id == estate.id, EstateRole.role == role)
    ).all()
    present = next((row for row in rows if Period(row.since, row.until).holds(today)), None)
    if present is None and not name:
        return ""
    found = organisations.organisation_named(session, name, kind) if name else None
    if found is not None and present is not None and found.id == present.organisation_id:
        return ""
    if found is not None and found.ended_on is not None:
        text = _("{name} ended on {day}. Enter another one.")
        refuse_wrong({field: text.format(name=found.name, day=found.ended_on)})
    held = "" if present is None else _name_of(session, present.organisation_id)
    following = min((row.since for row in rows if row.since is not None and row.since > today), default=None)
    period = None if present is None else Period(present.since, present.until)
    change = rules.change_from(period, following, today, is_first=not rows)
    if change.replaces and _taken_back(session, rows, present, found, today):
        touch(estate)
        return ""
    _hand_over(session, EstateRole(estate_id=estate.id, role=role), present, change, found)
    touch(estate)
    return "" if found is None else _told(found, held, today)


def _taken_back(
    session: Session,
    rows: Sequence[EstateRole],
    present: EstateRole | None,
    found: organisations.Found | None,
    today: date,
) -> bool:
    """Let the one who was ended yesterday go on when her name is typed again on the day on which another took over."""
    ended = [row for row in rows if row.until == today - rules.ONE_DAY]
    former = next((row for row in ended if found is not None and row.organisation_id == found.id), None)
    if former is None or present is None:
        return False
    former.until = present.until
    session.delete(present)
    return True


def _name_of(session: Session, organisation_id: int) -> str:
    return organisations.names_of(session, [organisation_id]).get(organisation_id, "")


def _hand_over(
    session: Session,
    new: EstateRole,
    present: EstateRole | None,
    change: rules.Change,
    found: organisations.Found | None,
) -> None:
    """End or correct the present holder's record, and enter the next one, if there is one, as `new`."""
    if present is not None and change.replaces:
        if found is None:
            session.delete(present)
        else:
            present.organisation_id = found.id
        return
    if present is not None:
        present.until = change.ends
    if found is not None:
        new.organisation_id, new.since, new.until = found.id, change.begins, change.until
        session.add(new)


def _told(found: organisations.Found, held: str, today: date) -> str:
    new = _("{name} is new among the organisations.").format(name=found.name) if found.is_new else ""
    if not held:
        return new
    text = _(
        "{old} until yesterday, {new} from {day}: correct the days on the tab “Organisations” if needed."
    )
    return f"{new} {text.format(old=held, new=found.name, day=today)}".strip()


def add_committee(session: Session, estates: range, name: str) -> None:
    """Enter the office's own committee as that of new estates, since an unknown day."""
    if not estates or not name.strip():
        return
    found = organisations.organisation_named(session, name, OrganisationKind.RESIDENTS)
    count = len(estates)
    columns: dict[str, Sequence[Any]] = {
        "estate_id": list(estates), "organisation_id": [found.id] * count, "role": [RoleKind.RESIDENTS.value] * count,
    }  # fmt: skip
    bulk_insert.insert_block(session, EstateRole, columns)


def own_committee() -> ColumnElement[bool]:
    """Return the condition that a role is a committee as an import enters it: of unknown days."""
    return and_(
        EstateRole.role == RoleKind.RESIDENTS,
        EstateRole.since.is_(None),
        EstateRole.until.is_(None),
    )


def remove_committees(session: Session, estate_ids: Collection[int]) -> None:
    """Remove the committees of estates that are removed with their import."""
    for row in session.scalars(select(EstateRole).where(EstateRole.estate_id.in_(estate_ids))).all():
        session.delete(row)


@permit(*WRITERS)
def known_names(seat: Seat) -> dict[str, tuple[str, ...]]:
    """Return the names to suggest in the form of an estate, by field."""
    with seat.reading() as session:
        return {
            field: tuple(organisations.names_of_kinds(session, [kind]))
            for field, (_role, kind) in IN_FORM.items()
        }
