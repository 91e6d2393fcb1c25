"""Chips: small labelled states shown by text, icon and colour, so that colour is never the only cue."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPixmapCache,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fuyuan_desk.widgets.icons import paint_icon
from fuyuan_desk.widgets.theme import colour, show_if, smaller

Tone = Literal["neutral", "ok", "warn", "error"]
CHIP_ROLE = Qt.ItemDataRole.UserRole + 7

_LEAST_WIDTH = 160  # a chip is not made narrower; a longer text is shortened
_ICONS = {"ok": "ok", "warn": "warning", "error": "error"}


@dataclass(frozen=True)
class Chip:
    """A state to show: its text, its tone, and an icon if not the tone's default."""

    text: str
    tone: Tone = "neutral"
    icon: str = ""

    @property
    def picture(self) -> str:
        """The name of the icon to draw, or ''."""
        return self.icon or _ICONS.get(self.tone, "")


def chip_size(chip: Chip, font: QFont) -> QSize:
    """Return the preferred size of a chip, in logical pixels."""
    metrics = QFontMetrics(smaller(font))
    height = metrics.height() + 4
    side = metrics.ascent() + 2
    width = metrics.horizontalAdvance(chip.text) + 18 + (side + 4 if chip.picture else 0)
    return QSize(width, height)


def paint_chip(painter: QPainter, area: QRect, chip: Chip, font: QFont) -> None:
    """Draw a chip at the left of `area`, vertically centred, its text elided when there is no room."""
    size = chip_size(chip, font)
    box = QRect(area.left(), area.top() + (area.height() - size.height()) // 2, 0, size.height())
    box.setWidth(min(size.width(), area.width()))
    ink = chip.tone
    soft = f"{chip.tone}_soft"
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour(ink))
    pen.setWidthF(1.0)
    painter.setPen(pen)
    painter.setBrush(colour(soft))
    radius = size.height() / 2
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    left = box.left() + 9
    painter.setFont(smaller(font))
    metrics = painter.fontMetrics()
    if chip.picture:
        side = metrics.ascent() + 2
        paint_icon(painter, chip.picture, QPoint(left - 2, box.center().y() - side // 2 + 1), side, ink)
        left += side + 2
    text_area = QRect(left, box.top(), box.right() - 7 - left, box.height())
    text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, text_area.width())
    painter.drawText(text_area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


def paint_chip_in_cell(painter: QPainter, option: Any, chip: Chip) -> None:
    """Draw a chip in the cell of a list that `option` describes; one without text is left out."""
    if chip.text:
        area = option.rect.adjusted(10, 0, -4, 0)
        scale = painter.device().devicePixelRatioF()
        pixmap = _pixmap(chip, option.font, area.width(), scale)
        height = round(pixmap.height() / scale)
        painter.drawPixmap(area.left(), area.top() + (area.height() - height) // 2, pixmap)


def _pixmap(chip: Chip, font: QFont, width: int, scale: float) -> QPixmap:
    """Return a chip as a picture of at most `width` logical pixels: a list shows the same few again and again."""
    key = f"chip:{chip.tone}:{chip.picture}:{scale}:{font.key()}:{chip.text}"
    found = QPixmap()
    if QPixmapCache.find(key, found) and found.width() <= width * scale:
        return found
    size = chip_size(chip, font)
    if size.width() > width:
        size.setWidth(max(width, 1))
        key = f"{key}:{width}"
        if QPixmapCache.find(key, found):
            return found
    made = QPixmap(size * scale)
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_chip(painter, QRect(QPoint(), size), chip, font)
    painter.end()
    QPixmapCache.insert(key, made)
    return made


class ChipLabel(QWidget):
    """A chip as a widget."""

    def __init__(self, chip: Chip | None = None) -> None:
        super().__init__()
        self._chip = Chip("")
        self._tip = ""
        self._possible: tuple[Chip, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_chip(chip)

    def set_chip(self, chip: Chip | None) -> None:
        """Show a state; None hides the widget."""
        self._chip = chip or Chip("")
        show_if(self, chip is not None)
        self.setAccessibleName(self._chip.text)
        self._tell()
        self.updateGeometry()
        self.update()

    def reserve(self, possible: Iterable[Chip]) -> None:
        """Be as wide as the widest of the possible states, so that nothing moves when the state changes."""
        self._possible = tuple(possible)
        self.updateGeometry()

    @property
    def chip(self) -> Chip:
        """The state shown."""
        return self._chip

    def sizeHint(self) -> QSize:
        size = chip_size(self._chip, self.font())
        size.setWidth(max(chip_size(chip, self.font()).width() for chip in (self._chip, *self._possible)))
        return size

    def minimumSizeHint(self) -> QSize:
        preferred = self.sizeHint()
        return QSize(min(preferred.width(), _LEAST_WIDTH), preferred.height())

    def setToolTip(self, tip: str) -> None:
        """Set what the tooltip says of the state, below its text where that is shortened."""
        self._tip = tip
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        is_whole = self.width() >= self.sizeHint().width()
        super().setToolTip(self._tip if is_whole else "\n".join(filter(None, (self._chip.text, self._tip))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._chip, self.font())


class ChipDelegate(QStyledItemDelegate):
    """Draws the `Chip` that a model returns for `CHIP_ROLE`."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        chip: Any = index.data(CHIP_ROLE)
        if not isinstance(chip, Chip):
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        plain = QStyleOptionViewItem(option)
        plain.text = ""  # type: ignore[attr-defined]
        widget: QWidget = option.widget  # type: ignore[attr-defined]
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        paint_chip_in_cell(painter, plain, chip)
