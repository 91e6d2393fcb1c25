"""Controller of the page for a new visit; input and photos are kept as a draft until the visit is saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.estates.rules.equipment import NOTHING_KNOWN
from fuyuan_desk.estates.rules.places import WHOLE, RecordedPlace
from fuyuan_desk.inspections.controller.papers import CasesOf
from fuyuan_desk.inspections.controller.photo_places import ask_place
from fuyuan_desk.inspections.facts import (
    KeptPhoto,
    NewVisit,
    SheetRecord,
    Subject,
    VisitDetail,
    VisitPhoto,
)
from fuyuan_desk.inspections.rules.checklists import offered
from fuyuan_desk.inspections.rules.printed import day_of_entry
from fuyuan_desk.inspections.rules.visits import (
    Checklist,
    SubjectKind,
    applicable,
    correct_by,
    deadline_doubt,
)
from fuyuan_desk.inspections.service import page_data, photos, visits
from fuyuan_desk.inspections.service.page_data import EntryStart
from fuyuan_desk.inspections.service.photos import own_party
from fuyuan_desk.inspections.service.rechecks import Before, before_visit
from fuyuan_desk.inspections.service.rounds import RoundToLog
from fuyuan_desk.inspections.view.detail import photo_notes
from fuyuan_desk.inspections.view.entry import Entry, EntryView
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.pictures import PhotoStorage, PicturesController
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.photos import Photo

DRAFT = "visit:new"
ToldOf = Callable[[Seat, int, RecordedPlace], str]
"""What another job says of an estate, by its key, or a place in it; '' for nothing."""


def no_words(_seat: Seat, _estate_id: int, _place: RecordedPlace) -> str:
    """Say nothing."""
    return ""


@dataclass(frozen=True)
class _Known:
    """What is known of what is visited, `of` kind, key, sheet number and round; None is found while it is read."""

    of: tuple[SubjectKind, int, str, int | None] | None
    found: Before | None


class EntryController(QObject):
    """Connects the entry view to the services; emits `opened` to show the page and `saved(VisitDetail)`."""

    saved = Signal(object)
    opened = Signal()
    left = Signal()

    def __init__(
        self,
        desk: Desk,
        cases_of: CasesOf,
        refused: Callable[[UserError], object],
        told_of: ToldOf = no_words,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._cases_of = cases_of
        self._told_of = told_of
        self._told: tuple[int, RecordedPlace] | None = None
        self._refused = refused
        self._start: EntryStart | None = None
        self._requested_subject: Subject | None = None
        self._before = _Known(None, Before())
        self._suggested = ""
        self._leads: dict[Party, str] = {}
        self.view = EntryView()
        self._drafts = DraftSaver(
            self.view.form, DRAFT,
            load=lambda key, then: desk.run(
                drafts.load_draft, key, done=then, failed=lambda _refusal: then(None), owner=self.view
            ),
            save=lambda key, draft: desk.run(drafts.save_draft, key, draft, failed=_ignore_failure),
            clear=lambda key: desk.run(photos.drop_draft, key, failed=_ignore_failure),
        )  # fmt: skip
        self._opened = 0  # counts the visits begun, so that a photo of one is not added to the next
        storage = PhotoStorage(
            lambda: self._opened, _keep_with_draft, photos.read_photo, photos.remove_photo,
            self._on_photos, self.view.refuse_photo, is_lasting=False,
            caption=photos.caption_photo, keeps_location=photos.keeps_location,
        )  # fmt: skip
        self._photos = PicturesController(desk, self.view.photos, storage)
        self.view.photos.placed.connect(self._ask_place)
        self.view.submitted.connect(self._save)
        self.view.left.connect(self._leave)
        self.view.kind_changed.connect(self._on_kind)
        self.view.subject_changed.connect(self._ask_what_applies)
        self.view.party_changed.connect(self._on_party)
        self.view.form.restored.connect(self._on_restored)
        self.view.form.discarded.connect(self._drop_photos)

    def begin(
        self,
        subject: Subject | None = None,
        estate_id: int | None = None,
        sheet: SheetRecord | None = None,
        planned: RoundToLog | None = None,
    ) -> None:
        """Open the page, for a subject or an estate and with a printed sheet or a planned round if given.

        What failed on the last visit to it and is not put right comes first in the checklist.
        """
        kind, key = (SubjectKind.ESTATE, estate_id) if subject is None else (subject.kind, subject.id)
        number = sheet.number if sheet is not None else ""
        round_id = None if planned is None else planned.id

        def read(seat: Seat) -> tuple[EntryStart, _Known]:
            start = page_data.begin_entry(seat)
            start.subjects[SubjectKind.RENOVATION] = self._cases_of(seat, None)
            if key is None:
                return start, _Known(None, Before())
            known = before_visit(seat, kind, key, number, round_id)
            return start, _Known((kind, key, number, round_id), known)

        def done(read: tuple[EntryStart, _Known]) -> None:
            start, before = read
            chosen = subject
            if estate_id is not None:
                rounds = start.subjects[SubjectKind.ESTATE]
                chosen = next((found for found in rounds if found.id == estate_id), None)
            self.leave(lambda: self._open(start, chosen, number, before, planned))

        self._desk.run(read, done=done, failed=self._refused, owner=self.view)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once unsaved changes are saved or discarded, showing the page to ask about them."""
        if self.view.form.is_dirty:
            self.opened.emit()
        self.view.form.leave(then)

    def _open(
        self,
        start: EntryStart,
        subject: Subject | None,
        sheet: str,
        before: _Known,
        planned: RoundToLog | None = None,
    ) -> None:
        self._start, self._requested_subject, self._before = start, subject, before
        self._opened += 1
        self._told = None
        kind = subject.kind if subject is not None else SubjectKind.ESTATE
        self.view.form.offer_parties(start.parties)
        self._prepare(kind)
        printed = before.found.sheet if before.found is not None else None
        party = _party(start.parties, planned, printed)
        counting = offered(start.versions, kind, start.now.date())
        self.view.form.offer_checklists([] if printed is not None and printed.checklist else counting)
        if subject is None and len(start.subjects[kind]) == 1:
            subject = start.subjects[kind][0]
        lead = planned.lead if planned is not None else printed.lead if printed is not None else ""
        self._leads = {party: lead} if lead else {}
        known = self._known_inspectors(party)
        self._suggested = known[0] if known else ""
        self._offer_inspectors(known)
        text = numbered(
            start.working_days_to_correct,
            N_("Default: {n} working day, can be changed."),
            N_("Default: {n} working days, can be changed."),
        )
        self.view.form.propose_deadline(
            lambda day: correct_by(day, start.working_days_to_correct, start.calendar),
            text,
            lambda day: deadline_doubt(day, start.calendar),
        )
        chosen = self.view.form.checklist_key()
        if planned is not None and planned.checklist in {one.key for one in counting}:
            chosen = planned.checklist
        today = start.now.date()
        day = today
        if printed is not None:
            day = day_of_entry(printed.day, printed.printed_at.astimezone().date(), today)
        values = {
            "kind": kind.value,
            "day": day,
            # on an earlier day the time is not known: it is on the paper
            "time": f"{start.now:%H:%M}" if day == today else "",
            "party": party.value,
            "inspectors": self._suggested,
            "sheet": sheet,
            "checklist": chosen or None,
        }
        round_id = planned.id if planned is not None else printed.round_id if printed is not None else None
        self.view.open(values, subject, round_id)
        self.view.form.show_hint("sheet", _about(printed))
        self.view.form.show_doubt("sheet", _doubt(printed))
        self._ask_what_applies()
        self._drafts.offer()
        self.opened.emit()
        self.view.focus_first()

    # --- effects of a choice

    def _prepare(self, kind: SubjectKind) -> None:
        assert self._start is not None
        subjects = list(self._start.subjects.get(kind, ()))
        requested = self._requested_subject
        if (
            requested is not None
            and requested.kind is kind
            and requested.id not in {subject.id for subject in subjects}
        ):
            subjects.insert(0, requested)
        self.view.form.offer(subjects)
        self._ask_what_applies()

    def _ask_what_applies(self) -> None:
        """Show the items that apply to the chosen subject, what failed there last time first.

        Nothing is asked on equipment that its estate does not have.
        """
        kind = self.view.form.kind()
        if self._start is None or kind is None:
            return
        subject = self.view.form.subject()
        if subject is not None:
            visited = (kind, subject.id, self.view.form.sheet(), self.view.form.round_id)
            if self._before.of != visited:
                self._before = _Known(visited, None)
                self._read_before(self._before)
        self._show_what_applies(kind, subject)

    def _read_before(self, asked: _Known) -> None:
        assert asked.of is not None

        def done(before: Before) -> None:
            if self._before is asked:  # else another subject was chosen meanwhile
                self._before = _Known(asked.of, before)
                self._ask_what_applies()

        def failed(refusal: UserError) -> None:
            self.view.banner.refuse(refusal)

        self._desk.run(before_visit, *asked.of, done=done, failed=failed, owner=self.view)

    def _show_what_applies(self, kind: SubjectKind, subject: Subject | None) -> None:
        assert self._start is not None
        known = (self._before.found if subject is not None else None) or Before()
        equipment = NOTHING_KNOWN
        if subject is not None:
            equipment = self._start.equipment.get(subject.estate_id, NOTHING_KNOWN)
        if known.equipment is not None:
            equipment = known.equipment
        whole = self._asked(kind, known)
        if whole is None:
            return
        checklist = applicable(whole, equipment)
        shown = self.view.checklist
        if (shown.checklist, shown.failed) != (checklist, known.failed):
            shown.show_checklist(checklist, self._start.laws, known.failed)
            self._show_places()
        shown.set_ready(subject is None or self._before.found is not None)
        self.view.show_visited(subject, known.place.text)
        self._tell_of(subject, known.place)

    def _tell_of(self, subject: Subject | None, place: RecordedPlace) -> None:
        """Say above the form what another job knows of the estate or the place in it that is visited."""
        is_estate = subject is not None and subject.kind is SubjectKind.ESTATE
        part = RecordedPlace.of(subject) if place == WHOLE and subject is not None else place
        asked = (subject.estate_id, part) if subject is not None and is_estate else None
        if asked == self._told:
            return
        self._told = asked
        self.view.tell_of_place("")
        if asked is None:
            return

        def done(text: str) -> None:
            if asked == self._told:  # else another one was chosen meanwhile
                self.view.tell_of_place(text)

        self._desk.run(self._told_of, *asked, done=done, failed=_ignore_failure, owner=self.view)

    def _asked(self, kind: SubjectKind, known: Before) -> Checklist | None:
        """Return what is asked: that of the printed sheet, whatever counts now, else what counts on the day."""
        assert self._start is not None
        form = self.view.form
        day = form.day() or self._start.now.date()
        counting = offered(self._start.versions, kind, day)
        printed = known.sheet.checklist if known.sheet is not None else None
        form.offer_checklists([] if printed is not None else counting)
        chosen = next((one for one in counting if one.key == form.checklist_key()), None)
        asked = printed or chosen or next(iter(counting), None)
        self.view.tell_version(asked if printed is not None and printed not in counting else None)
        return asked

    def _on_kind(self) -> None:
        kind = self.view.form.kind()
        if self._start is not None and kind is not None:
            self._prepare(kind)

    def _on_party(self) -> None:
        """Suggest the inspectors of the party, keeping names typed by the clerk."""
        if self._start is None:
            return
        value = self.view.form.editor("party").value()
        known = self._known_inspectors(Party(value)) if value else ()
        typed = self.view.form.editor("inspectors").raw()
        self._offer_inspectors(known)
        if typed.strip() in ("", self._suggested):
            self._suggested = known[0] if known else ""
            self.view.form.set_value("inspectors", self._suggested)

    def _known_inspectors(self, party: Party) -> tuple[str, ...]:
        """Return who may have inspected: who leads the round, who is signed in, those of earlier visits."""
        assert self._start is not None
        operator = self._desk.operator
        own = (operator.name,) if party is own_party(operator.role) else ()
        lead = (self._leads[party],) if party in self._leads else ()
        return tuple(dict.fromkeys((*lead, *own, *self._start.inspectors.get(party, ()))))

    def _offer_inspectors(self, known: tuple[str, ...]) -> None:
        offered = [(name, name) for name in known]
        self.view.form.prepare("inspectors", lambda editor: editor.set_choices(offered))

    # --- saving

    def _save(self, entry: Entry) -> None:
        self._photos.when_added(lambda: self._log(entry), lambda: self.view.set_busy(False))

    def _log(self, entry: Entry) -> None:
        checklist = self.view.checklist.checklist
        visit = NewVisit(
            subject=entry.subject,
            at=datetime.combine(entry.day, entry.time).astimezone(),
            party=entry.party,
            inspectors=entry.inspectors,
            findings=self.view.checklist.findings(),
            accompanying=entry.accompanying,
            handling=entry.handling,
            deadline=entry.deadline,
            remarks=entry.remarks,
            kept_photos=tuple(KeptPhoto(key, caption) for key, caption in self.view.form.captions().items()),
            checklist=checklist.key if checklist is not None else "",
            checklist_version=checklist.version if checklist is not None else "",
            sheet=entry.sheet,
            round_id=self.view.form.round_id,
        )
        self._desk.run(visits.log_visit, visit, done=self._on_saved, failed=self.view.refuse, owner=self.view)

    def _on_saved(self, visit: VisitDetail) -> None:
        self._requested_subject = None
        self.saved.emit(visit)
        self.view.saved()

    def _leave(self) -> None:
        self._requested_subject = None
        self.left.emit()

    # --- drafts

    def _on_restored(self, kept_photos: list[tuple[int, str]]) -> None:
        if kept_photos:
            self._photos.load(kept_photos, self._show_photos)

    def _show_photos(self, shown: list[Photo]) -> None:
        self.view.show_photos(shown)
        self._show_places()

    # --- what photos show

    def _on_photos(self) -> None:
        self.view.sync_photos()
        self._show_places()

    def _items(self) -> list[tuple[str, str]]:
        """Return the items that are asked, by key and text, in the order of their numbers."""
        asked, chinese = self.view.checklist.checklist, language().startswith("zh")
        return [(item.key, item.shown(chinese)[1]) for item in asked.items] if asked is not None else []

    def _show_places(self) -> None:
        """Say below each photo which item it shows; one of an item that is not asked here is of the whole visit."""
        if self.view.photos.photos():
            self._desk.run(
                photos.draft_photos, DRAFT, done=self._note, failed=_ignore_failure, owner=self.view
            )

    def _note(self, kept: tuple[VisitPhoto, ...]) -> None:
        notes = photo_notes(kept, dict(self._items()))
        self.view.photos.show_notes({str(key): note for key, note in notes.items()})

    def _ask_place(self, key: str) -> None:
        def ask(kept: tuple[VisitPhoto, ...]) -> None:
            ask_place(
                self._desk, self.view, self._items(), kept, int(key), lambda _carried: self._show_places()
            )

        self._desk.run(photos.draft_photos, DRAFT, done=ask, failed=self.view.refuse_photo, owner=self.view)

    def _drop_photos(self) -> None:
        if self.view.form.is_asking:
            return  # they belong to an earlier draft, which is not answered yet
        self._desk.run(photos.drop_draft, DRAFT, failed=_ignore_failure)


