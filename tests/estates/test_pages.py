"""The estates' page, used as a clerk uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.desk import Desk
from fuyuan_desk.estates import households, service, units
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts import EstateFields, UnitQuery
from fuyuan_desk.office.access import Role, Seat
from fuyuan_desk.store.audit import AuditEntry
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import Question
from fuyuan_desk.widgets.work import Worker

Front = Callable[[QWidget], None]
BAD_ID = "310101198001010008"


@pytest.fixture
def page(
    desk: Desk, two_estates: tuple[int, int], front: Front, settled: Callable[[], None]
) -> EstatesController:
    made = EstatesController(desk)
    front(made.page)
    settled()
    return made


@pytest.fixture
def settled(qtbot: QtBot, worker: Worker) -> Callable[[], None]:
    """Wait until nothing more is on its way."""

    def wait() -> None:
        quiet = 0
        while quiet < 8:
            qtbot.waitUntil(lambda: worker.is_idle)
            QTest.qWait(20)
            quiet = quiet + 1 if worker.is_idle else 0

    return wait


def line(form: Form, name: str) -> QLineEdit:
    widget = form.editor(name).inner()[0]
    assert isinstance(widget, QLineEdit)
    return widget


def write(widget: QWidget, text: str) -> None:
    """Enter text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def question() -> Question:
    [asked] = [box for box in QApplication.topLevelWidgets() if isinstance(box, Question) and box.isVisible()]
    return asked


def trail(seat: Seat, action: str) -> list[AuditEntry]:
    with seat.store.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def shown_names(page: EstatesController) -> list[str]:
    model = page.list.table.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


# --- all estates -------------------------------------------------------------------------------------


def test_an_empty_office_offers_the_import(desk: Desk, qtbot: QtBot, front: Front) -> None:
    made = EstatesController(desk)
    front(made.page)
    qtbot.waitUntil(lambda: made.list.table.model.is_loaded)
    [first_step] = [
        button
        for button in made.list.table.findChildren(QPushButton)
        if button.isVisible() and "roster" in button.text()
    ]
    with qtbot.waitSignal(made.import_asked):
        first_step.click()


