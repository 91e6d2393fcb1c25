"""Controllers of the first run, the recovery and the sample office."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import LANGUAGES, _, language
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.passwords import rate_password
from fuyuan_desk.office.view import set_up as view
from fuyuan_desk.widgets.work import Worker

if TYPE_CHECKING:
    from fuyuan_desk.access.seat import Seat

FIRST_LOGIN = "admin"


def _shipped_streets() -> dict[str, Any]:
    data: dict[str, Any] = paths.read_json("office", "streets.json")
    return data


def _new_code() -> str:
    from fuyuan_desk.store.keys.keyring import new_recovery_code

    return new_recovery_code()


def _usable_folder(folder: Path) -> bool:
    """Refuse a folder in which no office can be set up; return whether it lies on another computer."""
    from fuyuan_desk.store.db.disks import is_network_disk
    from fuyuan_desk.store.entry import check_new_folder

    check_new_folder(folder)
    return is_network_disk(folder)


def _shared_text() -> str:
    return _(
        "This folder is on another computer. The office then opens only while that computer and the network are on."
        " Choose a folder on this PC, or press “Next” again to use this one."
    )


def _make(folder: Path, settings: OfficeSettings, login: str, name: str, password: str, code: str) -> "Seat":
    from fuyuan_desk.office.service.set_up import set_up_office

    return set_up_office(folder, settings, login, name, password, code)


def _recover_office(folder: Path, code: str, login: str, password: str) -> "Seat":
    from fuyuan_desk.office.service.sign_in import recover

    return recover(folder, code, login, password)


def _folders(portable: Path | None) -> list[tuple[str, str]]:
    """Return the folders to offer for the office's data, by caption: a portable copy leaves the choice to the clerk."""
    here = [] if portable is None else [(_("On this &drive, beside the program"), str(portable / "office"))]
    return [*here, (_("On this &PC"), str(paths.default_store()))]


class SetUpController(QObject):
    """Runs the set-up of a new office; `signed_in` carries its seat."""

    signed_in = Signal(object)
    sample_requested = Signal()
    other_office_requested = Signal()
    language_chosen = Signal(str)
    left = Signal()

    def __init__(self, worker: Worker, preferences: Preferences) -> None:
        super().__init__()
        self._worker = worker
        self._shared_folder = ""
        shipped = _shipped_streets()
        self.view = view.SetUpView(
            list(LANGUAGES.items()),
            language(),
            [street["name"] for street in shipped["streets"]],
            _folders(paths.portable_folder()),
            can_leave=bool(preferences.store),
        )
        self.view.office.set_values({"district": shipped["district"]})
        self.view.operator.set_values({"login": FIRST_LOGIN})
        rate_password(self.view.operator, self._words)
        self.view.next_requested.connect(self._next)
        self.view.back_requested.connect(lambda: self.view.show_step(self.view.step - 1))
        self.view.print_requested.connect(self._print_code)
        for name in ("sample_requested", "other_office_requested", "language_chosen", "left"):
            getattr(self.view, name).connect(getattr(self, name))

    def _next(self) -> None:
        steps = {
            view.START: lambda: self.view.show_step(view.OFFICE),
            view.OFFICE: self._leave_office,
            view.OPERATOR: self._leave_operator,
            view.FOLDER: self._leave_folder,
            view.CODE: self._finish,
        }
        steps[self.view.step]()

    def _settings(self) -> OfficeSettings:
        typed = self.view.office.values()
        return OfficeSettings(
            typed["name"].strip(), typed["street"].strip(), typed["district"].strip(), typed["phone"].strip()
        )

    def _words(self) -> tuple[str, str, str]:
        """Return login, office and name, none of which may be the password."""
        operator = self.view.operator
        login, name = (str(operator.editor(field).raw()) for field in ("login", "name"))
        return login, self._settings().name, name

    def _leave_office(self) -> None:
        if self.view.office.read() is None:
            return
        if not self.view.office.show_errors(rules.settings_faults(self._settings())):
            self.view.show_step(view.OPERATOR)

    def _leave_operator(self) -> None:
        typed = self.view.operator.read()
        if typed is None:
            return
        faults = rules.operator_faults(typed["login"], typed["name"])
        faults |= rules.new_password_faults(typed["password"], typed["again"], *self._words())
        if not self.view.operator.show_errors(faults):
            self.view.show_step(view.FOLDER)

    def _leave_folder(self) -> None:
        typed = self.view.place.read()
        if typed is None:
            return
        self._busy(True)
        self._worker.run(
            _usable_folder, Path(typed["folder"]), done=partial(self._take_folder, typed["folder"]),
            failed=self._refuse_folder, owner=self.view,
        )  # fmt: skip

    def _take_folder(self, folder: str, is_shared: bool) -> None:
        if is_shared and folder != self._shared_folder:  # she decides by pressing “Next” once more
            self._shared_folder = folder
            self._busy(False)
            self.view.place.show_doubt("folder", _shared_text())
            return
        self.view.place.show_doubt("folder", "")
        self._offer_code()

    def _refuse_folder(self, refusal: UserError) -> None:
        self._busy(False)
        self.view.place.show_doubt("folder", "")  # of another folder
        self.view.place.show_errors({"folder": refusal.message})

    def _offer_code(self) -> None:
        self._busy(False)
        if not self.view.code.text():
            self.view.code.setText(_new_code())
        self.view.show_step(view.CODE)

    def _print_code(self) -> None:
        from fuyuan_desk.office.sheets import recovery_sheet
        from fuyuan_desk.widgets.preview import open_preview

        operator = self.view.operator.values()
        make = partial(
            recovery_sheet, self._settings().heading, operator["login"], self.view.code.text(),
            self.view.place.values()["folder"], datetime.now(UTC).astimezone(),
        )  # fmt: skip
        self._worker.run(
            make,
            done=lambda pdf: open_preview(self.view, _("Recovery code"), pdf, can_save=False),
            failed=self.view.banner.refuse,
            owner=self.view,
        )

    def _finish(self) -> None:
        if not self.view.written.isChecked():
            return
        operator = self.view.operator.values()
        self._busy(True)
        self._worker.run(
            _make, Path(self.view.place.values()["folder"]), self._settings(), operator["login"].strip(),
            operator["name"].strip(), operator["password"], self.view.code.text(),
            done=self.signed_in.emit, failed=self._refuse, owner=self.view,
        )  # fmt: skip

    def _refuse(self, refusal: UserError) -> None:
        self._busy(False)
        self.view.banner.refuse(refusal)

    def _busy(self, busy: bool) -> None:
        self.view.set_busy(busy)


