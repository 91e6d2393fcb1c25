"""The dialog to choose the planned rounds whose sheets are printed, by person and in the order of the way."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.inspections.facts import RoundToPrint
from fuyuan_desk.inspections.rules.route import Route, in_route
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.fitted_dialog import FittedDialog
from fuyuan_desk.widgets.flow import Flow
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.theme import TEXT_PX, text_px

_ROUND = Qt.ItemDataRole.UserRole
_WIDTH, _TREE = 860, 280  # pixels; the height of the list at normal text size
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


def ordered(rounds: Sequence[RoundToPrint], route: Route) -> list[RoundToPrint]:
    """Return rounds by person, day and way: in the order in which their sheets are printed."""
    by_day = sorted(rounds, key=lambda one: (one.lead, one.day))
    days = groupby(by_day, key=lambda one: (one.lead, one.day))
    return [one for _day, same in days for one in in_route(same, lambda each: each.stop, route)]


class BatchDialog(FittedDialog):
    """Lists the rounds of some days to tick; `print_requested` carries the keys of the ticked ones in their order.

    What was printed before is not ticked at first: ticked, it is printed again under its number. After `days_changed`
    call `show_rounds`, or `refuse`.
    """

    days_changed = Signal(date, date)
    print_requested = Signal(tuple)

    def __init__(self, parent: QWidget | None, today: date, route: Route) -> None:
        super().__init__(parent, _("Print the sheets of rounds"), _WIDTH)
        self._rounds: Sequence[RoundToPrint] = ()
        self._ticked: set[int] = set()
        self.days = Form(
            [Field("first", _("&From"), "date", required=True), Field("last", _("&To"), "date", required=True)],
            columns=2, only_asks=True,
        )  # fmt: skip
        monday = today - timedelta(days=today.weekday())
        self._spans = (
            (_("To&day"), today, today),
            (_("To&morrow"), today + timedelta(days=1), today + timedelta(days=1)),
            (_("This &week"), today, monday + timedelta(days=6)),
            (_("&Next week"), monday + timedelta(days=7), monday + timedelta(days=13)),
        )
        self.estates = DropDown()
        self.estates.setAccessibleName(_("Estate"))
        self.estates.addItem(_("All estates"), None)
        self.route = DropDown()
        self.route.setAccessibleName(_("Order of the buildings"))
        for one in Route:
            self.route.addItem(one.label, one)
        self.route.setCurrentIndex(self.route.findData(route))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(_("Rounds whose sheets are printed"))
        self.tree.setHeaderLabels([_("Who and where"), _("Plan"), _("Day"), _("Number")])
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(_TREE * text_px() // TEXT_PX)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.note = labels.label("", "doubt", wrap=True)
        self.again_button = button(_("Tick the p&rinted ones, too"), self._tick_printed, role="link")
        self.print_button = button("", self._print, role="primary", picture="print")
        self._lay_out()
        self.days.set_values({"first": today, "last": today})
        self.days.changed.connect(self._on_days)
        self.estates.currentIndexChanged.connect(self._list)
        self.route.currentIndexChanged.connect(self._list)
        self.tree.itemChanged.connect(self._on_ticked)
        self._count()

    def _lay_out(self) -> None:
        spans, filters = Flow(), Flow()
        for text, first, last in self._spans:
            spans.add(button(text, partial(self.choose_days, first, last), role="link"))
        filters.add(self.estates)
        filters.add(labels.label(_("Order of the buildings"), "muted"), end=True)
        filters.add(self.route, end=True)
        text = _(
            "Rounds planned for these days, and earlier ones that can still be on time. The sheets of each person are "
            "headed by a list to sign when they go out and when they are back."
        )
        self.content.setSpacing(10)
        self.content.addWidget(labels.label(text, "hint", wrap=True))
        self.content.addWidget(self.days)
        self.content.addLayout(spans)
        self.content.addLayout(filters)
        self.content.addWidget(self.tree, 1)
        self.content.addWidget(self.note)
        self.foot.add(self.again_button)
        self.foot.add(self.print_button, end=True)
        self.foot.add(button(_("&Cancel"), self.reject), end=True)
        self.tree.setFocus()

    def choose_days(self, first: date, last: date) -> None:
        """Choose the first and the last day."""
        self.days.blockSignals(True)  # both at once, so that the rounds are read once
        self.days.set_values({"first": first, "last": last})
        self.days.blockSignals(False)
        self._on_days()

    def show_rounds(self, rounds: Sequence[RoundToPrint]) -> None:
        """List the rounds of the chosen days; those without a sheet are ticked."""
        self.days.show_errors({})
        self._rounds = rounds
        self._ticked = {one.id for one in rounds if not one.sheet and not one.trouble}
        names = dict(sorted({one.estate_id: one.estate for one in rounds}.items(), key=lambda pair: pair[1]))
        chosen = self.estates.currentData()
        self.estates.blockSignals(True)
        self.estates.clear()
        self.estates.addItem(_("All estates"), None)
        for key, name in names.items():
            self.estates.addItem(name, key)
        self.estates.setCurrentIndex(max(self.estates.findData(chosen), 0))
        self.estates.blockSignals(False)
        self._list()

    def refuse(self, error: UserError) -> None:
        """Show why the rounds of these days cannot be listed, beside the days."""
        self.show_rounds(())
        if not self.days.show_errors(error.fields):
            self.note.setText(error.message)

    def chosen(self) -> tuple[int, ...]:
        """Return the keys of the ticked rounds in sight, in the order in which they are printed."""
        return tuple(one.id for one in self._in_sight() if one.id in self._ticked)

    def _in_sight(self) -> list[RoundToPrint]:
        estate = self.estates.currentData()
        shown = [one for one in self._rounds if estate in (None, one.estate_id)]
        return ordered(shown, Route(self.route.currentData()))

    def _list(self) -> None:
        self.tree.blockSignals(True)
        self.tree.clear()
        for lead, rounds in groupby(self._in_sight(), key=lambda one: one.lead):
            person = QTreeWidgetItem([""])
            person.setFlags(person.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            self.tree.addTopLevelItem(person)
            for one in rounds:
                person.addChild(self._line(one))
            text = numbered(person.childCount(), N_("{lead}, {n} round"), N_("{lead}, {n} rounds"), lead=lead)
            person.setText(0, text)
            person.setExpanded(True)
        top = self.tree.topLevelItem(0)
        if top is not None:
            self.tree.setCurrentItem(top)
        self.tree.blockSignals(False)
        self._count()

    def _line(self, one: RoundToPrint) -> QTreeWidgetItem:
        where = _where(one)
        sheet = one.sheet or _("not printed yet")
        item = QTreeWidgetItem([where, one.plan, f"{one.day:%m-%d}", one.trouble or sheet])
        item.setData(0, _ROUND, one.id)
        tip = one.trouble or (
            _("Printed on {moment}").format(moment=f"{one.printed_at.astimezone():%Y-%m-%d %H:%M}")
            if one.printed_at is not None
            else _("Back by {day}").format(day=one.back_by)
        )
        for column in range(4):
            item.setToolTip(column, tip)
        item.setCheckState(0, _CHECKED if one.id in self._ticked else _UNCHECKED)
        if one.trouble:
            item.setFlags(item.flags() & ~(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled))
        return item

    def _on_ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        key = item.data(0, _ROUND)
        if key is None:
            return  # a person: his rounds follow by themselves
        (self._ticked.add if item.checkState(0) == _CHECKED else self._ticked.discard)(key)
        self._count()

    def _tick_printed(self) -> None:
        self._ticked |= {one.id for one in self._in_sight() if one.sheet and not one.trouble}
        self._list()

    def _count(self) -> None:
        chosen = self.chosen()
        text = numbered(len(chosen), N_("&Preview {n} sheet"), N_("&Preview {n} sheets"))
        self.print_button.setText(text if chosen else _("&Preview"))
        self.print_button.setEnabled(bool(chosen))
        shown = self._in_sight()
        printed = [one for one in shown if one.sheet]
        self.again_button.setVisible(bool({one.id for one in printed} - set(chosen)))
        self.note.setText(_about(shown, printed))

    def _on_days(self) -> None:
        found = self.days.readable_values()
        first, last = found["first"], found["last"]
        if isinstance(first, date) and isinstance(last, date):
            self.days_changed.emit(first, last)

    def _print(self) -> None:
        self.print_requested.emit(self.chosen())
        self.accept()


def _where(one: RoundToPrint) -> str:
    is_case = one.subject != one.estate
    return f"{one.estate}　{one.subject if is_case else one.place or _('Whole estate')}"


def _about(shown: Sequence[RoundToPrint], printed: Sequence[RoundToPrint]) -> str:
    """Return in words that there is nothing to print, or what was printed before."""
    if not shown:
        return _("No round is open on these days. Choose other days.")
    moments = [one.printed_at for one in printed if one.printed_at is not None]
    if not moments:
        return ""
    return numbered(
        len(printed),
        N_("{n} sheet is printed already, on {moment} as No. {number}. Ticked, it is printed again as that."),
        N_("{n} sheets are printed already, last on {moment}, from No. {number} on. Ticked, they keep their numbers."),
        moment=f"{max(moments).astimezone():%Y-%m-%d %H:%M}",
        number=min(one.sheet for one in printed),
    )  # fmt: skip
