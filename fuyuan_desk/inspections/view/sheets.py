"""The dialog to choose the subjects of blank sheets."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fuyuan_desk.core.parties import Party
from fuyuan_desk.core.texts import N_, _, language, numbered
from fuyuan_desk.inspections.facts import Subject
from fuyuan_desk.inspections.rules.visits import Checklist, SheetScope, SubjectKind, label
from fuyuan_desk.inspections.view.entry import subject_text
from fuyuan_desk.kit.book import choices_of
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.composition import SettledText
from fuyuan_desk.widgets.drop_down import DropDown
from fuyuan_desk.widgets.fields import ChoiceEditor, Field
from fuyuan_desk.widgets.fitted_dialog import room_around

_SUBJECT = Qt.ItemDataRole.UserRole


class SheetsDialog(QDialog):
    """Lists estates or renovations to tick; `print_requested` carries (subjects, party or None, scope, checklist).

    `checklists` are those that count, by kind; the key of the chosen one is carried.
    """

    print_requested = Signal(tuple, object, object, str)

    def __init__(
        self,
        parent: QWidget | None,
        subjects: Sequence[Subject],
        checklists: Mapping[SubjectKind, Sequence[Checklist]] = MappingProxyType({}),
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(_("Print blank sheets"))
        self.resize(QSize(560, 520).boundedTo(room_around(self)))
        self.kinds = DropDown()
        self.kinds.setAccessibleName(_("Kind of visit"))
        for kind in SubjectKind:
            count = sum(subject.kind is kind for subject in subjects)
            if count:
                self.kinds.addItem(f"{label(kind)} ({count})", kind)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Filter this list"))
        self.filter.setAccessibleName(_("Filter this list"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Print sheets for"))
        for subject in subjects:
            item = QListWidgetItem(subject_text(subject))
            item.setData(_SUBJECT, subject)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._party_field = Field("party", "", "choice", choices=choices_of(Party),
                                  placeholder=_("Leave blank, to be ticked by hand"))  # fmt: skip
        self.party = ChoiceEditor(self._party_field)
        self.party.setAccessibleName(_("Party"))
        self.scope = DropDown()
        self.scope.setAccessibleName(_("Sheets for each estate"))
        for scope in SheetScope:
            self.scope.addItem(label(scope), scope)
        self._checklists = checklists
        self.checklist = DropDown()
        self.checklist.setAccessibleName(_("Checklist"))
        self._checklist_label = labels.label(_("Checklist"), "muted")
        self.all_button = button(_("Tick &all shown"), self.tick_all, role="link")
        self.print_button = button("", self._print, role="primary", picture="print")
        self._lay_out()
        self.kinds.currentIndexChanged.connect(self._apply_filter)
        self.kinds.currentIndexChanged.connect(self._offer_checklists)
        SettledText(self.filter).changed.connect(self._apply_filter)
        self.list.itemChanged.connect(self._update_print_button)
        self.scope.currentIndexChanged.connect(self._update_print_button)
        self._offer_checklists()
        self._apply_filter()
        self._update_print_button()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.kinds)
        top.addWidget(self.filter, 1)
        top.addWidget(self.all_button)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        lists.addWidget(self._checklist_label)
        lists.addWidget(self.checklist, 1)
        party = QHBoxLayout()
        party.setSpacing(12)
        party.addWidget(labels.label(_("Party on the sheet"), "muted"))
        party.addWidget(self.party, 1)
        party.addWidget(self.scope)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.print_button)
        row.addWidget(button(_("&Cancel"), self.reject))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(labels.label(_("Print blank sheets"), "section"))
        column.addWidget(
            labels.label(
                _("Space ticks a line. The QR code on each sheet opens its record."),
                "hint",
                wrap=True,
            )
        )
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addLayout(lists)
        column.addLayout(party)
        column.addLayout(row)
        self.list.setFocus()

    def chosen(self) -> tuple[Subject, ...]:
        """Return the ticked subjects of the shown kind."""
        items = [self.list.item(index) for index in range(self.list.count())]
        kind = self.kinds.currentData()
        return tuple(
            item.data(_SUBJECT)
            for item in items
            if item.checkState() == Qt.CheckState.Checked and item.data(_SUBJECT).kind == kind
        )

    def tick_all(self) -> None:
        """Tick all shown lines, or untick them if all are ticked."""
        shown = [item for index in range(self.list.count()) if not (item := self.list.item(index)).isHidden()]
        all_ticked = all(item.checkState() == Qt.CheckState.Checked for item in shown)
        for item in shown:
            item.setCheckState(Qt.CheckState.Unchecked if all_ticked else Qt.CheckState.Checked)

    def count(self) -> int:
        """Return how many sheets the ticked subjects make."""
        # a case has one building and one gate
        scope = SheetScope(self.scope.currentData())
        return sum(
            {SheetScope.ESTATE: 1, SheetScope.BUILDING: subject.buildings, SheetScope.GATE: subject.gates}[
                scope
            ]
            for subject in self.chosen()
        )

    def _offer_checklists(self) -> None:
        """Offer the checklists for the kind that is shown, if there is a choice."""
        kind = self.kinds.currentData()
        offered = self._checklists.get(kind, ()) if kind is not None else ()
        chinese = language().startswith("zh")
        self.checklist.clear()
        for one in offered:
            self.checklist.addItem(one.title(chinese), one.key)
        for shown in (self._checklist_label, self.checklist):
            shown.setVisible(len(offered) > 1)

    def _apply_filter(self) -> None:
        self.scope.setVisible(self.kinds.currentData() == SubjectKind.ESTATE)
        kind, text = self.kinds.currentData(), self.filter.text().strip().casefold()
        for index in range(self.list.count()):
            item = self.list.item(index)
            matches = item.data(_SUBJECT).kind == kind and text in item.text().casefold()
            item.setHidden(not matches)
        shown = [item for n in range(self.list.count()) if not (item := self.list.item(n)).isHidden()]
        if shown:
            self.list.setCurrentItem(shown[0])
        self._update_print_button()

    def _update_print_button(self) -> None:
        count = self.count()
        text = numbered(count, N_("&Preview {n} sheet"), N_("&Preview {n} sheets"))
        self.print_button.setText(text if count else _("&Preview"))
        self.print_button.setEnabled(count > 0)

    def _print(self) -> None:
        checklist = str(self.checklist.currentData() or "")
        scope = SheetScope(self.scope.currentData())
        self.print_requested.emit(self.chosen(), self.party.value(), scope, checklist)
        self.accept()
