import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.calls import rules as call_rules
from fuyuan_desk.contracts import rules as contract_rules
from fuyuan_desk.core.dues import Task, Topic
from fuyuan_desk.core.errors import NotFound
from fuyuan_desk.core.parties import Party
from fuyuan_desk.estates.service import dues as estate_dues
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.estates.service.tags import tag_choices
from fuyuan_desk.facilities import rules as facility_rules
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit
from fuyuan_desk.inspections.rules import printed as sheet_rules
from fuyuan_desk.inspections.rules import round_plans as round_rules
from fuyuan_desk.inspections.rules import visits as inspection_rules
from fuyuan_desk.inspections.rules.visits import Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.printed import NewSheet, register
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.paper import qr
from fuyuan_desk.renovation.rules import dues as renovation_dues
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.renovation.service.cases import start_work
from fuyuan_desk.shell.jobs import JOBS, all_records
from fuyuan_desk.standards import rules as standard_rules
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service.tiers import assign_tier
from fuyuan_desk.today import service
from fuyuan_desk.today.rules import number_typed, own_number
from fuyuan_desk.workorders.rules import dues as order_dues

DUES = [job.dues for job in JOBS if job.dues is not None]


def waiting(seat: Seat, topic: Topic) -> list[Task]:
    return [task for task in service.list_tasks(seat, DUES).tasks if task.topic is topic]


def estate_id(seat: Seat, name: str) -> int:
    return next(row.id for row in list_estates(seat).rows if row.name == name)


def test_an_empty_office_has_nothing_to_do(seat: Seat) -> None:
    agenda = service.list_tasks(seat, DUES)
    assert agenda.tasks == ()
    assert {figure.value for figure in agenda.figures} == {0}
    assert agenda.counts == {"today": 0}


def test_everybody_may_see_the_tasks(seat_as: Callable[[Role], Seat]) -> None:
    assert service.list_tasks(seat_as(Role.VIEWER), DUES).day
    assert service.search(seat_as(Role.VIEWER), all_records(), "x") == ()


def test_the_sample_shows_every_topic(sample_seat: Seat) -> None:
    agenda = service.list_tasks(sample_seat, DUES)
    modules = (
        *(estate_dues, inspection_rules, renovation_dues, standard_rules, facility_rules, contract_rules),
        *(call_rules, round_rules, sheet_rules, order_dues),
    )
    topics = [t for module in modules for t in vars(module).values() if isinstance(t, Topic)]
    # every year in which something of the sample is due has a calendar
    assert {task.topic for task in agenda.tasks} == set(topics) - {order_dues.UNKNOWN}
    assert [(figure.title, figure.value) for figure in agenda.figures[:4]] == [
        ("Estates", 5),
        ("Units", 72 + 360 + 171 + 85 + 120),
        ("Open renovations", 10),
        ("of them under way", 5),
    ]
    assert agenda.counts["today"] > 0


def test_starting_a_case_ends_its_task(sample_seat: Seat) -> None:
    (task,) = waiting(sample_seat, renovation_dues.START)
    start_work(sample_seat, task.record_id)
    assert waiting(sample_seat, renovation_dues.START) == []


def test_assigning_a_tier_ends_its_task(sample_seat: Seat) -> None:
    (task,) = waiting(sample_seat, standard_rules.NO_TIER)
    assign_tier(sample_seat, task.record_id, Tier.PROTECTIVE, sample_seat.today(), "首次定级", "1号")
    assert waiting(sample_seat, standard_rules.NO_TIER) == []


def test_a_passed_round_ends_the_failed_task(sample_seat: Seat) -> None:
    lane = estate_id(sample_seat, "南昌路168弄")
    assert any(task.title == "南昌路168弄" for task in waiting(sample_seat, inspection_rules.FAILED))
    findings = tuple(Finding(item.key, Result.PASS) for item in checklist_for(SubjectKind.ESTATE).items)
    subject = estate_subjects(sample_seat, [lane])[0]
    visit = NewVisit(subject, sample_seat.now(), Party.COMMITTEE, "陈静怡", findings)
    log_visit(sample_seat, visit)
    assert not any(task.title == "南昌路168弄" for task in waiting(sample_seat, inspection_rules.FAILED))


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
    found = [found for found in service.search(sample_seat, all_records(), typed) if found.kind == kind]
    assert title in found[0].title


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PROPERTY])
def test_a_number_in_full_finds_its_record_first_and_the_similar_ones_as_guesses(
    sample_seat: Seat, role: Role
) -> None:
    records = all_records()
    shown = service.search(sample_seat, records, "XC2026") + service.search(sample_seat, records, "ZX2026")
    numbers = {own_number(each.title) for each in shown} - {""}
    own = {"estates": frozenset(row.id for row in list_estates(sample_seat).rows[:1])}
    limits = own if role is Role.PROPERTY else {}
    seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role, **limits))
    guessed = 0
    for number in sorted(numbers):
        found = service.search(seat, records, number.lower())
        if role is Role.ADMIN:
            assert own_number(found[0].title) == number
        assert all(number in each.title + each.detail for each in found)
        similar = service.guess(seat, records, number, found)
        assert all(each.meant and number not in each.title + each.detail for each in similar)
        guessed += len(similar)
    assert guessed


