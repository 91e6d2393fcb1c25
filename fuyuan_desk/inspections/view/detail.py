"""A logged visit: failed items first, then the facts, the photos and all items."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.photos import PhotoKind
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.book import CONCLUSION_MARKS, CORRECTED_MARK
from fuyuan_desk.inspections.facts import VisitDetail, VisitItem, VisitPhoto
from fuyuan_desk.inspections.rules.answers import with_value
from fuyuan_desk.inspections.rules.photo_numbers import ends_with, is_same, read_numbers
from fuyuan_desk.inspections.rules.visits import Result, SubjectKind, label
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel, Tone
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import Card, Fact, Facts
from fuyuan_desk.widgets.photos import Photo, PhotoStrip
from fuyuan_desk.widgets.room import page_column, scrolled
from fuyuan_desk.widgets.theme import set_role

RESULT_TONES: dict[Result, tuple[Tone, str]] = {
    Result.PASS: ("ok", "ok"),
    Result.FAIL: ("error", "error"),
    Result.NOT_APPLICABLE: ("neutral", ""),
}
"""The tone and the icon of the chip of a result."""
_PICTURES = {True: "ok", False: "print"}
"""The pictures of the buttons of the report, and of printing."""


class DetailView(QWidget):
    """One visit; photos can be added, removed and viewed in full size."""

    back_requested = Signal()
    escaped = Signal()
    print_requested = Signal()
    subject_requested = Signal()
    report_requested = Signal()
    correction_requested = Signal()
    visit_requested = Signal(int)
    handling_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.back = icon_button("back", _("Back to the log"), self.back_requested.emit)
        self._title = labels.OneLine("", "title")
        self._chip = ChipLabel()
        self.subject_button = button("", self.subject_requested.emit, role="link")
        self.print_button = button(
            _("Print the shee&t"),
            self.print_requested.emit,
            role="primary",
            picture="print",
            shortcut="Ctrl+P",
        )
        self.report_button = button(_("Rep&orted …"), self.report_requested.emit, picture="ok")
        self.correct_button = button(_("&Correct …"), self.correction_requested.emit)
        self._can_report = False
        self._visit: VisitDetail | None = None
        self._handled: Mapping[str, str] = {}
        self.banner = Banner()
        self._warning = Banner()
        self.facts = Facts(2)
        self.photos = PhotoStrip(editable=False, can_place=True)
        self._photos_card = Card(_("Photos"))
        self._missing = labels.label("", "doubt", wrap=True)
        self.scans = QHBoxLayout()
        self._failed = Card(_("Failed"))
        self._remarks = labels.label("", wrap=True, selectable=True)
        self._remarks_card = Card(_("Findings and actions"))
        self._remarks_card.body.addWidget(self._remarks)
        self._items = Card(_("All items"))
        self._lay_out()

    def _lay_out(self) -> None:
        head = labels.head_line(
            (self.back, self._title, self._chip),
            (self.subject_button, self.correct_button, self.print_button, self.report_button),
        )
        facts = Card()
        facts.body.addWidget(self.facts)
        self._photos_card.body.addWidget(self._missing)
        self._photos_card.body.addWidget(self.photos)
        self._photos_card.body.addLayout(self.scans)
        photos = self._photos_card
        inner = QWidget()
        content = QVBoxLayout(inner)
        content.setContentsMargins(0, 0, 4, 0)
        content.setSpacing(12)
        for part in (self._failed, facts, self._remarks_card, photos, self._items):
            content.addWidget(part)
        content.addStretch(1)
        self._area = scrolled(inner)
        column = page_column(self)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self._warning)
        column.addWidget(self._area, 1)

    def show_visit(self, visit: VisitDetail) -> None:
        """Show a visit, scrolled to the top."""
        self._title.setText(visit.number)
        self.setAccessibleName(visit.number)
        self._chip.set_chip(_conclusion_chip(visit))
        is_estate = visit.kind is SubjectKind.ESTATE
        self.subject_button.setText(_("Open the &estate") if is_estate else _("Open the &case"))
        if self._visit is None or self._visit.id != visit.id:
            self._handled = {}
        self._visit = visit
        self._warn(visit)
        self._offer_report()
        self.facts.set_rows(_facts(visit))
        self._show_failed([item for item in visit.items if item.result is Result.FAIL])
        self._remarks.setText(visit.remarks)
        self._remarks_card.setVisible(bool(visit.remarks))
        self._show_items(visit.items)
        missing = missing_numbers(visit)
        self._missing.setText(
            _("Noted on the sheet, but not attached: photo {numbers}").format(numbers=_(", ").join(missing))
        )
        self._missing.setVisible(bool(missing))
        self._area.verticalScrollBar().setValue(0)

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Show the photos; their keys are numeric strings."""
        self.photos.set_photos(list(photos))

    def set_writable(self, on: bool) -> None:
        """Enable or disable adding and removing photos."""
        self.photos.set_editable(on)

    def allow_report(self, on: bool) -> None:
        """Offer to record the report of a visit whose dissuasion failed, as the operator may."""
        self._can_report = on
        self._offer_report()

    def allow_correction(self, on: bool) -> None:
        """Offer to correct the results, as the operator may."""
        self.correct_button.setVisible(on)

    def _offer_report(self) -> None:
        visit = self._visit
        is_first = visit is not None and visit.must_report and self._can_report
        is_reported = visit is not None and visit.report is not None
        self.report_button.setText(_("C&orrect the report …") if is_reported else _("Rep&orted …"))
        self.report_button.setVisible(self._can_report and visit is not None and visit.report_by is not None)
        for made, is_primary in ((self.report_button, is_first), (self.print_button, not is_first)):
            set_role(made, "primary" if is_primary else "")
            made.setIcon(icon(_PICTURES[made is self.report_button], "on_accent" if is_primary else "ink"))

    def show_handling(self, handled: Mapping[str, str]) -> None:
        """Show below each failed item what became of it, as a link; `handling_requested` carries the item."""
        self._handled = handled
        if self._visit is not None:
            self._show_failed([item for item in self._visit.items if item.result is Result.FAIL])

    def focus_first_act(self) -> None:
        """Focus the filled button."""
        is_report = self._visit is not None and self._visit.must_report and self._can_report
        (self.report_button if is_report else self.print_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def _warn(self, visit: VisitDetail) -> None:
        corrected = visit.corrected
        if corrected is not None and not visit.must_report:
            self._warning.say(
                "ok",
                _("{conclusion}: what failed passed again on {day}.").format(
                    conclusion=label(visit.conclusion), day=corrected.day
                ),
                _("Open visit {number}").format(number=corrected.number),
                lambda: self.visit_requested.emit(corrected.visit_id),
            )
            return
        if visit.report is not None:
            moment = f"{visit.report.at.astimezone():%Y-%m-%d %H:%M}"
            text = _("Dissuasion failed. Reported on {moment} to: {whom}.")
            self._warning.say("info", text.format(moment=moment, whom=visit.report.to))
            return
        if visit.report_by is None:
            self._warning.clear()
            return
        message = _("Report to the owners' committee and the authority by {moment} (within 24 hours).")
        self._warning.say("error", message.format(moment=f"{visit.report_by.astimezone():%Y-%m-%d %H:%M}"))

    def _show_failed(self, items: Sequence[VisitItem]) -> None:
        _clear(self._failed.body)
        self._failed.setVisible(bool(items))
        self._failed.set_title(_("Failed: {n}").format(n=len(items)))
        for number, item in enumerate(items):
            if number:
                self._failed.body.addWidget(labels.rule())
            self._failed.body.addWidget(_failure(item))
            if item.item in self._handled:
                link = button(
                    self._handled[item.item], partial(self.handling_requested.emit, item.item), role="link"
                )
                self._failed.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_items(self, items: Sequence[VisitItem]) -> None:
        _clear(self._items.body)
        counts = [sum(item.result is result for item in items) for result in Result]
        summary = " · ".join(f"{label(result)} {n}" for result, n in zip(Result, counts, strict=True) if n)
        self._items.body.addWidget(labels.label(summary, "hint"))
        group = ""
        for number, item in enumerate(items, 1):
            if item.group != group:
                group = item.group
                self._items.body.addWidget(labels.label(group, "strong"))
            self._items.body.addWidget(_line(number, item))


def _facts(visit: VisitDetail) -> list[Fact]:
    return [
        Fact(_("When"), f"{visit.at.astimezone():%Y-%m-%d %H:%M}"),
        Fact(_("Party"), visit.party.label),
        Fact(_("Estate"), visit.estate),
        Fact(_("Inspectors"), visit.inspectors),
        Fact(_("Subject"), visit.subject),
        Fact(_("Accompanied by"), visit.accompanying),
        Fact(_("Correct by"), _correct_by(visit)),
        Fact(_("Reported"), _report(visit)),
        Fact(_("Paper sheet"), visit.sheet),
        Fact(_("Planned round"), visit.round),
        Fact(_("Checklist"), _checklist(visit)),
        *([Fact(_("Entry corrected"), visit.correction)] if visit.correction else []),
    ]


def _correct_by(visit: VisitDetail) -> str:
    if visit.deadline is None:
        return ""
    return _("; ").join(filter(None, (visit.deadline.isoformat(), visit.deadline_doubt)))


def photo_notes(photos: Iterable[VisitPhoto], items: Iterable[str]) -> dict[int, str]:
    """Return what each photo is of, by key: the place of its item among these, how near, and its number."""
    places = {item: place for place, item in enumerate(items, 1)}
    return {
        photo.id: " · ".join(
            filter(
                None,
                (
                    _("Item {n}").format(n=places[photo.item])
                    if photo.item in places
                    else _("The whole visit"),
                    PhotoKind(photo.kind).label if photo.kind else "",
                    photo.number,
                ),
            )
        )
        for photo in photos
    }


def missing_numbers(visit: VisitDetail) -> list[str]:
    """Return the photo numbers noted on the sheet of which there is no photo, as they were noted."""
    attached = [photo.number for photo in visit.photos]
    noted = (number for item in visit.items for number in read_numbers(item.photo_numbers) or ())
    return [
        number
        for number in dict.fromkeys(noted)
        if not any(is_same(number, one) or ends_with(number, one) for one in attached)
    ]


def _checklist(visit: VisitDetail) -> str:
    """Return with which checklist a visit was made, in which version."""
    name = visit.checklist_name or _("a checklist that is no longer known")
    return _("{name}, version {version}").format(name=name, version=visit.checklist_version)


def _conclusion_chip(visit: VisitDetail) -> Chip:
    if visit.corrected is not None:
        text = _("Passed again {day}").format(day=visit.corrected.day)
        return Chip(text, CORRECTED_MARK.tone, CORRECTED_MARK.icon)
    if visit.report is not None:
        return Chip(label(visit.conclusion), "neutral", "ok")
    mark = CONCLUSION_MARKS[visit.conclusion]
    return Chip(label(visit.conclusion), mark.tone, mark.icon)


def _report(visit: VisitDetail) -> str:
    """Return when and to whom a visit was reported, in one line; that it was not, where it must be."""
    if visit.report is None:
        return _("not yet") if visit.must_report else ""
    at = f"{visit.report.at.astimezone():%Y-%m-%d %H:%M}"
    return " · ".join(filter(None, (at, visit.report.to, visit.report.note)))


def _failure(item: VisitItem) -> QWidget:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(ChipLabel(_chip(item.result)))
    line.addWidget(labels.label(with_value(item.text, item.value, ""), wrap=True, selectable=True), 1)
    column.addLayout(line)
    column.addWidget(labels.label(item.remark, "strong", wrap=True, selectable=True))
    if item.clauses:
        column.addWidget(labels.label("　".join(item.clauses), "hint", wrap=True, selectable=True))
    return widget


def _line(number: int, item: VisitItem) -> QWidget:
    widget = QWidget()
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(12)
    number_label = labels.label(str(number), "muted")
    number_label.setFixedWidth(24)
    number_label.setAlignment(Qt.AlignmentFlag.AlignRight)
    numbers = _("photo {numbers}").format(numbers=item.photo_numbers) if item.photo_numbers else ""
    text = "　".join(filter(None, (with_value(item.text, item.value, ""), item.remark, numbers)))
    text_label = labels.label(text, wrap=True, selectable=True)
    text_label.setToolTip("\n".join(item.clauses))
    line.addWidget(number_label, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(text_label, 1)
    line.addWidget(ChipLabel(_chip(item.result)), 0, Qt.AlignmentFlag.AlignTop)
    return widget


def _chip(result: Result) -> Chip:
    tone, picture = RESULT_TONES[result]
    return Chip(label(result), tone, picture)


def _clear(layout: QLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
