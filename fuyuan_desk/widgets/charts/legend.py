"""The legend of a chart as buttons with their counts; those that are pressed stay bright, the others are dimmed."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.formats.charts.data import Grid, State
from fuyuan_desk.formats.charts.shapes import UNKNOWN, UNKNOWN_SIGN
from fuyuan_desk.widgets.charts.painting import ChartPainter
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.labels import label

_SWATCH = QSize(26, 16)


class Legend(QWidget):
    """Shows the states of a grid in use; `bright_changed` carries the states that stay bright, None for all."""

    bright_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "strong")
        self._entries: dict[int | None, QToolButton] = {}
        self._flow = Flow(self)
        self._flow.add(self._title)

    def show_grid(self, grid: Grid, counts: Mapping[int | None, int]) -> None:
        """Show the states that occur, in their order, how often each does; pressed ones stay pressed."""
        bright = self.bright or frozenset()
        self._title.setText(grid.title)
        for made in self._entries.values():
            self._flow.removeWidget(made)
            made.deleteLater()
        painter = ChartPainter(self.font(), self.devicePixelRatioF())
        states = [(number, state) for number, state in enumerate(grid.states)]
        every: list[tuple[int | None, State]] = [
            *states, (None, State(f"{UNKNOWN_SIGN} {grid.unknown}", UNKNOWN))
        ]  # fmt: skip
        self._entries = {
            number: self._entry(painter, number, state, counts[number], number in bright)
            for number, state in every
            if counts.get(number)
        }
        if self.bright != (bright or None):
            self.bright_changed.emit(self.bright)

    @property
    def bright(self) -> frozenset[int | None] | None:
        """The states that stay bright, None for all."""
        pressed = frozenset(number for number, made in self._entries.items() if made.isChecked())
        return pressed or None

    def release(self) -> None:
        """Press none, so that nothing is dimmed."""
        for made in self._entries.values():
            made.setChecked(False)

    def _entry(
        self, painter: ChartPainter, number: int | None, state: State, count: int, is_pressed: bool
    ) -> QToolButton:
        made = QToolButton()
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setCheckable(True)
        made.setChecked(is_pressed)
        made.setText(f"{state.label} {count:,}")
        made.setIcon(QIcon(_swatch(painter, state)))
        made.setIconSize(_SWATCH)
        homes = numbered(count, N_("{n} home"), N_("{n} homes"))
        made.setToolTip(
            _("{state}: {homes}. Press to dim the others.").format(state=state.label, homes=homes)
        )
        made.toggled.connect(lambda _on: self.bright_changed.emit(self.bright))
        self._flow.add(made)
        made.show()
        self._entries[number] = made
        return made


def _swatch(painter: ChartPainter, state: State) -> QPixmap:
    """Return the fill of a state with its pattern, as it is in the chart."""
    picture = QPixmap(_SWATCH * painter.ratio)
    picture.setDevicePixelRatio(painter.ratio)
    picture.fill(Qt.GlobalColor.transparent)
    pen = QPainter(picture)
    brush, edge = painter.fill(state.look)
    line = QPen(edge)
    line.setStyle(Qt.PenStyle.DashLine if state.look == UNKNOWN else Qt.PenStyle.SolidLine)
    pen.setPen(line)
    pen.setBrush(brush)
    pen.drawRect(QRect(1, 1, _SWATCH.width() - 3, _SWATCH.height() - 3))
    pen.end()
    return picture
