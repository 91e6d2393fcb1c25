"""The open cases of a home, said when the home is chosen for a filing, with a link to each."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.renovation.facts import OpenCase
from fuyuan_desk.renovation.view.words import period_text
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import label


class OpenCases(QWidget):
    """Says that a home has open cases; `chosen` asks to open one. Hidden while there is none."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.note = label("", "doubt", wrap=True)
        self.links: dict[int, QWidget] = {}
        self._periods: list[QWidget] = []
        self._links = QVBoxLayout()
        self._links.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.note)
        column.addLayout(self._links)
        self.hide()

    def show_cases(self, cases: Sequence[OpenCase]) -> None:
        """Show these cases."""
        for part in (*self.links.values(), *self._periods):
            part.hide()
            part.deleteLater()
        self.links, self._periods = {}, []
        for case in cases:
            link = button(
                _("Open {number}").format(number=case.number), partial(self.chosen.emit, case.id), role="link"
            )
            # beside the number the period would make the column wider, and so move the form below it
            period = label(period_text(case.starts_on, case.ends_on), "hint", wrap=True)
            link.setAccessibleDescription(period.text())
            self.links[case.id] = link
            self._periods.append(period)
            self._links.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self._links.addWidget(period)
        self.note.setText(
            numbered(
                len(cases),
                N_("This home has {n} open case. Go on with it, or choose a period outside it."),
                N_("This home has {n} open cases. Go on with one, or choose a period outside them."),
            )
            if cases
            else ""
        )
        self.setVisible(bool(cases))
