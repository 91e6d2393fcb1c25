"""Screenshots of windows and pages, for the tour and for visual checks."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QIODevice, QPoint
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from fuyuan_desk.core.files import write_atomically

SCREEN = (1366, 768)


def settle(until: Callable[[], bool] | None = None, seconds: float = 5.0) -> bool:
    """Process Qt events until `until()` holds and Qt is idle; return whether it held in time."""
    deadline = time.monotonic() + seconds
    idle_rounds = 0
    while time.monotonic() < deadline:
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        held = until is None or until()
        idle_rounds = idle_rounds + 1 if held else 0
        if idle_rounds >= 5:
            return True
        time.sleep(0.005)
    return until is None or until()


def grab(
    widget: QWidget,
    path: Path,
    scale: float = 1.0,
    above: QWidget | None = None,
) -> Path:
    """Save a PNG of a top-level widget at `SCREEN` logical pixels, rendered at `scale` (1.5 = 150 %).

    `above`: a dialog to draw in its centre, in its own size. Raises `Unusable` when the file cannot be written.
    """
    width, height = SCREEN
    widget.resize(width, height)
    widget.show()
    settle()
    picture = QPixmap(round(width * scale), round(height * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(widget.palette().window().color())
    widget.render(picture)
    if above is not None:
        above.render(picture, QPoint((width - above.width()) // 2, (height - above.height()) // 2))
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    if not picture.save(content, "PNG"):
        raise ValueError("Qt makes no PNG")
    # through a buffer: Qt would not report a full disk as `Unusable`
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, bytes(content.data().data()))
    return path
