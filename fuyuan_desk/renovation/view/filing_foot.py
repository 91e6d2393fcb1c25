"""The foot of the filing page, always in sight: what the law says in one line, and the buttons that save."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import ScopeJudgement, WorkView
from fuyuan_desk.renovation.rules.works import Due, Verdict
from fuyuan_desk.renovation.rules.works import label as label_of
from fuyuan_desk.renovation.view.words import verdict_chip
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_ONE_LINE = 640
"""Width in pixels, at normal text size, below which the summary stands above the buttons."""


def counts_text(works: Sequence[WorkView]) -> str:
    """Count the works by verdict, the worst first: “Prohibited: 2 · Allowed: 3”."""
    counted = ((verdict, sum(work.verdict is verdict for work in works)) for verdict in reversed(Verdict))
    text = _("{verdict}: {n}")
    return " · ".join(text.format(verdict=label_of(verdict), n=count) for verdict, count in counted if count)


def summary_text(judged: ScopeJudgement, received: Collection[str]) -> str:
    """Return the line at the foot: the works by verdict, and the documents received of those needed to start."""
    needed = [paper.document for paper in judged.documents if paper.due is Due.START]
    parts = [counts_text(judged.works)]
    if judged.works and needed:
        count = sum(paper in received for paper in needed)
        text = _("Documents to start: {received} of {n}") if count else _("Documents to start: none of {n}")
        parts.append(text.format(received=count, n=len(needed)))
    return " · ".join(filter(None, parts))


class Summary(QLabel):
    """A line of text that takes the focus; a click, Enter or Space on it asks to show what it sums up."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "summary")
        self.setToolTip(_("Show the work with the worst verdict"))

    def show_text(self, text: str, can_lead: bool) -> None:
        """Show a text; with `can_lead` it can be pressed."""
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can_lead else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_lead else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class FilingFoot(QFrame):
    """The summary and the two buttons, in one line or, where it is narrow, the summary above.

    `saved(with_print)` and `led`: the summary was pressed.
    """

    saved = Signal(bool)
    led = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._chip: Chip | None = None
        self.chip = ChipLabel()
        self.summary = Summary()
        self.summary.pressed.connect(self.led)
        self.save_button = button(_("Save &only"), lambda: self.saved.emit(False))
        self.print_button = button(
            _("&Save and print"), lambda: self.saved.emit(True), role="primary", picture="print"
        )
        self.print_button.setToolTip("Ctrl+S")
        self._said = QWidget()
        said = QHBoxLayout(self._said)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(8)
        said.addWidget(self.chip)
        said.addWidget(self.summary, 1)
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.setSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self.save_button)
        acts.addWidget(self.print_button)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 6, 8, 6)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._is_narrow: bool | None = None
        self._arrange(True)
        self.show_text("")

    @property
    def is_narrow(self) -> bool:
        """Whether the summary stands above the buttons."""
        return bool(self._is_narrow)

    def show_text(self, text: str) -> None:
        """Show a hint in place of a judgement."""
        self._chip = None
        self._show_chip()
        self.summary.show_text(text, False)

    def show_judgement(self, judged: ScopeJudgement, received: Collection[str]) -> None:
        """Show the verdict of a scope, and what it consists of."""
        self._chip = verdict_chip(judged.verdict)
        self._show_chip()
        self.summary.show_text(summary_text(judged, received), True)

    def _show_chip(self) -> None:
        # where it is narrow the line has no room for what it says anyway
        self.chip.set_chip(None if self._is_narrow else self._chip)

    def set_busy(self, on: bool) -> None:
        """Disable the buttons while a save is running."""
        self.save_button.setDisabled(on)
        self.print_button.setDisabled(on)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the buttons, which need more than the wrapping summary."""
        margins = self._grid.contentsMargins()
        width = self._acts.minimumSizeHint().width() + margins.left() + margins.right()
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() < _ONE_LINE * text_px() // TEXT_PX)

    def _arrange(self, is_narrow: bool) -> None:
        if is_narrow is self._is_narrow:
            return
        self._is_narrow = is_narrow
        self._show_chip()
        for part in (self._said, self._acts):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._said, 0, 0)
        self._grid.addWidget(self._acts, int(is_narrow), int(not is_narrow))
        self._grid.setColumnStretch(0, 1)
