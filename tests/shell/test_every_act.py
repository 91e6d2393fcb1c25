"""Every act that is offered, pressed by every role: none leads to a refusal of the role, an error or a missing page."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.estates.service.estates import list_estates
from fuyuan_desk.facilities.service.facilities import find_facilities
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.renovation.service.queries import list_cases
from fuyuan_desk.widgets.work import Worker
from tests.conftest import PASSWORD
from tests.shell.test_roles_pages import Sitting

LEAVES_THE_DESK = ("Explore the sample office first",)
"""Acts that open another office in place of this one."""


@pytest.fixture
def no_file_chosen() -> Iterator[None]:
    """Cancel every file dialog that opens."""

    def cancel() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            dialog.reject()

    timer = QTimer(interval=10)
    timer.timeout.connect(cancel)
    timer.start()
    yield
    timer.stop()


def _words(act: QAbstractButton) -> str:
    return (act.text() or act.accessibleName() or act.toolTip()).replace("&", "")


def _offered(page: QWidget) -> dict[str, QAbstractButton]:
    acts = [act for act in page.findChildren(QAbstractButton) if act.isVisible() and act.isEnabled()]
    return {_words(act): act for act in acts if _words(act) not in LEAVES_THE_DESK}


def _close_windows(desk: QWidget) -> None:
    """Leave every dialog and menu as Esc does."""
    for box in QApplication.topLevelWidgets():
        if box.isVisible() and box is not desk:
            if isinstance(box, QDialog):
                box.reject()
            elif isinstance(box, QMenu):
                box.close()


Place = Callable[[], object]
"""Goes to a screen of the desk."""


def places(sitting: Sitting) -> Iterator[tuple[str, Place]]:
    """Return every page, and the screens of one record of each kind."""
    desk, seat = sitting.desk, sitting.seat
    for page in sorted(sitting.pages()):
        yield page, partial(desk.frame.enter, page)
    records = {
        "estate": list_estates(seat).rows,
        "case": list_cases(seat).rows,
        "visit": list_visits(seat).rows,
        "facility": find_facilities(seat).rows,
    }
    for kind, rows in records.items():
        for row in rows[-1:]:
            yield kind, partial(desk.open_record, kind, row.id)
    for estate in records["estate"][:1]:
        yield from ((f"tab {tab}", partial(_open_tab, sitting, estate.id, tab)) for tab in range(1, 9))


def _open_tab(sitting: Sitting, estate_id: int, tab: int) -> None:
    sitting.desk.open_record("estate", estate_id)
    sitting.settled()
    sitting.desk.go("estates").estate.view.tabs.setCurrentIndex(tab)


def _press_all(sitting: Sitting, place: str, go: Place) -> set[str]:
    """Press every act of a screen, going there anew when one led elsewhere; return their words."""
    frame, pressed = sitting.desk.frame, set[str]()
    while True:
        go()
        sitting.settled()
        page = frame.controller(frame.current).page
        left = {words: act for words, act in _offered(page).items() if words not in pressed}
        if not left:
            return pressed
        for words, act in left.items():
            if not (isValid(act) and act.isVisible() and act.isEnabled()):
                break  # another act led elsewhere
            pressed.add(words)
            act.click()
            sitting.settled()
            _close_windows(frame)
            where = f"{place}: {words}"
            assert not any(isinstance(refusal, NotAllowed) for refusal in sitting.refused), where
            assert not any("does not permit" in text for text in sitting.complaints()), where
            assert frame.current in {shown.name for shown in sitting.desk.shown_pages()}, where


def _walk(sitting: Sitting) -> set[str]:
    return {words for place, go in list(places(sitting)) for words in _press_all(sitting, place, go)}


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER, Role.PROPERTY])
def test_no_act_on_offer_is_refused(
    qtbot: QtBot,
    sample_seat: Seat,
    worker: Worker,
    settled: Callable[[], None],
    no_file_chosen: None,
    role: Role,
) -> None:
    sitting = Sitting(sample_seat, role, worker, settled)
    qtbot.addWidget(sitting.desk.frame)
    assert len(_walk(sitting)) > 12
    sitting.close()


@pytest.mark.parametrize("role", list(Role))
def test_no_act_on_offer_is_refused_in_an_empty_office(
    qtbot: QtBot,
    folder: Path,
    worker: Worker,
    settled: Callable[[], None],
    no_file_chosen: None,
    role: Role,
) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    sitting = Sitting(seat, role, worker, settled)
    qtbot.addWidget(sitting.desk.frame)
    assert ("Import a roster" in _walk(sitting)) == (role in (Role.ADMIN, Role.CLERK))
    sitting.close()
    seat.store.close()
