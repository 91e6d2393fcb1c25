"""Helpers shared by the tests of the renovation page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields
from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import buildings, estates, households, units
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail, Filing
from fuyuan_desk.renovation.rules.works import Answer, ScopeItem
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.renovation.view.filing import FilingView
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.widgets.preview import PreviewDialog

Front = Callable[[QWidget], None]
Settled = Callable[[], None]
GOOD_ID = "31010119800101000X"
PAINT, WATERPROOF, WALL = "finish.paint", "wet.waterproof", "structure.wall"


def add_home(
    seat: Seat, estate: str = "福元小区", label: str = "501室", head: str = "蔡兰刚", **fields: Any
) -> int:
    estate_ids = [row.id for row in estates.list_estates(seat, estate).rows]
    defaults = {"house_kind": "commodity", "heritage_class": 0, "historic_area": "none", **fields}
    estate_id = (
        estate_ids[0] if estate_ids else estates.save_estate(seat, EstateFields(estate, **defaults)).id
    )
    rows = buildings.list_buildings(seat, estate_id)
    building = (
        rows[0].id if rows else buildings.save_building(seat, BuildingFields("2号楼", estate_id=estate_id)).id
    )
    unit = units.save_unit(seat, UnitFields(building, label=label, tenure="commodity", area=8850)).id
    households.save_household(seat, unit, HouseholdFields(head, id_number=GOOD_ID, phones=("13812345678",)))
    return unit


def file(
    seat: Seat, unit: int, *works: str, answers: dict[str, Answer] | None = None, **fields: Any
) -> CaseDetail:
    start = seat.today() + timedelta(days=1)
    scope = tuple(ScopeItem(work, answers or {}) for work in works or (PAINT,))
    values = {"applicant": "蔡兰刚", "applicant_phone": "13812345678", "starts_on": start}
    values |= {"ends_on": start + timedelta(days=30), "applicant_id_number": GOOD_ID}
    return cases.file_case(seat, Filing(unit_id=unit, works=scope, **{**values, **fields}))


def trail(seat: Seat, action: str) -> list[AuditEntry]:
    with seat.store.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def opened(kind: type[Any]) -> list[Any]:
    return [box for box in QApplication.topLevelWidgets() if isinstance(box, kind) and box.isVisible()]


def cell(page: RenovationController, row: int, name: str) -> str:
    model = page.list.table.model
    index = next(index for index, column in enumerate(model.columns) if column.name == name)
    chip = model.columns[index].chip
    shown_chip = chip(model.row(row)) if chip is not None else None
    return shown_chip.text if shown_chip is not None else str(model.index(row, index).data())


def await_preview(qtbot: QtBot) -> PreviewDialog:
    qtbot.waitUntil(lambda: bool(opened(PreviewDialog)), timeout=20_000)
    [dialog] = opened(PreviewDialog)
    qtbot.waitUntil(lambda: dialog.preview.pdf is not None, timeout=20_000)
    assert isinstance(dialog, PreviewDialog)
    return dialog


def type_into(qtbot: QtBot, view: FilingView, name: str, text: str) -> None:
    widget: Any = view.form.editor(name).inner()[0]
    widget.setFocus()
    widget = widget.lineEdit() if isinstance(widget, QComboBox) else widget
    if text.isascii():
        qtbot.keyClicks(widget, text)
    else:
        widget.insert(text)  # Chinese comes from an input method, not from keys


def service_case(seat: Seat) -> CaseDetail:
    return queries.case_detail(seat, queries.list_cases(seat).rows[0].id)
