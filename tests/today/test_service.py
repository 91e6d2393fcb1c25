import re
from collections.abc import Callable

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules import Finding, Party, Result, SubjectKind
from fuyuan_desk.inspections.service import visits as inspections
from fuyuan_desk.paper import qr
from fuyuan_desk.renovation.facts import CaseQuery
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.renovation.service.cases import start_work
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service.tiers import assign_tier
from fuyuan_desk.today import service
from fuyuan_desk.today.rules import Figures, Task, Topic


def waiting(seat: Seat, topic: Topic) -> list[Task]:
    return [task for task in service.list_tasks(seat).tasks if task.topic is topic]


def estate_id(seat: Seat, name: str) -> int:
    return next(row.id for row in list_estates(seat).rows if row.name == name)


def test_an_empty_office_has_nothing_to_do(seat: Seat) -> None:
    agenda = service.list_tasks(seat)
    assert agenda.tasks == ()
    assert agenda.figures == Figures()
    assert set(agenda.counts.values()) == {0}


def test_everybody_may_see_what_waits(seat_as: Callable[[Role], Seat]) -> None:
    assert service.list_tasks(seat_as(Role.VIEWER)).day
    assert service.search(seat_as(Role.VIEWER), "x") == ()


def test_the_sample_shows_every_topic(sample_seat: Seat) -> None:
    agenda = service.list_tasks(sample_seat)
    assert {task.topic for task in agenda.tasks} == set(Topic)
    assert agenda.figures == Figures(5, 72 + 360 + 171 + 85 + 120, 10, 5, agenda.figures.visits)
    assert agenda.counts["today"] > 0


def test_starting_a_case_ends_its_task(sample_seat: Seat) -> None:
    (task,) = waiting(sample_seat, Topic.START)
    start_work(sample_seat, task.record_id)
    assert waiting(sample_seat, Topic.START) == []


def test_giving_a_tier_ends_its_task(sample_seat: Seat) -> None:
    (task,) = waiting(sample_seat, Topic.NO_TIER)
    assign_tier(sample_seat, task.record_id, Tier.PROTECTIVE, sample_seat.today(), "首次定级", "1号")
    assert waiting(sample_seat, Topic.NO_TIER) == []


def test_a_clean_round_ends_what_was_not_in_order(sample_seat: Seat) -> None:
    lane = estate_id(sample_seat, "南昌路168弄")
    assert any(task.title == "南昌路168弄" for task in waiting(sample_seat, Topic.FAILED))
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    subject = inspections.estate_subjects(sample_seat, [lane])[0]
    visit = NewVisit(subject, sample_seat.now(), Party.COMMITTEE, "陈静怡", findings)
    inspections.log_visit(sample_seat, visit)
    assert not any(task.title == "南昌路168弄" for task in waiting(sample_seat, Topic.FAILED))


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("南昌路", "estate", "南昌路168弄"),
        ("ncl168", "estate", "南昌路168弄"),
        ("fnds803", "case", "富南大厦803室"),
        ("ZX", "case", "ZX"),
        ("XC", "visit", "XC"),
        ("yaoyanzhi", "unit", "南昌路168弄1号亭子间"),
    ],
)
def test_what_is_typed_finds_the_record(sample_seat: Seat, typed: str, kind: str, title: str) -> None:
    found = [found for found in service.search(sample_seat, typed) if found.kind == kind]
    assert title in found[0].title


def test_results_hold_no_full_name_and_no_phone(sample_seat: Seat) -> None:
    found = service.search(sample_seat, "yaoyanzhi")
    assert found
    assert not any("姚艳志" in f.title + f.detail for f in found)
    assert not any(re.search(r"\d{11}", f.title + f.detail) for f in found)


def test_a_scanned_sheet_opens_its_record(sample_seat: Seat) -> None:
    case = queries.case_detail(sample_seat, queries.list_cases(sample_seat, CaseQuery()).rows[0].id)
    text = qr.encode(qr.Mark(qr.REGISTRATION, case.number, case.uid))
    assert service.is_scan(text)
    assert service.find_scanned(sample_seat, text) == ("case", case.id)
    # typed through a Chinese input method
    assert service.find_scanned(sample_seat, text.replace(":", "：").lower()) == ("case", case.id)
    lane = inspections.estate_subjects(sample_seat, [estate_id(sample_seat, "福元小区")])[0]
    blank = qr.encode(qr.Mark(qr.INSPECTION, lane.number, lane.uid))
    assert service.find_scanned(sample_seat, blank) == ("estate", lane.id)


def test_a_sheet_of_another_office_is_told(sample_seat: Seat) -> None:
    with pytest.raises(NotFound, match="XC2026-9999"):
        service.find_scanned(sample_seat, qr.encode(qr.Mark(qr.INSPECTION, "XC2026-9999", "f" * 32)))


@pytest.mark.parametrize("text", ["FYT1:IS:XC20", "hello", "FYT1:", "南昌路"])
def test_half_a_scan_is_no_record(sample_seat: Seat, text: str) -> None:
    assert service.find_scanned(sample_seat, text) is None
