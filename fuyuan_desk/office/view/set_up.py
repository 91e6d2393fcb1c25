"""The first-run wizard: choice of office, its data, first operator, folder, recovery code."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.texts import _
from fuyuan_desk.formats.phones import phone_fault
from fuyuan_desk.office.rules import password_scope_text
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import label
from fuyuan_desk.widgets.room import Stack
from fuyuan_desk.widgets.steps import Steps, step_page

START, OFFICE, OPERATOR, FOLDER, CODE = range(5)
_WIDTH = 680


def _centred(card: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(24, 24, 24, 24)
    row = QHBoxLayout()  # an alignment would give the card the height of its texts before they are wrapped
    row.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    column.addStretch(1)
    column.addLayout(row)
    column.addStretch(2)
    return column


def _card(width: int = _WIDTH) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    card.setFixedWidth(width)
    column = QVBoxLayout(card)
    column.setContentsMargins(40, 32, 40, 32)
    column.setSpacing(12)
    return card, column


class SetUpView(QWidget):
    """Shows one step at a time; the first page also offers the sample, another office and restoring."""

    next_requested = Signal()
    back_requested = Signal()
    print_requested = Signal()
    sample_requested = Signal()
    other_office_requested = Signal()
    restore_requested = Signal()
    language_chosen = Signal(str)
    left = Signal()

    def __init__(
        self,
        languages: Sequence[tuple[str, str]],
        language: str,
        streets: Sequence[str],
        folders: Sequence[tuple[str, str]],
        can_leave: bool,
    ) -> None:
        """Take the languages by code and name, and the folders to offer by caption: one is filled in, of more none."""
        super().__init__()
        self.office = Form(
            [
                Field("district", _("&District"), required=True),
                Field("street", _("&Street"), "suggest", choices=[(name, name) for name in streets]),
                Field("name", _("&Residents' committee"), required=True,
                      placeholder=_("for example: Ruijin Residents' Committee"), span=2),
                Field("phone", _("Office &telephone"), check=phone_fault, span=2,
                      hint=_("Printed on papers; optional.")),
            ],
            columns=2,
        )  # fmt: skip
        self.operator = Form(
            [
                Field("login", _("&Operator name for signing in"), required=True),
                Field("name", _("Your &name"), required=True, hint=_("Printed on your papers.")),
                Field("password", _("&Password"), "password", required=True),
                Field("again", _("Repeat the p&assword"), "password", required=True),
            ],
            columns=2,
        )
        self.place = Form(
            [Field("folder", _("&Folder"), "folder", required=True,
                   hint=_("A local disk is best. Everything in it is encrypted."))]
        )  # fmt: skip
        self.folders: list[QPushButton] = []
        if len(folders) == 1:
            self._choose(folders[0][1])
        else:
            self.folders = [button(caption, partial(self._choose, folder)) for caption, folder in folders]
        self.code = label("", "title", selectable=True)
        self.written = QCheckBox(
            _("I have printed the code or &written it down, and stored it in a safe place")
        )
        self.banner = Banner()
        self._build(languages, language, can_leave)

    def _build(self, languages: Sequence[tuple[str, str]], language: str, can_leave: bool) -> None:
        card, column = _card()
        self.steps = Steps([_("Welcome"), _("Office"), _("Operator"), _("Folder"), _("Recovery code")])
        column.addWidget(self.steps)
        column.addSpacing(8)
        column.addWidget(self.banner)
        self._pages = Stack()
        for page in (
            self._start(languages, language, can_leave),
            self._office(),
            self._operator(),
            self._folder(),
            self._code(),
        ):
            self._pages.addWidget(page)
        column.addWidget(self._pages)
        self.back = button(_("&Back"), self.back_requested.emit)
        self.next = button(_("&Continue"), self.next_requested.emit, role="primary")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column.addLayout(row)
        self.setLayout(_centred(card))
        for form in (self.office, self.operator, self.place):
            form.submitted.connect(lambda _values: self.next_requested.emit())
        self.written.toggled.connect(self.next.setEnabled)
        self.show_step(START)

    def _start(self, languages: Sequence[tuple[str, str]], language: str, can_leave: bool) -> QWidget:
        page, column = step_page(
            _("Welcome to Fuyuan Desk"),
            _("Estates, renovations and inspections of your residents' committee – on this PC, encrypted, "
              "without the Internet. Setting up takes about two minutes."),
        )  # fmt: skip
        chosen = DropDown()
        for code, name in languages:
            chosen.addItem(name, code)
        chosen.setCurrentIndex(chosen.findData(language))
        chosen.activated.connect(lambda index: self.language_chosen.emit(chosen.itemData(index)))
        chosen.setAccessibleName("语言 Language")
        row = QHBoxLayout()
        row.addWidget(QLabel("语言 Language"))
        row.addWidget(chosen)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
        self.begin = button(_("Set up &my office"), self.next_requested.emit, role="primary")
        self.look = button(_("Explore the &sample office"), self.sample_requested.emit)
        self.other = button(_("Open &an existing office …"), self.other_office_requested.emit)
        self.restore = button(_("&Restore a backup …"), self.restore_requested.emit)
        buttons = [self.begin, self.look, self.other, self.restore]
        if can_leave:
            buttons.append(button(_("&Back to signing in"), self.left.emit, role="link"))
        for choice in buttons:
            choice.setMinimumHeight(44)
            column.addWidget(choice)
        column.addStretch(1)
        return page

    def _office(self) -> QWidget:
        page, column = step_page(_("Your office"), _("The name is printed at the top of every paper."))
        column.addWidget(self.office)
        column.addStretch(1)
        return page

    def _operator(self) -> QWidget:
        page, column = step_page(
            _("The first operator"),
            _("Becomes the administrator and can add colleagues later. "
              "The password decrypts the office; it cannot be recovered."),
        )  # fmt: skip
        column.addWidget(self.operator)
        column.addWidget(label(password_scope_text(), "hint", wrap=True))
        column.addStretch(1)
        return page

    def _folder(self) -> QWidget:
        page, column = step_page(
            _("Folder of the office's data"),
            _(
                "This is a portable copy. Data beside the program goes with the USB drive: whoever has the drive and a"
                " password has everything, and if it is lost, only a backup on another disk is left."
            )
            if self.folders
            else _("The default folder suits almost everyone. Choose another one only if instructed to."),
        )
        if self.folders:
            row = QHBoxLayout()
            for choice in self.folders:
                row.addWidget(choice)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.place)
        column.addStretch(1)
        return page

    def _code(self) -> QWidget:
        page, column = step_page(
            _("The recovery code"),
            _("If all passwords are forgotten, only this code opens the office. Print it, put it in an "
              "envelope and lock it away. It is shown only once."),
        )  # fmt: skip
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.code)
        row = QHBoxLayout()
        row.addStretch(1)
        self.print_code = button(_("&Print the code …"), self.print_requested.emit)
        row.addWidget(self.print_code)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(self.written)
        column.addStretch(1)
        return page

    def _choose(self, folder: str) -> None:
        self.place.set_values({"folder": folder})

    @property
    def step(self) -> int:
        """The step shown, START to CODE."""
        return self._pages.currentIndex()

    def show_step(self, step: int) -> None:
        """Show a step and focus its first input."""
        self._pages.setCurrentIndex(step)
        self.steps.set_current(step)
        self.banner.clear()
        self.back.setVisible(step != START)
        self.next.setVisible(step != START)
        self.next.setText(_("&Set up the office") if step == CODE else _("&Continue"))
        self.next.setEnabled(step != CODE or self.written.isChecked())
        form = {OFFICE: self.office, OPERATOR: self.operator, FOLDER: self.place}.get(step)
        if step == FOLDER and self.folders and not self.place.values()["folder"]:
            self.folders[0].setFocus()  # to be decided, not passed over
        elif form is not None:
            form.focus_first()
        elif step == CODE:
            self.print_code.setFocus()
        else:
            self.begin.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Disable the input while the folder is looked at, or the office is being created, which takes seconds."""
        self.setEnabled(not busy)
        if self.step == CODE:
            self.next.setText(_("Setting up …") if busy else _("&Set up the office"))


