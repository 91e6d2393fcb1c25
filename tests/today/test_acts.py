"""A task of the first page begins with the act itself, not with a record to search through."""

from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.facilities.service.facilities import find_facilities
from fuyuan_desk.inspections.rules.visits import Conclusion, SubjectKind
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.shell.main_window import MainWindow
from fuyuan_desk.shell.pages import OpenDesk
from fuyuan_desk.today import service
from fuyuan_desk.today.job import open_task
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.form import Form
from tests.screen import shown
from tests.windows import quiet

DUES = [job.dues for job in JOBS if job.dues is not None]
ALL_DOCUMENTS_THERE = 0


def test_every_task_that_names_an_act_finds_it_in_one_job(sample_seat: Seat) -> None:
    named = {task.act for task in service.list_tasks(sample_seat, DUES).tasks} - {""}
    known = Counter(act for job in JOBS for act in job.acts)
    assert named == set(known)
    assert set(known.values()) == {1}


@pytest.fixture
def desk(shared_desk: MainWindow, qtbot: QtBot) -> Iterator[OpenDesk]:
    desk = shared_desk.open_desk
    assert desk is not None
    yield desk
    for box in QApplication.topLevelWidgets():
        if isinstance(box, FormDialog) and box.isVisible():
            box.form.mark_clean()
            box.reject()
    desk.go("inspections").entry.view.form.mark_clean()
    desk.go("today")
    quiet(qtbot, shared_desk)


@pytest.fixture
def begin(shared_desk: MainWindow, desk: OpenDesk, qtbot: QtBot) -> Callable[[str, str, int], None]:
    """Begin a task of a kind of record, as a click on its row does."""

    def click(act: str, kind: str, key: int) -> None:
        topic = Topic("Visit", "eye", 1)
        open_task(desk, Task(kind, key, "", "", None, False, Severity.NORMAL, topic, "today", act=act))
        quiet(qtbot, shared_desk)

    return click


class _Viewer:
    """A shell whose operator may only look."""

    def __init__(self) -> None:
        self.desk = SimpleNamespace(can_visit=False, can_write=False)
        self.opened: list[tuple[str, int]] = []

    def open_record(self, kind: str, key: int) -> None:
        self.opened.append((kind, key))


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("renovation.visit", "case"),
        ("inspections.again", "visit"),
        ("inspections.report", "visit"),
        ("inspections.round", "estate"),
        ("standards.tier", "estate"),
    ],
)
def test_who_may_not_do_it_is_shown_the_record(act: str, kind: str) -> None:
    viewer: Any = _Viewer()
    next(job.acts[act] for job in JOBS if act in job.acts)(viewer, 7)
    assert viewer.opened == [(kind, 7)]


def case_of(seat: Seat, status: str, *, is_complete: bool) -> int:
    rows = queries.list_cases(seat, BookQuery(facets={"status": status})).rows
    return next(
        row.id
        for row in rows
        if (row.extra["missing"] == ALL_DOCUMENTS_THERE) == is_complete and row.fields.verdict != "PROHIBITED"
    )


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def test_a_visit_that_is_due_opens_its_form_with_the_site(
    desk: OpenDesk, begin: Callable[[str, str, int], None]
) -> None:
    case = case_of(desk.desk.seat, "under-way", is_complete=True)
    begin("renovation.visit", "case", case)
    assert desk.frame.current == "inspections"
    view = desk.go("inspections").entry.view
    assert view.isVisible()
    subject = view.form.subject()
    assert (subject.kind, subject.id) == (SubjectKind.RENOVATION, case)
    assert view.form.values()["inspectors"] == desk.desk.operator.name
    assert view.checklist.isAncestorOf(focused())


def test_what_failed_is_visited_again(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    rows = list_visits(desk.desk.seat).rows
    for kind in SubjectKind:
        line = next(row for row in rows if row.fields.subject_kind == kind)
        begin("inspections.again", "visit", line.id)
        view = desk.go("inspections").entry.view
        subject = view.form.subject()
        assert view.isVisible()
        assert (subject.kind, subject.id) == (kind, line.fields.subject_id)
        view.form.mark_clean()


def test_missing_documents_are_under_the_keys(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    case = case_of(desk.desk.seat, "registered", is_complete=False)
    begin("renovation.receive", "case", case)
    page = desk.go("renovation")
    assert page.case.isVisible()
    missing = page.case.papers.missing()[0]
    assert focused() is page.case.papers.rows[missing].today_button


def test_a_start_asks_for_its_day(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    begin("renovation.start", "case", case_of(desk.desk.seat, "registered", is_complete=True))
    assert "started_on" in shown(FormDialog).form.values()


def test_a_prohibited_scope_opens_its_form(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    begin("renovation.edit", "case", case_of(desk.desk.seat, "registered", is_complete=False))
    assert desk.go("renovation").filing.view.isVisible()


def test_past_its_end_the_next_act_is_under_the_keys(
    desk: OpenDesk, begin: Callable[[str, str, int], None]
) -> None:
    begin("renovation.end", "case", case_of(desk.desk.seat, "under-way", is_complete=True))
    filled = desk.frame.window().focusWidget()
    assert filled.property("role") == "primary"


def test_a_round_and_a_tier_open_their_forms(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    estate = list_estates(desk.desk.seat).rows[0].id
    begin("inspections.round", "estate", estate)
    subject = desk.go("inspections").entry.view.form.subject()
    assert (subject.kind, subject.id) == (SubjectKind.ESTATE, estate)
    begin("standards.tier", "estate", estate)
    assert desk.frame.current == "estates"
    forms = [form for form in desk.frame.findChildren(Form) if form.isVisible()]
    assert [form.has("tier") for form in forms] == [True]


def test_a_check_opens_the_facility(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    facility = find_facilities(desk.desk.seat, BookQuery()).rows[0].id
    begin("", "facility", facility)
    assert desk.frame.current == "facilities"
    assert desk.go("facilities").shown_record == ("facility", facility)


def test_what_is_to_be_reported_asks_to_whom(desk: OpenDesk, begin: Callable[[str, str, int], None]) -> None:
    rows = list_visits(desk.desk.seat).rows
    breach = next(row for row in rows if row.fields.conclusion == Conclusion.REPORT)
    begin("inspections.report", "visit", breach.id)
    page = desk.go("inspections")
    assert page.shown_record == ("visit", breach.id)
    assert set(shown(FormDialog).form.values()) == {"day", "time", "to", "note"}


def test_a_case_records_the_report_over_its_own_page(
    desk: OpenDesk, begin: Callable[[str, str, int], None], qtbot: QtBot, shared_desk: MainWindow
) -> None:
    rows = list_visits(desk.desk.seat).rows
    breach = next(row for row in rows if row.fields.conclusion == Conclusion.REPORT)
    begin("", "case", breach.fields.subject_id)
    page = desk.go("renovation")
    assert breach.fields.number in page.case.finding.visit_button.text()
    filled = desk.frame.window().focusWidget()
    assert filled is page.case.acts.button("report")
    filled.click()
    quiet(qtbot, shared_desk)
    assert "to" in shown(FormDialog).form.values()
    assert desk.frame.current == "renovation"
