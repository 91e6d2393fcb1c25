"""Organisations for other jobs, inside their own transaction: names, look-up of a typed name, checks of a reference."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.core.visible import visible
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.trail.history import history
from fuyuan_desk.organisations.records import Organisation
from fuyuan_desk.organisations.rules import OrganisationKind, key_of
from fuyuan_desk.organisations.service.organisations import index_organisations


@dataclass(frozen=True)
class Found:
    """An organisation that a typed name means; `is_new`: it was added for it. `ended_on`: None while it exists."""

    id: int
    name: str
    is_new: bool = False
    ended_on: date | None = None


def names_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of organisations by id, skipping missing ones."""
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(ids)))
    return dict(session.execute(query).all())


def all_names_of(session: Session, ids: Collection[int]) -> set[str]:
    """Return the names of organisations, those that they had before and those of others that were merged into them."""
    merged = select(Organisation.id).where(Organisation.merged_into_id.in_(list(ids)))
    known = {*ids, *session.scalars(merged)}
    changes = (
        change
        for key in known
        for event in history(session, Organisation.__tablename__, key)
        for change in event.changes
        if change.field == "name"
    )
    former = {text for change in changes for text in (change.old, change.new)}
    return {*names_of(session, known).values(), *former} - {""}


def organisation_names() -> Select[int, str]:
    """Select each organisation's key as `id` and its name as `name`; to be joined to."""
    return select(Organisation.id, Organisation.name)


def options(session: Session, only: Collection[int] | None = None) -> tuple[Option, ...]:
    """Return the organisations to choose from, by name: all that were not merged, or `only` some."""
    query = select(Organisation.id, Organisation.name).where(Organisation.merged_into_id.is_(None))
    if only is not None:
        query = query.where(Organisation.id.in_(only))
    return tuple(Option(*row) for row in sorted(session.execute(query).all(), key=lambda row: row.name))


def names_of_kinds(session: Session, kinds: Collection[OrganisationKind]) -> list[str]:
    """Return the names of the organisations of these kinds that exist, to be suggested while one is typed."""
    query = select(Organisation.name).where(
        Organisation.kind.in_(kinds), Organisation.merged_into_id.is_(None), Organisation.ended_on.is_(None)
    )
    return sorted(session.scalars(query))


def organisation_named(session: Session, name: str, kind: OrganisationKind, credit_code: str = "") -> Found:
    """Return the organisation that a typed name means, whatever its spelling; add it if there is none.

    A name of one that was merged means the one that was kept.
    """
    row = session.scalars(
        select(Organisation)
        .where(Organisation.name_key == key_of(name))
        .order_by(Organisation.merged_into_id.is_not(None), Organisation.id)
        .limit(1)
    ).one_or_none()
    while row is not None and row.merged_into_id is not None:
        row = session.get(Organisation, row.merged_into_id)
    if row is not None:
        return Found(row.id, row.name, ended_on=row.ended_on)
    row = Organisation(name=visible(name).strip(), name_key=key_of(name), kind=kind, credit_code=credit_code)
    session.add(row)
    session.flush()
    index_organisations(session, [row.id])
    return Found(row.id, row.name, is_new=True)


def refuse_gone(session: Session, part: str, organisation_id: int) -> None:
    """Raise `InvalidInput` beside `part` when an organisation is gone or was merged into another."""
    row = session.get(Organisation, organisation_id)
    if row is None or row.merged_into_id is not None:
        refuse_wrong({part: _("This organisation is no longer there. Choose another one.")})


def refuse_unfit(session: Session, part: str, organisation_id: int, last_day: date | None) -> None:
    """Raise `InvalidInput` beside `part` when an organisation is gone, was merged, or ended before `last_day`.

    `last_day` None is without an end.
    """
    refuse_gone(session, part, organisation_id)
    row = session.get_one(Organisation, organisation_id)
    if row.ended_on is not None and (last_day is None or last_day > row.ended_on):
        refuse_wrong(
            {
                part: _("{name} ended on {day}. Choose another one, or enter a last day until then.").format(
                    name=row.name, day=row.ended_on
                )
            }
        )