def test_typing_narrows_the_list_and_enter_opens(
    page: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    assert shown_names(page) == ["南昌路168弄", "富南大厦"]
    page.list.table.focus_filter()
    qtbot.keyClicks(page.list.table.filter, "fndx")
    settled()
    assert shown_names(page) == ["富南大厦"]
    qtbot.keyClick(page.list.table.filter, Qt.Key.Key_Return)
    settled()
    assert page.page.currentWidget() is page.detail
    assert page.detail.accessibleName() == "富南大厦"


def test_tiers_stand_in_list_and_detail(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    lane, _tower = two_estates
    page.use_tiers(lambda seat: {lane: Chip("整治型", "warn")})
    page.open_estate(lane)
    settled()
    assert page.detail.tier.chip.text == "整治型"
    assert page.detail.tier.isVisible()


def test_a_new_estate_needs_a_name_and_loses_nothing(
    page: EstatesController, qtbot: QtBot, seat: Seat, settled: Callable[[], None]
) -> None:
    qtbot.keyClick(page.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.page.currentWidget() is page.new_pane
    form = page.new_pane.form
    write(line(form, "property_company"), "先锋物业")
    qtbot.keyClick(line(form, "property_company"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert set(form.errors()) == {"name"}
    assert line(form, "name").hasFocus()
    write(line(form, "name"), "富南大厦")
    qtbot.keyClick(line(form, "name"), Qt.Key.Key_Return)
    settled()
    assert "already" in form.errors()["name"]
    line(form, "name").setText("思南路26弄")
    qtbot.keyClick(line(form, "name"), Qt.Key.Key_Return)
    settled()
    assert page.detail.accessibleName() == "思南路26弄"
    [row] = service.list_estates(seat, "思南路").rows
    assert row.property_company == "先锋物业"


def test_news_from_elsewhere_reach_the_open_list(page: EstatesController, desk: Desk, qtbot: QtBot) -> None:
    desk.run(service.save_estate, EstateFields("太阳都市花园"))
    qtbot.waitUntil(lambda: "太阳都市花园" in shown_names(page))


# --- one estate --------------------------------------------------------------------------------------


def test_facts_are_changed_in_place_by_keyboard(
    page: EstatesController,
    two_estates: tuple[int, int],
    seat: Seat,
    qtbot: QtBot,
    settled: Callable[[], None],
) -> None:
    page.open_estate(two_estates[0])
    settled()
    qtbot.keyClick(page.page, Qt.Key.Key_F2)
    settled()
    assert page.overview.is_editing
    form = page.overview.pane.form
    write(line(form, "property_company"), "先锋物业")
    form.editor("heritage_class").set_value(2)
    qtbot.keyClick(line(form, "property_company"), Qt.Key.Key_Return)
    settled()
    assert not page.overview.is_editing
    fields = service.estate_detail(seat, two_estates[0]).fields
    assert (fields.property_company, fields.heritage_class, fields.street) == ("先锋物业", 2, "瑞金二路街道")
    assert page.detail.protection.isVisible()
    assert "Class two" in page.detail.protection.chip.text


def test_leaving_a_changed_form_asks_once(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.overview.edit_button.click()
    write(line(page.overview.pane.form, "address"), "南昌路168弄1-14号")
    page.detail.back.click()
    assert page.page.currentWidget() is page.detail
    asked = question()
    asked.buttons[-1].click()
    assert line(page.overview.pane.form, "address").text() == "南昌路168弄1-14号"
    page.detail.back.click()
    question().buttons[1].click()
    settled()
    assert page.page.currentWidget() is page.list


def test_a_draft_survives_a_crash(
    desk: Desk, two_estates: tuple[int, int], front: Front, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    lane, _tower = two_estates
    for visit in ("typing", "after the crash"):
        made = EstatesController(desk)
        front(made.page)
        made.open_estate(lane)
        settled()
        made.overview.edit_button.click()
        settled()
        form = made.overview.pane.form
        if visit == "typing":
            write(line(form, "address"), "南昌路168弄1-14号")
            made._drafts.flush()
            settled()
            made.page.hide()
            continue
        assert "unsaved draft" in form.notice.text()
        [restore] = [button for button in form.notice.findChildren(QPushButton) if "Restore" in button.text()]
        restore.click()
        assert line(form, "address").text() == "南昌路168弄1-14号"


def test_an_estate_in_use_stays_and_says_why(
    page: EstatesController,
    desk: Desk,
    two_estates: tuple[int, int],
    qtbot: QtBot,
    settled: Callable[[], None],
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.detail.remove_asked.emit()
    asked = question()
    assert "南昌路168弄" in asked.windowTitle()
    with qtbot.waitSignal(desk.refused) as refused:
        asked.buttons[0].click()
    assert "2 buildings" in refused.args[0].message


def test_an_empty_estate_is_removed_after_asking(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[1])
    settled()
    page.detail.remove_asked.emit()
    question().buttons[0].click()
    settled()
    assert page.page.currentWidget() is page.list
    assert shown_names(page) == ["南昌路168弄"]


def test_sections_of_other_jobs_are_made_once_and_told_the_estate(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    made: list[QLabel] = []

    class Section(QLabel):
        def __init__(self) -> None:
            super().__init__()
            self.setProperty("seen", [])
            made.append(self)

        def show_estate(self, estate_id: int) -> None:
            self.setProperty("seen", [*self.property("seen"), estate_id])

    page.add_section("Standards", Section)
    for estate in two_estates:
        page.open_estate(estate)
        settled()
        page.show_section("Standards")
        settled()
    [section] = made
    assert section.property("seen") == list(two_estates)


def test_acts_of_other_jobs_are_asked_for_with_the_estate(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[1])
    settled()
    for signal, act in (
        (page.visit_asked, page.detail.visit_button.click),
        (page.sheet_asked, page.detail.sheet_button.click),
        (page.tier_asked, page.detail.tier_asked.emit),
    ):
        with qtbot.waitSignal(signal) as asked:
            act()
        assert asked.args == [two_estates[1]]


# --- buildings ---------------------------------------------------------------------------------------


def test_a_building_is_added_changed_and_kept_while_it_has_homes(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.detail.tabs.setCurrentIndex(1)
    view = page.buildings.view
    view.add_button.click()
    form = view.pane.form
    write(line(form, "label"), "9号")
    write(line(form, "floors"), "３")
    qtbot.keyClick(line(form, "floors"), Qt.Key.Key_Return)
    settled()
    model = view.table.model
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["4号", "9号", "10号"]
    view.table.table.selectRow(0)
    settled()
    view.remove_button.click()
    question().buttons[0].click()
    settled()
    assert "2 units" in view.pane.banner.text()


def test_a_buildings_homes_are_one_click_away(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.detail.tabs.setCurrentIndex(1)
    page.buildings.view.table.table.selectRow(1)
    settled()
    page.buildings.view.units_button.click()
    settled()
    model = page.units.view.table.model
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["10号101室"]
    assert page.units.view.buildings.currentText() == "10号"


# --- homes and households ----------------------------------------------------------------------------


@pytest.fixture
def homes(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> EstatesController:
    page.open_estate(two_estates[0])
    settled()
    page.detail.tabs.setCurrentIndex(2)
    settled()
    return page


def test_the_list_shows_nobody_by_name(homes: EstatesController) -> None:
    model = homes.units.view.table.model
    cells = [
        str(model.index(row, column).data())
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    assert "4号亭子间" in cells
    assert "蔡*" in cells
    assert "138****5678" in cells
    assert not [cell for cell in cells if "蔡兰刚" in cell or "13812345678" in cell]


def test_down_and_enter_lead_into_a_home_and_escape_back(
    homes: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    view = homes.units.view
    view.table.focus_filter()
    qtbot.keyClicks(view.table.filter, "yyz")
    settled()
    qtbot.keyClick(view.table.filter, Qt.Key.Key_Down)
    assert view.table.table.hasFocus()
    qtbot.keyClick(view.table.table, Qt.Key.Key_Return)
    settled()
    assert view.panel.renovation_button.hasFocus()
    with qtbot.waitSignal(homes.renovation_asked) as asked:
        qtbot.keyClick(view.panel.renovation_button, Qt.Key.Key_Space)
    assert asked.args[0] > 0
    qtbot.keyClick(view.panel.renovation_button, Qt.Key.Key_Escape)
    assert view.table.table.hasFocus()


def show_first(homes: EstatesController, settled: Callable[[], None]) -> int:
    homes.units.view.table.table.selectRow(0)
    settled()
    [household] = homes.units.panel._cards
    return household


def test_a_reveal_shows_one_value_and_is_logged(
    homes: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    facts = homes.units.panel.card(household).facts
    [eye] = [
        eye
        for eye in facts.findChildren(QToolButton)
        if eye.isVisible() and "Telephone" in eye.accessibleName()
    ]
    assert trail(seat, "reveal") == []
    eye.click()
    settled()
    texts = [shown.text() for shown in facts.findChildren(QLabel)]
    assert "13812345678" in texts
    assert "蔡兰刚" not in texts
    assert len(trail(seat, "reveal")) == 1


def test_a_doubtful_paper_is_told_while_typing_and_kept(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.units.panel.card(household).edit_button.click()
    settled()
    form = homes.units.panel.household_pane.form
    assert line(form, "id_number").text() == "31010119800101000X"
    line(form, "id_number").clear()
    qtbot.keyClicks(line(form, "id_number"), BAD_ID)
    assert "check digit" in form.doubts()["id_number"]
    qtbot.keyClick(line(form, "id_number"), Qt.Key.Key_Return)
    settled()
    assert households.household_for_edit(seat, household).fields.id_number == BAD_ID
    assert "doubt" in homes.units.panel.banner.text()
    told = [shown.text() for shown in homes.units.panel.card(household).findChildren(QLabel)]
    assert any("check digit" in text for text in told)


def test_a_wrong_phone_is_told_beside_the_field_and_nothing_is_lost(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.units.panel.card(household).edit_button.click()
    settled()
    form = homes.units.panel.household_pane.form
    phones = form.editor("phones")
    phones.set_raw(["13812345678", "12345"])
    qtbot.keyClick(line(form, "head"), Qt.Key.Key_Return)
    settled()
    assert "12345" in form.errors()["phones"]
    assert phones.raw() == ["13812345678", "12345"]
    phones.set_raw(["13812345678、62093705"])
    form.submit()
    settled()
    assert households.household_for_edit(seat, household).fields.phones == ("13812345678", "021-62093705")


def test_a_household_is_added_and_removed(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    show_first(homes, settled)
    panel = homes.units.panel
    panel.add_button.click()
    form = panel.household_pane.form
    write(line(form, "head"), "喆㛃𬭼䶮")
    qtbot.keyClick(line(form, "head"), Qt.Key.Key_Return)
    settled()
    assert len(panel._cards) == 2
    newest = max(panel._cards)
    panel.card(newest).remove_button.click()
    asked = question()
    assert "喆*" in asked.windowTitle()
    assert "喆㛃" not in asked.windowTitle()
    asked.buttons[0].click()
    settled()
    assert len(panel._cards) == 1
    assert households.list_households(seat, text="喆㛃").total == 0


def test_a_home_is_added_to_the_chosen_building(
    homes: EstatesController, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    building = homes.units.view.buildings
    building.setCurrentIndex(building.findText("10号"))
    building.activated.emit(building.currentIndex())
    settled()
    homes.units.view.add_button.click()
    form = homes.units.panel.unit_pane.form
    write(line(form, "label"), "102室")
    write(line(form, "area"), "12.5㎡")
    qtbot.keyClick(line(form, "area"), Qt.Key.Key_Return)
    settled()
    [row] = units.list_units(seat, UnitQuery(text="102室")).rows
    assert (row.address, row.area) == ("南昌路168弄10号102室", 1250)
    assert not homes.units.panel.is_editing


def test_changing_the_row_asks_before_typed_input_is_lost(
    homes: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = show_first(homes, settled)
    homes.units.panel.card(household).edit_button.click()
    settled()
    form = homes.units.panel.household_pane.form
    write(line(form, "head"), "某")
    homes.units.view.table.table.selectRow(1)
    asked = question()
    asked.buttons[-1].click()
    assert homes.units.panel.is_editing
    assert line(form, "head").text() == "某蔡兰刚"


def test_a_home_is_opened_from_elsewhere_and_marked_in_the_list(
    page: EstatesController, seat: Seat, settled: Callable[[], None]
) -> None:
    [choice] = service.find_units(seat, "南昌路168弄10号101室")
    page.open_unit(choice.id)
    settled()
    assert page.page.currentWidget() is page.detail
    assert page.units.panel._address.text() == "南昌路168弄10号101室"
    assert page.units.view.table.table.currentIndex().row() == 2


def test_all_homes_are_found_by_estate_and_name(
    page: EstatesController, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.list.tabs.setCurrentIndex(1)
    settled()
    view = page.homes.view
    qtbot.keyClicks(view.table.filter, "ncl168 su")
    settled()
    assert [view.table.model.index(row, 0).data() for row in range(view.table.model.rowCount())] == [
        "南昌路168弄10号101室"
    ]


def test_a_viewer_looks_and_is_offered_no_change(
    desk_as: Callable[[Role], Desk], two_estates: tuple[int, int], front: Front, settled: Callable[[], None]
) -> None:
    made = EstatesController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert not made.list.new_button.isVisible()
    assert not made.list.import_button.isVisible()
    made.open_estate(two_estates[0])
    settled()
    assert not made.overview.edit_button.isVisible()
    made.detail.tabs.setCurrentIndex(2)
    made.units.view.table.table.selectRow(0)
    settled()
    eyes = [eye for eye in made.units.panel.findChildren(QToolButton) if eye.isVisible()]
    assert eyes == []
    assert not made.units.panel.renovation_button.isVisible()


# --- to Excel ----------------------------------------------------------------------------------------


def test_the_shown_list_goes_to_excel_masked_and_is_logged(
    homes: EstatesController,
    seat: Seat,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    settled: Callable[[], None],
) -> None:
    target = tmp_path / "房屋"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(target), ""))
    view = homes.units.view
    write(view.table.filter, "4号")
    settled()
    view.table.export_asked.emit(view.table.model.query)
    written = tmp_path / "房屋.xlsx"
    qtbot.waitUntil(written.exists)
    settled()
    rows = list(load_workbook(written).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 3
    assert {row[1] for row in rows[1:]} == {"蔡*", "姚*"}
    assert 12.4 in rows[1]
    assert "13812345678" not in str(rows)
    [entry] = trail(seat, "export")
    assert '"rows":2' in entry.changes
