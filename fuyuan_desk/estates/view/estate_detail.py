"""One estate: header and tabs, including those of other jobs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import EstateDetail
from fuyuan_desk.estates.view.overview import OverviewView
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel
from fuyuan_desk.widgets.icons import icon
from fuyuan_desk.widgets.labels import OneLine, head_line
from fuyuan_desk.widgets.rights import Rights
from fuyuan_desk.widgets.room import Tabs, padded, page_column

OVERVIEW, BUILDINGS, UNITS, ROOMS, ROLES = 0, 1, 2, 3, 4


def tab_title(text: str, count: int) -> str:
    """Return a tab's title with how many its list has; 0 is left out."""
    return text.format(n=f"{count:,}" if count else "").strip()


class EstateDetailView(QWidget):
    """Shows the estate's name and state, actions at the right, and tabs below."""

    back_requested = Signal()
    remove_requested = Signal()
    sheet_requested = Signal()
    visit_requested = Signal()
    tier_requested = Signal()
    file_requested = Signal()
    tab_shown = Signal(int)

    def __init__(self, overview: OverviewView) -> None:
        super().__init__()
        self._rights = Rights()
        self.overview = overview
        self.back = icon_button("back", _("Back to all estates"), self.back_requested.emit)
        self._title = OneLine("", "title")
        self.tier = ChipLabel()
        self.protection = ChipLabel()
        self.visit_button = button(
            _("Log a visit"), self.visit_requested.emit, picture="inspection", shortcut="Ctrl+Shift+V"
        )
        self.sheet_button = button(
            _("Print a sheet"), self.sheet_requested.emit, picture="print", shortcut="Ctrl+P"
        )
        self.more_button = icon_button("more", _("More actions"), self._open_menu)
        self.tabs = Tabs()
        self.tabs.addTab(padded(overview), _("Overview"))
        self.tabs.currentChanged.connect(self.tab_shown)
        column = page_column(self)
        column.addLayout(
            head_line(
                (self.back, self._title, self.tier, self.protection),
                (self.sheet_button, self.visit_button, self.more_button),
            )
        )
        column.addWidget(self.tabs, 1)
        self.tabs.add_keys(self)

    def show_estate(self, detail: EstateDetail, protection: Chip | None) -> None:
        """Show an estate's header and overview."""
        self._title.setText(detail.fields.name)
        self.setAccessibleName(detail.fields.name)
        self.protection.set_chip(protection)
        self.tabs.setTabText(BUILDINGS, tab_title(_("Buildings {n}"), detail.buildings))
        self.tabs.setTabText(UNITS, tab_title(_("Homes {n}"), detail.units))
        self.overview.show_estate(detail)

    def add_section(self, title: str, widget: QWidget) -> int:
        """Add a tab and return its index."""
        return self.tabs.addTab(padded(widget), title)

    def set_rights(self, rights: Rights) -> None:
        """Show only the actions the operator may use."""
        self.visit_button.setVisible(rights.visit)
        self._rights = rights
        self.overview.set_writable(rights.write)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = [("document", _("&File of this estate"), self.file_requested)]
        if self._rights.write:
            entries += [
                ("standard", _("Change the &tier …"), self.tier_requested),
                ("delete", _("&Remove this estate …"), self.remove_requested),
            ]
        for picture, text, signal in entries:
            menu.addAction(icon(picture), text).triggered.connect(
                lambda checked, signal=signal: signal.emit()
            )
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
