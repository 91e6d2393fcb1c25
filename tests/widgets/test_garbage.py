"""With a window, garbage is collected on the UI thread, whatever other threads create."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fuyuan_desk.widgets.work import Worker


class Knot(QObject):
    """A Qt object that only the collector frees."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def worker(qapp: object) -> Iterator[Worker]:
    gc.enable()  # as when Python starts
    made = Worker("many-objects")
    yield made
    made.shutdown()


def test_another_thread_frees_no_qt_object(worker: Worker, qtbot: QtBot) -> None:
    freed_by: list[threading.Thread] = []
    collected_by: list[threading.Thread] = []
    weakref.finalize(Knot(), lambda: freed_by.append(threading.current_thread()))

    def watch(phase: str, _info: object) -> None:
        collected_by.append(threading.current_thread())

    def make_garbage() -> None:
        for _ in range(200_000):
            ring: list[object] = []
            ring.append(ring)

    gc.callbacks.append(watch)
    try:
        worker.run(make_garbage)
        qtbot.waitUntil(lambda: worker.is_idle and bool(freed_by))
    finally:
        gc.callbacks.remove(watch)
    assert set(collected_by) == {threading.main_thread()}
    assert freed_by == [threading.main_thread()]
