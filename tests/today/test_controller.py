from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.dues import Task
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.shell.jobs import JOBS, all_records
from fuyuan_desk.today import service
from fuyuan_desk.today.controller.today import SearchController, TodayController
from fuyuan_desk.widgets.work import Worker

DUES = [job.dues for job in JOBS if job.dues is not None]


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker("store")
    yield made
    made.shutdown()


def test_an_empty_office_shows_the_first_steps(qtbot: QtBot, worker: Worker, seat: Seat) -> None:
    desk = Desk(seat, worker)
    made = TodayController(desk, DUES)
    qtbot.addWidget(made.page)
    made.page.show()
    qtbot.waitUntil(made.page.first_steps.isVisible)
    with qtbot.waitSignal(made.sample_requested):
        made.page.sample_button.click()
    # a change of what the page is made from brings it up to date
    desk.run(save_estate, EstateFields(name="福元小区"))
    qtbot.waitUntil(made.page.tasks.isVisible)
    assert made.page.tasks.current() is not None


def test_counts_and_tasks_are_emitted(qtbot: QtBot, worker: Worker, sample_seat: Seat) -> None:
    made = TodayController(Desk(sample_seat, worker), DUES)
    qtbot.addWidget(made.page)
    with qtbot.waitSignal(made.counted) as emitted:
        made.page.show()
    assert emitted.args[0]["today"] == sum(emitted.args[0].values()) - emitted.args[0]["today"]
    opened: list[Task] = []
    made.task_opened.connect(opened.append)
    first = made.page.tasks.current()
    made.page.tasks.itemClicked.emit(made.page.tasks.currentItem())
    assert opened == [first]


def test_what_the_time_alone_changes_is_noticed_in_sight_and_when_the_page_is_shown_again(
    qtbot: QtBot, worker: Worker, sample_seat: Seat
) -> None:
    now = [sample_seat.now()]
    desk = Desk(Seat(sample_seat.store, sample_seat.operator, now=lambda: now[0]), worker)
    made = TodayController(desk, DUES)
    qtbot.addWidget(made.page)
    with qtbot.waitSignal(made.counted):
        made.page.show()
    with qtbot.waitSignal(made.counted):
        made.look_again()
    made.page.hide()
    made.look_again()  # out of sight nothing is read
    now[0] += timedelta(minutes=1)
    with qtbot.waitSignal(made.counted):
        made.page.show()


def test_results_of_earlier_searches_are_dropped(qtbot: QtBot, worker: Worker, sample_seat: Seat) -> None:
    made = SearchController(Desk(sample_seat, worker), all_records())
    qtbot.addWidget(made.page)
    made.page.show()
    made.page.activateWindow()
    made.page.setFocus()
    qtbot.waitUntil(made.page.hasFocus)
    for typed in ("n", "nc", "ncl168"):
        made.page.setText(typed)
        made.page.asked.emit(typed)
    qtbot.waitUntil(lambda: made.page.current_hit() is not None and worker.is_idle)
    assert made.page.current_hit().title == "南昌路168弄"
    with qtbot.waitSignal(made.opened) as emitted:
        qtbot.keyPress(made.page, "\r")
    assert emitted.args[0] == "estate"


def test_the_records_opened_last_are_offered_by_an_empty_box_and_stand_first(
    qtbot: QtBot, worker: Worker, sample_seat: Seat
) -> None:
    made = SearchController(Desk(sample_seat, worker), all_records())
    qtbot.addWidget(made.page)
    made.page.show()
    made.page.activateWindow()
    made.page.setFocus()
    qtbot.waitUntil(made.page.hasFocus)
    found = service.search(sample_seat, all_records(), "z")
    units = [each.record_id for each in found if each.kind == "unit"]
    made.note("estate", 2)
    made.note("unit", units[-1])
    made.note("unit", 999_999)  # removed meanwhile
    made.note("unit", units[0])
    made.note("unit", units[-1])
    qtbot.keyClick(made.page, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: made.page.is_open and worker.is_idle)
    rows = [made.page.results.item(row).text() for row in range(made.page.results.count())]
    titles = {each.record_id: each.title for each in found if each.kind == "unit"}
    assert rows[0] == "Opened lately"
    assert [
        row.startswith(titles[key]) for row, key in zip(rows[1:3], (units[-1], units[0]), strict=True)
    ] == [
        True,
        True,
    ]
    assert len(rows) == 4
    again = service.search(sample_seat, all_records(), "z", made.recent)
    assert [each.record_id for each in again if each.kind == "unit"][:2] == [units[-1], units[0]]


def test_one_opened_lately_is_among_very_many_results(sample_seat: Seat) -> None:
    records = all_records()
    first = service.search(sample_seat, records, "1")
    assert len(first) == service.MOST_HITS
    shown = {each.key for each in first}
    further = [("unit", key) for key in range(1, 800) if ("unit", key) not in shown][-40:]
    again = service.search(sample_seat, records, "1", further)
    [unit, *_rest] = [each for each in again if each.kind == "unit"]
    assert unit.key in further
    assert unit.reasons
    assert service.search(sample_seat, records, "xqqv", further) == ()
