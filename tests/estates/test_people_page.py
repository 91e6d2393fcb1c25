"""People of a household on the estates' page as a clerk uses them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.facts.people import HOLDER, PersonFields
from fuyuan_desk.estates.service import households, people, shares, tags, units
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.draft import DraftSaver
from tests.estates.clerk import line, question, trail, write
from tests.screen import button


@pytest.fixture
def unit(seat: Seat, two_estates: tuple[int, int]) -> int:
    tags.add_usual_tags(seat)
    return units.list_units(seat, UnitQuery(estate_id=two_estates[0])).rows[0].id


@pytest.fixture
def panel(page: EstatesController, unit: int, settled: Callable[[], None]) -> UnitPanel:
    page.open_unit(unit)
    settled()
    return page.estate.units.panel


def card(panel: UnitPanel) -> household_card.HouseholdCard:
    return panel.card(panel.households()[0])


def dialog() -> FormDialog:
    [opened] = [
        box for box in QApplication.topLevelWidgets() if isinstance(box, FormDialog) and box.isVisible()
    ]
    return opened


def add(panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None], name: str) -> None:
    card(panel).ask(household_card.ADD_PERSON)
    settled()
    write(line(panel.person_pane.form, "name"), name)
    qtbot.keyClick(line(panel.person_pane.form, "name"), Qt.Key.Key_Return)
    settled()


def test_a_person_is_added_by_the_menu_and_keyboard(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    card(panel).more_button.setFocus()
    qtbot.keyClick(card(panel).more_button, Qt.Key.Key_Space)
    [menu] = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMenu) and box.isVisible()]
    qtbot.keyClick(menu, Qt.Key.Key_P)
    settled()
    form = panel.person_pane.form
    assert panel.window().focusWidget() is line(form, "name")
    write(line(form, "name"), "古丽·阿依木")
    form.editor("relation").set_value("carer")
    write(line(form, "id_number"), "310101198203150005")
    qtbot.keyClick(line(form, "name"), Qt.Key.Key_Return)
    settled()
    [row] = card(panel).rows.values()
    assert "古*" in row.edit_button.accessibleName()
    assert "check digit" in panel.banner.text()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    card(panel).ask(household_card.ADD_PERSON)
    settled()
    form = panel.person_pane.form
    write(line(form, "name"), "王一")
    form.editor("from_on").set_value(date(2020, 1, 2))
    form.editor("until_on").set_value(date(2020, 1, 1))
    form.editor("other_ids").set_raw("社区云 77")
    form.submit()
    settled()
    assert panel.is_editing
    assert "before" in form._rows["until_on"].error.text()
    assert "系统" not in form._rows["other_ids"].error.text()
    assert form._rows["other_ids"].error.text()
    form.editor("until_on").set_value(None)
    form.editor("other_ids").set_raw("社区云 居住ID： 77")
    form.submit()
    settled()
    assert not panel.is_editing


def test_tags_are_ticked_and_seen_in_card_list_and_filter(
    page: EstatesController, panel: UnitPanel, unit: int, settled: Callable[[], None]
) -> None:
    card(panel).ask(household_card.EDIT_PERSON)
    settled()
    boxes = panel.holder_pane.form.editor("tags").inner()
    next(box for box in boxes if box.text() == "独居老人").click()
    panel.holder_pane.form.submit()
    settled()
    assert "独居老人" in [tag.name for tag in card(panel).household.members[0].tags]
    view = page.estate.units.view
    view.table.facets.choose("tag", next(iter(card(panel).household.members[0].tags)).id)
    settled()
    assert view.table.model.rowCount() == 1


def test_a_name_is_revealed_for_a_while_and_logged(
    panel: UnitPanel, seat: Seat, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    add(panel, qtbot, settled, "陆㛃")
    [row] = card(panel).rows.values()
    row._masked["name"].reveal_requested.emit()
    settled()
    assert "陆㛃" in row._masked["name"]._text.text()
    assert [entry.table_name for entry in trail(seat, "reveal")] == ["person"]


def test_a_person_is_removed_after_a_question_by_name(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    add(panel, qtbot, settled, "陆㛃")
    next(iter(card(panel).rows.values())).remove_button.click()
    assert "陆*" in question().windowTitle()
    question().buttons[0].click()
    settled()
    assert card(panel).rows == {}


def test_shares_are_divided_and_a_wrong_one_is_told_at_its_line(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    add(panel, qtbot, settled, "陆㛃")
    household = panel.households()[0]
    panel.shares_requested.emit()
    settled()
    form = dialog().form
    person = next(iter(card(panel).rows))
    write(line(form, f"share:{household}:0"), "2/3")
    write(line(form, f"share:{household}:{person}"), "2/3")
    form.submit()
    settled()
    assert "more than the whole" in form._rows[f"share:{household}:0"].error.text()
    line(form, f"share:{household}:{person}").setText("1/6")
    form.submit()
    settled()
    assert "1/6" in panel.banner.text(), "what is left is told"
    assert panel.shares_line.isVisible()
    assert [view.share for view in card(panel).household.members] == ["2/3", "1/6"]


def test_shares_typed_before_somebody_else_saved_theirs_are_kept_and_refused(
    panel: UnitPanel, seat: Seat, unit: int, settled: Callable[[], None]
) -> None:
    household = panel.households()[0]
    panel.shares_requested.emit()
    settled()
    half = dialog()
    half.form.editor(f"share:{household}:0").set_raw("1/2")
    [saver] = half.findChildren(DraftSaver)
    saver.flush()
    settled()
    half.hide()  # as a crash leaves it
    shares.save_shares(seat, unit, {(household, HOLDER): "1/3"}, None)
    panel.shares_requested.emit()
    settled()
    again = dialog()
    assert line(again.form, f"share:{household}:0").text() == "1/3"
    assert "changed since" in again.form.notice.text()
    button(again, "Restore").click()
    assert line(again.form, f"share:{household}:0").text() == "1/2"
    again.form.submit()
    settled()
    assert "meanwhile" in again.banner.text()
    assert shares.shares_of_unit(seat, unit).rows[0].share == "1/3"
    again.form.mark_clean()


def test_a_household_ends_and_stays_as_history(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    card(panel).ask(household_card.END)
    settled()
    form = dialog().form
    form.submit()
    settled()
    assert form._rows["moved_out_on"].error.text()
    form.editor("moved_out_on").set_value(date(2025, 3, 1))
    form.editor("ended_how").set_value("sold")
    form.submit()
    settled()
    assert card(panel).household.moved_out_on == date(2025, 3, 1)
    assert card(panel).household.ended_how == "sold"


def test_who_was_here_on_a_day(
    panel: UnitPanel, seat: Seat, unit: int, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    household = panel.households()[0]
    edit = households.household_for_edit(seat, household)
    households.save_household(seat, unit, replace(edit.fields, moved_in_on=date(2020, 1, 1)), household)
    people.save_person(seat, household, PersonFields("王一", lives_here=True, from_on=date(2021, 1, 1)))
    panel.day_requested.emit()
    opened = dialog()
    opened.form.editor("day").set_value(date(2020, 6, 1))
    opened.form.submit()
    settled()
    texts = [label.text() for label in opened.facts.findChildren(type(opened.unsure))]
    assert any("蔡*" in text for text in texts)
    assert not any("王*" in text for text in texts)
    assert opened.unsure.text(), "whether the holder lives here was never recorded"
    opened.form.editor("day").set_value(date(2021, 6, 1))
    opened.reject()  # nothing is asked: a day that is asked about changes nothing
    assert not [box for box in QApplication.topLevelWidgets() if isinstance(box, QDialog) and box.isVisible()]


def test_the_holders_form_leads_to_the_household_as_well(
    panel: UnitPanel, seat: Seat, unit: int, settled: Callable[[], None]
) -> None:
    household = panel.households()[0]
    card(panel).ask(household_card.EDIT_PERSON)
    settled()
    panel.holder_pane.form.editor("registered_at").set_raw("中山路1号")
    panel.holder_pane.form.submit()
    settled()
    assert people.person_for_edit(seat, household, HOLDER).fields.registered_at == "中山路1号"


def test_a_home_passes_on_within_the_household(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    add(panel, qtbot, settled, "蔡小满")
    card(panel).ask(household_card.PASS_ON)
    settled()
    form = dialog().form
    assert form.editor("how").value() == "inherited"
    form.editor("on").set_value(date(2031, 1, 1))
    form.editor("to").set_value(next(iter(card(panel).rows)))
    form.submit()
    settled()
    assert form._rows["on"].error.text()
    form.editor("on").set_value(date(2025, 3, 1))
    form.submit()
    settled()
    assert [panel.card(key).household.head for key in panel.households()] == ["蔡*", "蔡*"]
    assert card(panel).household.moved_in_on == date(2025, 3, 1)


def test_tab_visits_the_form_in_reading_order_and_then_its_buttons(
    panel: UnitPanel, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    card(panel).ask(household_card.ADD_PERSON)
    settled()
    pane = panel.person_pane
    visited: list[str] = []
    widget = line(pane.form, "name")
    for _key in range(60):
        visited.append(widget.accessibleName() or getattr(widget, "text", str)())
        if widget is pane._cancel:
            break
        widget = next_in_chain(widget)
    places = [visited.index(name) for name in ("Name", "Relation to the holder", "Telephones, number 1")]
    places += [visited.index("Add a number"), visited.index("独居老人"), visited.index("&Emergency contact")]
    places += [visited.index("Remarks"), visited.index("&Save"), visited.index("Cancel")]
    assert places == sorted(places)


def next_in_chain(widget: QWidget) -> QWidget:
    """Return what Tab would visit next."""
    found = widget.nextInFocusChain()
    while not (found.isVisible() and found.focusPolicy() & Qt.FocusPolicy.TabFocus):
        found = found.nextInFocusChain()
    return found
