"""Services on organisations: list, save, change several, remove, hand on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.export import Export
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import REVEALERS, STAFF, WRITERS, Seat, permit
from fuyuan_desk.core.changes import RecordEvent
from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.errors import Conflict
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.id_numbers import clean_credit_code
from fuyuan_desk.formats.phones import clean_phone
from fuyuan_desk.kit.book import BookQuery, Known, Line, Option
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.kit.list_sheet import ListPaper
from fuyuan_desk.kit.merging.references import uses_of
from fuyuan_desk.kit.paging import Page, Saved
from fuyuan_desk.kit.table import Table, Unique
from fuyuan_desk.organisations import rules
from fuyuan_desk.organisations.book import organisation_book
from fuyuan_desk.organisations.facts import OrganisationFields
from fuyuan_desk.organisations.records import Organisation, OrganisationDifference
from fuyuan_desk.organisations.service import references


def _unique() -> tuple[Unique, ...]:
    message = _("This organisation is there already. Open that one, or choose another name.")
    return (Unique(("name",), message),)


def _merged_names(session: Session, rows: Sequence[Organisation]) -> dict[int, str]:
    """Return the names of the organisations that were merged into some, directly or by way of another."""
    merged = select(Organisation.id, Organisation.name, Organisation.merged_into_id).where(
        Organisation.merged_into_id.is_not(None)
    )
    into: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for one in session.execute(merged.order_by(Organisation.id)):
        into[one.merged_into_id].append((one.id, one.name))

    def names(of: int) -> Iterator[str]:
        for other, name in into[of]:
            yield name
            yield from names(other)

    return {row.id: "、".join(names(row.id)) for row in rows}


TABLE = Table(
    Organisation,
    OrganisationFields,
    organisation_book,
    columns={"name_key": lambda fields: rules.key_of(fields.name)},
    extras={"also": _merged_names},
    unique=_unique,
    only={"merged_into_id": None},
)


@permit(*STAFF)
def find_organisations(
    seat: Seat, query: BookQuery | None = None, offset: int = 0, limit: int = 200
) -> Page[Line[OrganisationFields]]:
    """List a window of the matching organisations, without those that were merged into another."""
    with seat.reading() as session:
        return TABLE.find(session, query or BookQuery(), offset, limit)


@permit(*STAFF)
def read_organisation(seat: Seat, organisation_id: int) -> Line[OrganisationFields]:
    """Return one organisation; for one that was merged, the one that was kept."""
    with seat.reading() as session:
        row = TABLE.get(session, organisation_id)
        while row.merged_into_id is not None:
            row = TABLE.get(session, row.merged_into_id)
        return TABLE.read(session, row.id)


@permit(*STAFF)
def organisation_options(seat: Seat) -> tuple[Option, ...]:
    """Return all organisations to choose from, those that ended as well, by name."""
    with seat.reading() as session:
        query = select(Organisation.id, Organisation.name).where(Organisation.merged_into_id.is_(None))
        return tuple(Option(*row) for row in sorted(session.execute(query).all(), key=lambda row: row.name))


@permit(*WRITERS)
def save_organisation(
    seat: Seat, fields: OrganisationFields, known: Known | None = None, kept: Collection[str] = ()
) -> Saved:
    """Add an organisation, or change the one read as `known`.

    One that still holds a role or a contract cannot be ended.
    """
    with seat.transaction() as session:
        fields = cleaned(fields)
        wrong = rules.organisation_faults(fields, seat.today()) | _same_name(session, fields, known)
        if known is not None and fields.ended_on is not None:
            wrong |= _held(session, known.id, fields.ended_on)
        refuse_wrong(wrong)
        if known is not None:
            _refuse_merged(TABLE.get(session, known.id))
        saved = TABLE.save(session, fields, known, kept)
        doubts = (*rules.organisation_doubts(fields).values(), _same_code(session, fields, saved.id))
        return replace(saved, doubts=tuple(filter(None, doubts)))


def _refuse_merged(row: Organisation) -> None:
    if row.merged_into_id is not None:
        raise Conflict(_("This organisation was merged into another one meanwhile. Reload the list."))


def _same_code(session: Session, fields: OrganisationFields, own_id: int) -> str:
    """Return the warning that another organisation has the same credit code, '' if none has."""
    same = select(Organisation.name).where(
        Organisation.credit_code == fields.credit_code,
        Organisation.id != own_id,
        Organisation.merged_into_id.is_(None),
    )
    name = session.scalars(same.order_by(Organisation.id)).first() if fields.credit_code else None
    if name is None:
        return ""
    return _("“{name}” has this credit code, too: correct it, or merge the two.").format(name=name)


def cleaned(fields: OrganisationFields) -> OrganisationFields:
    """Return the fields with the credit code and the telephone as they are compared."""
    code = clean_credit_code(fields.credit_code)
    return replace(fields, credit_code=code, phone=clean_phone(fields.phone) if fields.phone.strip() else "")


def _same_name(session: Session, fields: OrganisationFields, known: Known | None) -> dict[str, str]:
    key = rules.key_of(fields.name)
    same = select(Organisation).where(
        Organisation.name_key == key, Organisation.id != (0 if known is None else known.id)
    )
    row = session.scalars(same).first() if key else None
    if row is None:
        return {}
    if row.merged_into_id is None:
        return {"name": _unique()[0].message}
    into = TABLE.get(session, row.merged_into_id)
    if known is not None and into.id == known.id:
        text = _(
            "“{name}” was merged into this one. To use that name, split it off and merge it again by it."
        )
        return {"name": text.format(name=row.name)}
    text = _("“{name}” was merged into “{kept}”. Open that one, or split it off again first.")
    return {"name": text.format(name=row.name, kept=into.name)}


def _held(session: Session, organisation_id: int, ended_on: date) -> dict[str, str]:
    duties = references.duties_of(session, organisation_id, ended_on)
    if not duties:
        return {}
    text = _(
        "It still holds {duties}. First enter a last day there: on the tab “Organisations” of the estate, "
        "and on the page “Contracts”."
    )
    return {"ended_on": text.format(duties=duties)}


def index_organisations(session: Session, organisation_ids: Iterable[int]) -> None:
    """Update the search entries of organisations."""
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(list(organisation_ids)))).all()
    TABLE.index(session, rows)


def outlines(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    """Return the names of organisations by id, with their kind, for search hits; removed ones are left out."""
    query = select(Organisation.id, Organisation.name, Organisation.kind).where(Organisation.id.in_(ids))
    return {row.id: (row.name, name_of(rules.OrganisationKind, row.kind)) for row in session.execute(query)}


@permit(*WRITERS)
def change_organisations(
    seat: Seat, records: Sequence[Known], changes: Mapping[str, Any], progress: Progress | None = None
) -> int:
    """Set the same kind in several organisations."""
    with seat.transaction() as session:
        return TABLE.change_many(session, records, changes, progress=progress)


@permit(*WRITERS)
def remove_organisation(seat: Seat, organisation_id: int) -> str:
    """Remove an organisation to which nothing refers, and return its name."""
    with seat.transaction() as session:
        row = TABLE.get(session, organisation_id)
        _refuse_merged(row)
        name = row.name
        if merged := _merged_names(session, [row])[row.id]:
            text = _("{name} cannot be removed. Split off first what was merged into it: {others}.")
            raise Conflict(text.format(name=name, others=merged))
        if uses := uses_of(session, references.TABLE, organisation_id, references.BETWEEN):
            text = _("{name} cannot be removed: it still has {things}. Remove or move those first.")
            raise Conflict(text.format(name=name, things=uses))
        for apart in session.scalars(
            select(OrganisationDifference).where(
                or_(
                    OrganisationDifference.first_id == organisation_id,
                    OrganisationDifference.second_id == organisation_id,
                )
            )
        ):
            session.delete(apart)
        session.flush()
        return TABLE.remove(session, organisation_id)


@permit(*STAFF)
def organisation_history(seat: Seat, organisation_id: int) -> tuple[RecordEvent, ...]:
    """Return what happened to an organisation, newest first."""
    with seat.reading() as session:
        return TABLE.history(session, organisation_id)


@permit(*REVEALERS)
def organisations_for_export(
    seat: Seat, order: ExportOrder, query: BookQuery
) -> Export[Line[OrganisationFields]]:
    """Return the filtered list for an export, and audit this."""
    with seat.transaction() as session:
        return TABLE.export(seat, session, order, query)


@permit(*STAFF)
def organisations_for_print(seat: Seat, query: BookQuery) -> ListPaper:
    """Return the filtered list for printing, and audit this."""
    with seat.transaction() as session:
        return TABLE.paper(seat, session, query)
