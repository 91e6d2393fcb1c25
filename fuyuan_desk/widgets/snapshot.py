"""Pictures of windows and pages, for the tour and for looking at what was drawn."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

SCREEN = (1366, 768)


def settle(until: Callable[[], bool] | None = None, seconds: float = 5.0) -> bool:
    """Let Qt work until `until()` holds and nothing more happens; tell whether it held in time."""
    deadline = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < deadline:
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        held = until is None or until()
        quiet = quiet + 1 if held else 0
        if quiet >= 5:
            return True
        time.sleep(0.005)
    return until is None or until()


def grab(
    widget: QWidget,
    path: Path,
    size: tuple[int, int] = SCREEN,
    scale: float = 1.0,
    until: Callable[[], bool] | None = None,
) -> Path:
    """Save a PNG of a top-level widget at `size` logical pixels, drawn `scale` times as fine (1.5 = 150 %)."""
    widget.resize(QSize(*size))
    widget.show()
    settle(until)
    picture = QPixmap(round(size[0] * scale), round(size[1] * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(widget.palette().window().color())
    widget.render(picture)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(path), "PNG"):
        raise OSError(f"cannot write {path}")
    return path
