"""Controller of the restore wizard; nobody is signed in, and existing data is not changed."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import utc_now
from fuyuan_desk.backups import rules
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.service import restore, sticks
from fuyuan_desk.backups.service.restore import Agreed, BackupFound, Credential, Lost, Preview
from fuyuan_desk.backups.view.restore import CHECK, CHOOSE, CODE, DONE, LOST, WHERE, WHO, Choice, RestoreView
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.trail.wording import table_name
from fuyuan_desk.office.controller.passwords import rate_password
from fuyuan_desk.office.rules import new_password_faults
from fuyuan_desk.process import event_log
from fuyuan_desk.store.backup.restore import Restored
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.file_dialogs import choose_folder
from fuyuan_desk.widgets.folder_memory import Purpose
from fuyuan_desk.widgets.work import Job, UiProgress, Worker

Roots = Callable[[], Sequence[Path]]


def _of_fields(faults: Mapping[str, str]) -> dict[str, str]:
    """Return the faults of a new password by the field in which it is typed here."""
    return {"new_password" if name == "password" else name: fault for name, fault in faults.items()}


class RestoreController(QObject):
    """Runs the steps; `left`: cancelled; `office_chosen` carries the folder of the office to sign in to."""

    left = Signal()
    office_chosen = Signal(object)

    def __init__(
        self, worker: Worker, store: Path, backup: str = "", roots: Roots = sticks.present_drives
    ) -> None:
        super().__init__()
        self._worker, self._store, self._roots = worker, store, roots
        self._preselected = Path(backup) if backup else None
        self._found: Sequence[BackupFound] = ()
        self._agreed: Agreed | None = None
        self._job: Job | None = None
        self._office: Path | None = None
        self.view = RestoreView()
        who = self.view.who
        rate_password(who, lambda: (str(who.editor("lost_login").raw()), "", ""), "new_password")
        self.view.next_requested.connect(self._next)
        self.view.back_requested.connect(self._back)
        self.view.left.connect(self._leave)
        self.view.folder_requested.connect(self._choose_folder)
        self.view.destroyed.connect(self._forget)
        self.view.show_step(CHOOSE)

    def start(self) -> None:
        """Search the usual locations for backups."""
        self.view.show_backups((), -1, _("Searching for backups …"))
        self._worker.run(
            _find, self._store, self._preselected, self._roots,
            done=self._show_found, failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip

    def _run(self, title: str, work: Callable[..., Any], *args: Any, done: Callable[[Any], object]) -> None:
        progress = UiProgress()
        self.view.set_busy(True)

        def end() -> None:
            self._job = None
            self.view.progress.finish()
            self.view.set_busy(False)

        def finished(result: Any) -> None:
            end()
            done(result)

        def failed(refusal: UserError) -> None:
            end()
            event_log.note("restore_refused", type(refusal).__name__)
            self._refuse(refusal)

        self._job = self._worker.run(
            work, *args, progress,
            done=finished, failed=failed, cancelled=end, progress=progress, owner=self.view,
        )  # fmt: skip
        self.view.progress.follow(title, progress, self._job.cancel, at_once=True)

    def _refuse(self, refusal: UserError) -> None:
        form = {WHO: self.view.who, WHERE: self.view.where}.get(self.view.step)
        errors = _of_fields(refusal.fields) if self.view.method == LOST else refusal.fields
        if form is None or not form.show_errors(errors):
            self.view.banner.refuse(refusal)
            if self.view.step == WHO:
                self.view.focus_secret()

    # --- from step to step

    def _next(self) -> None:
        actions = {
            CHOOSE: self._to_who, WHO: self._open, CHECK: self._to_where, WHERE: self._restore,
            DONE: self._sign_in,
        }  # fmt: skip
        if self.view.next.isEnabled():
            actions[self.view.step]()

    def _back(self) -> None:
        step = self.view.step - 1
        if step < CHECK:
            self._forget()
        self.view.show_step(step)

    def _leave(self) -> None:
        if self._job is not None:
            self._job.forget()
            self._job.cancel()
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        agreed, self._agreed = self._agreed, None
        if agreed is not None:
            agreed.close()

    # --- choosing

    def _choose_folder(self) -> None:
        chosen = choose_folder(self.view, Purpose.BACKUP, _("Folder or USB drive with backups"))
        if chosen is not None:
            self._worker.run(
                restore.list_backups, chosen,
                done=self._show_found, failed=self.view.banner.refuse, owner=self.view,
            )  # fmt: skip

    def _show_found(self, found: Sequence[BackupFound]) -> None:
        self._found = found
        choices = [
            Choice(
                f"{one.stamp:%Y-%m-%d %H:%M}",
                str(one.path.parent.parent),
                rules.size_text(one.size) if one.size else "–",
                wording.found(one),
                _chip(one),
            )
            for one in found
        ]
        numbers = [number for number, one in enumerate(found) if one.path == self._preselected]
        usable = [number for number, one in enumerate(found) if not one.fault]
        nothing = _("No backup found. Connect the USB drive, or choose another folder.")
        self.view.show_backups(choices, (numbers or usable or [-1])[0], nothing)

    @property
    def _chosen(self) -> BackupFound:
        return self._found[self.view.chosen]

    def _to_who(self) -> None:
        self.view.show_step(WHO)

    # --- opening

    def _open(self) -> None:
        typed = self._typed()
        if typed is None:
            return
        first: Credential
        second: Credential | None = None
        lost: Lost | None = None
        if self.view.method == LOST:
            faults = new_password_faults(typed["new_password"], typed["again"], typed["lost_login"])
            if self.view.who.show_errors(_of_fields(faults)):
                return
            first = Credential(code=typed["code"])
            lost = Lost(typed["witness"], typed["lost_login"], typed["new_password"])
        else:
            first = Credential(typed["login"], typed["password"])
            second = (
                Credential(code=typed["code"])
                if self.view.method == CODE
                else Credential(typed["second_login"], typed["second_password"])
            )
        self._run(
            _("Opening and checking the backup"), _open_by_two, self._chosen.path, first, second, lost,
            done=self._opened,
        )  # fmt: skip

    def _typed(self) -> dict[str, Any] | None:
        form, names = self.view.who, self.view.method_fields()
        values = {name: form.editor(name).value() for name in names}
        empty = {
            name: _("This must be filled in.") for name, value in values.items() if not str(value).strip()
        }
        return None if form.show_errors(empty) else values

    def _opened(self, agreed: Agreed) -> None:
        self._agreed = agreed
        preview = agreed.preview()
        self.view.show_preview(_facts(preview), preview.faults)
        self.view.show_step(CHECK)

    # --- target

    def _to_where(self) -> None:
        has_present = os.path.lexists(self._store)
        target = restore.suggested_target(self._store)
        aside = _(
            "The current office is not deleted: it is moved to a folder beside it whose name begins with {name}."
        ).format(name=f"{self._store.name}-before-restore-")
        self.view.show_targets(str(target), has_present, aside)
        self.view.show_step(WHERE)

    def _restore(self) -> None:
        agreed = self._agreed
        if agreed is None:
            return
        in_place = self.view.is_in_place
        folder = str(self.view.where.editor("folder").value()).strip()
        if not in_place and not folder:
            self.view.where.show_errors({"folder": _("This must be filled in.")})
            return
        target = restore.suggested_target(self._store) if in_place else Path(folder)
        present = self._store if in_place else None
        self._run(_("Restoring"), _restore, agreed, target, present, done=self._restored)

    def _restored(self, outcome: tuple[Restored, Path, Path | None]) -> None:
        restored, office, aside = outcome
        self._forget()
        self._office = office
        event_log.note("restored", int(restored.seconds * 1000), restored.missing_photos)
        lines = [_("The office is in {folder}.").format(folder=office)]
        if aside is not None:
            lines.append(_("The previous office was kept in {folder}.").format(folder=aside))
        if restored.missing_photos:
            lines.append(_("Photos that could not be restored: {n}.").format(n=restored.missing_photos))
        self.view.show_done(_("The backup is restored."), "\n".join(lines))

    def _sign_in(self) -> None:
        if self._office is not None:
            self.office_chosen.emit(self._office)


def _find(store: Path, preselected: Path | None, roots: Roots) -> tuple[BackupFound, ...]:
    found = restore.find_backups(store, roots())
    if preselected is None or any(one.path == preselected for one in found):
        return found
    return restore.newest_first((*restore.list_backups(preselected.parent), *found))


def _chip(one: BackupFound) -> Chip:
    if one.fault:
        return Chip(_("cannot be read"), "error")
    return Chip(_("clock was wrong"), "warn") if one.is_ahead else Chip(_("ready"), "ok")


def _open_by_two(
    path: Path, first: Credential, second: Credential | None, lost: Lost | None, progress: UiProgress
) -> Agreed:
    return restore.open_by_two(path, first, second, lost, progress)


def _restore(
    agreed: Agreed, target: Path, present: Path | None, progress: UiProgress
) -> tuple[Restored, Path, Path | None]:
    restored = agreed.restore(target, progress)
    if present is None or restored.path == present.absolute():
        return restored, restored.path, None
    return restored, present, restore.put_in_place(restored.path, present)


def _facts(preview: Preview) -> list[tuple[str, str]]:
    newest = "–"
    if preview.newest is not None:
        newest = f"{preview.newest.at.astimezone():%Y-%m-%d %H:%M} · {table_name(preview.newest.table)}"
    return [
        (_("Office"), preview.office),
        (_("Created"), wording.moment(preview.taken_at, utc_now())),
        (_("Contents"), wording.holds(preview.counts)),
        (_("Newest record"), newest),
        (_("Program version"), preview.program),
    ]