@pytest.mark.parametrize(
    ("text", "number"),
    [(" xc2026-0005", "XC2026-0005"), ("ＸＣ2026-0005", "XC2026-0005"), ("XCB-2026-000123", "XCB-2026-000123"),
     ("XC2026-00", ""), ("2026-0005", ""), ("南昌路168弄", "")],
)  # fmt: skip
def test_what_is_a_number_in_full(text: str, number: str) -> None:
    assert number_typed(text) == number


def test_results_hold_no_full_name_and_no_phone(sample_seat: Seat) -> None:
    found = service.search(sample_seat, all_records(), "yaoyanzhi")
    assert found
    assert not any("姚艳志" in f.title + f.detail for f in found)
    assert not any(re.search(r"\d{11}", f.title + f.detail) for f in found)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_a_guess_is_masked_like_any_result(sample_seat: Seat, role: Role) -> None:
    seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role))
    records = all_records()
    assert service.search(seat, records, "yaoyanzi") == ()
    guessed = service.guess(seat, records, "yaoyanzi", ())
    assert {f.meant for f in guessed} == {"yaoyanzhi"}
    assert not any("姚艳志" in f.title + f.detail + f.meant for f in guessed)


def test_a_guess_follows_what_was_found_and_says_why(sample_seat: Seat) -> None:
    records = all_records()
    found = service.search(sample_seat, records, "lanchanglu")
    guessed = service.guess(sample_seat, records, "lanchanglu", found)
    assert found == ()
    assert (guessed[0].title, guessed[0].meant) == ("南昌路168弄", "南昌路")
    assert service.guess(sample_seat, records, "lanchanglu", guessed[:1])[0] != guessed[0]


def test_a_scanned_sheet_opens_its_record(sample_seat: Seat) -> None:
    case = queries.case_detail(sample_seat, queries.list_cases(sample_seat).rows[0].id)
    text = qr.encode(qr.Mark(qr.REGISTRATION, case.number, case.uid))
    assert service.is_scan(text)
    assert service.find_scanned(sample_seat, all_records(), text) == ("case", case.id)
    # typed through a Chinese input method
    assert service.find_scanned(sample_seat, all_records(), text.replace(":", "：").lower()) == (
        "case",
        case.id,
    )
    lane = estate_subjects(sample_seat, [estate_id(sample_seat, "福元小区")])[0]
    blank = qr.encode(qr.Mark(qr.INSPECTION, lane.number, lane.uid))
    assert service.find_scanned(sample_seat, all_records(), blank) == ("estate", lane.id)


def test_a_sheet_of_another_office_is_refused(sample_seat: Seat) -> None:
    with pytest.raises(NotFound, match="XC2026-9999"):
        service.find_scanned(
            sample_seat, all_records(), qr.encode(qr.Mark(qr.INSPECTION, "XC2026-9999", "f" * 32))
        )


@pytest.mark.parametrize("text", ["FYT1:IS:XC20", "hello", "FYT1:", "南昌路"])
def test_half_a_scan_is_no_record(sample_seat: Seat, text: str) -> None:
    assert service.find_scanned(sample_seat, all_records(), text) is None


@pytest.mark.parametrize(
    ("typed", "kind", "reason"),
    [
        ("ZX2026", "case", "Case number"),
        ("zx20260005", "case", "Case number"),
        ("姚艳志", "case", "Applicant 姚*"),
        ("XC2026", "visit", "Visit number"),
        ("chenjingyi", "visit", "Inspectors 陈*"),
        ("2号梯", "facility", "Number 2号梯"),
        ("富南路1号", "estate", "Address"),
        ("富南大厦", "estate", "Estate name"),
    ],
)
def test_records_of_every_job_say_why_they_are_found(
    sample_seat: Seat, typed: str, kind: str, reason: str
) -> None:
    found = [each for each in service.search(sample_seat, all_records(), typed) if each.kind == kind]
    assert found
    assert any(reason in each.reasons for each in found), found
    assert all(each.reasons for each in found)


def test_a_printed_sheet_is_found_by_its_number(sample_seat: Seat) -> None:
    subject = estate_subjects(sample_seat, [estate_id(sample_seat, "富南大厦")])[0]
    with sample_seat.store.use() as session:
        number = register(sample_seat, session, [NewSheet(subject)])[0].number
        session.commit()
    [sheet] = [each for each in service.search(sample_seat, all_records(), number) if each.kind == "sheet"]
    assert sheet.reasons == ("Sheet number",)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_found_by_a_tag(sample_seat: Seat, role: Role) -> None:
    estates = frozenset(row.id for row in list_estates(sample_seat).rows) if role is Role.PROPERTY else None
    seat = replace(sample_seat, operator=replace(sample_seat.operator, role=role, estates=estates))
    tags = [tag.name for tag in tag_choices(sample_seat)]
    assert tags
    for typed in (*tags, "dulaoren"):
        found = service.search(seat, all_records(), typed)
        found += service.guess(seat, all_records(), typed, found)
        assert not [each for each in found if each.kind in ("unit", "household", "person", "tag")], typed
