"""Controller of the backup tab."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.backups import rules
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.controller.keeper import BackupScheduler, report_sentence
from fuyuan_desk.backups.rules import BackupStatus, PlaceKind, PlaceView
from fuyuan_desk.backups.service import places, restore
from fuyuan_desk.backups.service.backups import BackupReport
from fuyuan_desk.backups.service.check import check_backup
from fuyuan_desk.backups.service.restore import BackupFound, Preview
from fuyuan_desk.backups.service.slip import slip_for_print
from fuyuan_desk.backups.view.backup import BackupView, GenerationRow, PlaceRow, stick_fields
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.file_dialogs import choose_folder
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.question import ask, confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.work import UiProgress


class BackupController(QObject):
    """Shows the backup status; `restore_requested` carries the path of a backup, '' if none is chosen."""

    restore_requested = Signal(str)
    key_change_requested = Signal()

    def __init__(self, desk: Desk, scheduler: BackupScheduler, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk, self._scheduler = desk, scheduler
        self._places: tuple[PlaceView, ...] = ()
        self._found: Sequence[BackupFound] = ()
        self._listed_for: tuple[int, str] | None = None
        self._states: dict[str, Chip] = {}
        self.preview: PreviewDialog | None = None
        self.page = BackupView(settings)
        self.setParent(self.page)  # the scheduler outlives the page
        self.page.back_up_requested.connect(scheduler.back_up)
        self.page.second_requested.connect(self._choose_second)
        self.page.stick_requested.connect(self._name_stick)
        self.page.forget_requested.connect(self._forget)
        self.page.place_chosen.connect(lambda _row: self._list())
        self.page.check_requested.connect(self._check)
        self.page.slip_requested.connect(self._print_slip)
        self.page.restore_requested.connect(self.restore_requested)
        scheduler.status_changed.connect(self._show)
        scheduler.started.connect(self._follow)
        scheduler.finished.connect(self._end)
        scheduler.refused.connect(self._refuse)
        self.allow()
        if scheduler.status is not None:
            self._show(scheduler.status)
        scheduler.reload()

    def allow(self) -> None:
        """Show only the actions this operator may use."""
        self.page.show_admin(self._desk.is_admin)
        self.page.show_restore(self._desk.can_review)
        self.page.show_slip(self._desk.may(slip_for_print))

    # --- status

    def _show(self, status: BackupStatus) -> None:
        now = self._desk.seat.now()
        sentence, tone = wording.state_text(status, now)
        automatic = (
            _("Automatic: every day, on closing the program, and when a named USB drive is connected.")
            if self._scheduler.is_automatic
            else _("Nothing is backed up automatically here.")
        )
        kept = _("Kept: those of today, and 7 daily, 4 weekly and 12 monthly backups.")
        about = "\n".join((*wording.state_details(status, now), f"{automatic} {kept}"))
        self.page.show_state(sentence, about, tone)
        if status.places == self._places:
            return  # only the count of changes is new
        self._places = status.places
        self.page.show_places([self._place_row(view) for view in status.places])
        self._list(refresh=True)

    def _place_row(self, view: PlaceView) -> PlaceRow:
        now = self._desk.seat.now()
        if not view.is_present:
            chip = Chip(_("not connected") if view.kind is PlaceKind.STICK else _("not there"), "neutral")
        elif view.fault:
            chip = Chip(_("failed"), "error")
        elif view.last_good is not None and not view.has_copy:
            chip = Chip(_("backup is gone"), "error")
        elif view.last_good is None:
            chip = Chip(_("no backup yet"), "warn")
        else:
            chip = Chip(_("OK"), "ok")
        newest = wording.moment(view.last_good, now) if view.last_good is not None else "–"
        about = str(view.path or view.shown_path)
        if view.fault:
            about += "\n" + view.fault
        can_forget = self._desk.is_admin and view.kind is not PlaceKind.FIRST
        return PlaceRow(view.id, wording.place_title(view), chip, newest, about, can_forget)

    def _chosen(self) -> PlaceView | None:
        row = self.page.place
        return self._places[row] if 0 <= row < len(self._places) else None

    # --- backups of a place

    def _list(self, refresh: bool = False) -> None:
        view = self._chosen()
        if view is None or view.path is None:
            self._found = ()
            nothing = _("Connect it to see its backups.") if view is not None else ""
            self.page.show_generations((), nothing)
            return
        key = (view.id, str(view.path))
        if not refresh and key == self._listed_for:
            return
        self._listed_for = key
        self._scheduler.run(
            _listed, view.path,
            done=lambda found: self._show_found(key, found),
            failed=lambda refusal: self.page.show_generations((), refusal.message), owner=self.page,
        )  # fmt: skip

    def _show_found(self, key: tuple[int, str], found: Sequence[BackupFound]) -> None:
        view = self._chosen()
        if view is None or key != (view.id, str(view.path)):
            return
        self._found = found
        self._show_generations()

    def _show_generations(self) -> None:
        rows = [
            GenerationRow(
                str(one.path),
                f"{one.stamp:%Y-%m-%d %H:%M}",
                rules.size_text(one.size) if one.size else "–",
                self._state(one),
                wording.found(one),
            )
            for one in self._found
        ]
        self.page.show_generations(rows, _("There is no backup here yet."))

    def _state(self, one: BackupFound) -> Chip:
        if one.fault:
            return Chip(_("damaged"), "error")
        # a backup gets its final name only after verification
        usual = Chip(_("clock was wrong"), "warn") if one.is_ahead else Chip(_("verified"), "ok")
        return self._states.get(str(one.path), usual)

    # --- backing up

    def _follow(self, progress: UiProgress) -> None:
        self.page.now.setEnabled(False)
        self.page.banner.clear()
        self.page.progress.follow(_("Backing up"), progress, self._scheduler.cancel)

    def _end(self, report: BackupReport | None) -> None:
        self.page.progress.finish()
        self.page.now.setEnabled(True)
        if report is None or not report.outcomes:
            return
        self.page.banner.say("ok" if report.is_good else "error", report_sentence(report))

    def _refuse(self, refusal: UserError) -> None:
        self.page.banner.refuse(refusal)

    def _check(self, path: str) -> None:
        progress = UiProgress()
        self.page.banner.clear()
        self.page.check.setEnabled(False)

        def end() -> None:
            self.page.progress.finish()
            self.page.check.setEnabled(True)

        def done(preview: Preview) -> None:
            end()
            self._states[path] = (
                Chip(_("problems"), "warn") if preview.faults else Chip(_("just checked"), "ok")
            )
            self._show_generations()
            self.page.banner.say("warn" if preview.faults else "ok", _check_result(preview))

        def failed(refusal: UserError) -> None:
            end()
            self._states[path] = Chip(_("damaged"), "error")
            self._show_generations()
            self.page.banner.refuse(refusal)

        job = self._scheduler.run(
            check_backup, self._desk.seat, Path(path), progress,
            done=done, failed=failed, cancelled=end, progress=progress, owner=self.page,
        )  # fmt: skip
        self.page.progress.follow(_("Checking this backup"), progress, job.cancel)

    def _print_slip(self, path: str) -> None:
        self.page.banner.clear()

        def draw() -> Printed:
            from fuyuan_desk.backups.sheets import backup_slip

            return backup_slip(slip_for_print(self._desk.seat, Path(path)))

        def done(printed: Printed) -> None:
            title = _("Slip of backup {name}").format(name=Path(path).name)
            self.preview = open_preview(self.page, title, printed.pdf)

        # the place may be slow, so not on the desk's own worker
        self._scheduler.run(draw, done=done, failed=self.page.banner.refuse, owner=self.page)

    # --- places

    def _choose_second(self) -> None:
        chosen = choose_folder(self.page, Purpose.BACKUP, _("A folder on another disk or PC"))
        if chosen is not None:
            self._change(places.set_second_folder, chosen)

    def _change(self, use: Any, *args: Any) -> None:
        self._desk.run(
            use, *args,
            done=lambda _nothing: self._desk.notify(_("Saved.")), failed=self.page.banner.refuse,
            owner=self.page,
        )  # fmt: skip

    def _name_stick(self) -> None:
        form = Form(stick_fields())
        dialog = FormDialog(
            self.page,
            _("USB drive for backups"),
            form,
            _("&Use this drive"),
            _("A small file with the name is written to it. The daily backup is then saved there too whenever "
              "it is connected. Keep it locked away otherwise."),
        )  # fmt: skip

        def done(_nothing: None) -> None:
            dialog.done_saving()
            self._scheduler.back_up_if_due()

        def save(typed: dict[str, Any]) -> None:
            self._desk.run(
                places.name_stick, Path(typed["drive"]), typed["name"],
                done=done, failed=dialog.refuse, owner=dialog,
            )  # fmt: skip

        form.submitted.connect(save)
        dialog.open()
        form.focus_first()

    def _forget(self, row: int) -> None:
        view = self._places[row]
        confirm(
            self.page,
            _("Stop backing up to {place}?").format(place=wording.place_title(view)),
            _("The existing backups there are kept."),
            _("&Stop using it"),
            lambda: self._stop_using(view),
            dangerous=True,
        )

    def _stop_using(self, view: PlaceView) -> None:
        self._change(places.forget_place, view.id)
        if view.kind is PlaceKind.STICK:
            ask(
                self.page,
                _("Was the USB drive lost or stolen?"),
                _("Its backups open with the passwords of that time. If you change the key of the office, those"
                  " passwords no longer open what is recorded from then on."),
                [
                    (_("&Change the key …"), "primary", self.key_change_requested.emit),
                    (_("&No, it is here"), "", None),
                ],
            )  # fmt: skip


def _listed(path: Path) -> tuple[BackupFound, ...]:
    return restore.list_backups(path) if os.path.isdir(path) else ()


def _check_result(preview: Preview) -> str:
    if preview.faults:
        return " ".join(preview.faults)
    when = f"{preview.taken_at.astimezone():%Y-%m-%d %H:%M}"
    text = _("The backup of {when} is intact and contains {counts}.")
    return text.format(when=when, counts=wording.holds(preview.counts))