class RecoveryController(QObject):
    """Signs in with the recovery code; `signed_in` carries the seat."""

    signed_in = Signal(object)
    left = Signal()

    def __init__(self, worker: Worker, folder: Path, login: str) -> None:
        super().__init__()
        self._worker, self._folder = worker, folder
        self.view = view.RecoveryView(login)
        form = self.view.form
        rate_password(form, lambda: (str(form.editor("login").raw()), "", ""))
        self.view.submitted.connect(self._recover)
        self.view.left.connect(self.left)

    def _recover(self, typed: dict[str, Any]) -> None:
        faults = rules.new_password_faults(typed["password"], typed["again"], typed["login"])
        if self.view.form.show_errors(faults):
            return
        self.view.form.set_busy(True)
        self._worker.run(
            _recover_office, self._folder, typed["code"], typed["login"], typed["password"],
            done=self.signed_in.emit, failed=self._refuse, owner=self.view,
        )  # fmt: skip

    def _refuse(self, refusal: UserError) -> None:
        self.view.form.set_busy(False)
        if not self.view.form.show_errors(refusal.fields):
            self.view.banner.refuse(refusal)


class SampleController(QObject):
    """Builds a new sample office and signs in to it; `signed_in` carries the seat."""

    signed_in = Signal(object)
    left = Signal()

    def __init__(self, worker: Worker, build: Any) -> None:
        super().__init__()
        self._worker, self._build = worker, build
        self.view = view.WaitingView(
            _("The sample office"),
            _("Five estates with invented people are being set up; this takes some seconds. "
              "You can change everything there; it is discarded afterwards."),
        )  # fmt: skip
        self.view.left.connect(self.left)

    def start(self) -> None:
        """Start the build on the database thread."""
        self._worker.run(self._build, done=self.signed_in.emit, failed=self._refuse, owner=self.view)

    def _refuse(self, refusal: UserError) -> None:
        self.view.banner.refuse(refusal)
        self.view.back.show()
