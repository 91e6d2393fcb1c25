"""Services on the contacts of organisations; what they hold is personal data, masked until revealed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder, Holds
from fuyuan_desk.access.seat import REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.names import normalize_name
from fuyuan_desk.formats.phones import clean_phone
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique
from fuyuan_desk.organisations import rules
from fuyuan_desk.organisations.book import contact_book
from fuyuan_desk.organisations.facts import ContactFields
from fuyuan_desk.organisations.records import OrganisationContact
from fuyuan_desk.organisations.service.for_other_jobs import names_of, refuse_gone


def _unique() -> tuple[Unique, ...]:
    message = _(
        "This organisation already has a contact of this name. Change that one, or remove one of the two."
    )
    return (Unique(("name", "organisation_id"), message),)


TABLE = Table(
    OrganisationContact,
    ContactFields,
    contact_book,
    references={"organisation_id": names_of},
    unique=_unique,
    holds=Holds.MASKED,
)


@permit(*STAFF)
def find_contacts(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[ContactFields]]:
    """List a window of the matching contacts, masked."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*STAFF)
def read_contact(seat: Seat, contact_id: int) -> Line[ContactFields]:
    """Return one contact, masked."""
    with seat.reading() as session:
        return TABLE.read(session, contact_id)


@permit(*WRITERS)
def save_contact(
    seat: Seat, fields: ContactFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a contact, or change the one read as `known`; the parts `kept` stayed masked in the form."""
    with seat.transaction() as session:
        phone = clean_phone(fields.phone) if fields.phone.strip() and "phone" not in kept else ""
        fields = replace(fields, name=normalize_name(fields.name), phone=phone)
        refuse_wrong(rules.contact_faults(fields))
        if fields.organisation_id is not None:
            refuse_gone(session, "organisation_id", fields.organisation_id)
        return TABLE.save(session, fields, known, kept)


@permit(*WRITERS)
def remove_contact(seat: Seat, contact_id: int) -> str:
    """Remove a contact, and return its post and name."""
    with seat.transaction() as session:
        return TABLE.remove(session, contact_id)


@permit(*REVEALERS)
def reveal_contact(seat: Seat, contact_id: int, part: str) -> Any:
    """Return the name or the telephone of a contact in full, and audit this."""
    with seat.transaction() as session:
        return TABLE.reveal(seat, session, contact_id, part)


@permit(*STAFF)
def contact_history(seat: Seat, contact_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a contact, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, contact_id)


def outlines(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Return the masked names of contacts by id, with their organisation; removed ones are left out."""
    rows = session.scalars(select(OrganisationContact).where(OrganisationContact.id.in_(ids))).all()
    lines = TABLE.lines(session, rows)
    return {line.id: (contact_book().name(line.fields), line.names["organisation_id"]) for line in lines}


@permit(*REVEALERS)
def contacts_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[ContactFields]]:
    """Return the filtered list for an export, and audit this; masked unless a second person agrees."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*STAFF)
def contacts_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, masked, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