def _party(parties: Sequence[Party], planned: RoundToLog | None, printed: SheetRecord | None) -> Party:
    """Return the party of the round that is logged or of the sheet that is entered, else the committee."""
    asked = printed.party if planned is None and printed is not None else ""
    wanted = planned.party if planned is not None else Party(asked or Party.COMMITTEE)
    return wanted if wanted in parties else parties[0]


def _about(printed: SheetRecord | None) -> str:
    """Return when a sheet was printed, for which round and for whom, to be compared with the paper."""
    if printed is None:
        return ""
    text = _("Printed on {moment}").format(moment=f"{printed.printed_at.astimezone():%Y-%m-%d %H:%M}")
    day = _("round of {day}").format(day=printed.day) if printed.day is not None else ""
    lead = _("taken by {lead}").format(lead=printed.lead) if printed.lead else ""
    return _(", ").join(filter(None, (text, day, lead)))


def _doubt(printed: SheetRecord | None) -> str:
    """Return that the round of a sheet is left out, or done already, which makes another visit of what is entered."""
    if printed is not None and printed.left_out:
        text = _(
            "Its round was left out: {why}. A visit on a day on which it is on time fills it all the same."
        )
        return text.format(why=printed.left_out)
    if printed is None or not printed.done_as:
        return ""
    text = _(
        "Its round is done already, as visit {number}. If this is the same visit, write the sheet off instead."
    )
    return text.format(number=printed.done_as)


def _keep_with_draft(seat: Seat, _opened: int, new: tuple[NewPhoto, ...]) -> list[int]:
    return [photos.keep_draft_photo(seat, DRAFT, photo).id for photo in new]


def _ignore_failure(_refusal: UserError) -> None:
    # a failing draft must not interrupt the input; saving the visit reports the problem
    pass
