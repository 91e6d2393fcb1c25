"""Controller of the inspection page: the log, one visit, and a new one."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.rules.places import RecordedPlace
from fuyuan_desk.inspections.controller.correction import DRAFTS as CORRECTION_DRAFTS
from fuyuan_desk.inspections.controller.correction import ask_correction
from fuyuan_desk.inspections.controller.entry import EntryController, ToldOf, no_words
from fuyuan_desk.inspections.controller.log import TABLES, visit_log
from fuyuan_desk.inspections.controller.papers import CasesOf, PapersController, no_cases
from fuyuan_desk.inspections.controller.photo_import import PhotoImportController
from fuyuan_desk.inspections.controller.photo_places import ask_place, carried_text, scans_button
from fuyuan_desk.inspections.controller.report import DRAFTS as REPORT_DRAFTS
from fuyuan_desk.inspections.controller.report import ask_report
from fuyuan_desk.inspections.controller.scan import follow_scans
from fuyuan_desk.inspections.facts import SheetRecord, Subject, VisitDetail, VisitPhoto
from fuyuan_desk.inspections.rules.printed import SheetState
from fuyuan_desk.inspections.rules.visits import SubjectKind
from fuyuan_desk.inspections.service import photos
from fuyuan_desk.inspections.service.corrections import correct_visit
from fuyuan_desk.inspections.service.photos import Carry, carry_nowhere, parties_of
from fuyuan_desk.inspections.service.printed import read_sheet
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.inspections.service.rounds import RoundToLog, round_to_log
from fuyuan_desk.inspections.service.sheets_out import take_back
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.view.detail import DetailView, photo_notes
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.pictures import PhotoStorage, PicturesController
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.split import Settings

_SEARCH_KINDS = {SubjectKind.ESTATE: "estate", SubjectKind.RENOVATION: "case"}


class InspectionsController(QObject):
    """Connects the views to the services; `subject_opened` carries kind and key of the subject to open.

    `checklists_requested`: the page of checklists is to be shown.

    Renovations, whose job is above this one, are offered once `use_cases` was called.
    """

    subject_opened = Signal(str, int)
    figures_requested = Signal()
    checklists_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._visit: VisitDetail | None = None
        self._is_stale = False
        self.page = Pages()
        self.sheets_button = button(_("&Print sheets …"), picture="print")
        self.checklists_button = button(_("Chec&klists …"), self.checklists_requested.emit)
        self.figures_button = button(_("&Month book …"), self.figures_requested.emit)
        self.figures_button.hide()  # until a job above this one has it
        self.photos_button = button(_("P&hotos from a folder …"), self.attach_photos, picture="photo")
        self._log = visit_log(
            desk,
            settings,
            [self.figures_button, self.checklists_button, self.photos_button, self.sheets_button],
        )
        self._import = OnUse(lambda: self._make_import(settings))
        self.log = self._log.view
        self.detail = DetailView()
        self._cases_of: CasesOf = no_cases
        self._told_of: ToldOf = no_words
        self._carry: Carry = carry_nowhere
        self._carried: set[str] = set()
        self._handled: Callable[[Seat, int], Mapping[str, str]] | None = None
        self._handled_in: frozenset[str] = frozenset()
        self._back_or: Callable[[Callable[[], object]], object] = lambda otherwise: otherwise()
        self._entry = OnUse(self._make_entry)
        self.papers = PapersController(desk, self.page, self.log.progress, self._refuse, self._list_cases)
        storage = PhotoStorage(
            self._visit_id, self._keep_with_visit, photos.read_photo, photos.remove_photo,
            self._tell_carried, self.detail.banner.refuse, is_lasting=True,
            caption=photos.caption_photo, keeps_location=photos.keeps_location,
        )  # fmt: skip
        self._photos = PicturesController(desk, self.detail.photos, storage)
        follow_scans(desk, self.log, self.open_sheet)
        self._scans = scans_button(desk, self.detail, lambda: self._visit)
        self.detail.scans.addWidget(self._scans.button)
        self.detail.scans.addStretch(1)
        for screen in (self.log, self.detail):
            self.page.addWidget(screen)
        self.page.set_first_focus(self.log, self.log.table.filter)
        self._connect()
        self._allow_photos()

    def _connect(self) -> None:
        self.log.opened.connect(self.open_visit)
        self.log.new_requested.connect(self.new_visit)
        self.sheets_button.clicked.connect(self.papers.choose)
        self.detail.back_requested.connect(self.show_log)
        self.detail.escaped.connect(lambda: self._back_or(self.show_log))
        self.detail.print_requested.connect(self._print_visit)
        self.detail.subject_requested.connect(self._open_subject)
        self.detail.report_requested.connect(self._ask_report)
        self.detail.correction_requested.connect(self._ask_correction)
        self.detail.visit_requested.connect(self.open_visit)
        self.detail.photos.placed.connect(self._ask_place)
        self.page.shown.connect(self._on_shown)
        self._desk.changes.connect(self._on_changes)

    def _make_entry(self) -> EntryController:
        made = EntryController(self._desk, self._list_cases, self._refuse, self._tell_of)
        made.opened.connect(lambda: self.page.show_screen(made.view))
        made.left.connect(self.show_log)
        made.saved.connect(self._on_logged)
        self.page.addWidget(made.view)
        return made

    def _make_import(self, settings: Settings | None) -> PhotoImportController:
        made = PhotoImportController(self._desk, settings, self._carry)
        made.opened.connect(lambda: self.page.show_screen(made.view))
        made.left.connect(self.show_log)
        self.page.addWidget(made.view)
        return made

    @property
    def photo_import(self) -> PhotoImportController:
        """The page on which photos from a folder are attached."""
        return self._import()

    @property
    def entry(self) -> EntryController:
        """The page on which a visit is logged."""
        return self._entry()

    # --- for other jobs

    def use_cases(self, cases_of: CasesOf) -> None:
        """Offer renovations to be visited: `cases_of(seat, ids)`."""
        self._cases_of = cases_of

    def use_way_back(self, back_or: Callable[[Callable[[], object]], object]) -> None:
        """Leave a visit by Esc to where it was opened: `back_or(otherwise)` calls `otherwise` if that was here."""
        self._back_or = back_or

    def use_handling(self, handled: Callable[[Seat, int], Mapping[str, str]], tables: frozenset[str]) -> None:
        """Show what became of the failed items of a visit: `handled(seat, visit)` returns a text by item.

        `tables` are those after whose change it is read again.
        """
        self._handled, self._handled_in = handled, tables

    def use_words_on_places(self, told_of: ToldOf) -> None:
        """Say above a new visit what `told_of(seat, estate, place)` returns, which runs on the worker."""
        self._told_of = told_of

    def use_carrying(self, carry: Carry) -> None:
        """Take photos that are added to a visit on to what was made of it before."""
        self._carry = carry

    def _tell_of(self, seat: Seat, estate_id: int, place: RecordedPlace) -> str:
        return self._told_of(seat, estate_id, place)

    def _list_cases(self, seat: Seat, ids: Sequence[int] | None) -> tuple[Subject, ...]:
        return self._cases_of(seat, ids)

    def open_visit(self, visit_id: int) -> None:
        """Show a logged visit."""
        self._open_visit(visit_id)

    def _open_visit(self, visit_id: int, then: Callable[[], object] | None = None) -> None:
        if self._entry.made is None:
            self._read_visit(visit_id, then)
        else:
            self._entry.made.leave(lambda: self._read_visit(visit_id, then))

    def attach_photos(self) -> None:
        """Open the page of photos from a folder."""
        if self._desk.can_visit:
            self._visit = None
            self.photo_import.open()

    def new_visit(self) -> None:
        """Open the page of a new visit."""
        if self._desk.can_visit:
            self.entry.begin()

    def log_visit(self, subject: Subject) -> None:
        """Open the page of a new visit to a subject, such as a renovation."""
        if self._desk.can_visit:
            self.entry.begin(subject)

    def visit_again(self, visit_id: int) -> None:
        """Open the page of a new visit to the subject of an earlier one; that one, if its subject is gone."""

        def read(seat: Seat) -> tuple[Subject, ...]:
            visit = visit_detail(seat, visit_id)
            subjects_of = estate_subjects if visit.kind is SubjectKind.ESTATE else self._list_cases
            return subjects_of(seat, [visit.subject_id])

        def done(subjects: tuple[Subject, ...]) -> None:
            if subjects:
                self.log_visit(subjects[0])
            else:
                self.open_visit(visit_id)

        self._desk.run(read, done=done, failed=lambda _refusal: self.open_visit(visit_id), owner=self.page)

    def report_visit(self, visit_id: int) -> None:
        """Show a logged visit, and ask when and to whom it was reported unless that is recorded."""
        self._open_visit(visit_id, self._ask_if_due)

    def log_estate_visit(self, estate_id: int) -> None:
        """Open the page of a new round of an estate."""
        if self._desk.can_visit:
            self.entry.begin(estate_id=estate_id)

    def log_round(self, round_id: int) -> None:
        """Open the page of a visit for a planned round, with all filled in that is known; its visit, if it has one."""

        def read(seat: Seat) -> tuple[RoundToLog, Subject | None]:
            planned = round_to_log(seat, round_id)
            subjects_of = estate_subjects if planned.kind is SubjectKind.ESTATE else self._list_cases
            known = () if planned.visit_id is not None else subjects_of(seat, [planned.subject_id])
            return planned, next(iter(known), None)

        def done(found: tuple[RoundToLog, Subject | None]) -> None:
            planned, subject = found
            if planned.visit_id is not None:
                self.open_visit(planned.visit_id)
            elif planned.sheet_id is not None:
                self.open_sheet(planned.sheet_id)
            elif self._desk.can_visit and subject is not None:
                self.entry.begin(subject, planned=planned)
            else:
                self.show_log()
                self.log.banner.say("info", _("This round is not done yet; your role cannot log it."))

        def failed(refusal: UserError) -> None:
            self.show_log()
            self.log.banner.refuse(refusal)

        self._desk.run(read, done=done, failed=failed, owner=self.page)

    def open_sheet(self, sheet_id: int) -> None:
        """Open the visit that a printed sheet was entered as, or the page to enter it."""

        def read(seat: Seat) -> tuple[SheetRecord, Subject | None]:
            sheet = read_sheet(seat, sheet_id)
            if sheet.visit_id is not None:
                return sheet, None
            if sheet.kind is SubjectKind.ESTATE:
                return sheet, estate_subjects(seat, [sheet.subject_id])[0]
            return sheet, next(iter(self._list_cases(seat, [sheet.subject_id])), None)

        def failed(refusal: UserError) -> None:
            self.show_log()
            self.log.banner.refuse(refusal)

        self._desk.run(read, done=self._enter_sheet, failed=failed, owner=self.page)

    def _enter_sheet(self, read: tuple[SheetRecord, Subject | None]) -> None:
        sheet, subject = read
        if sheet.visit_id is not None:
            self._open_visit(sheet.visit_id, lambda: self._tell_entered(sheet))
        elif sheet.standing.state is SheetState.WITHDRAWN:
            self._offer_to_take_back(sheet)
        elif sheet.checklist is None:
            self._tell_on_log(
                _("The checklist of sheet {number} is not known here any more. Write it off."), sheet
            )
        elif self._desk.can_visit and subject is not None:
            self.entry.begin(subject, sheet=sheet)
        else:
            self._tell_on_log(_("Sheet {number} is not entered yet; your role cannot enter it."), sheet)

    def _tell_on_log(self, message: str, sheet: SheetRecord) -> None:
        self.show_log()
        self.log.banner.say("info", message.format(number=sheet.number))

    def _tell_entered(self, sheet: SheetRecord) -> None:
        """Say above the visit of a sheet that it is the one that was entered; a copy of it says nothing."""
        if self._visit is not None and self._visit.sheet == sheet.number:
            text = _(
                "Sheet {number} is entered already: this is what was entered. Compare it with the paper."
            )
            correct = _("Correct …") if self._desk.may(correct_visit) else ""
            self.detail.banner.say("info", text.format(number=sheet.number), correct, self._ask_correction)

    def _offer_to_take_back(self, sheet: SheetRecord) -> None:
        """Say that a sheet was withdrawn, and offer to enter it all the same."""
        self.show_log()
        text = _("Sheet {number} was written off: {why}.").format(
            number=sheet.number, why=sheet.standing.detail
        )
        if not self._desk.may(take_back):
            self.log.banner.say("warn", text)
            return

        def done(_nothing: None) -> None:
            self.log.banner.clear()
            self.open_sheet(sheet.id)

        def again() -> None:
            self._desk.run(take_back, sheet.id, done=done, failed=self._refuse, owner=self.page)

        self.log.banner.say("warn", text, _("Take it back and enter it"), again)

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown visit."""
        return None if self._visit is None else ("visit", self._visit.id)

    def reopen(self, key: str) -> None:
        """Open the form or dialog whose draft is stored under `key`."""
        if key.partition(":")[0] == REPORT_DRAFTS:
            self._ask_report()
        elif key.partition(":")[0] == CORRECTION_DRAFTS:
            self._ask_correction()
        else:
            self.new_visit()

    def show_log(self) -> None:
        """Show the log."""
        self._visit = None
        self.page.show_screen(self.log)
        self.log.table.table.setFocus()

    # --- one visit

    def _read_visit(self, visit_id: int, then: Callable[[], object] | None = None) -> None:
        def done(visit: VisitDetail) -> None:
            self._show_visit(visit)
            if then is not None:
                then()

        def failed(refusal: UserError) -> None:
            self.show_log()
            self.log.banner.refuse(refusal)

        self._desk.run(visit_detail, visit_id, done=done, failed=failed, owner=self.page)

    def _show_visit(self, visit: VisitDetail) -> None:
        is_another = self._visit is None or self._visit.id != visit.id
        old_photos = self._visit.photos if self._visit is not None and not is_another else None
        self._visit = visit
        if is_another:
            self.detail.banner.clear()
        self.detail.show_visit(visit)
        self._read_handling(visit)
        self._allow_photos()
        if old_photos is None or _places(old_photos) != _places(visit.photos):
            self._photos.load(
                [(photo.id, photo.caption) for photo in visit.photos],
                self.detail.show_photos,
                photo_notes(visit.photos, [item.item for item in visit.items]),
            )
        if is_another:
            self._scans.show_for(visit.id)
        if self.page.currentWidget() is not self.detail:
            self.page.show_screen(self.detail)
        if is_another:
            self.detail.focus_first_act()

    def _read_handling(self, visit: VisitDetail) -> None:
        if self._handled is None:
            return

        def show(handled: Mapping[str, str]) -> None:
            if self._visit is not None and self._visit.id == visit.id:
                self.detail.show_handling(handled)

        self._desk.run(self._handled, visit.id, done=show, owner=self.page)

    def _ask_if_due(self) -> None:
        if self._visit is not None and self._visit.must_report:
            self._ask_report()

    def _ask_report(self) -> None:
        if self._visit is not None:
            ask_report(self._desk, self.detail, self._visit.id, self._on_changed_visit)

    def _ask_correction(self) -> None:
        if self._visit is not None:
            of = self._desk, self.detail, self._visit.id, self._list_cases
            ask_correction(*of, self._on_changed_visit, self.detail.banner.refuse)

    def _on_changed_visit(self, visit: VisitDetail) -> None:
        if self._visit is not None and self._visit.id == visit.id:
            self._show_visit(visit)
            self.detail.focus_first_act()

    def _on_logged(self, visit: VisitDetail) -> None:
        self._visit = None
        self._show_visit(visit)
        self.detail.banner.say("ok", _("Visit {number} is logged.").format(number=visit.number))

    def _visit_id(self) -> int:
        return self._visit.id if self._visit is not None else 0

    def _keep_with_visit(self, seat: Seat, visit_id: int, new: tuple[NewPhoto, ...]) -> list[int]:
        """Add photos to a visit and return their keys; runs on the worker."""
        added = photos.add_photos(seat, visit_id, new, self._carry)
        self._carried.update(added.carried_to)
        return [photo.id for photo in added.photos[-len(new) :]]

    def _tell_carried(self) -> None:
        """Say what else the photos reached that were added a moment ago."""
        if self._carried:
            self.detail.banner.say("ok", carried_text(self._carried))
            self._carried.clear()

    def _ask_place(self, key: str) -> None:
        visit = self._visit

        def done(carried_to: tuple[str, ...]) -> None:
            self._carried.update(carried_to)
            self._tell_carried()
            if visit is not None:
                self._read_visit(visit.id, None)

        if visit is not None:
            items = [(one.item, one.text) for one in visit.items]
            ask_place(self._desk, self.detail, items, visit.photos, int(key), done, self._carry)

    def _print_visit(self) -> None:
        if self._visit is not None:
            case_id = self._visit.subject_id if self._visit.kind is SubjectKind.RENOVATION else None
            self.papers.print_visit(self._visit.id, case_id)

    def _open_subject(self) -> None:
        if self._visit is not None:
            self.subject_opened.emit(_SEARCH_KINDS[self._visit.kind], self._visit.subject_id)

    # --- changes

    def _refuse(self, refusal: UserError) -> None:
        shown = self.page.currentWidget()
        banner = self.detail.banner if shown is self.detail else self.log.banner
        banner.refuse(refusal)

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self._allow_photos()
        if not tables & (TABLES | self._handled_in | {"estate"}):
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        if self._visit is not None and self.page.currentWidget() is self.detail:
            self._read_visit(self._visit.id)

    def _allow_photos(self) -> None:
        own = parties_of(self._desk.operator.role) if self._desk.can_visit else ()
        self.detail.set_writable(self._visit is not None and self._visit.party in own)
        self.detail.allow_report(self._desk.can_write)
        self.detail.allow_correction(self._desk.may(correct_visit))
        self.checklists_button.setVisible(self._desk.can_write)
        self.photos_button.setVisible(self._desk.can_visit)


def _places(photos: Sequence[VisitPhoto]) -> list[tuple[int, str, str, str]]:
    """Return what decides how the photos of a visit are shown, besides captions, which are typed there."""
    return [(photo.id, photo.item, photo.kind, photo.number) for photo in photos]
