"""View of the data safety page: backups, audit log, personal data, diagnostics; the tabs depend on the role."""

from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.widgets.keyed_tabs import KeyedTabs
from fuyuan_desk.widgets.labels import PageHeader
from fuyuan_desk.widgets.room import page_column


class SafetyView(QWidget):
    """The tabs below a header."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.tabs = KeyedTabs()
        column = page_column(self)
        column.addWidget(
            PageHeader(
                _("Data safety"),
                _("Backups, audit log, personal data. The help says how far the protection goes."),
            )
        )
        column.addWidget(self.tabs, 1)
        self.tabs.add_keys(self)
