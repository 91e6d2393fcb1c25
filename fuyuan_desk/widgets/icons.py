"""The icons in `resources/icons`, recoloured and rendered on demand at the requested size."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

from fuyuan_desk.core import paths
from fuyuan_desk.widgets.theme import COLOURS

_DRAWN_INK = b"#262422"


class _StrokeEngine(QIconEngine):
    def __init__(self, name: str, ink: str) -> None:
        super().__init__()
        self._name = name
        self._ink = ink

    def clone(self) -> QIconEngine:
        return _StrokeEngine(self._name, self._ink)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        ink = COLOURS["disabled"] if mode == QIcon.Mode.Disabled else self._ink
        return _pixmap(self._name, ink, size.width(), size.height())

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # since Qt 6.8 `size` is in logical pixels
        pixmap = QPixmap(self.pixmap(size * scale, mode, state))
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatioF()
        pixmap = self.pixmap(rect.size() * scale, mode, state)
        painter.drawPixmap(rect, pixmap)


def icon(name: str, colour: str = "ink") -> QIcon:
    """Return the icon `resources/icons/<name>.svg` in one of the theme's colours; the file is read when drawn."""
    return QIcon(_StrokeEngine(name, COLOURS[colour]))


def icon_pixmap(name: str, size: int, colour: str = "ink", scale: float = 1.0) -> QPixmap:
    """Draw an icon at `size` logical pixels for a screen of `scale` device pixels per logical one."""
    pixels = round(size * scale)
    pixmap = QPixmap(_pixmap(name, COLOURS[colour], pixels, pixels))
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def paint_icon(painter: QPainter, name: str, corner: QPoint, size: int, colour: str = "ink") -> None:
    """Draw an icon with its top left at `corner`, at the resolution of the painter's device."""
    scale = painter.device().devicePixelRatioF()
    painter.drawPixmap(corner, icon_pixmap(name, size, colour, scale))


def _pixmap(name: str, ink: str, width: int, height: int) -> QPixmap:
    if width <= 0 or height <= 0:  # a layout may temporarily shrink a button to nothing
        return QPixmap()
    key = f"desk:{name}:{ink}:{width}x{height}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    from PySide6.QtSvg import QSvgRenderer  # here: not needed before the first window is shown

    renderer = QSvgRenderer(QByteArray(_source(name).replace(_DRAWN_INK, ink.encode())))
    side = min(width, height)
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF((width - side) / 2, (height - side) / 2, side, side))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


@lru_cache(maxsize=128)
def _source(name: str) -> bytes:
    return paths.resource("icons", f"{name}.svg").read_bytes()