class RecoveryView(QWidget):
    """Asks for the recovery code and a new password."""

    submitted = Signal(dict)
    left = Signal()

    def __init__(self, login: str) -> None:
        super().__init__()
        self.form = Form(
            [
                Field("code", _("&Recovery code"), required=True, span=2,
                      hint=_("28 letters and digits from the printed sheet; dashes and spaces do not matter.")),
                Field("login", _("&Operator name"), required=True, span=2),
                Field("password", _("&New password"), "password", required=True),
                Field("again", _("Repeat the p&assword"), "password", required=True),
            ],
            columns=2,
        )  # fmt: skip
        self.form.set_values({"login": login})
        self.banner = Banner()
        card, column = _card()
        column.addWidget(label(_("Open the office with the recovery code"), "title"))
        column.addWidget(
            label(_("The operator named here gets a new password; nothing else changes."), "muted", wrap=True)
        )
        column.addWidget(self.banner)
        column.addWidget(self.form)
        column.addWidget(label(password_scope_text(), "hint", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("&Back"), self.left.emit))
        row.addWidget(button(_("&Open the office"), self.form.submit, role="primary"))
        column.addLayout(row)
        self.setLayout(_centred(card))
        self.form.submitted.connect(self.submitted)
        self.form.focus_first()


class WaitingView(QWidget):
    """A page shown while something is being prepared."""

    left = Signal()

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self.banner = Banner()
        card, column = _card(520)
        column.addWidget(label(title, "section"))
        self.about = label(about, "muted", wrap=True)
        column.addWidget(self.about)
        column.addWidget(self.banner)
        self.back = button(_("&Back"), self.left.emit)
        self.back.hide()
        column.addWidget(self.back, alignment=Qt.AlignmentFlag.AlignRight)
        self.setLayout(_centred(card))
