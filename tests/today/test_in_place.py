"""The first page while it is in sight: no row moves, what is new is announced."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.dues import Figure, Severity, Task, Topic
from fuyuan_desk.today.view.today import TodayView, task_chip

TODAY = date(2026, 11, 20)
VISIT, FAILED = Topic("Visit", "eye", 90), Topic("Failed", "warning", 10)
FIGURES = [Figure("Estates", 3)]


def task(key: int, days: int = 0, topic: Topic = VISIT, severity: Severity = Severity.NORMAL) -> Task:
    due = TODAY + timedelta(days=days)
    return Task("case", key, f"第{key}户", "施工中", due, days < 0, severity, topic, "renovation")


@pytest.fixture
def view(qtbot: QtBot) -> TodayView:
    made = TodayView()
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show()
    qtbot.waitExposed(made)
    show(made, [task(1, -2), task(2), task(3)])
    return made


def show(view: TodayView, tasks: list[Task], today: date = TODAY) -> None:
    view.show_office(tasks, FIGURES, today, "")


def top_of(view: TodayView) -> QPoint:
    """Return where the list is, once every size asked for is laid out."""
    QApplication.sendPostedEvents()
    return view.tasks.mapTo(view, QPoint())


def rows(view: TodayView) -> list[str]:
    return [view.tasks.item(row).text() for row in range(view.tasks.count())]


def test_what_a_colleague_enters_moves_no_row_and_is_announced(view: TodayView, qtbot: QtBot) -> None:
    before = rows(view)
    top = top_of(view)
    show(view, [task(9, -5), task(1, -2), task(8, -1), task(2), task(3)])
    assert rows(view) == before
    assert view.news.isVisible()
    assert view.news.text() == "2 new"
    assert top_of(view) == top
    qtbot.mouseClick(view.news, Qt.MouseButton.LeftButton)
    assert not view.news.isVisible()
    shown = [text for text in rows(view) if "第" in text]
    assert [text.split()[1] for text in shown] == ["第9户", "第1户", "第8户", "第2户", "第3户"]


def test_a_task_done_by_a_colleague_stays_in_its_row_until_the_list_is_shown_anew(view: TodayView) -> None:
    show(view, [task(1, -2), task(3)])
    assert [text.split()[0] for text in rows(view)] == ["Overdue", "Visit", "Due", "Done", "Visit"]
    assert rows(view)[2].endswith("· 1")  # the heading counts what is left
    show(view, [task(1, -2), task(2), task(3)])
    assert [text.split()[0] for text in rows(view)] == ["Overdue", "Visit", "Due", "Visit", "Visit"]
    show(view, [task(3)])
    view.hide()
    view.show()
    assert [text.split()[0] for text in rows(view)] == ["Due", "Visit"]


def test_a_row_shows_the_present_state_in_its_place(view: TodayView) -> None:
    show(view, [task(1, -2), task(2), replace(task(3, -3), detail="已超期")])
    assert rows(view)[-1] == "Visit 第3户 已超期 3 days late"
    assert not view.news.isVisible()


def test_the_row_under_the_keys_stays_the_current_one(view: TodayView) -> None:
    view.tasks.setCurrentRow(3)
    show(view, [task(9, -5), task(1, -2), task(2), task(3)])
    current = view.tasks.current()
    assert current is not None
    assert current.record_id == 2


def test_out_of_sight_and_on_a_new_day_the_list_is_made_anew(view: TodayView) -> None:
    view.hide()
    show(view, [task(9, -5), task(1, -2)])
    assert len(rows(view)) == 3
    view.show()
    assert not view.news.isVisible()
    show(view, [task(1, -3)], TODAY + timedelta(days=1))
    assert len(rows(view)) == 2


@pytest.mark.parametrize("days", [-1, 0, 5])
@pytest.mark.parametrize(
    ("severity", "tone"), [(Severity.URGENT, "error"), (Severity.NORMAL, "warn")], ids=["urgent", "normal"]
)
def test_what_needs_attention_is_amber_or_red_and_has_an_icon(
    days: int, severity: Severity, tone: str
) -> None:
    """A task that failed was blue while it was waiting."""
    chip = task_chip(task(1, days, FAILED, severity), TODAY)
    assert (chip.tone, chip.picture) == (tone, "warning")


def test_what_only_waits_quietly_is_grey() -> None:
    assert task_chip(task(1, 5, VISIT, Severity.QUIET), TODAY).tone == "neutral"
