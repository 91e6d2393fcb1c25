"""The estates' page as a clerk uses it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.draft import DraftSaver
from tests.estates.clerk import line, question, write
from tests.screen import button

Front = Callable[[QWidget], None]
BAD_ID = "310101198001010008"


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
    with qtbot.waitSignal(made.import_requested):
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
    assert page.page.currentWidget() is page.estate.view
    assert page.estate.view.accessibleName() == "富南大厦"


def test_tiers_are_shown_in_list_and_detail(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    lane, _tower = two_estates
    page.use_tiers(lambda seat: {lane: Chip("整治型", "warn")})
    page.open_estate(lane)
    settled()
    assert page.estate.view.tier.chip.text == "整治型"
    assert page.estate.view.tier.isVisible()


def test_the_form_opens_at_the_protection_and_shows_it(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None], qtbot: QtBot
) -> None:
    page.page.window().resize(1100, 420)
    page.edit_protection(two_estates[0])
    settled()
    form = page.estate.overview.pane.form
    assert form.focused_field == "heritage_class"
    qtbot.waitUntil(lambda: not form.editor("heritage_class").visibleRegion().isEmpty())


def test_a_new_estate_needs_a_name_and_loses_nothing(
    page: EstatesController, qtbot: QtBot, seat: Seat, settled: Callable[[], None]
) -> None:
    qtbot.keyClick(page.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert page.new_pane.isVisible()
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
    assert page.estate.view.accessibleName() == "思南路26弄"
    [row] = estates.list_estates(seat, "思南路").rows
    assert row.property_company == "先锋物业"


def test_changes_from_elsewhere_refresh_the_open_list(
    page: EstatesController, desk: Desk, qtbot: QtBot
) -> None:
    desk.run(estates.save_estate, EstateFields("太阳都市花园"))
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
    assert page.estate.overview.is_editing
    form = page.estate.overview.pane.form
    write(line(form, "property_company"), "先锋物业")
    form.editor("heritage_class").set_value(2)
    qtbot.keyClick(line(form, "property_company"), Qt.Key.Key_Return)
    settled()
    assert not page.estate.overview.is_editing
    fields = estates.estate_detail(seat, two_estates[0]).fields
    assert (fields.property_company, fields.heritage_class, fields.street) == ("先锋物业", 2, "瑞金二路街道")
    assert page.estate.view.protection.isVisible()
    assert "Class two" in page.estate.view.protection.chip.text


def test_what_is_not_recorded_looks_unknown(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[1])
    settled()
    overview = page.estate.overview
    shown = {text.text() for text in overview.findChildren(QLabel) if text.isVisible()}
    assert {"—", "Not recorded"} <= shown
    assert not shown & {"0.00", "Not listed", "Outside historic areas"}
    assert page.estate.view.protection.chip.text == "Protection not recorded"
    chip = page.list.table.model.columns[2].chip
    assert chip is not None
    assert chip(page.list.table.model.row(0)).text == "Not recorded"


def test_leaving_a_changed_form_asks_once(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.estate.overview.edit_button.click()
    write(line(page.estate.overview.pane.form, "address"), "南昌路168弄1-14号")
    page.estate.view.back.click()
    assert page.page.currentWidget() is page.estate.view
    asked = question()
    asked.buttons[-1].click()
    assert line(page.estate.overview.pane.form, "address").text() == "南昌路168弄1-14号"
    page.estate.view.back.click()
    question().buttons[1].click()
    settled()
    assert page.page.currentWidget() is page.list


def test_saving_on_leaving_saves_and_continues(
    page: EstatesController,
    two_estates: tuple[int, int],
    seat: Seat,
    settled: Callable[[], None],
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.estate.overview.edit_button.click()
    write(line(page.estate.overview.pane.form, "address"), "南昌路168弄1-14号")
    page.estate.view.back.click()
    question().buttons[0].click()
    settled()
    assert page.page.currentWidget() is page.list
    assert estates.estate_detail(seat, two_estates[0]).fields.address == "南昌路168弄1-14号"


def test_a_draft_survives_a_crash(
    desk: Desk, two_estates: tuple[int, int], front: Front, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    lane, _tower = two_estates
    for visit in ("typing", "after the crash"):
        made = EstatesController(desk)
        front(made.page)
        made.open_estate(lane)
        settled()
        made.estate.overview.edit_button.click()
        settled()
        form = made.estate.overview.pane.form
        if visit == "typing":
            write(line(form, "address"), "南昌路168弄1-14号")
            form.findChild(DraftSaver).flush()
            settled()
            made.page.hide()
            continue
        assert "unsaved draft" in form.notice.text()
        [restore] = [button for button in form.notice.findChildren(QPushButton) if "Restore" in button.text()]
        restore.click()
        assert line(form, "address").text() == "南昌路168弄1-14号"


def test_an_estate_in_use_is_not_removed_with_a_reason(
    page: EstatesController,
    desk: Desk,
    two_estates: tuple[int, int],
    qtbot: QtBot,
    settled: Callable[[], None],
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.estate.view.remove_requested.emit()
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
    page.estate.view.remove_requested.emit()
    question().buttons[0].click()
    settled()
    assert page.page.currentWidget() is page.list
    assert shown_names(page) == ["南昌路168弄"]


def test_sections_of_other_jobs_are_created_once_and_given_the_estate(
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


def test_actions_of_other_jobs_are_requested_with_the_estate(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[1])
    settled()
    for signal, action in (
        (page.visit_requested, page.estate.view.visit_button.click),
        (page.sheet_requested, page.estate.view.sheet_button.click),
        (page.tier_requested, page.estate.view.tier_requested.emit),
    ):
        with qtbot.waitSignal(signal) as asked:
            action()
        assert asked.args == [two_estates[1]]


# --- buildings ---------------------------------------------------------------------------------------


def test_a_building_is_added_changed_and_kept_while_it_has_homes(
    page: EstatesController, two_estates: tuple[int, int], qtbot: QtBot, settled: Callable[[], None]
) -> None:
    page.open_estate(two_estates[0])
    settled()
    page.estate.view.tabs.setCurrentIndex(1)
    view = page.estate.buildings.view
    view.new_button.click()
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
    page.estate.view.tabs.setCurrentIndex(1)
    settled()
    page.estate.buildings.view.table.table.selectRow(1)
    settled()
    button(page.estate.buildings.view, "Show its homes").click()
    settled()
    model = page.estate.units.view.table.model
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["10号101室"]
    assert page.estate.units.view.building_id == 2


def test_unsaved_input_in_the_tab_of_another_job_is_asked_about_before_the_estate_is_left(
    page: EstatesController, two_estates: tuple[int, int], settled: Callable[[], None]
) -> None:
    asked = []

    class Tab:
        def __init__(self) -> None:
            self.page = QWidget()

        def show_estate(self, _estate_id: int) -> None:
            pass

        def leave(self, _then: Callable[[], object]) -> None:
            asked.append("leave")  # the operator goes on editing

    page.add_section("Other", Tab)
    page.open_estate(two_estates[0])
    settled()
    page.show_section("Other")
    settled()
    page.show_list()
    assert asked == ["leave"]
    assert page.page.currentWidget() is page.estate.view
