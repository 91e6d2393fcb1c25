"""Who is to be called on: by tag and role, ordered by how late, on paper and on the first page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.calls.facts import CallFields
from fuyuan_desk.calls.rules import Called
from fuyuan_desk.calls.service import calls, due
from fuyuan_desk.estates.facts.people import HOLDER, HouseholdFields
from fuyuan_desk.estates.service import households, succession
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.list_sheet import list_sheet
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.today.service import list_tasks
from tests.calls.conftest import Office, tag

DUES = [job.dues for job in JOBS if job.dues is not None]
TODAY = date(2026, 3, 2)


def called(office: Office, name: str, days_ago: int, how: str = "at_home", kind: str = "visit") -> None:
    """Record a call that was made some days ago."""
    day = TODAY - timedelta(days_ago)
    calls.save_call(office.seat, CallFields(day, kind=kind, how=how, resident=office.key(name), staff="何斌"))


def listed(seat: Seat, text: str = "", **facets: object) -> list[tuple[str, date]]:
    return [
        (line.fields.name, line.fields.due_on) for line in due.find_due(seat, BookQuery(text, facets)).rows
    ]


def test_the_shortest_rhythm_decides_and_who_is_longest_due_is_first(office: Office) -> None:
    assert listed(office.seat) == [("姚*", TODAY), ("蔡*", TODAY)]
    called(office, "蔡兰刚", 10)
    called(office, "姚艳志", 31)
    assert listed(office.seat) == [("蔡*", TODAY - timedelta(3)), ("姚*", TODAY - timedelta(1))]


@pytest.mark.parametrize(("how", "kind"), [("phone", "visit"), ("wechat", "visit"), ("office", "reception")])
def test_a_call_by_telephone_and_a_reception_count(office: Office, how: str, kind: str) -> None:
    called(office, "蔡兰刚", 2, how, kind)
    assert ("蔡*", TODAY + timedelta(5)) in listed(office.seat)


def test_a_call_at_which_nobody_was_met_does_not_count(office: Office) -> None:
    called(office, "蔡兰刚", 9)
    called(office, "蔡兰刚", 0, "nobody")
    assert ("蔡*", TODAY - timedelta(2)) in listed(office.seat)


def test_a_call_on_her_daughter_is_none_on_her(office: Office) -> None:
    called(office, "沈文娟", 0)
    assert ("蔡*", TODAY) in listed(office.seat)


def test_who_was_called_on_before_she_became_the_holder_stays_so(office: Office) -> None:
    first = office.households["蔡兰刚"]
    tag(office.seat, first, office.daughter, office.monthly)
    called(office, "沈文娟", 10)
    called(office, "蔡兰刚", 1)
    second = succession.pass_on(office.seat, first, office.daughter, TODAY, "died", False).id
    assert ("沈*", TODAY + timedelta(20)) in listed(office.seat)
    [key] = [line.fields.resident for line in due.find_due(office.seat).rows if line.fields.name == "沈*"]
    assert key == Called(office.homes["前楼"], second).key
    called_again = CallFields(TODAY, resident=key, staff="何斌")
    calls.save_call(office.seat, called_again)
    assert ("沈*", TODAY + timedelta(30)) in listed(office.seat)


def test_somebody_else_who_moved_in_was_not_called_on(office: Office) -> None:
    called(office, "姚艳志", 1)
    households.end_household(office.seat, office.households["姚艳志"], TODAY, "moved")
    fields = HouseholdFields("徐新", moved_in_on=TODAY)
    new = households.save_household(office.seat, office.homes["亭子间"], fields).id
    tag(office.seat, new, HOLDER, office.monthly)
    assert ("徐*", TODAY) in listed(office.seat)


def test_who_has_left_or_lost_the_tag_is_not_due(office: Office) -> None:
    households.end_household(office.seat, office.households["姚艳志"], TODAY, "moved")
    tag(office.seat, office.households["蔡兰刚"], HOLDER)
    assert listed(office.seat) == []


def test_the_list_is_filtered_by_tag_estate_day_and_words(office: Office) -> None:
    called(office, "蔡兰刚", 10)
    assert [name for name, _due in listed(office.seat, tag_id=office.weekly)] == ["蔡*"]
    assert [name for name, _due in listed(office.seat, tag_id=office.monthly)] == ["姚*"]
    assert [name for name, _due in listed(office.seat, due_on=(None, TODAY - timedelta(1)))] == ["蔡*"]
    assert listed(office.seat, estate_id=office.tower) == []
    assert [name for name, _due in listed(office.seat, "亭子间")] == ["姚*"]
    assert [option.text for option in due.rhythm_options(office.seat)] == ["孤老", "独居老人"]


def test_a_hidden_tag_neither_shows_nor_decides(office: Office, seat_as: Callable[[Role], Seat]) -> None:
    called(office, "蔡兰刚", 10)
    viewer = seat_as(Role.VIEWER)
    assert ("蔡*", TODAY + timedelta(20)) in listed(viewer)
    assert "孤老" not in repr(due.find_due(viewer).rows)
    titles = [task.title for task in list_tasks(viewer, DUES).tasks if task.page == "calls"]
    assert titles == ["独居老人: call on 1 person"]
    company = list_tasks(seat_as(Role.PROPERTY), DUES).tasks
    assert [task for task in company if task.page == "calls"] == []


def test_the_first_page_has_one_line_for_each_tag(office: Office) -> None:
    called(office, "蔡兰刚", 10)
    found = {task.title: task for task in list_tasks(office.seat, DUES).tasks if task.page == "calls"}
    assert set(found) == {"孤老: call on 1 person", "独居老人: call on 1 person"}
    late, never = found["孤老: call on 1 person"], found["独居老人: call on 1 person"]
    assert (late.overdue, late.detail, late.record_id, late.act) == (
        True,
        "at most 3 days late",
        office.weekly,
        "calls.due",
    )
    assert (never.overdue, never.detail, never.due) == (False, "never called on: 1", TODAY)


def test_the_paper_names_the_home_masks_the_name_and_leaves_room_for_notes(office: Office) -> None:
    called(office, "蔡兰刚", 10)
    paper = due.due_for_print(office.seat, BookQuery(facets={"tag_id": office.weekly}))
    titles = [title for title, _width, _right in paper.columns]
    assert titles == ["走访对象", "住宅", "标签", "上次走访", "到期", "记录"]
    assert paper.rows == (("蔡*", "南昌路168弄4号前楼", "孤老、独居老人", "2026-02-20", "逾期 3 天", ""),)
    assert paper.chosen == (("标签", "孤老"),)
    assert list_sheet(paper).pdf.startswith(b"%PDF")


def test_an_export_is_audited_and_masked(office: Office) -> None:
    export = due.due_for_export(office.seat, ExportOrder("核对", "街道办"), BookQuery())
    assert {row.fields.name for row in export.rows} == {"蔡*", "姚*"}
