"""What an opened desk shows whichever page is in front: counts in the navigation, and a report only once."""

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.shell.places import Place, to_json
from fuyuan_desk.store.repair import Repair
from fuyuan_desk.widgets.work import Worker
from tests.disk import FaultyDisk, from_windows
from tests.shell.test_roles_pages import Sitting
from tests.windows import MakeWindow, sign_in

HERE = to_json(Place("estates"))


def test_what_is_due_is_counted_without_the_first_page(
    qtbot: QtBot, sample_seat: Seat, worker: Worker, settled: Callable[[], None]
) -> None:
    sitting = Sitting(sample_seat, Role.ADMIN, worker, settled, HERE)
    frame = sitting.desk.frame
    qtbot.addWidget(frame)
    assert frame.current == "estates"
    assert list(frame.made) == ["estates"], "the first page is not loaded for its counts"
    counted = {name: frame.nav.count(name) for name in ("today", "renovation")}
    assert all(count.startswith("!") for count in counted.values())
    frame.nav.set_count("renovation", 0, due=True)
    sitting.desk.desk.changes.emit(frozenset({"renovation_case"}))
    settled()
    assert frame.nav.count("renovation") == counted["renovation"], "counted again after a change"
    frame.go("today")
    settled()
    assert {name: frame.nav.count(name) for name in counted} == counted
    sitting.close()


def test_a_crash_is_reported_at_the_sign_in_and_not_when_the_pages_are_made_anew(
    qtbot: QtBot, sample_seat: Seat, worker: Worker, settled: Callable[[], None]
) -> None:
    store = sample_seat.store
    before, store.repaired = store.repaired, Repair(False, datetime(2026, 11, 20, tzinfo=UTC))
    first = Sitting(sample_seat, Role.ADMIN, worker, settled)
    anew = Sitting(sample_seat, Role.ADMIN, worker, settled, HERE)
    for sitting in (first, anew):
        qtbot.addWidget(sitting.desk.frame)
    assert "was not closed properly" in first.desk.frame.banner.text()
    assert anew.desk.frame.banner.text() == ""
    store.repaired = before
    for sitting in (first, anew):
        sitting.close()


@pytest.mark.parametrize(
    ("number", "words"), [(1231, "network"), (64, "network"), (1167, "no longer connected")]
)
def test_an_office_whose_disk_does_not_answer_is_asked_for_and_refused_in_words(
    qtbot: QtBot, open_window: MakeWindow, folder: Path, disk: FaultyDisk, number: int, words: str
) -> None:
    gone = from_windows(number, errno.EINVAL, folder)
    with disk.failing("stat", gone, at=folder), disk.failing("mkdir", gone, at=folder):
        window = open_window(store=str(folder), last_login="admin")
        sign_in(qtbot, window, "whatever-it-is")
        qtbot.waitUntil(lambda: window.entry.view.message.text() != "")
        assert window.open_desk is None
    assert words in window.entry.view.message.text()
