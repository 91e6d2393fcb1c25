"""The statutory checks of facilities in an office: what is due, what an office sets itself, coverage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Severity
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotFound
from fuyuan_desk.facilities.controller import facilities_page
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import dues
from fuyuan_desk.facilities.service.checks import facility_checks, remove_check, save_check, set_interval
from fuyuan_desk.facilities.service.coverage import coverage, coverage_for_export
from fuyuan_desk.facilities.service.facilities import (
    change_facilities,
    read_facility,
    remove_facility,
    save_facility,
)
from fuyuan_desk.facilities.view import ChecksWindow, CoverageWindow
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import Question
from tests.conftest import NOW
from tests.kit.books import set_up
from tests.screen import button, shown, texts

TODAY = NOW.date()


@pytest.fixture
def office(seat: Seat) -> Seat:
    """A lane (1) and a tower (2)."""
    set_up(seat)
    return seat


@pytest.fixture
def lift(office: Seat) -> int:
    return save_facility(office, FacilityFields("lift", "1号梯", 1, company="沪上维保")).id


def check(lift: int, day: date, item: str = "lift-inspection", **more: object) -> CheckFields:
    return replace(CheckFields(lift, item, day, party="property"), **more)  # type: ignore[arg-type]


def told(seat: Seat, today: date) -> list[tuple[str, date | None, Severity]]:
    with seat.store.use() as session:
        return [(task.part, task.due, task.severity) for task in dues.tasks(session, today)]


def next_check(seat: Seat, facility: int) -> date | None:
    return read_facility(seat, facility).fields.next_check_on


def test_each_item_is_due_by_itself(office: Seat, lift: int) -> None:
    save_check(office, check(lift, date(2024, 2, 29), certificate="检-1"))
    save_check(office, check(lift, date(2025, 2, 20), "lift-maintenance"))
    assert next_check(office, lift) == date(2025, 2, 28)
    assert told(office, date(2025, 1, 28)) == []
    assert told(office, date(2025, 1, 29)) == [("lift-inspection", date(2025, 2, 28), Severity.NORMAL)]
    both = [
        ("lift-inspection", date(2025, 2, 28), Severity.URGENT),
        ("lift-maintenance", date(2025, 3, 7), Severity.NORMAL),
    ]
    assert told(office, date(2025, 3, 3)) == both[:1]
    assert told(office, date(2025, 3, 4)) == both


def test_a_certificate_that_expires_earlier_goes_first(office: Seat, lift: int) -> None:
    saved = save_check(office, check(lift, date(2025, 3, 1), valid_until=date(2025, 9, 30)))
    assert next_check(office, lift) == date(2025, 9, 30)
    longer = check(lift, date(2025, 3, 1), valid_until=date(2030, 1, 1))
    save_check(office, longer, Known(saved.id, saved.version))
    assert next_check(office, lift) == date(2026, 3, 1)


def test_an_older_check_that_is_recorded_later_changes_nothing(office: Seat, lift: int) -> None:
    save_check(office, check(lift, date(2025, 3, 1)))
    save_check(office, check(lift, date(2024, 3, 1)))
    assert next_check(office, lift) == date(2026, 3, 1)
    found = facility_checks(office, lift)
    assert [one.fields.done_on for one in found.history] == [date(2025, 3, 1), date(2024, 3, 1)]
    inspection, maintenance = found.items
    assert inspection.last == found.history[0]
    assert (maintenance.last, maintenance.due) == (None, None)


def test_removing_the_last_check_forgets_its_day(office: Seat, lift: int) -> None:
    saved = save_check(office, check(lift, date(2025, 3, 1)))
    assert remove_check(office, saved.id) == "Periodic inspection"
    assert next_check(office, lift) is None
    with pytest.raises(NotFound):
        remove_check(office, saved.id)


def test_a_next_check_that_follows_cannot_be_typed(office: Seat, lift: int) -> None:
    save_check(office, check(lift, date(2025, 3, 1)))
    line = read_facility(office, lift)
    with pytest.raises(InvalidInput, match="follows from the checks recorded: 2026-03-01") as refusal:
        save_facility(office, replace(line.fields, next_check_on=date(2027, 1, 1)), line.known)
    assert set(refusal.value.fields) == {"next_check_on"}
    with pytest.raises(InvalidInput, match="Lift 1号梯: The next check follows"):
        change_facilities(office, [line.known], {"next_check_on": date(2027, 1, 1)})
    save_facility(office, replace(line.fields, company="别家"), line.known)
    assert next_check(office, lift) == date(2026, 3, 1)


def test_an_extinguisher_is_due_from_its_installation(office: Seat) -> None:
    fields = FacilityFields("extinguisher", "M-1", 1, installed_on=date(2024, 2, 29))
    key = save_facility(office, fields).id
    assert next_check(office, key) == date(2025, 2, 28)
    save_check(office, check(key, date(2025, 2, 1), "extinguisher-check"))
    assert next_check(office, key) == date(2026, 2, 1)
    yearly, service = facility_checks(office, key).items
    assert (yearly.due, service.due) == (date(2026, 2, 1), date(2029, 2, 28))


def test_the_office_sets_its_own_interval_with_a_reason(office: Seat, lift: int) -> None:
    save_check(office, check(lift, date(2025, 3, 1), "lift-maintenance"))
    assert next_check(office, lift) == date(2025, 3, 16)
    with pytest.raises(InvalidInput, match="Say why"):
        set_interval(office, "lift-maintenance", 10, "days", " ")
    assert set_interval(office, "lift-maintenance", 10, "days", "台风季加密").doubts == ()
    assert next_check(office, lift) == date(2025, 3, 11)
    assert facility_checks(office, lift).items[1].reason == "台风季加密"
    assert "longer" in set_interval(office, "lift-maintenance", 1, "months", "新规").doubts[0]
    assert next_check(office, lift) == date(2025, 4, 1)
    set_interval(office, "lift-maintenance", 15, "days", "")
    assert next_check(office, lift) == date(2025, 3, 16)
    assert facility_checks(office, lift).items[1].reason == ""


def test_what_was_never_recorded_is_said_once(office: Seat, lift: int) -> None:
    save_facility(office, FacilityFields("water_tank", "水箱", 2))
    save_facility(office, FacilityFields("water_tank", "旧水箱", 2, state="stopped"))
    save_facility(office, FacilityFields("camera", "X-1", 2))
    with office.store.use() as session:
        [task] = dues.tasks(session, TODAY)
    assert task.title == "Statutory checks of 2 facilities are not recorded"
    save_facility(office, FacilityFields("lift", "2号梯", 1, next_check_on=date(2099, 1, 1)))
    assert len(told(office, TODAY)) == 1


def test_a_facility_with_checks_is_not_removed(office: Seat, lift: int) -> None:
    save_check(office, check(lift, date(2025, 3, 1)))
    with pytest.raises(Conflict, match="1 check"):
        remove_facility(office, lift)


def test_a_device_number_is_given_once_for_kind_and_maker(office: Seat) -> None:
    camera = FacilityFields("camera", "X-1", 1, device_no="DS-0001")
    save_facility(office, camera)
    with pytest.raises(InvalidInput) as refusal:
        save_facility(office, replace(camera, number="X-2", estate_id=2, device_no="ＤＳ-0001"))
    assert set(refusal.value.fields) == {"device_no"}
    save_facility(office, replace(camera, number="X-3", maker="甲"))
    save_facility(office, replace(camera, kind="access", number="X-4"))
    for number in ("X-5", "X-6"):
        save_facility(office, replace(camera, number=number, device_no=""))


def test_coverage_leaves_out_what_is_out_of_service(office: Seat) -> None:
    def charging() -> tuple[int, int, tuple[str, ...]]:
        [row] = [row for row in coverage(office) if row.kind == "charging"]
        return row.estates, row.of, row.without

    assert charging() == (0, 2, ("南昌路168弄", "富南大厦"))
    save_facility(office, FacilityFields("charging", "C-1", 1))
    save_facility(office, FacilityFields("charging", "C-2", 1, state="faulty"))
    stopped = save_facility(office, FacilityFields("charging", "C-3", 2, state="stopped"))
    assert charging() == (1, 2, ("富南大厦",))
    line = read_facility(office, stopped.id)
    save_facility(office, replace(line.fields, state="faulty"), line.known)
    assert charging() == (2, 2, ())
    assert coverage_for_export(office, ExportOrder("汇报", "街道")).rows == coverage(office)


# --- windows


def test_a_clerk_records_a_check_and_sees_the_next_day(
    office: Seat, desk: Desk, lift: int, front: Callable[[QWidget], None], settled: Callable[[], None]
) -> None:
    page = facilities_page(desk, None)
    front(page.page)
    settled()
    page.open_record(lift)
    settled()
    button(page.view, "Checks …").click()
    settled()
    window = shown(ChecksWindow)
    assert texts(window).count("Not recorded") == 2
    button(window, "Periodic inspection: Record …").click()
    form = shown(FormDialog).form
    assert form.values()["done_by"] == "沪上维保"
    form.set_value("done_on", date(2999, 1, 1))
    form.submit()
    assert set(form.errors()) == {"party"}
    form.set_value("party", "property")
    form.submit()
    settled()
    assert "future" in form.errors()["done_on"]
    form.set_value("done_on", TODAY)
    form.set_value("certificate", "检2026-1")
    form.submit()
    settled()
    assert any("for: Property company, 检2026-1" in text for text in texts(window))
    button(window, "Maintenance: Interval …").click()
    form = shown(FormDialog).form
    form.set_value("every", 10)
    form.submit()
    settled()
    assert "reason" in form.errors()
    form.set_value("reason", "台风季加密")
    form.submit()
    settled()
    assert "台风季加密" in texts(window)
    button(window, "Remove this check").click()
    button(shown(Question), "Remove").click()
    settled()
    assert texts(window).count("Not recorded") == 2
    button(window, "Close").click()
    settled()


def test_the_coverage_names_the_estates_without_one(
    office: Seat, desk: Desk, lift: int, front: Callable[[QWidget], None], settled: Callable[[], None]
) -> None:
    page = facilities_page(desk, None)
    front(page.page)
    settled()
    button(page.view, "Coverage …").click()
    settled()
    window = shown(CoverageWindow)
    assert "Without: 富南大厦" in texts(window)
    button(window, "Close").click()
    settled()
