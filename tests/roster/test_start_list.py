"""The list of earlier imports is sorted by each of its headings but that of the state."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.estates.facts.houses import ImportRow
from fuyuan_desk.roster.view.start import ImportStartView

ROWS = [
    ImportRow(3, "名册10.xlsx", datetime(2026, 3, 3, tzinfo=UTC), "甲", {"units": 5, "rejected": 1}, None),
    ImportRow(2, "名册9.xlsx", datetime(2026, 3, 2, tzinfo=UTC), "丙", {"units": 40}, None),
    ImportRow(1, "名册11.xlsx", datetime(2026, 3, 1, tzinfo=UTC), "乙", {"units": 7, "rejected": 2}, None),
]


@pytest.mark.parametrize(
    ("column", "order"),
    [("at", [1, 2, 3]), ("file", [2, 3, 1]), ("units", [3, 1, 2]), ("rejected", [2, 3, 1])],
)
def test_the_list_is_sorted_by_a_heading_and_back(
    front: Callable[[QWidget], None], qtbot: QtBot, column: str, order: list[int]
) -> None:
    view = ImportStartView()
    front(view)
    view.show_imports(ROWS)

    def ids() -> list[int]:
        model = view.table.model
        return [row.id for number in range(model.total) if (row := model.row(number)) is not None]

    assert ids() == [3, 2, 1], "newest first, as they come"
    header = view.table.table.horizontalHeader()
    number = [made.name for made in view.table.model.columns].index(column)
    header.setSortIndicator(number, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: ids() == order)
    header.setSortIndicator(number, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: ids() == order[::-1])
