"""The page of facilities, and their tab in an estate; the windows of checks and of coverage."""

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.facilities.book import book
from fuyuan_desk.facilities.facts import (
    Check,
    CheckFields,
    Coverage,
    FacilityChecks,
    FacilityFields,
    ItemState,
)
from fuyuan_desk.facilities.service import check_pages, checks
from fuyuan_desk.facilities.service import coverage as coverages
from fuyuan_desk.facilities.service import facilities as service
from fuyuan_desk.facilities.view import (
    ChecksWindow,
    CoverageWindow,
    check_form,
    check_text,
    coverage_columns,
    interval_form,
)
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.course_dialog import DialogDraft, Typed, Version, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.export_list import export_list
from fuyuan_desk.kit.pages_window import TABLE as PAGES
from fuyuan_desk.kit.pages_window import PagesWindow, PageUses
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    service.find_facilities,
    service.read_facility,
    service.save_facility,
    remove=service.remove_facility,
    change_many=service.change_facilities,
    history=service.facility_history,
    export=service.facilities_for_export,
    paper=service.facilities_for_print,
    options={"estate_id": estates.estate_options, "building_id": estates.building_options},
    tables=frozenset({"estate", "building", "facility_check", "check_interval"}),
)


PAGE_USES = PageUses(
    check_pages.check_pages,
    check_pages.read_page,
    check_pages.add_pages,
    check_pages.move_page,
    check_pages.remove_page,
)


def facilities_page(
    desk: Desk, settings: Settings | None, *, in_estate: bool = False
) -> BookPage[FacilityFields]:
    """Return the page of all facilities, or of those of one estate."""
    coverage = button(_("Co&verage …"), lambda: show_coverage(desk, page.view))
    tools = () if in_estate else (coverage,)
    page = BookPage(desk, book(), FacilityFields, USES, settings, in_estate=in_estate, tools=tools)

    def show_checks() -> None:
        shown = page.shown_record
        if shown is not None:
            page.leave(lambda: ChecksController(desk, page.view, shown[1]))

    def reopen(key: str) -> None:
        page.leave(lambda: ChecksController(desk, page.view, facility_of(key), key))

    page.dialogs = dict.fromkeys(DIALOGS, reopen)
    page.view.add_act(button(_("C&hecks …"), show_checks, role="link"))
    return page


# dialogs with drafts; their keys are `facility_check:new:facility`, `facility_check_change:facility:check` and
# `check_interval:facility:item`
_NEW, _CHANGE, _INTERVAL = "facility_check", "facility_check_change", "check_interval"
DIALOGS = (_NEW, _CHANGE, _INTERVAL)


def facility_of(key: str) -> int:
    """Return the facility over whose checks the dialog of the draft `key` stood."""
    form, first, second = key.split(":", 2)
    return int(second if form == _NEW else first)


