"""The list of all checklists with their versions."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.facts import VersionLine
from fuyuan_desk.inspections.rules.visits import label
from fuyuan_desk.inspections.view.version_words import since_text, state_chip, state_text
from fuyuan_desk.widgets import labels
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.empty import EmptyState
from fuyuan_desk.widgets.room import page_column
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table import TablePage
from fuyuan_desk.widgets.table_model import Column, Fetch


class ChecklistsView(QWidget):
    """Lists versions; `opened` carries the line of one, `new_asked`: begin a checklist."""

    opened = Signal(object)
    new_asked = Signal()
    left = Signal()

    def __init__(self, fetch: Fetch, settings: Settings | None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.back = icon_button("back", _("Back to the log"), self.left.emit)
        self.new_button = button(_("&New checklist …"), self.new_asked.emit, role="primary", picture="add")
        self.banner = Banner()
        self.table = TablePage(
            "checklists", _columns(), fetch, name=_("Checklists"),
            empty=EmptyState("list", _("None found"), _("Clear the filter to see all checklists.")),
            settings=settings, exportable=False, filter_hint=_("Name of a checklist"),
            identity=lambda line: (line.key, line.version),
        )  # fmt: skip
        about = _("Enter opens a version. A published one never changes: begin a new version from it.")
        column = page_column(self)
        column.addLayout(
            labels.head_line((self.back, labels.OneLine(_("Checklists"), "title")), (self.new_button,))
        )
        column.addWidget(self.banner)
        column.addWidget(labels.label(about, "hint", wrap=True))
        column.addWidget(self.table, 1)
        self.table.opened.connect(self.opened)


def _columns() -> list[Column]:
    return [
        Column("name", _("Checklist"), lambda row: row.name, 240),
        Column("version", _("Version"), lambda row: row.version, 90),
        Column("kind", _("For"), lambda row: label(row.kind), 120),
        Column("state", _("State"), state_text, 130, chip=state_chip),
        Column("since", _("Counts from"), since_text, 190),
        Column("items", _("Items"), lambda row: str(row.items), 70, "right"),
        Column("by", _("Published by"), lambda row: row.published_by, 120),
    ]


def matches(line: VersionLine, text: str) -> bool:
    """Return whether a version is found by what was typed."""
    held = f"{line.name} {line.version} {state_text(line)} {label(line.kind)}".casefold()
    return all(word in held for word in text.casefold().split())
