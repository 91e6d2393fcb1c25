"""Controller of undoing an import: ask, undo, show what stayed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.roster.facts import Undoing
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.view.undo import ImportUndoView, counted, removed_text
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings


class UndoController(QObject):
    """Undoes imports, with a screen of its own on `page` for what stays.

    `banner()` returns the banner of the screen that is shown when it is not this one. `left` carries the screen to
    return to, None for all imports; `record_opened(kind, id)` asks to show a record.
    """

    left = Signal(object)
    record_opened = Signal(str, int)

    def __init__(
        self, desk: Desk, page: Pages, banner: Callable[[], Banner], settings: Settings | None = None
    ) -> None:
        super().__init__()
        self._desk = desk
        self._page = page
        self._banner_elsewhere = banner
        self._settings = settings
        self._asked_from: QWidget | None = None
        self._screen = OnUse(self._make_screen)

    def _make_screen(self) -> ImportUndoView:
        made = ImportUndoView(self._settings)
        made.back_requested.connect(self._leave)
        made.undo_requested.connect(self._undo)
        made.place_opened.connect(lambda place: self.record_opened.emit(place.kind, place.id))
        self._page.addWidget(made)
        return made

    @property
    def screen(self) -> ImportUndoView:
        """The screen of what goes and stays."""
        return self._screen()

    @property
    def _is_shown(self) -> bool:
        return self._screen.made is not None and self._page.currentWidget() is self._screen.made

    def _banner(self) -> Banner:
        return self.screen.banner if self._is_shown else self._banner_elsewhere()

    def ask(self, import_id: int) -> None:
        """Ask whether to undo an import: in a dialog, or on the screen if something of it stays."""

        def done(undoing: Undoing) -> None:
            if undoing.places:
                self._asked_from = self._page.currentWidget()
                self.screen.ask(undoing)
                self._page.show_screen(self.screen)
                return
            confirm(
                self._page,
                _("Undo the import of {file}?").format(file=undoing.file_name),
                removed_text(undoing)
                if undoing.changes
                else _("Exactly the records it added are removed: {things}.").format(
                    things=counted(undoing.removed)
                ),
                _("Undo impor&t"),
                lambda: self._undo(import_id),
                dangerous=True,
            )

        failed = self._banner().refuse
        self._desk.run(imports.preview_undo, import_id, done=done, failed=failed, owner=self._page)

    def _undo(self, import_id: int) -> None:
        banner = self._banner()

        def done(undoing: Undoing) -> None:
            self.left.emit(None)
            if undoing.places:
                self._show_outcome(undoing)
            else:
                text = _("The import of {file} was undone.").format(file=undoing.file_name)
                self._banner().say("ok", text)

        def failed(refusal: UserError) -> None:
            if self._screen.made is not None:
                self._screen.made.set_busy(False)
            banner.refuse(refusal)

        self._desk.run(imports.undo_import, import_id, done=done, failed=failed, owner=self._page)

    def show_kept(self, import_id: int) -> None:
        """Show what stayed of an import that was undone."""
        self._desk.run(
            imports.kept_records, import_id,
            done=self._show_outcome, failed=self._banner().refuse, owner=self._page,
        )  # fmt: skip

    def _show_outcome(self, undoing: Undoing) -> None:
        self.screen.show_outcome(undoing)
        self._page.show_screen(self.screen)

    def _leave(self) -> None:
        self.left.emit(self._asked_from if self.screen.asked is not None else None)

    def renew(self) -> None:
        """Read again what goes and stays: a record of the list may have been changed or removed meanwhile."""
        shown = self.screen.shown if self._is_shown else None
        if shown is None:
            return
        service, show = (
            (imports.preview_undo, self.screen.ask)
            if self.screen.asked is not None
            else (imports.kept_records, self.screen.show_outcome)
        )

        def failed(refusal: UserError) -> None:
            self.left.emit(None)
            self._banner().refuse(refusal)

        self._desk.run(service, shown.import_id, done=show, failed=failed, owner=self._page)
