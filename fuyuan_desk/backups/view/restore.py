"""The restore wizard: choose a backup, open it, check its contents, choose the target, done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.backups.view.backup import Lines
from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Fact, Facts, label
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.steps import Steps, step_page
from fuyuan_desk.widgets.theme import show_if

CHOOSE, WHO, CHECK, WHERE, DONE = range(5)
TWO, CODE, LOST = "two", "code", "lost"
BESIDE, IN_PLACE = "beside", "in_place"
_WIDTH = 860
_FIELDS = {
    TWO: ("login", "password", "second_login", "second_password"),
    CODE: ("login", "password", "code"),
    LOST: ("code", "witness", "lost_login", "new_password", "again"),
}


@dataclass(frozen=True)
class Choice:
    """A backup in the list of the first step."""

    taken: str
    place: str
    size: str
    holds: str
    chip: Chip


class _Pages(QStackedWidget):
    """Pages sized by the current step, not by the tallest one."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _place: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        return self.currentWidget().minimumSizeHint() if self.count() else QSize()


def _scrolled(pages: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(pages)
    for surface in (area.viewport(), pages):  # let the card's white background show through
        surface.setAutoFillBackground(False)
    return area


class RestoreView(QWidget):
    """Shows one step at a time; the controller decides when to show the next one; `left`: the user cancelled."""

    next_requested = Signal()
    back_requested = Signal()
    folder_requested = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()
        self._step = CHOOSE
        self.banner = Banner()
        self.progress = ProgressPanel()
        self.backups = Lines(
            _("Backups"), [_("Created"), _("Where"), _("State"), _("Size"), _("Contents")], 4
        )
        self.backups.setMinimumHeight(220)
        self.nothing = label("", "muted", wrap=True)
        self.who = self._who_form()
        self.where = self._where_form()
        self.facts = Facts()
        self.faults = label("", "error", wrap=True)
        self.done_title = label("", "section", wrap=True)
        self.done_text = label("", "muted", wrap=True, selectable=True)
        self._build()

    def _who_form(self) -> Form:
        form = Form(
            [
                Field("way", _("Who op&ens it"), "choice", required=True, span=2, choices=[
                    (TWO, _("Two operators, one of them an administrator or the secretary")),
                    (CODE, _("One operator and the recovery code")),
                    (LOST, _("All passwords are lost: the recovery code and a witness")),
                ]),
                Field("login", _("Your operator &name"), required=True),
                Field("password", _("Your &password"), "password", required=True),
                Field("second_login", _("Operator name of the &second person"), required=True),
                Field("second_password", _("Second person's pass&word"), "password", required=True,
                      hint=_("To be typed by that person.")),
                Field("code", _("Recovery co&de"), required=True, span=2,
                      hint=_("28 letters and digits from the printed sheet; dashes and spaces do not matter.")),
                Field("witness", _("Name of the w&itness"), required=True,
                      hint=_("A committee member who is present now; recorded in the audit log.")),
                Field("lost_login", _("Ad&ministrator who gets a new password"), required=True),
                Field("new_password", _("Ne&w password"), "password", required=True),
                Field("again", _("Repeat the p&assword"), "password", required=True),
            ],
            columns=2,
        )  # fmt: skip
        form.set_values({"way": TWO})
        form.changed.connect(self._show_method)
        return form

    def _where_form(self) -> Form:
        form = Form(
            [
                Field("where", _("&Where to"), "choice", required=True, choices=[
                    (BESIDE, _("To a new folder; the current office stays unchanged")),
                    (IN_PLACE, _("Replace the current office, which is kept in another folder")),
                ]),
                Field("folder", _("New &folder"), required=True,
                      hint=_("Must not exist yet; nothing is ever overwritten.")),
            ]
        )  # fmt: skip
        form.changed.connect(self._show_where)
        return form

    def _build(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        card.setMinimumWidth(560)
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(10)

        self.steps = Steps([_("Which"), _("Who"), _("Check contents"), _("Where to"), _("Done")])
        column.addWidget(self.steps)
        column.addWidget(self.banner)
        self._pages = _Pages()
        for page in (self._choose(), self._who(), self._hold(), self._to(), self._done()):
            self._pages.addWidget(page)
        column.addWidget(_scrolled(self._pages), 1)
        column.addWidget(self.progress)
        self.leave = button(_("Cancel"), self.left.emit, role="link", shortcut="Esc")
        self.back = button(_("&Back"), self.back_requested.emit)
        self.next = button(_("&Continue"), self.next_requested.emit, role="primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column.addLayout(row)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(1)
        outer.addWidget(card, 20)
        outer.addStretch(1)
        for form in (self.who, self.where):
            form.submitted.connect(lambda _values: self.next_requested.emit())
        self.backups.opened.connect(lambda _row: self.next_requested.emit())
        self.backups.chosen.connect(lambda _row: self._enable())

    def _choose(self) -> QWidget:
        page, column = step_page(
            _("Which backup?"),
            _("Existing data is not changed: the backup is opened, checked and copied beside it."),
        )
        column.addWidget(self.nothing)
        column.addWidget(self.backups, 1)
        self.other = button(_("Choose another &folder …"), self.folder_requested.emit, picture="folder")
        row = QHBoxLayout()
        row.addWidget(self.other)
        row.addStretch(1)
        column.addLayout(row)
        return page

    def _who(self) -> QWidget:
        page, column = step_page(
            _("Two people must open it"),
            _(
                "A backup contains all personal data, so two people must agree, with their passwords "
                "from the day it was made."
            ),
        )
        column.addWidget(self.who)
        column.addStretch(1)
        return page

    def _hold(self) -> QWidget:
        page, column = step_page(
            _("The backup is intact. Contents:"), _("Every file was read and every hash verified.")
        )
        column.addWidget(self.facts)
        column.addWidget(self.faults)
        column.addStretch(1)
        return page

    def _to(self) -> QWidget:
        page, column = step_page(
            _("Where should it be restored?"),
            _("Whichever you choose, the current office is not lost."),
        )
        column.addWidget(self.where)
        self.aside = label("", "hint", wrap=True)
        column.addWidget(self.aside)
        column.addStretch(1)
        return page

    def _done(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.done_title)
        column.addWidget(self.done_text)
        column.addStretch(1)
        return page

    # --- display

    @property
    def step(self) -> int:
        """The step shown, CHOOSE to DONE."""
        return self._step

    def show_step(self, step: int) -> None:
        """Show a step and focus its first input."""
        self._step = step
        self._pages.setCurrentIndex(step)
        self.steps.set_current(step)
        self.banner.clear()
        self.back.setVisible(step not in (CHOOSE, DONE))
        self.leave.setVisible(step != DONE)
        self.next.setText(
            {WHO: _("&Open and check"), WHERE: _("&Restore"), DONE: _("&Sign in there")}.get(
                step, _("&Continue")
            )
        )
        self._show_method()
        self._show_where()
        self._enable()
        if step == WHO:
            self.who.editor(_FIELDS[self.method][0]).inner()[0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif step == WHERE:
            self.where.focus_first()
        elif step == CHOOSE:
            (self.backups if self._choices else self.other).setFocus()
        else:
            self.next.setFocus()

    def show_backups(self, choices: Sequence[Choice], chosen: int, nothing: str = "") -> None:
        """List the backups and select row `chosen`, -1 for none."""
        self._choices = choices
        lines = [(one.taken, one.place, one.chip, one.size, one.holds) for one in choices]
        self.backups.show_lines(lines, chosen if choices else -1)
        self.backups.setVisible(bool(choices))
        self.nothing.setText(nothing)
        show_if(self.nothing, not choices)
        self._enable()
        if self._step == CHOOSE:
            (self.backups if choices else self.other).setFocus()

    @property
    def chosen(self) -> int:
        """The row number of the chosen backup, -1 for none."""
        return self.backups.currentRow() if self._choices else -1

    @property
    def method(self) -> str:
        """The method of opening the backup: TWO, CODE or LOST."""
        return self.who.editor("way").value() or TWO

    @property
    def is_in_place(self) -> bool:
        """Whether the restored office replaces the current one."""
        return self.where.editor("where").value() == IN_PLACE

    def show_preview(self, facts: Sequence[tuple[str, str]], faults: Sequence[str]) -> None:
        """Show the contents of a backup."""
        self.facts.set_rows([Fact(name, value) for name, value in facts])
        self.faults.setText("\n".join(faults))
        show_if(self.faults, bool(faults))

    def show_targets(self, folder: str, has_present: bool, aside: str) -> None:
        """Offer the targets; `aside` says where the current office would be kept."""
        self._aside = aside
        self.where.set_values({"where": BESIDE, "folder": folder})
        self.where.show_field("where", has_present)
        self._show_where()

    def show_done(self, title: str, text: str) -> None:
        """Show the final step with the result."""
        self.done_title.setText(title)
        self.done_text.setText(text)
        self.show_step(DONE)

    def set_busy(self, busy: bool) -> None:
        """Disable the buttons while work is running."""
        self._pages.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.leave.setEnabled(not busy)
        self.next.setEnabled(not busy)
        if not busy:
            self._enable()

    def _enable(self) -> None:
        usable = 0 <= self.chosen < len(self._choices) and self._choices[self.chosen].chip.tone != "error"
        self.next.setEnabled(self._step != CHOOSE or usable)

    def _show_method(self) -> None:
        shown = _FIELDS[self.method]
        for name in {name for names in _FIELDS.values() for name in names}:
            self.who.show_field(name, name in shown)

    _aside = ""

    def _show_where(self) -> None:
        self.where.show_field("folder", not self.is_in_place)
        self.aside.setText(self._aside if self.is_in_place else "")

    def focus_secret(self) -> None:
        """Focus the secret and select its text to be typed again."""
        secret = self.who.editor("code" if self.method == LOST else "password").inner()[0]
        secret.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(secret, QLineEdit):
            secret.selectAll()

    def method_fields(self) -> tuple[str, ...]:
        """Return the field names of the chosen method."""
        return _FIELDS[self.method]
