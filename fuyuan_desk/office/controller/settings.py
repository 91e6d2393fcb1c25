"""Controller of the settings page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.preferences import Preferences
from fuyuan_desk.core.texts import LANGUAGES, _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.office_key import OfficeKeyController
from fuyuan_desk.office.controller.operators import EstatesOf, OperatorsController
from fuyuan_desk.office.controller.passwords import rate_password
from fuyuan_desk.office.service.office_key import Reason
from fuyuan_desk.office.service.operators import change_password, renew_recovery_code
from fuyuan_desk.office.service.settings import (
    Street,
    change_calendar,
    change_settings,
    change_streets,
    check_office,
    list_streets,
    read_calendar_text,
    read_settings,
)
from fuyuan_desk.office.view.settings import CALENDAR, LISTS, STREETS, PageGroups, SettingsView
from fuyuan_desk.store.check import Finding
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import ask, confirm
from fuyuan_desk.widgets.work import UiProgress

FindingsOf = Callable[[Seat], tuple[Finding, ...]]


def _no_findings(_seat: Seat) -> tuple[Finding, ...]:
    return ()


class SettingsController(QObject):
    """Edits the settings of the office, its operators and this PC.

    `pages_hidden(names)` carries the pages that the navigation of this PC is to hide, which an administrator
    chooses; `tab_changed` is emitted when another tab is in front, `key_changed` when a new key of the office calls for
    a backup.
    """

    language_requested = Signal(str)
    appearance_requested = Signal(bool, bool)  # large text, tall rows
    capture_barred = Signal(bool)  # whether revealed data is kept out of pictures of the screen
    idle_minutes_changed = Signal(int)
    pages_hidden = Signal(frozenset)
    tab_changed = Signal()
    key_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        groups: PageGroups = (),
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self._desk = desk
        self._settings = OfficeSettings("")
        self._after_save: Callable[[], object] | None = None
        self._groups = groups = groups if desk.is_admin else ()  # what is hidden, all lose at this PC
        self.more_findings: FindingsOf = _no_findings
        """Checks the office besides its store."""
        self._hidden_elsewhere = hidden - {name for _group, _text, pages in groups for name, _title in pages}
        self.page = SettingsView(list(LANGUAGES.items()), groups)
        self._hidden = hidden
        self._preferences = preferences
        self._lists = dict.fromkeys(LISTS, "")
        self._show_pc()
        self.page.discard_requested.connect(self.discard)
        self.page.changed_again.connect(lambda: desk.notify(""))  # “Saved.” is no longer true
        self.page.pages_submitted.connect(self._save_pages)
        self.page.pc_submitted.connect(self._save_pc)
        self.page.password_submitted.connect(self._save_password)
        self.page.office_submitted.connect(self._save_office)
        self.page.list_submitted.connect(self._save_list)
        self._key = OfficeKeyController(desk, self.page, lambda: self._settings.name)
        self._key.changed.connect(self.key_changed)
        self._operators = OperatorsController(desk, self.page, lambda: self._settings.name, self.change_key)
        self.page.new_code_requested.connect(self._ask_new_code)
        self.page.check_requested.connect(self._check)
        self.page.tabs.key_shown.connect(self._on_tab)
        rate_password(self.page.password, self._own_words)
        desk.changes.connect(self._on_changes)
        self.reload()

    @property
    def shown_tab(self) -> str:
        """The name of the tab in front."""
        return self.page.tabs.key

    def show_tab(self, name: str) -> None:
        """Show a tab; do nothing if this role does not see it."""
        self.page.tabs.show_key(name)

    def show_own_password(self) -> None:
        """Show the form of the operator's own password, ready to be typed in."""
        self.show_tab("mine")
        self.page.password.focus_first()

    def change_key(self, reason: Reason) -> None:
        """Open the dialog that changes the key of the office, for this reason."""
        self.show_tab("safety")
        self._key.open(reason)

    def _on_tab(self, name: str) -> None:
        if name == "safety":
            self._key.reload()
        self.tab_changed.emit()

    @property
    def has_unsaved(self) -> bool:
        """Whether settings in any tab are changed and not saved."""
        return self.page.is_dirty

    def leave(self, then: Callable[[], object]) -> None:
        """Ask once about all unsaved settings, then call `then`."""
        names = self.page.state.text()
        ask(
            self.page,
            _("Save the changed settings?"),
            names,
            [
                (_("&Save"), "primary", lambda: self._save_then(then)),
                (_("&Discard"), "danger", lambda: self._discard_then(then)),
                (_("Keep &editing"), "", None),
            ],
        )

    def _discard_then(self, then: Callable[[], object]) -> None:
        self.discard()
        then()

    def _save_then(self, then: Callable[[], object]) -> None:
        self._after_save = then
        self.page.save()
        self._go_on()

    def _on_part_saved(self) -> None:
        """Go on after a part was saved: with what waits for it, and with leaving once nothing is unsaved."""
        if not self.page.is_dirty:
            self._desk.notify(_("Saved."))
        self.page.save_pc()
        self._go_on()

    def _go_on(self) -> None:
        if not self.page.is_dirty and self._after_save is not None:
            then, self._after_save = self._after_save, None
            then()

    def discard(self) -> None:
        """Show the saved settings again."""
        self._show_pc()
        self.page.show_office(vars(self._settings))
        for name, text in self._lists.items():
            self.page.show_list(name, text)

    def _show_pc(self) -> None:
        """Show what is saved on this PC."""
        self.page.pages.set_values(
            {
                group: [name for name, _title in pages if name not in self._hidden]
                for group, _text, pages in self._groups
            }
        )
        kept = self._preferences
        self.page.pc.set_values(
            {name: getattr(kept, name) for name in ("language", "large_text", "tall_rows", "bar_capture")}
        )

    def use_estates(self, estates_of: EstatesOf) -> None:
        """Set the source of the estates for operators of a property company."""
        self._operators.use_estates(estates_of)

    def reload(self) -> None:
        """Reload everything the page shows."""
        self.page.show_admin(self._desk.is_admin)
        self._desk.run(read_settings, done=self._show_settings, owner=self.page)
        if self._desk.is_admin:
            self._desk.run(
                list_streets, done=lambda found: self._show_list(STREETS, _lines(found)), owner=self.page
            )
            self._desk.run(read_calendar_text, done=partial(self._show_list, CALENDAR), owner=self.page)
            self._operators.reload()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & {"office", "street", "operator"}:
            self.reload()

    def _show_settings(self, settings: OfficeSettings) -> None:
        self._settings = settings
        if not self.page.is_office_dirty:
            self.page.show_office(vars(settings))
        self.idle_minutes_changed.emit(settings.idle_minutes)

    def _show_list(self, name: str, text: str) -> None:
        self._lists[name] = text
        if not self.page.is_dirty:
            self.page.show_list(name, text)

    def _saved(self, form: Form) -> None:
        form.mark_clean()
        self._on_part_saved()

    def _refuse(self, form: Form, refusal: UserError) -> None:
        form.set_busy(False)
        if form.show_errors(refusal.fields):
            self.page.bring(form)
        else:
            self.page.banner.refuse(refusal)

    def _save_pc(self, typed: dict[str, Any]) -> None:
        self._preferences = self._preferences._replace(**typed)
        self.page.pc.mark_clean()
        self._desk.notify(_("Saved."))
        self.capture_barred.emit(typed["bar_capture"])
        self.appearance_requested.emit(typed["large_text"], typed["tall_rows"])
        self.language_requested.emit(typed["language"])  # makes all pages anew, this one too
        self._go_on()

    def _save_pages(self, shown: dict[str, tuple[str, ...]]) -> None:
        hidden = {name for group, _text, pages in self._groups for name, _title in pages} - {
            name for names in shown.values() for name in names
        }
        self._hidden = self._hidden_elsewhere | hidden
        self._saved(self.page.pages)
        self.pages_hidden.emit(self._hidden_elsewhere | hidden)

    def _save_password(self, typed: dict[str, Any]) -> None:
        form = self.page.password
        if form.show_errors(rules.new_password_faults(typed["password"], typed["again"], *self._own_words())):
            return
        form.set_busy(True)

        def done(_nothing: None) -> None:
            form.set_values({})
            self.page.banner.say("ok", _("The new password applies from the next sign-in."))

        self._desk.run(
            change_password, typed["old"], typed["password"],
            done=done, failed=lambda refusal: self._refuse(form, refusal), owner=self.page,
        )  # fmt: skip

    def _save_office(self, typed: dict[str, Any]) -> None:
        form = self.page.office
        settings = OfficeSettings(**{**vars(self._settings), **typed})
        form.set_busy(True)
        self._desk.run(
            change_settings, settings,
            done=lambda _nothing: self._saved(form),
            failed=lambda refusal: self._refuse(form, refusal), owner=self.page,
        )  # fmt: skip

    def _save_list(self, name: str, text: str) -> None:
        self._desk.run(
            change_calendar if name == CALENDAR else _change_streets, text,
            done=lambda _nothing: self._list_saved(name, text),
            failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _list_saved(self, name: str, text: str) -> None:
        self._lists[name] = text
        if self.page.lists[name].text == text:
            self.page.show_list(name, text)
        self._on_part_saved()

    def _own_words(self) -> tuple[str, str, str]:
        own = self._desk.operator
        return own.login, self._settings.name, own.name

    # --- safety

    def _ask_new_code(self) -> None:
        confirm(
            self.page,
            _("Create a new recovery code?"),
            _("The previously printed code will no longer work."),
            _("Create a new code"),
            lambda: self._desk.run(
                renew_recovery_code,
                done=self._show_code,
                failed=self.page.banner.refuse,
                owner=self.page,
            ),
            dangerous=True,
        )

    def _show_code(self, code: str) -> None:
        from fuyuan_desk.office.sheets import recovery_sheet
        from fuyuan_desk.widgets.preview import open_preview

        self._desk.run_paper(
            recovery_sheet,
            self._settings.heading,
            self._desk.operator.login,
            code,
            str(self._desk.seat.store.folder),
            self._desk.seat.now().astimezone(),
            done=lambda pdf: open_preview(self.page, _("Recovery code"), pdf, can_save=False),
            failed=self.page.banner.refuse,
            owner=self.page,
        )

    def _check(self) -> None:
        progress = UiProgress()
        job = self._desk.run(
            _check_all,
            self.more_findings,
            progress,
            done=self._show_findings,
            failed=self.page.banner.refuse,
            cancelled=self.page.progress.finish,
            progress=progress,
            owner=self.page,
        )
        self.page.findings.clear()
        self.page.progress.follow(_("Checking"), progress, job.cancel)

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        self.page.progress.finish()
        lines = []
        for finding in findings:
            lines.append(f"{finding.sign} {finding.what}")
            lines += [f"    {text}" for text in (*finding.faults, *finding.remarks)]
        self.page.findings.setText("\n".join(lines))


def _lines(streets: tuple[Street, ...]) -> str:
    return "\n".join(f"{street.code} {street.name}" for street in streets)


def _change_streets(seat: Seat, text: str) -> None:
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    change_streets(
        seat, tuple(Street(*parts) if len(parts) == 2 else Street("", parts[0]) for parts in lines)
    )


def _check_all(seat: Seat, more: FindingsOf, progress: UiProgress) -> tuple[Finding, ...]:
    return (*check_office(seat, progress), *more(seat))
