"""Figures of a month as the services return them, and the page of the month book."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.inspections.rules.figures import Rate, Span, Tally, VisitFigures
from fuyuan_desk.inspections.rules.finding_figures import FindingFigures, FindingTally
from fuyuan_desk.inspections.rules.round_figures import RoundFigures, RoundTally, SkippedRound
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.reports.controller import MonthBookController
from fuyuan_desk.reports.facts import BookFigures
from fuyuan_desk.workorders.rules.figures import OrderFigures, OrderTally
from tests.desks import wait_until_quiet

Shown = tuple[MonthBookController, Callable[[], None]]
_ROUNDS = RoundTally("南昌路168弄", 6, 1, 5, 2, 1, 3, (1, 2, 2, 4, 9))
_ORDERS = OrderTally("福元物业", 9, 7, 6, 1, 0, 2, 1, 4, 1, 1, (60, 90, 1_500, 3_000, 4_000, 9_000), 1, 2)
FIGURES = BookFigures(
    Span(date(2026, 2, 1), date(2026, 2, 28), datetime(2026, 3, 2, 9).astimezone()),
    "",
    date(2025, 6, 1),
    VisitFigures(
        12,
        Rate(4, 5),
        {date(2026, 2, 1): 12},
        items=(Tally("a", "楼道、疏散通道无堆物", 1, 1), Tally("b", "公共照明完好", 9, 0)),
        estates=(Tally("1", "南昌路168弄", 7, 1, 9), Tally("2", "𠮷祥里", 0, 0, 0)),
        on_the_spot=1,
        found=3,
        reported=1,
    ),
    RoundFigures(
        _ROUNDS,
        (_ROUNDS, RoundTally("𠮷祥里", open=4)),
        (RoundTally("楼道消防安全巡查", 6, 1, 5, 2, 1, 7, _ROUNDS.lateness),),
        (RoundTally("李思远", 6, 1, 5, 2, 1, 7, _ROUNDS.lateness),),
        (SkippedRound(date(2026, 2, 9), "南昌路168弄", "3号", "楼道消防安全巡查", "台风"),),
    ),
    FindingFigures(
        FindingTally("", 4, 2, (1, 0, 0, 2)), (FindingTally("南昌路168弄", 4, 2, (1, 0, 0, 2)),), (2, 9)
    ),
    OrderFigures(
        _ORDERS, (_ORDERS,), (replace(_ORDERS, name="general"),), (_ORDERS, OrderTally("", 1, 1, open=1))
    ),
)


@pytest.fixture
def shown(desk: Desk, front: Callable[[QWidget], None], qtbot: QtBot) -> Shown:
    """The page of the month book, and what waits until it is at rest."""

    def settle() -> None:
        wait_until_quiet(qtbot, lambda: desk.is_idle)

    controller = MonthBookController(desk)
    front(controller.page)
    settle()
    return controller, settle
