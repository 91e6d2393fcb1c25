"""Tasks of facilities for the page “Today”."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.core.dues import Task
from fuyuan_desk.estates.service import for_other_jobs as estates
from fuyuan_desk.estates.service.estates import describe_estates
from fuyuan_desk.facilities import rules
from fuyuan_desk.facilities.book import days_ahead
from fuyuan_desk.facilities.records import Facility


def tasks(session: Session, today: date) -> list[Task]:
    """List the checks that are overdue or due soon; scrapped facilities are not checked."""
    due = Facility.next_check_on <= today + days_ahead()
    rows = session.scalars(select(Facility).where(due, Facility.state != rules.FacilityState.SCRAPPED)).all()
    names = describe_estates(session, {row.estate_id for row in rows})
    buildings = estates.labels_of_buildings(session, {row.building_id for row in rows if row.building_id})
    found = []
    for row in rows:
        assert row.next_check_on is not None
        place = names.get(row.estate_id, "") + buildings.get(row.building_id or 0, "")
        facts = rules.CheckFacts(row.id, row.kind, row.number, place, row.company, row.next_check_on)
        found.append(rules.check_task(facts, today))
    return found
