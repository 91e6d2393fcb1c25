"""What follows from a plan of rounds, above its form while it is typed."""

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import PlanPreview
from fuyuan_desk.widgets import labels

_BETWEEN = 2  # pixels
_LEAST_HEIGHT = 40
"""Height in pixels of the preview in sight; in a low window the rest is scrolled, so that the buttons stay."""


class PlanPreviewView(QScrollArea):
    """Shows the rule of a plan in a sentence, and below what it means: objects, rounds in a year, the next days."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.sentence = labels.label("", "strong", wrap=True, selectable=True)
        self.detail = labels.label("", "hint", wrap=True, selectable=True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BETWEEN)
        column.addWidget(self.sentence)
        column.addWidget(self.detail)
        self.setWidget(inner)
        for part in (inner, self.viewport()):
            part.setAutoFillBackground(False)  # the card below is seen

    def sizeHint(self) -> QSize:
        # of the labels themselves: their layout learns of another text only later; as narrow as beside a scroll bar,
        # which would else stay where it stood once
        width = self.width() - self.verticalScrollBar().sizeHint().width()
        shown = [part for part in (self.sentence, self.detail) if not part.isHidden()]
        needed = sum(part.heightForWidth(width) + _BETWEEN for part in shown)
        return QSize(self.width(), max(_LEAST_HEIGHT, needed))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def show_preview(self, found: PlanPreview) -> None:
        """Show what follows from a plan without faults."""
        self.sentence.setText(found.sentence)
        self.sentence.show()
        days = _(", ").join(f"{day:%m-%d}" for day in found.days)
        lines = [
            _objects(found),
            _("Next days: {days}").format(days=days) if days else _("No round within a year."),
            *_without(found),
            _unchecked(found.unchecked),
            _unsettled(found.unsettled_year),
        ]
        self.detail.setText("\n".join(filter(None, lines)))
        self.updateGeometry()

    def show_missing(self, message: str) -> None:
        """Say why nothing follows yet."""
        self.sentence.setText("")
        self.sentence.hide()
        self.detail.setText(message)
        self.updateGeometry()


def _objects(found: PlanPreview) -> str:
    if found.objects is None:
        return _("Which renovations are under way is known once the plan is saved.")
    if found.objects == 0:
        return _("Nothing fits this rule yet; rounds follow once something does.")
    text = numbered(found.objects, N_("{n} object"), N_("{n} objects"))
    names = _(", ").join(found.names) + (" …" if found.objects > len(found.names) else "")
    parts = [_("{objects}: {names}").format(objects=text, names=names)]
    if found.a_year:
        parts.append(numbered(found.a_year, N_("{n} round in a year"), N_("{n} rounds in a year")))
    return _("; ").join(parts)


def _without(found: PlanPreview) -> Iterator[str]:
    """Yield how many facilities get no round, and why."""
    if found.undated:
        yield numbered(
            found.undated,
            N_("{n} of them has no day of its next check: it gets a round once that is entered."),
            N_("{n} of them have no day of their next check: they get a round once that is entered."),
        )
    if found.beyond:
        yield numbered(
            found.beyond,
            N_(
                "{n} of them gets no round: its check is not due within a year, or after the last day of the plan."
            ),
            N_(
                "{n} of them get no round: their checks are not due within a year, or after the last day of the plan."
            ),
        )


def _unsettled(year: int | None) -> str:
    if year is None:
        return ""
    return _("The holidays of {year} are not published yet: days in it may move.").format(year=year)


def _unchecked(count: int) -> str:
    if not count:
        return ""
    return numbered(
        count,
        N_("{n} day is not checked against holidays, which are not known so far."),
        N_("{n} days are not checked against holidays, which are not known so far."),
    )
