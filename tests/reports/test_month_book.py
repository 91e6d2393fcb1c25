"""The month book: on the page, on paper and in Excel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.inspections.rules.figures import Rate, Tally, VisitFigures
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.reports import rules
from fuyuan_desk.reports.controller import MonthBookController
from fuyuan_desk.reports.facts import MonthBook, Period
from fuyuan_desk.reports.service import book_for_print, figures_for_export, read_figures
from fuyuan_desk.reports.sheets import month_book
from fuyuan_desk.reports.workbook import write_figures
from fuyuan_desk.store.audit.log import AuditEntry
from tests.desks import wait_until_quiet
from tests.paper import pdf

FIGURES = VisitFigures(
    date(2026, 2, 1),
    date(2026, 2, 28),
    "",
    visits=12,
    visited=Rate(4, 5),
    months={date(2026, 2, 1): 12},
    items=(Tally("a", "楼道、疏散通道无堆物", 1, 1), Tally("b", "公共照明完好", 9, 0)),
    estates=(Tally("1", "南昌路168弄", 7, 1, 9), Tally("2", "𠮷祥里", 0, 0, 0)),
    on_the_spot=1,
    found=3,
    reported=1,
    days_to_right=(2, 9),
    open_ages=(1, 0, 0, 2),
)


@pytest.fixture
def shown(
    desk: Desk, front: Callable[[QWidget], None], qtbot: QtBot
) -> tuple[MonthBookController, Callable[[], None]]:
    """The page of the month book, and what waits until it is at rest."""

    def settle() -> None:
        wait_until_quiet(qtbot, lambda: desk.is_idle)

    controller = MonthBookController(desk)
    front(controller.page)
    settle()
    return controller, settle


@pytest.mark.parametrize(
    ("period", "field"),
    [(Period(2027), "year"), (Period(1999, 12), "year"), (Period(2026, 4), "month")],
)
def test_a_period_that_has_not_begun_is_refused(seat: Seat, period: Period, field: str) -> None:
    assert seat.today() == date(2026, 3, 2)
    with pytest.raises(InvalidInput) as refused:
        read_figures(seat, period)
    assert list(refused.value.fields) == [field]


def test_every_rate_has_its_denominator() -> None:
    texts = dict(rules.summary(FIGURES))
    assert texts["Estates with a round"] == "80.0 % (4/5)"
    assert texts["Items passed"] == "90.9 % (10/11)"
    assert texts["Of these passed again"] == "66.7 % (2/3)"
    assert texts["Days until passed again"] == "median 2, 90 % within 9 (of 2)"
    assert texts["Still open today"] == "3 items"
    assert dict(rules.summary(replace(FIGURES, days_to_right=())))["Days until passed again"] == "–"


def test_the_charts_show_the_lowest_first() -> None:
    items, estates, ages = rules.charts(FIGURES)
    assert [bar.value for bar in items.bars] == [50.0, 100.0]  # type: ignore[union-attr]
    assert [bar.label for bar in estates.bars] == ["南昌路168弄"]  # type: ignore[union-attr]
    assert [bar.value for bar in ages.bars] == [1, 0, 0, 2]  # type: ignore[union-attr]
    year = replace(FIGURES, months={date(2026, 1, 1): 0, date(2026, 2, 1): 12})
    assert len(rules.charts(year)) == 4


def test_the_page_begins_with_the_month_that_is_over(
    shown: tuple[MonthBookController, Callable[[], None]],
) -> None:
    controller, settle = shown
    page = controller.page
    assert page.period == (2026, 2, None)
    page.months.setCurrentIndex(0)
    settle()
    assert page.period == (2026, None, None)
    assert len(page.charts) == 4
    page.months.setCurrentIndex(9)
    settle()
    assert "has not begun" in page.banner.text()
    page.months.setCurrentIndex(1)
    settle()
    assert page.banner.text() == ""


def test_the_page_prints(shown: tuple[MonthBookController, Callable[[], None]], seat: Seat) -> None:
    controller, settle = shown
    controller.page.print_button.click()
    settle()
    assert controller.preview is not None
    controller.preview.close()


def test_the_paper_says_what_the_page_says() -> None:
    book = MonthBook("福元居民委员会", _made(), Period(2026, 2), FIGURES)
    printed = month_book(book)
    text = "".join(pdf.flat(printed, page) for page in range(1, printed.pages + 1))
    for part in ("2026年2月巡查月报", "80.0%(4/5)", "50.0%(1/2)", "𠮷祥里", "制表人", "居委会（盖章）"):
        assert part in text.replace(" ", "")
    whole = month_book(
        replace(book, period=Period(2026), visits=replace(FIGURES, visits=0, items=(), estates=()))
    )
    assert "2026年巡查年报" in pdf.flat(whole, 1)
    assert "本期没有已登记的巡查" in pdf.flat(whole, 1)


def _made() -> datetime:
    return datetime(2026, 3, 2, 9).astimezone()


def test_a_long_book_goes_on_on_the_next_page() -> None:
    items = tuple(Tally(str(n), f"第{n}项{'很长的检查内容' * 9}", n, 1) for n in range(60))
    printed = month_book(MonthBook("居委会", _made(), Period(2026, 2), replace(FIGURES, items=items)))
    assert printed.pages > 2
    assert "检查项目" in pdf.flat(printed, printed.pages - 1)


def test_the_workbook_has_the_same_figures(seat: Seat, tmp_path: Path) -> None:
    export = figures_for_export(seat, ExportOrder("报街道", "街道办事处"), Period(2026, 2))
    path = tmp_path / "月报.xlsx"
    write_figures(path, FIGURES, export.stamp.lines())
    book = load_workbook(path)
    assert book.sheetnames == ["概况", "检查项目合格率", "各小区", "各月巡查次数", "未整改项（按天数）"]
    rows = [row for row in book["检查项目合格率"].iter_rows(values_only=True) if row[1] is not None]
    assert rows[-2:] == [
        ("楼道、疏散通道无堆物", 1, 1, "50.0 % (1/2)"),
        ("公共照明完好", 9, 0, "100.0 % (9/9)"),
    ]


def test_print_and_export_stand_in_the_trail(seat: Seat) -> None:
    book_for_print(seat, Period(2026, 2))
    figures_for_export(seat, ExportOrder("报街道", "街道办事处"), Period(2026, 2))
    with seat.store.use() as session:
        actions = [action for (action,) in session.execute(select(AuditEntry.action).order_by(AuditEntry.id))]
    assert actions[-2:] == ["print", "export"]
