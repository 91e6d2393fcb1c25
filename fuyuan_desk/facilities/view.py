"""Windows of facilities: the checks of one, and the coverage of all kinds."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fuyuan_desk.core.codes import name_of
from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.facilities.facts import Check, Coverage, FacilityChecks, ItemState
from fuyuan_desk.facilities.rules import FacilityKind, Unit
from fuyuan_desk.kit.book import choices_of
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.fitted_dialog import room_around
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.labels import Card, Fact, Facts, label
from fuyuan_desk.widgets.room import scrolled
from fuyuan_desk.widgets.table_model import Column


class _Window(QDialog):
    """A window with a heading, a list that scrolls, and buttons below; Esc closes it."""

    def __init__(self, parent: QWidget, title: str, hint: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(QSize(720, 600).boundedTo(room_around(self)))
        self.banner = Banner()
        self.foot = Flow()
        self._inner = QWidget()
        self._lines = QVBoxLayout(self._inner)
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.setSpacing(12)
        area = scrolled(self._inner)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll
        area.setAccessibleName(title)
        self._close = button(_("C&lose"), self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "section", wrap=True))
        column.addWidget(label(hint, "muted", wrap=True))
        column.addWidget(self.banner)
        column.addWidget(area, 1)
        column.addLayout(self.foot)

    def _clear(self) -> None:
        while self._lines.count():
            if (old := self._lines.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()


class ChecksWindow(_Window):
    """The statutory checks of a facility with their days, and the checks that were made."""

    record_requested = Signal(str)
    correct_requested = Signal(object)
    remove_requested = Signal(object)
    interval_requested = Signal(object)
    pages_requested = Signal(object)

    def __init__(self, parent: QWidget, title: str, *, may_write: bool, may_set: bool) -> None:
        super().__init__(
            parent,
            title,
            _(
                "The next check is an interval after the last one, or when its certificate expires if that is earlier."
            ),
        )
        self._may_write, self._may_set = may_write, may_set
        self.record_button = button(
            _("&Record a check …"), lambda: self.record_requested.emit(""), role="primary", picture="add"
        )
        self.record_button.setVisible(may_write)
        self.foot.add(self.record_button)
        self.foot.add(self._close, end=True)

    def show_checks(self, checks: FacilityChecks, today: date) -> None:
        """Show the items and the checks that were made."""
        self._clear()
        self.record_button.setEnabled(bool(checks.items))
        if not checks.items:
            text = _(
                "No statutory check is known for this kind. Enter the day of its next check in its form."
            )
            self._lines.addWidget(label(text, "muted", wrap=True))
        for item in checks.items:
            self._lines.addWidget(self._item(item, today))
        if checks.items or checks.history:
            self._lines.addWidget(self._history(checks))
        self._lines.addStretch(1)

    def _item(self, item: ItemState, today: date) -> Card:
        acts = [
            button(_("Interval …"), partial(self.interval_requested.emit, item), role="link"),
            button(_("Record …"), partial(self.record_requested.emit, item.key), role="link"),
        ]
        for act, may in zip(acts, (self._may_set, self._may_write), strict=True):
            act.setAccessibleName(f"{item.name}: {act.text()}")
            act.setVisible(may)
        card = Card(item.name, [ChipLabel(due_chip(item, today)), *acts])
        facts = Facts()
        interval = _("{interval} ({basis})").format(interval=item.interval, basis=item.basis)
        rows = [
            Fact(_("Interval"), interval),
            Fact(_("Last check"), check_text(item.last) if item.last is not None else _("Not recorded")),
            Fact(_("Proof"), item.certificate),
        ]
        if item.reason:
            rows.insert(1, Fact(_("Set by the office"), item.reason))
        facts.set_rows(rows)
        card.body.addWidget(facts)
        return card

    def _history(self, checks: FacilityChecks) -> Card:
        names = {item.key: item.name for item in checks.items}
        card = Card(_("Checks made"))
        for check in checks.history:
            name = names.get(check.fields.item, check.fields.item)
            text = label(f"{name}　{check_text(check)}", wrap=True, selectable=True)
            acts = [self._pages_act(check, checks.pages.get(check.id, 0))]
            if self._may_write:
                acts += [
                    icon_button("edit", _("Correct this check"), partial(self.correct_requested.emit, check)),
                    icon_button("delete", _("Remove this check"), partial(self.remove_requested.emit, check)),
                ]
            line = QHBoxLayout()
            line.addWidget(text, 1)
            for act in acts:
                line.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
            card.body.addLayout(line)
            if check.fields.remarks:
                card.body.addWidget(label(check.fields.remarks, "muted", wrap=True, selectable=True))
        if not checks.history:
            card.body.addWidget(label(_("No check is recorded yet."), "muted", wrap=True))
        return card

    def _pages_act(self, check: Check, count: int) -> QWidget:
        text = (
            numbered(count, N_("{n} page"), N_("{n} pages")) if count else _("Add pages of the certificate")
        )
        if not count:
            act: QWidget = icon_button("photo", text, partial(self.pages_requested.emit, check))
            act.setVisible(self._may_write)
            return act
        link = button(text, partial(self.pages_requested.emit, check), role="link", picture="photo")
        link.setAccessibleName(_("Certificate, {pages}: look at them").format(pages=text))
        return link


def check_text(check: Check) -> str:
    """Return day, firm and certificate of a check in one line."""
    fields = check.fields
    parts = [
        "" if fields.done_on is None else fields.done_on.isoformat(),
        fields.done_by,
        _("for: {party}").format(party=name_of(Party, fields.party)) if fields.party else "",
        fields.certificate,
        "" if fields.valid_until is None else _("valid until {day}").format(day=fields.valid_until),
    ]
    return _(", ").join(part for part in parts if part)


def due_chip(item: ItemState, today: date) -> Chip:
    """Return the chip of the day by which an item is due."""
    if item.due is None or item.announced_on is None:
        return Chip(_("Not recorded"), "warn", "info")
    text = _("due on {day}").format(day=item.due.isoformat())
    if item.due < today:
        return Chip(text, "error", "calendar")
    return Chip(text, "warn" if today >= item.announced_on else "ok", "calendar")


def check_form(parent: QWidget, title: str, items: Sequence[ItemState]) -> FormDialog:
    """Create the form in which a check is recorded or corrected."""
    fields = [
        Field("item", _("&What was checked"), "choice", required=True,
              choices=[(item.key, item.name) for item in items], span=2),
        Field("done_on", _("&Done on"), "date", required=True),
        Field("valid_until", _("&Valid until"), "date", hint=_("If the certificate says so.")),
        Field("done_by", _("Done &by (company)")),
        Field("party", _("&Had it made"), "choice", required=True, choices=choices_of(Party),
              hint=_("It counts for the planned rounds of this party.")),
        Field("certificate", _("Report or certificate &number")),
        Field("remarks", _("Re&marks"), "lines", span=2),
    ]  # fmt: skip
    return FormDialog(parent, title, Form(fields, 2))


def interval_form(parent: QWidget, item: ItemState) -> FormDialog:
    """Create the form in which the office sets its own interval."""
    fields = [
        Field("every", _("&Every"), "int", required=True, low=1),
        Field("unit", _("&Unit"), "choice", choices=choices_of(Unit), required=True),
        Field("reason", _("&Reason"), "lines", span=2,
              hint=_("Needed unless it is the interval of the law, which is then followed again.")),
    ]  # fmt: skip
    hint = _("For all facilities of this kind: {basis}.").format(basis=item.basis)
    return FormDialog(parent, item.name, Form(fields, 2), hint=hint)


# --- coverage


class CoverageWindow(_Window):
    """In how many estates each kind of facility is in service, and which have none."""

    export_requested = Signal()

    def __init__(self, parent: QWidget, *, may_export: bool) -> None:
        hint = _("A facility that is out of service or scrapped does not count.")
        super().__init__(parent, _("Coverage"), hint)
        self.export_button = button(_("&Export …"), self.export_requested.emit, picture="export")
        self.export_button.setVisible(may_export)
        self.foot.add(self.export_button)
        self.foot.add(self._close, end=True)

    def show_coverage(self, rows: Sequence[Coverage]) -> None:
        """Show the kinds, each with the estates that have none."""
        self._clear()
        for row in rows:
            card = Card(name_of(FacilityKind, row.kind), [ChipLabel(coverage_chip(row))])
            if row.without and row.estates:
                names = _("Without: {names}").format(names=_(", ").join(row.without))
                card.body.addWidget(label(names, "muted", wrap=True, selectable=True))
            self._lines.addWidget(card)
        self._lines.addStretch(1)


def coverage_chip(row: Coverage) -> Chip:
    """Return the chip of a kind's coverage; only complete coverage is good, none is no fault."""
    tone = "ok" if row.of and row.estates == row.of else "neutral"
    return Chip(coverage_text(row), tone)  # type: ignore[arg-type]


def coverage_text(row: Coverage) -> str:
    """Return in how many of the estates a kind is in service."""
    return numbered(
        row.of, N_("in {found} of {n} estate"), N_("in {found} of {n} estates"), found=row.estates
    )


def coverage_columns() -> list[Column]:
    """Return the columns of an exported coverage."""
    return [
        Column("kind", _("Kind of facility"), lambda row: name_of(FacilityKind, row.kind), 120),
        Column("estates", _("Estates with one"), lambda row: str(row.estates), 80, "right"),
        Column("of", _("All estates"), lambda row: str(row.of), 80, "right"),
        Column("without", _("Estates without one"), lambda row: _(", ").join(row.without), 240),
    ]
