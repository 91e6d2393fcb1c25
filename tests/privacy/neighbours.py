"""Invented residents, renovations and visits for the personal data tests."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service import visits
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.works import ScopeItem
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.shell.schema import metadata
from fuyuan_desk.store.audit.log import AuditEntry
from tests.conftest import PASSWORD

ID, OTHER_ID = "31010119800101000X", "310101197502020003"
PHONE, OTHER_PHONE = "13812345678", "13987654321"
NAME, OTHER = "蔡兰刚", "姚艳志"


@dataclass(frozen=True)
class Home:
    """A home with its estate and household."""

    estate: int
    unit: int
    household: int


def add_home(seat: Seat, label: str = "501室", **changes: object) -> Home:
    """Add a home to the one estate, with its household."""
    found = estates.list_estates(seat).rows
    estate = (
        found[0].id
        if found
        else estates.save_estate(
            seat, EstateFields("福元小区", house_kind="commodity", heritage_class=0, historic_area="none")
        ).id
    )
    rows = buildings.list_buildings(seat, estate)
    building = (
        rows[0].id if rows else buildings.save_building(seat, BuildingFields("2号楼", estate_id=estate)).id
    )
    unit = units.save_unit(seat, UnitFields(building, label=label, tenure="commodity", area=8850)).id
    fields = HouseholdFields(NAME, id_number=ID, phones=(PHONE,), people=3, remarks="独居老人，有高血压")
    household = households.save_household(seat, unit, replace(fields, **changes)).id  # type: ignore[arg-type]
    return Home(estate, unit, household)


def move_out(seat: Seat, home: Home, day: date) -> None:
    """Enter the day on which a household moved out."""
    known = households.household_for_edit(seat, home.household)
    fields = replace(known.fields, moved_out_on=day)
    households.save_household(seat, home.unit, fields, home.household, known.version)


def file_case(seat: Seat, home: Home, **changes: object) -> int:
    """Register a renovation of that home."""
    start = seat.today() + timedelta(days=1)
    filing = Filing(
        unit_id=home.unit,
        applicant=NAME,
        starts_on=start,
        ends_on=start + timedelta(days=30),
        works=(ScopeItem("finish.paint", {}),),
        applicant_phone=PHONE,
        applicant_id_number=ID,
        contractor="福元装饰工程有限公司",
        contractor_lead=OTHER,
        contractor_phone=OTHER_PHONE,
        remarks="申请人腿脚不便",
    )
    return renovation.file_case(seat, replace(filing, **changes)).id  # type: ignore[arg-type]


def log_visit(seat: Seat, **changes: object) -> int:
    """Log a visit to the one estate."""
    [subject] = estate_subjects(seat)
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    visit = NewVisit(subject, seat.now(), Party.COMMITTEE, "某甲、某乙", findings)
    return visits.log_visit(seat, replace(visit, **changes)).id  # type: ignore[arg-type]


def set_values(seat: Seat, table: str, record_id: int, **values: object) -> None:
    """Set columns directly, bypassing the services, to simulate the passing of years."""
    with seat.store.sessions() as session:
        changed = metadata.tables[table]
        session.connection().execute(update(changed).where(changed.c.id == record_id).values(values))
        session.commit()


def agreed(seat: Seat) -> Seat:
    """Return the seat confirmed by the reviewer."""
    return replace(seat, second=Second("reviewer", PASSWORD))


def value(seat: Seat, table: str, record_id: int, column: str) -> object:
    """Read one column of one record."""
    whole = metadata.tables[table]
    with seat.store.sessions() as session:
        return session.scalar(select(whole.c[column]).where(whole.c.id == record_id))


def everything(session: Session) -> str:
    """Return all texts of the store as one, without the search index."""
    texts = []
    for table in metadata.sorted_tables:
        for row in session.execute(select(table)):
            texts += [str(part) for part in row]
    return "\n".join(texts)


def trail(seat: Seat, action: str) -> list[AuditEntry]:
    """Return the audit entries of one action."""
    with seat.store.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))
