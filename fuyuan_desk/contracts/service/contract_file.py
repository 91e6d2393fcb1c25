"""What contracts add to the file of an estate: all of them, the running ones first."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.contracts.records import Contract
from fuyuan_desk.contracts.rules import ContractKind, Term
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.dossier import Column, Privacy, Section, listing, office_value, value
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.house_file import hundredths
from fuyuan_desk.kit.queries import Reader
from fuyuan_desk.organisations.service.for_other_jobs import names_of


def of_estate(session: Session, estate_id: int, _reader: Reader) -> Iterator[Section]:
    """Yield the contracts of an estate, those that run longest first."""
    rows = session.scalars(select(Contract).where(Contract.estate_id == estate_id)).all()
    names = names_of(session, {row.organisation_id for row in rows})
    columns = (
        Column(_("Kind of contract"), 12),
        Column(_("Number"), 10),
        Column(_("Organisation"), 18),
        Column(_("First day"), 9),
        Column(_("Last day"), 9),
        Column(_("Notice until"), 9),
        Column(_("Signed on"), 9),
        Column(_("Filed on"), 9),
        Column(_("Amount"), 10, True),
        Column(_("Remarks"), 8),
    )
    found = (
        (
            office_value(name_of(ContractKind, row.kind)),
            office_value(row.number),
            office_value(names.get(row.organisation_id, "")),
            office_value(row.starts_on),
            office_value(row.ends_on or name_of(Term, row.term)),
            office_value(row.notice_on),
            office_value(row.signed_on),
            office_value(row.filed_on),
            office_value(hundredths(row.amount, _("{n} yuan"))),
            value(Privacy.TEXT, row.remarks),
        )
        for row in sorted(rows, key=lambda row: (row.ends_on or date.max, row.id), reverse=True)
    )
    table = listing(columns, found, nothing=_("No contract is recorded."))
    yield Section("contracts", _("Contracts"), listings=(table,))
