"""Services on what organisations are to estates: list, save, remove, hand on."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import EVERYONE, REVEALERS, STAFF, WRITERS, Role, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.book import role_book
from fuyuan_desk.estates.facts.houses import RoleFields
from fuyuan_desk.estates.records import Estate, EstateRole
from fuyuan_desk.estates.rules import roles as rules
from fuyuan_desk.estates.rules.roles import Held, Period
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.estates.service.holders import touch
from fuyuan_desk.estates.service.rows import get_estate
from fuyuan_desk.kit.book import BookQuery, Known, Line, Option
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table
from fuyuan_desk.organisations.service import for_other_jobs as organisations

TABLE = Table(
    EstateRole,
    RoleFields,
    role_book,
    references={"estate_id": describe_estates, "organisation_id": organisations.names_of},
    newest_first=True,
)


@permit(*EVERYONE)
def find_roles(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[RoleFields]]:
    """List a window of the matching roles."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*EVERYONE)
def read_role(seat: Seat, role_id: int) -> Line[RoleFields]:
    """Return one role."""
    with seat.reading() as session:
        return TABLE.read(session, role_id)


@permit(*WRITERS)
def save_role(
    seat: Seat, fields: RoleFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a role, or change the one read as `known`; periods that exclude each other are refused."""
    with seat.transaction() as session:
        if fields.estate_id is not None and fields.organisation_id is not None:
            if session.get(Estate, fields.estate_id) is None:
                refuse_wrong({"estate_id": _("This estate is no longer there. Choose another one.")})
            organisations.refuse_unfit(session, "organisation_id", fields.organisation_id, fields.until)
            refuse_wrong(rules.role_faults(fields, _others(session, fields, known)))
        saved = TABLE.save(session, fields, known, kept)
        if fields.estate_id is not None:
            touch(get_estate(session, fields.estate_id))
        return saved


def _others(session: Session, fields: RoleFields, known: Known | None) -> list[Held]:
    rows = session.scalars(
        select(EstateRole)
        .where(
            EstateRole.estate_id == fields.estate_id,
            EstateRole.role == fields.role,
            EstateRole.id != (0 if known is None else known.id),
        )
        .order_by(EstateRole.id)
    ).all()
    names = organisations.names_of(session, {row.organisation_id for row in rows})
    return [
        Held(row.organisation_id, names[row.organisation_id], Period(row.since, row.until), row.note)
        for row in rows
    ]


@permit(*WRITERS)
def remove_role(seat: Seat, role_id: int) -> str:
    """Remove a role that was entered by mistake, and return its name."""
    with seat.transaction() as session:
        touch(get_estate(session, TABLE.get(session, role_id).estate_id))
        return TABLE.remove(session, role_id)


@permit(*STAFF)
def role_history(seat: Seat, role_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a role, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, role_id)


@permit(*REVEALERS)
def roles_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[RoleFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*EVERYONE)
def roles_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)


@permit(*EVERYONE)
def holder_options(seat: Seat) -> tuple[Option, ...]:
    """Return the organisations to choose from by name; to a property company, those of its own estates."""
    with seat.reading() as session:
        held = None
        if seat.operator.role is Role.PROPERTY:
            held = set(session.scalars(select(EstateRole.organisation_id).distinct()))
        return organisations.options(session, held)


@permit(*EVERYONE)
def estate_of_role(seat: Seat, role_id: int) -> int:
    """Return the id of a role's estate."""
    with seat.reading() as session:
        return TABLE.get(session, role_id).estate_id


def outlines(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Return roles by id with their organisation and estate; removed ones are left out."""
    rows = session.scalars(select(EstateRole).where(EstateRole.id.in_(ids))).all()
    return {
        line.id: (role_book().name(line.fields), f"{line.names['estate_id']} {line.names['organisation_id']}")
        for line in TABLE.lines(session, rows)
    }
