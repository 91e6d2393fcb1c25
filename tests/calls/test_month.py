"""The month sheet: its columns, what is masked, which calls it holds, and that it is read back as written."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.calls.facts import CallFields, MonthOrder
from fuyuan_desk.calls.service import calls
from fuyuan_desk.calls.service.month import month_for_export
from fuyuan_desk.calls.workbook import write_months
from fuyuan_desk.core.errors import InvalidInput
from tests.calls.conftest import Office
from tests.privacy.neighbours import agreed

ORDER = ExportOrder("社区云录入", "本居委会")
COLUMNS = ("走访对象", "居住地址", "方式", "走访时间", "参与人员", "走访详情", "服务标签")


@pytest.fixture
def recorded(office: Office) -> Office:
    """The office with two calls in January, of which one was entered, one in February and one of last year."""
    for day, clock, name, said, entered in (
        (date(2026, 1, 5), "09:30", "蔡兰刚", "=1+1", None),
        (date(2026, 1, 31), "", "姚艳志", "", date(2026, 2, 1)),
        (date(2026, 2, 1), "14:00", "沈文娟", "周末来", None),
        (date(2025, 12, 31), "08:00", "苏强平", "去年", None),
    ):
        fields = CallFields(
            day,
            clock,
            resident=office.key(name),
            staff="何斌、某甲",
            label="慰问",
            said=said,
            entered_on=entered,
        )
        calls.save_call(office.seat, fields)
    return office


def read(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the sheets of a workbook below their stamp and header."""
    found = {}
    for sheet in load_workbook(path):
        rows = list(sheet.iter_rows(values_only=True))
        header = rows.index(COLUMNS)
        assert header == 5
        found[sheet.title] = rows[header + 1 :]
    return found


def test_a_year_has_a_sheet_for_each_month_and_is_read_back_as_written(
    recorded: Office, tmp_path: Path
) -> None:
    order = ExportOrder(ORDER.purpose, ORDER.receiver, unmasked=True)
    months = MonthOrder(2026, None, only_open=False)
    export = month_for_export(agreed(recorded.seat), order, months)
    write_months(tmp_path / "a.xlsx", export.rows, export.stamp.lines(), months)
    assert read(tmp_path / "a.xlsx") == {
        "1月": [
            ("蔡兰刚", "南昌路168弄4号前楼", "上门", "2026-01-05 09:30", "何斌、某甲", "=1+1", "慰问"),
            ("姚艳志", "南昌路168弄4号亭子间", "上门", "2026-01-31", "何斌、某甲", None, "慰问"),
        ],
        "2月": [("沈文娟", "南昌路168弄4号前楼", "上门", "2026-02-01 14:00", "何斌、某甲", "周末来", "慰问")],
    }


def test_masked_it_names_nobody_and_says_nothing_of_what_was_said(recorded: Office) -> None:
    rows = month_for_export(recorded.seat, ORDER, MonthOrder(2026, 1)).rows
    [row] = rows
    assert row.texts == (
        "蔡*", "南昌路168弄4号前楼", "上门", "2026-01-05 09:30", "何斌、某甲", "（已隐去）", "慰问"
    )  # fmt: skip
    assert not row.is_entered


def test_unmasked_it_takes_a_second_person(recorded: Office) -> None:
    with pytest.raises(SecondNeeded):
        month_for_export(recorded.seat, ExportOrder("录入", "本居委会", unmasked=True), MonthOrder(2026))


def test_a_month_without_calls_is_a_sheet_without_rows(recorded: Office, tmp_path: Path) -> None:
    months = MonthOrder(2026, 3)
    export = month_for_export(recorded.seat, ORDER, months)
    write_months(tmp_path / "a.xlsx", export.rows, export.stamp.lines(), months)
    assert read(tmp_path / "a.xlsx") == {"3月": []}


@pytest.mark.parametrize(
    ("order", "months", "field"),
    [
        (ExportOrder("", "x"), MonthOrder(2026), "purpose"),
        (ORDER, MonthOrder(2026, 12), "month"),
        (ORDER, MonthOrder(1), "year"),
    ],
)
def test_a_wrong_order_is_refused_beside_its_field(
    recorded: Office, order: ExportOrder, months: MonthOrder, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        month_for_export(recorded.seat, order, months)
    assert list(refusal.value.fields) == [field]
