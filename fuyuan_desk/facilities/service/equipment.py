"""The equipment of estates, from their facilities and buildings; for the jobs above."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.rules.equipment import Premises, Recorded
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.facilities.records import Facility
from fuyuan_desk.facilities.rules import EQUIPMENT, FacilityState


def premises_of(session: Session, estate_ids: Collection[int]) -> dict[int, Premises]:
    """Return the houses and the recorded equipment of estates by id; what was scrapped is not there."""
    query = select(Facility.estate_id, Facility.kind, Facility.building_id).where(
        Facility.estate_id.in_(estate_ids),
        Facility.kind.in_(list(EQUIPMENT)),
        Facility.state != FacilityState.SCRAPPED,
    )
    recorded: defaultdict[int, list[Recorded]] = defaultdict(list)
    for estate_id, kind, building_id in session.execute(query):
        recorded[estate_id].append(Recorded(EQUIPMENT[kind], building_id))
    houses = estates.houses_of(session, estate_ids)
    return {key: Premises(tuple(found), tuple(recorded[key])) for key, found in houses.items()}
