"""Search entries of renovations, updated on every write."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.service.for_other_jobs import unit_places
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.store.search import index as search

_PLACES = unit_places().subquery()


def index_cases(session: Session, case_ids: Iterable[int]) -> None:
    """Update the search entries of cases: number, home, applicant, contractor and telephone."""
    asked = (
        select(RenovationCase, _PLACES.c.building, _PLACES.c.entrance, _PLACES.c.label)
        .join(_PLACES, _PLACES.c.id == RenovationCase.unit_id)
        .where(RenovationCase.id.in_(list(case_ids)))
    )
    session.flush()
    search.put(
        session,
        [
            search.Entry(
                CASE,
                case.id,
                (case.number, "".join(place), case.applicant, case.contractor),
                (case.applicant_phone,),
                estate=case.estate_id,
            )
            for case, *place in session.execute(asked)
        ],
    )
