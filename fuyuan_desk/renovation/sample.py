"""The renovations of the sample office."""

from collections.abc import Mapping
from typing import Any

from fuyuan_desk.access.seat import Role, Seat, permit
from fuyuan_desk.estates.rules.housing import HoldingRole
from fuyuan_desk.estates.service.estates import unit_summary
from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.renovation.facts import Filing
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.rules.works import Answer, Due, ScopeItem
from fuyuan_desk.renovation.service import cases, sheet_data


@permit(Role.ADMIN)
def _holder(seat: Seat, unit_id: int) -> tuple[str, str]:
    """Return name and first phone of a unit's holder."""
    with seat.reading() as session:
        holder = unit_summary(session, unit_id).holders[0]
    return holder.name, next(iter(holder.phones), "")


def fill(office: SampleOffice) -> None:
    """File all sample cases and advance them; store their inspection subjects in `known` under ("subject", key)."""
    for data in office.data["cases"]:
        case_id = _file(office, data)
        office.known["subject", data["key"]] = sheet_data.inspection_subjects(office.seat, [case_id])[0]


def _file(office: SampleOffice, data: Mapping[str, Any]) -> int:
    unit_id = office.known["unit", data["estate"], data["place"]]
    seat = office.seat_at(office.day(data["filed"]))
    role = HoldingRole(data.get("role", HoldingRole.OWNER))
    firm = office.data["firms"].get(data["firm"], {})
    works = tuple(
        ScopeItem(work, {question: Answer(answer) for question, answer in answers.items()})
        for work, answers in data["works"].items()
    )
    judged = cases.judge_scope(seat, unit_id, works, role, bool(firm))
    received = {document.document for document in judged.documents if document.due is Due.START}
    name, phone = data["applicant"], data["phone"]
    if name == "holder":
        name, holder_phone = _holder(office.seat, unit_id)
        phone = phone or holder_phone
    filing = Filing(
        unit_id,
        name,
        office.day(data["starts"]),
        office.day(data["ends"]),
        works,
        role,
        applicant_phone=phone,
        received=tuple(received - set(data.get("missing", ()))),
        remarks=data.get("remarks", ""),
        **firm,
    )
    case = cases.file_case(seat, filing)
    if "started" in data:
        cases.start_work(office.seat_at(office.day(data["started"])), case.id)
    if "closed" in data:
        day = office.day(data["closed"])
        cases.close_case(office.seat_at(day), case.id, Outcome(data["outcome"]), day, data.get("note", ""))
    return case.id
