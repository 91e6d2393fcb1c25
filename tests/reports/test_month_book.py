"""The month book: on the page, on paper and in Excel."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, NotFound
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.formats.charts.data import Bars
from fuyuan_desk.inspections.rules.figures import Tally
from fuyuan_desk.reports.facts import BookFigures, MonthBook, Period, Spread
from fuyuan_desk.reports.rules import charts, periods, summary, tables, words
from fuyuan_desk.reports.service.books import book_for_print, figures_for_export, read_figures
from fuyuan_desk.reports.sheets import month_book
from fuyuan_desk.reports.workbook import write_figures
from fuyuan_desk.store.audit.log import AuditEntry
from tests.paper import pdf
from tests.reports.conftest import FIGURES, Shown

MADE = datetime(2026, 3, 2, 9).astimezone()


@pytest.mark.parametrize(
    ("period", "field"),
    [
        (Period(2027), "year"),
        (Period(1999, 12), "year"),
        (Period(2026, 4), "month"),
        (Period(2026, quarter=2), "month"),
    ],
)
def test_a_period_that_has_not_begun_is_refused(seat: Seat, period: Period, field: str) -> None:
    assert seat.today() == date(2026, 3, 2)
    with pytest.raises(InvalidInput) as refused:
        read_figures(seat, period)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("period", "name", "first", "last"),
    [
        (Period(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (Period(2025, 12), "2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        (Period(2025, quarter=1), "2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
        (Period(2025, quarter=4), "2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
        (Period(2025), "2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_is_a_month_a_quarter_or_a_year(period: Period, name: str, first: date, last: date) -> None:
    span = periods.span_of(period, MADE)
    assert (periods.period_name(period), span.first, span.last) == (name, first, last)


# ---- in words


def _texts(figures: BookFigures = FIGURES) -> dict[str, str]:
    return {name: words.cell_text(cell) for _title, facts in summary.summary(figures) for name, cell in facts}


def test_every_rate_has_its_denominator() -> None:
    texts = _texts()
    assert texts["Estates with a round"] == "80.0 % (4/5)"
    assert texts["Items passed"] == "90.9 % (10/11)"
    assert texts["Done on time, of those due"] == "42.9 % (6/14)"
    assert texts["Missed, of those due"] == "14.3 % (2/14)"
    assert texts["Late by"] == "median 2 days, at most 9 days (of 5)"
    assert texts["Put right, of all that were open"] == "40.0 % (2/5)"
    assert texts["Done in time, of those closed"] == "80.0 % (4/5)"
    assert texts["Overdue, of those open"] == "50.0 % (1/2)"
    assert texts["Time to close, while the clock ran"] == ("median 1 d 13 h, 90 % within 4 d 12 h (of 6)")


@pytest.mark.parametrize(
    ("spread", "text"),
    [
        (Spread(()), "–"),
        (Spread((1,)), "1 day (of 1)"),
        (Spread((30, 61, 1_500), in_minutes=True), "30 min, 1 h 1 min, 1 d 1 h (of 3)"),
        (Spread((1, 2, 3, 4), worst=True), "1 day, 2 days, 3 days, 4 days (of 4)"),
        (Spread((1, 2, 3, 4, 50)), "median 3 days, 90 % within 31.6 days (of 5)"),
        (Spread((1, 2, 3, 4, 5, 7)), "median 3.5 days, 90 % within 6 days (of 6)"),
        (Spread((1, 2, 3, 4, 50), worst=True), "median 3 days, at most 50 days (of 5)"),
    ],
)
def test_of_few_values_each_is_told(spread: Spread, text: str) -> None:
    assert words.spread_text(spread) == text


def test_the_figures_say_as_of_when_they_are() -> None:
    assert periods.as_of(FIGURES).startswith("As of the end of 2026-02-28.")
    present = replace(FIGURES, span=periods.span_of(Period(2026, 3), MADE))
    assert periods.as_of(present) == "The period is not over: figures until 2026-03-02."
    partly = replace(FIGURES, first_record=date(2026, 2, 9))
    assert periods.as_of(partly).endswith("Records begin on 2026-02-09.")
    before = replace(FIGURES, first_record=date(2026, 3, 1))
    assert periods.as_of(before).startswith("Nothing was recorded in this period.")
    assert summary.summary(before) == tables.tables(before) == charts.charts(before) == ()
    assert periods.as_of(replace(FIGURES, first_record=None)) == "Nothing is recorded yet."


def test_the_charts_show_the_lowest_first() -> None:
    made = charts.charts(FIGURES)
    assert all(isinstance(one, Bars) for one in made)
    rounds, ages, items, of_estates, orders = (one.bars for one in made)  # type: ignore[union-attr]
    assert [(bar.label, bar.value, bar.of) for bar in rounds] == [("南昌路168弄", 42.9, "(6/14)")]
    assert [bar.value for bar in ages] == [1, 0, 0, 2]
    assert [bar.value for bar in items] == [50.0, 100.0]
    assert [(bar.label, bar.of) for bar in of_estates] == [("南昌路168弄", "(7/8)")]
    assert [(bar.label, bar.of) for bar in orders] == [("福元物业", "(4/5)")]
    months = {date(2025, 5, 1): 0, date(2025, 6, 1): 0, date(2026, 2, 1): 12}
    year = replace(FIGURES, visits=replace(FIGURES.visits, months=months))
    assert [bar.value for bar in charts.charts(year)[0].bars] == [None, 0, 12]  # type: ignore[union-attr]


# ---- on the page


def test_the_page_begins_with_the_month_that_is_over(shown: Shown, seat: Seat) -> None:
    controller, settle = shown
    page = controller.page
    assert page.period == (2026, 2, None, None)
    assert page.as_of.text() == "Nothing is recorded yet."
    page.months.setCurrentIndex(page.months.findData(9))
    settle()
    assert "has not begun" in page.banner.text()
    page.months.setCurrentIndex(page.months.findData(-1))
    settle()
    assert page.period == (2026, None, None, 1)
    assert page.banner.text() == ""
    page.show_figures("", summary.summary(FIGURES), charts.charts(FIGURES), tables.tables(FIGURES))
    assert len(page.charts) == 5
    rounds = page.tables[0]
    shown_texts = [rounds.item(0, column).text() for column in range(rounds.columnCount())]  # type: ignore[union-attr]
    assert shown_texts[:3] == ["南昌路168弄", "18", "6"]
    assert shown_texts[8:] == ["42.9 % (6/14)", "median 2 days, at most 9 days (of 5)"]
    assert rounds.item(1, 8).text() == "–"  # type: ignore[union-attr]


def test_the_page_leads_back_and_prints(shown: Shown) -> None:
    controller, settle = shown
    left: list[bool] = []
    controller.left.connect(lambda: left.append(True))
    controller.page.back.click()
    assert left == [True]
    controller.page.print_button.click()
    settle()
    assert controller.preview is not None
    controller.preview.close()


# ---- on paper and in Excel


def _flat(book: MonthBook) -> str:
    printed = month_book(book)
    return "".join(pdf.flat(printed, page) for page in range(1, printed.pages + 1)).replace(" ", "")


def test_the_paper_says_what_the_page_says() -> None:
    book = MonthBook("福元居民委员会", MADE, Period(2026, 2), FIGURES)
    text = _flat(book)
    for part in (
        "2026年2月巡查整改月报", "80.0%(4/5)", "50.0%(1/2)", "𠮷祥里", "42.9%(6/14)", "台风", "李思远",
        "截至2026-02-28期末", "制表人", "居委会（盖章）",
    ):  # fmt: skip
        assert part in text
    nothing = replace(FIGURES, first_record=None)
    assert "2026年巡查整改年报" in _flat(replace(book, period=Period(2026), figures=nothing))
    assert "尚无任何记录" in _flat(replace(book, figures=nothing))
    assert "2026年第1季度" in _flat(replace(book, period=Period(2026, quarter=1)))


def test_a_long_book_goes_on_on_the_next_page() -> None:
    items = tuple(Tally(str(n), f"第{n}项{'很长的检查内容' * 9}", n, 1) for n in range(60))
    figures = replace(FIGURES, visits=replace(FIGURES.visits, items=items))
    printed = month_book(MonthBook("居委会", MADE, Period(2026, 2), figures))
    pages = [pdf.flat(printed, page) for page in range(1, printed.pages + 1)]
    assert sum("检查项合格不合格" in page.replace(" ", "") for page in pages) > 2


def test_the_workbook_has_numbers_denominators_and_charts(tmp_path: Path) -> None:
    path = tmp_path / "月报.xlsx"
    write_figures(path, FIGURES, ["报街道"])
    book = load_workbook(path)
    items = book["检查项目合格率"]
    rows = [row for row in items.iter_rows(values_only=True) if row[1] is not None]
    assert rows[0][3:] == ("合格率（%）", "合格率：分子", "合格率：分母")
    assert rows[1:] == [("楼道、疏散通道无堆物", 1, 1, 50, 1, 2), ("公共照明完好", 9, 0, 100, 9, 9)]
    assert len(items._charts) == 1
    rounds = list(book["各小区巡查任务"].iter_rows(values_only=True))
    assert rounds[-1] == ("𠮷祥里", 4, 0, 0, 0, 0, 0, 4, None, 0, 0, None, None, 0)
    facts = list(book["概况"].iter_rows(values_only=True))
    assert ("巡查记录", "检查项合格率（%）", 90.9, 10, 11) in facts
    assert {name for name in book.sheetnames if book[name]._charts} == {
        "各小区巡查任务", "各小区问题", "检查项目合格率", "各小区巡查", "责任单位对比"
    }  # fmt: skip


def test_print_and_export_stand_in_the_trail(seat: Seat) -> None:
    book_for_print(seat, Period(2026, 2))
    figures_for_export(seat, ExportOrder("报街道", "街道办事处"), Period(2026, 2))
    with seat.store.use() as session:
        actions = [action for (action,) in session.execute(select(AuditEntry.action).order_by(AuditEntry.id))]
    assert actions[-2:] == ["print", "export"]


def test_a_property_company_sees_the_figures_of_its_estates(seat: Seat) -> None:
    own = estates.save_estate(seat, EstateFields("南昌路168弄")).id
    other = estates.save_estate(seat, EstateFields("富南大厦")).id
    company = replace(seat, operator=replace(seat.operator, role=Role.PROPERTY, estates=frozenset({own})))
    assert read_figures(seat, Period(2026, 2)).visits.visited.whole == 2
    assert read_figures(company, Period(2026, 2)).visits.visited.whole == 1
    assert read_figures(company, Period(2026, 2, own)).estate == "南昌路168弄"
    with pytest.raises(NotFound):
        read_figures(company, Period(2026, 2, other))
