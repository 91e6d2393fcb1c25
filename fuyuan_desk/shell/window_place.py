"""Where a window opens that was somewhere before: its screen may be gone, or have another size."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect

_GRIP = (160, 32)
"""What must be in sight of the upper edge of a window to take hold of it, in logical pixels."""


def place_in_sight(wanted: QRect, screens: Sequence[QRect], frame: int = 32) -> QRect:
    """Return the place for a window whose title bar is `frame` pixels high; the first screen is the main one.

    A window that can be taken hold of stays where it was. Otherwise it is moved to the screen with which it has most in
    common, else to the main one, and made no larger than that.
    """
    grip = QRect(wanted.left(), wanted.top() - frame, wanted.width(), frame)
    if any(_is_grip(grip.intersected(screen)) for screen in screens) or not screens:
        return wanted
    screen = max(screens, key=lambda each: _area(each.intersected(wanted)))
    size = wanted.size().boundedTo(screen.adjusted(0, frame, 0, 0).size())
    left = min(max(wanted.left(), screen.left()), screen.right() + 1 - size.width())
    top = min(max(wanted.top(), screen.top() + frame), screen.bottom() + 1 - size.height())
    return QRect(QPoint(left, top), size)


def _is_grip(visible: QRect) -> bool:
    width, height = _GRIP
    return visible.width() >= width and visible.height() >= height // 2


def _area(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
