"""The last screen of the roster import: the result and the next steps."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.roster.reading.rows import Problem
from fuyuan_desk.roster.view.check import Figures, step_names
from fuyuan_desk.roster.view.problems import ProblemsView
from fuyuan_desk.roster.view.words import left_out_sentence
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.picture import Picture
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.steps import Steps

_LINKS = 3


class ImportDoneView(QWidget):
    """Shows counts and links to the estates; offers to show the rejected rows and to undo the import."""

    estate_requested = Signal(str)
    estates_requested = Signal()
    rest_requested = Signal()
    undo_requested = Signal()
    next_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.header = PageHeader("")
        self.steps = Steps(step_names())
        self.steps.set_current(2)
        self.banner = Banner()
        self.figures = Figures(
            [
                ("buildings", _("buildings")),
                ("units", _("homes and other units")),
                ("households", _("households")),
                ("changes", _("changed")),
                ("duplicates", _("duplicates")),
                ("rejected", _("faulty rows")),
            ]
        )
        self.links = QHBoxLayout()
        self.links.setSpacing(8)
        self.rest = label("", wrap=True)
        self.rest_button = button("", self.rest_requested.emit, picture="list")
        self._rest_card = Card()
        self.problems = ProblemsView()
        self.next_button = button(_("Import &another roster"), self.next_requested.emit, picture="import")
        self.undo_button = button(_("Undo &this import …"), self.undo_requested.emit, picture="undo")
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(16)
        picture = Picture()
        picture.show_icon("ok", 40, "ok")
        row.addWidget(picture)
        row.addWidget(self.figures)
        row.addStretch(1)
        row.addLayout(self.links)
        card.body.addLayout(row)
        rest = QHBoxLayout()
        rest.setSpacing(16)
        rest.addWidget(self.rest, 1)
        rest.addWidget(self.rest_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._rest_card.body.addLayout(rest)
        head = QHBoxLayout()
        head.addWidget(self.header, 1)
        head.addWidget(self.steps, 0, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.next_button)
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        inner = QWidget()
        column = page_column(inner)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(card)
        column.addWidget(self._rest_card)
        self.problems.setMinimumHeight(200)
        column.addWidget(self.problems, 1)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))

    def show_result(
        self,
        file_name: str,
        figures: dict[str, int],
        estates: Sequence[str],
        problems: Sequence[Problem],
    ) -> None:
        """Show the result of an import; the rows not imported are the figures' duplicates and rejected ones."""
        self.banner.clear()
        self.header.set_texts(_("Imported"), file_name)
        self.figures.show_figures(figures)
        while self.links.count():
            old = self.links.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        for number, name in enumerate(estates[:_LINKS]):
            title = _("Open {name}").format(name=name)
            role = "primary" if number == 0 else ""
            made = button(title, role=role)
            made.clicked.connect(lambda checked, name=name: self.estate_requested.emit(name))
            self.links.addWidget(made)
        if len(estates) > _LINKS:
            title = _("All {n} estates").format(n=f"{len(estates):,}")
            self.links.addWidget(button(title, self.estates_requested.emit, role="link"))
        self._show_rest(figures["duplicates"], figures["rejected"])
        self.undo_button.setEnabled(True)
        self.problems.show_problems(problems)

    def _show_rest(self, duplicates: int, rejected: int) -> None:
        left_out = duplicates + rejected
        self._rest_card.setVisible(left_out > 0)
        what_to_do = numbered(
            left_out,
            N_(
                "It is kept with its reason: show and correct it here, or in the roster and import that again."
            ),
            N_(
                "They are kept with their reasons: show and correct them here, or in the roster and import that again."
            ),
        )
        self.rest.setText(
            _("{sentence} {more}").format(sentence=left_out_sentence(duplicates, rejected), more=what_to_do)
        )
        self.rest_button.setText(numbered(left_out, N_("&Show the {n} row"), N_("&Show the {n} rows")))

    def first_button(self) -> QWidget | None:
        """Return the button of the first estate."""
        return self.links.itemAt(0).widget() if self.links.count() else None
