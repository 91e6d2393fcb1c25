"""Search entries of renovations, updated on every write."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.records import Building, Unit
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.store.search import index as search


def index_cases(session: Session, case_ids: Iterable[int]) -> None:
    """Update the search entries of cases: number, home, applicant, contractor and telephone."""
    asked = (
        select(RenovationCase, Building.label, Unit.entrance, Unit.label)
        .join(Unit, Unit.id == RenovationCase.unit_id)
        .join(Building, Building.id == Unit.building_id)
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
