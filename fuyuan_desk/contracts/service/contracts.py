"""Services on contracts: list, save, remove, hand on."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.contracts import rules
from fuyuan_desk.contracts.book import book
from fuyuan_desk.contracts.catalogue import terms
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.records import Contract
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.kit.book import BookQuery, Known, Line
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique
from fuyuan_desk.organisations.service import for_other_jobs as organisations
from fuyuan_desk.store.db import functions


def _unique() -> tuple[Unique, ...]:
    message = _("This estate already has a contract with this number.")
    return (Unique(("number", "estate_id"), message),)


def _notice_days(_session: Session, rows: Sequence[Contract]) -> dict[int, date | None]:
    law = terms()
    return {row.id: rules.notice_day(row, law) for row in rows}


def _followed(session: Session, rows: Sequence[Contract]) -> dict[int, bool]:
    ids = functions.keys([row.id for row in rows])
    return dict(session.execute(select(Contract.id, Contract.is_followed).where(Contract.id.in_(ids))).all())


TABLE = Table(
    Contract,
    ContractFields,
    book,
    references={"estate_id": describe_estates, "organisation_id": organisations.names_of},
    columns={"notice_on": lambda fields: rules.notice_day(fields, terms())},
    extras={"notice_on": _notice_days, "is_followed": _followed},
    unique=_unique,
)


@permit(*STAFF)
def find_contracts(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[ContractFields]]:
    """List a window of the matching contracts, the next end first by default."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*STAFF)
def read_contract(seat: Seat, contract_id: int) -> Line[ContractFields]:
    """Return one contract."""
    with seat.reading() as session:
        return TABLE.read(session, contract_id)


@permit(*WRITERS)
def save_contract(
    seat: Seat, fields: ContractFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add a contract, or change the one read as `known`; the doubts say where the law says otherwise."""
    with seat.transaction() as session:
        refuse_wrong(rules.contract_faults(fields, terms(), seat.today()))
        if fields.estate_id is not None:
            estates.refuse_foreign_place(session, fields.estate_id, None)
        if fields.organisation_id is not None:
            organisations.refuse_unfit(session, "organisation_id", fields.organisation_id, fields.ends_on)
        saved = TABLE.save(session, fields, known, kept)
        return replace(saved, doubts=tuple(rules.contract_doubts(fields, terms()).values()))


@permit(*WRITERS)
def remove_contract(seat: Seat, contract_id: int) -> str:
    """Remove a contract that was entered by mistake, and return its name."""
    with seat.transaction() as session:
        return TABLE.remove(session, contract_id)


@permit(*STAFF)
def contract_history(seat: Seat, contract_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to a contract, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, contract_id)


@permit(*REVEALERS)
def contracts_for_export(seat: Seat, order: ExportOrder, query: BookQuery) -> Export[Line[ContractFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*STAFF)
def contracts_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
