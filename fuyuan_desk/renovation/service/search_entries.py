"""Search entries of renovations, updated on every write, and the fields they are made of."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service.for_other_jobs import unit_places
from fuyuan_desk.estates.service.found_by import estate_fields
from fuyuan_desk.formats.names import mask_name
from fuyuan_desk.renovation.kinds import CASE
from fuyuan_desk.renovation.records import RenovationCase
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search.reasons import Field

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


def case_fields(session: Session, ids: Collection[int]) -> dict[int, list[Field]]:
    """Return what renovations are found by: number, home, applicant, contractor, telephone and estate."""
    rows = session.execute(
        select(RenovationCase, _PLACES.c.building, _PLACES.c.entrance, _PLACES.c.label)
        .join(_PLACES, _PLACES.c.id == RenovationCase.unit_id)
        .where(RenovationCase.id.in_(ids))
    ).all()
    estates = estate_fields(session, {row[0].estate_id for row in rows})
    return {
        case.id: [
            Field(_("Case number"), case.number),
            Field(_("House and room"), "".join(place)),
            Field(_("Applicant"), case.applicant, mask_name(case.applicant)),
            Field(_("Contractor"), case.contractor, case.contractor),
            Field(_("Telephone"), case.applicant_phone, how="phone"),
            *estates[case.estate_id],
        ]
        for case, *place in rows
    }
