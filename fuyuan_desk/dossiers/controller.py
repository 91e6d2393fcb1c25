"""Controller of the page of files: reads the file of a home or an estate and makes its paper."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.core.errors import NotFound, UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.dossiers.facts import FilePaper, FileView
from fuyuan_desk.dossiers.rules import About, Level, Place, attached_count, section_at
from fuyuan_desk.dossiers.service import file_for_export, read_file, reveal_home, reveal_value
from fuyuan_desk.dossiers.view import FileScreen, OrderDialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.queries import FilePart
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview


class FilesController:
    """Runs the services for the page of files; `back()` leads to where the file was opened."""

    def __init__(
        self,
        desk: Desk,
        parts: Sequence[FilePart],
        back: Callable[[], object],
        show_estates: Callable[[], object],
    ) -> None:
        self._desk = desk
        self._parts = tuple(parts)
        self._of: tuple[About, int] | None = None
        self._subject, self._attached = "", 0
        self.preview: PreviewDialog | None = None
        self.dialog: OrderDialog | None = None
        self.page = FileScreen()
        self.page.back_requested.connect(back)
        self.page.estates_requested.connect(show_estates)
        self.page.print_requested.connect(self._ask_order)
        self.page.reveal_requested.connect(self._reveal)
        self.page.reveal_all_requested.connect(self._reveal_all)
        desk.changes.connect(self._on_changes)

    def open_unit(self, unit_id: int) -> None:
        """Show the file of a home."""
        self._open(About.UNIT, unit_id)

    def open_estate(self, estate_id: int) -> None:
        """Show the file of an estate."""
        self._open(About.ESTATE, estate_id)

    def _open(self, about: About, record_id: int) -> None:
        if self._of != (about, record_id):
            self.page.clear()
        self.page.banner.clear()
        self._of = (about, record_id)
        self._read()

    def _on_changes(self, _tables: frozenset[str]) -> None:
        # parts come from many tables; a file that did not change is left as it is
        if self._of is not None and self.page.isVisible():
            self._read()

    def _read(self) -> None:
        of = self._of
        if of is None:
            return

        def done(file: FileView) -> None:
            if of == self._of:
                self.page.set_may_reveal(self._desk.may(reveal_value))
                self._subject, self._attached = file.subject, attached_count(file.shown)
                self.page.show_file(file)

        def failed(refusal: UserError) -> None:
            if of != self._of:
                return
            if isinstance(refusal, NotFound):
                self._of = None
                self.page.clear()
            self.page.banner.refuse(refusal)

        self._desk.run(read_file, *of, self._parts, done=done, failed=failed, owner=self.page)

    # --- revealing

    def _reveal(self, place: Place, file: FileView) -> None:
        if self._of is not None:
            section = section_at(file.shown, place)
            self._run_reveal(lambda text: {place: text}, reveal_value, *self._of, self._parts, place, section)

    def _reveal_all(self, file: FileView) -> None:
        if self._of is not None:
            self._run_reveal(dict, reveal_home, self._of[1], self._parts, file.shown)

    def _run_reveal(
        self, values_of: Callable[[Any], Mapping[Place, str]], use: Callable[..., Any], *arguments: Any
    ) -> None:
        of = self._of

        def done(found: Any) -> None:
            if of == self._of:
                self.page.banner.clear()
                self.page.reveal(values_of(found))

        self._desk.run(use, *arguments, done=done, failed=self.page.banner.refuse, owner=self.page)

    # --- paper

    def _ask_order(self) -> None:
        if self._of is None:
            return
        of = self._of
        title = _("Paper: {subject}").format(subject=self._subject)
        dialog = self.dialog = OrderDialog(self.page, title, self._desk.can_reveal, self._attached)
        dialog.ordered.connect(lambda values: self._order(dialog, of, values))
        dialog.open_with({"purpose": "", "receiver": "", "level": Level.MASKED.value})

    def _order(self, dialog: OrderDialog, of: tuple[About, int], values: dict[str, Any]) -> None:
        def done(paper: FilePaper) -> None:
            dialog.done_saving()
            self._draw(paper)

        level = next(one for one in Level if one == values["level"])
        order = ExportOrder(values["purpose"], values["receiver"], level is Level.FULL)
        self._desk.run(
            file_for_export, order, *of, self._parts, level is Level.POSTED, bool(values.get("pages")),
            done=done, failed=dialog.refuse, owner=dialog,
        )  # fmt: skip

    def _draw(self, paper: FilePaper) -> None:
        def draw() -> Printed:
            from fuyuan_desk.dossiers.sheets import file_sheet

            return file_sheet(paper)

        def done(printed: Printed) -> None:
            name = f"{paper.subject} {paper.number}"
            title = paper.about.label
            is_full = paper.level is Level.FULL
            self.preview = open_preview(self.page, title, printed.pdf, name=name, reveals=is_full)

        self._desk.run_paper(draw, done=done, failed=self.page.banner.refuse, owner=self.page)