class ChecksController(QObject):
    """Runs the services for the window with the checks of one facility."""

    def __init__(self, desk: Desk, page: QWidget, facility_id: int, reopen: str = "") -> None:
        super().__init__(page)
        self._reopen = reopen
        self._desk = desk
        self._page = page
        self._facility_id = facility_id
        self._checks: FacilityChecks | None = None
        self.window: ChecksWindow | None = None
        desk.changes.connect(self._on_changes)
        self._read()

    def _read(self) -> None:
        self._desk.run(checks.facility_checks, self._facility_id, done=self._show, owner=self)

    def _show(self, found: FacilityChecks) -> None:
        self._checks = found
        if self.window is None:
            self.window = self._open(found)
        self.window.show_checks(found, self._desk.seat.today())
        key, self._reopen = self._reopen, ""
        if key:
            self._go_on(found, key)

    def _go_on(self, found: FacilityChecks, key: str) -> None:
        """Open the dialog of a draft again; the draft of a check that was removed stays."""
        form, _facility, which = key.split(":", 2)
        check = next((one for one in found.history if str(one.id) == which), None)
        item = next((one for one in found.items if one.key == which), None)
        if form == _NEW:
            self._record("")
        elif form == _CHANGE and check is not None:
            self._correct(check)
        elif form == _INTERVAL and item is not None:
            self._set_interval(item)
        else:
            self._window().banner.say(
                "warn", _("What this draft was about is no longer there. The draft stays.")
            )

    def _open(self, found: FacilityChecks) -> ChecksWindow:
        window = ChecksWindow(
            self._page, _("Checks: {name}").format(name=found.name),
            may_write=self._desk.may(checks.save_check), may_set=self._desk.may(checks.set_interval),
        )  # fmt: skip
        window.record_requested.connect(self._record)
        window.correct_requested.connect(self._correct)
        window.remove_requested.connect(self._ask_remove)
        window.interval_requested.connect(self._set_interval)
        window.pages_requested.connect(self._show_pages)
        window.finished.connect(self.deleteLater)
        window.open()
        return window

    def _record(self, item: str) -> None:
        assert self._checks is not None
        items = self._checks.items
        chosen = item or (items[0].key if len(items) == 1 else None)
        values = {"item": chosen, "done_on": self._desk.seat.today(), "done_by": self._checks.company}
        self._run_form(_("Record a check"), values, None, DialogDraft(f"{_NEW}:new:{self._facility_id}"))

    def _correct(self, check: Check) -> None:
        # the version is the check's, not that of the facility of which the draft is
        draft = DialogDraft(f"{_CHANGE}:{self._facility_id}:{check.id}", str(check.version))
        self._run_form(_("Correct a check"), vars(check.fields), check.id, draft)

    def _run_form(self, title: str, values: dict[str, Any], check_id: int | None, draft: DialogDraft) -> None:
        assert self._checks is not None
        dialog = check_form(self._window(), title, self._checks.items)
        dialog.form.set_values(values)

        def call(typed: Typed, version: Version) -> tuple[Any, ...]:
            known = None if check_id is None else Known(check_id, int(version or 0))
            return checks.save_check, CheckFields(self._facility_id, **typed), known

        self._run(dialog, call, draft)

    def _set_interval(self, item: ItemState) -> None:
        dialog = interval_form(self._window(), item)
        dialog.form.set_values({"every": item.every, "unit": item.unit, "reason": item.reason})
        self._run(
            dialog,
            lambda typed, _version: (
                checks.set_interval, item.key, typed["every"], typed["unit"], typed["reason"]
            ),
            DialogDraft(f"{_INTERVAL}:{self._facility_id}:{item.key}"),
        )  # fmt: skip

    def _run(self, dialog: FormDialog, call: Any, draft: DialogDraft) -> None:
        def done(saved: Saved) -> None:
            self._desk.notify("; ".join((_("Saved."), *saved.doubts)))
            self._read()

        run_dialog(self._desk, dialog, call, done, draft)

    def _ask_remove(self, check: Check) -> None:
        confirm(
            self._window(),
            _("Remove the check “{check}”?").format(check=check_text(check)),
            _("The next check is then counted from the one before."),
            _("&Remove"),
            lambda: self._remove(check),
            dangerous=True,
        )

    def _remove(self, check: Check) -> None:
        self._desk.run(
            checks.remove_check, check.id,
            done=lambda _name: self._read(), failed=self._window().banner.refuse, owner=self,
        )  # fmt: skip

    def _show_pages(self, check: Check) -> None:
        assert self._checks is not None
        title = _("Certificate: {name}, {check}").format(name=self._checks.name, check=check_text(check))
        PagesWindow(self._desk, self._window(), title, PAGE_USES, check.id).open()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if PAGES in tables and self.window is not None:
            self._read()

    def _window(self) -> ChecksWindow:
        assert self.window is not None
        return self.window


def show_coverage(desk: Desk, page: QWidget) -> None:
    """Open the window with the coverage of all kinds."""

    def show(rows: tuple[Coverage, ...]) -> None:
        window = CoverageWindow(page, may_export=desk.may(coverages.coverage_for_export))
        window.export_requested.connect(lambda: export(window))
        window.show_coverage(rows)
        window.open()

    def export(window: CoverageWindow) -> None:
        export_list(
            desk, window, _("Coverage"), coverage_columns(), coverages.coverage_for_export, (),
            failed=window.banner.refuse,
        )  # fmt: skip

    desk.run(coverages.coverage, done=show, owner=page)
