"""Search entries of visits, updated on every write."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.inspections.kinds import VISIT
from fuyuan_desk.inspections.records import Visit
from fuyuan_desk.store.search import index as search


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
