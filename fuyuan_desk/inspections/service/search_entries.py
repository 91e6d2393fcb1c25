"""Search entries of visits, updated on every write, and the fields by which visits and sheets are found."""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.found_by import estate_fields
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.records import PrintedSheet, Visit
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.reasons import Field


def index_visits(session: Session, visit_ids: Iterable[int]) -> None:
    """Update the search entries of visits: number, subject and inspectors."""
    session.flush()
    rows = session.scalars(select(Visit).where(Visit.id.in_(list(visit_ids))))
    search.put(
        session,
        [
            search.Entry(VISIT, row.id, (row.number, row.subject, row.inspectors), estate=row.estate_id)
            for row in rows
        ],
    )


def visit_fields(session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
    """Return what visits are found by: number, subject, inspectors and estate."""
    rows = session.execute(
        select(Visit.id, Visit.estate_id, Visit.number, Visit.subject, Visit.inspectors).where(
            Visit.id.in_(ids)
        )
    ).all()
    estates = estate_fields(session, {row.estate_id for row in rows})
    return {
        row.id: [
            Field(_("Visit number"), row.number),
            Field(_("Subject"), row.subject),
            Field(_("Inspectors"), row.inspectors, _masked(row.inspectors)),
            *estates[row.estate_id],
        ]
        for row in rows
    }


def _masked(names: str) -> str:
    return _(", ").join(map(mask_name, re.split("[、，,;； ]+", names)))


def sheet_fields(session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
    """Return what printed sheets are found by: number and estate."""
    rows = session.execute(
        select(PrintedSheet.id, PrintedSheet.estate_id, PrintedSheet.number).where(PrintedSheet.id.in_(ids))
    ).all()
    estates = estate_fields(session, {row.estate_id for row in rows})
    return {row.id: [Field(_("Sheet number"), row.number), *estates[row.estate_id]] for row in rows}
