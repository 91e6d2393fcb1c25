"""What the charts of the tour count."""

from datetime import date

from fuyuan_desk.cli.tour_charts import cases_filed, homes_by_tenure, sheet, visits_by_weekday
from fuyuan_desk.formats.charts.shapes import UNKNOWN

TODAY = date(2026, 2, 10)


def test_homes_of_no_known_tenure_are_counted_and_look_unknown() -> None:
    chart = homes_by_tenure(["private", "private", "", "commodity", "of-a-later-version"])
    values = {bar.key: bar.value for bar in chart.bars}
    assert (values["private"], values["commodity"], values["sold-public"], values[""]) == (2, 1, 0, 2)
    assert chart.bars[-1].look == UNKNOWN


def test_cases_add_up_month_by_month_without_gaps_up_to_today() -> None:
    days = [date(2025, 11, 3), date(2026, 1, 1), date(2025, 11, 30)]
    [series] = cases_filed(days, TODAY).series
    found = [(point.label, point.value) for point in series.points]
    assert found == [("2025-11", 2), ("2025-12", 2), ("2026-01", 3), ("2026-02", 3)]
    [series] = cases_filed([], TODAY).series
    assert [(point.label, point.value) for point in series.points] == [("2026-02", 0)]


def test_visits_are_counted_by_month_and_weekday() -> None:
    chart = visits_by_weekday([date(2026, 2, 2), date(2026, 2, 9), date(2026, 1, 4)])
    assert chart.rows == ("2026-01", "2026-02")
    assert chart.values == ((0, 0, 0, 0, 0, 0, 1), (2, 0, 0, 0, 0, 0, 0))


def test_the_sheet_holds_every_chart() -> None:
    from io import BytesIO

    from pypdfium2 import PdfDocument

    made = (homes_by_tenure(["private"]), cases_filed([TODAY], TODAY), visits_by_weekday([TODAY]))
    document = PdfDocument(BytesIO(sheet(made, TODAY)))
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    assert all(
        title in text for title in ("Homes by tenure", "Renovations filed", "Visits by day of the week")
    )
