"""The service-standard page in use."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.standards.catalogue import ladder
from fuyuan_desk.standards.controller.standards import StandardsController
from fuyuan_desk.standards.controller.tier import TierSection, estate_chips
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import tiers
from fuyuan_desk.standards.view.duties import LadderView
from fuyuan_desk.standards.view.tier import TierForm, TierView
from fuyuan_desk.widgets.chips import ChipLabel
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import Question
from tests.screen import button, shown

Front = Callable[[QWidget], None]
Settled = Callable[[], None]
TODAY = date(2026, 3, 2)


@pytest.fixture
def page(desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled) -> StandardsController:
    controller = StandardsController(desk)
    front(controller.page)
    settled()
    return controller


def assign(seat: Seat, estate: int, tier: Tier, days: int = 0) -> int:
    return tiers.assign_tier(
        seat, estate, tier, TODAY + timedelta(days=days), "整治达标", "瑞街〔2026〕3号"
    ).id


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


def texts(widget: QWidget) -> list[str]:
    """Return every visible text in a widget, chips included."""
    QTest.qWait(1)  # widgets just added to a layout are shown by the next event
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return labels + [chip.chip.text for chip in widget.findChildren(ChipLabel) if chip.isVisibleTo(widget)]


class TestOpening:
    def test_the_page_opens_with_the_list_alone(
        self, page: StandardsController, desk: Desk, two_estates: tuple[int, int], settled: Settled
    ) -> None:
        def made() -> list[bool]:
            return [bool(page.page.findChildren(kind)) for kind in (TierView, TierForm, LadderView)]

        page.show_tier()
        page.page.hide()
        desk.changes.emit(frozenset({"estate", "operator"}))
        page.page.show()
        settled()
        assert made() == [False, False, False]
        page.show_estate(two_estates[0])
        settled()
        assert made() == [True, False, False]
        assert page.view.panel.isVisible()
        page.view.panel.assign_button.click()
        settled()
        assert made() == [True, True, False]
        assert page.view.panel.assign_form.isVisible()
        page.view.tabs.setCurrentIndex(1)
        assert made() == [True, True, True]
        assert page.view.ladder.isVisible()

    def test_the_page_is_shown_again_without_the_form(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled
    ) -> None:
        page.show_estate(two_estates[0])
        settled()
        page.tier.assign()
        assert page.view.is_assigning
        page.show_tier()
        assert not page.view.is_assigning
        assert page.view.panel.isVisible()


class TestAssigning:
    def test_an_estate_gets_its_tier_by_keyboard_alone(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        page.view.table.focus_filter()
        QTest.keyClicks(focused(), "168")
        settled()
        QTest.qWait(150)
        settled()
        press(Qt.Key.Key_Down)
        settled()
        assert page.view.split.is_detail_shown
        assert page.view.panel.tier.text() == "No tier yet"
        press(Qt.Key.Key_Return)
        assert focused() is page.view.panel.assign_button
        press(Qt.Key.Key_Space)
        settled()
        form = page.view.panel.assign_form.form
        assert focused() is form.editor("tier").inner()[0]
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Down)
        assert form.editor("tier").value() == Tier.CORRECTIVE
        press(Qt.Key.Key_Tab)
        assert form.editor("effective_on").value() == TODAY
        press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), "2026-3")
        press(Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), "done")
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settled()
        assigned = tiers.tier_history(seat, two_estates[0])[0]
        assert (assigned.tier, assigned.effective_on, assigned.document_no, assigned.reason) == (
            Tier.CORRECTIVE, date(2026, 3, 1), "2026-3", "done",
        )  # fmt: skip
        assert not page.view.panel.is_assigning
        assert page.view.panel.tier.text() == "Improved tier"

    def test_changes_are_shown_at_once_and_follow_the_day(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.PROTECTIVE, -300)
        assign(seat, two_estates[0], Tier.SETTLED, 30)
        page.show_estate(two_estates[0])
        settled()
        page.tier.assign()
        changes = page.view.panel.assign_form.changes
        form = page.view.panel.assign_form.form
        form.set_value("tier", Tier.LIVABLE.value)
        assert changes.summary.text().startswith("Basic tier → Livable tier")
        assert "rises" in texts(changes)
        assert "6 times by day and 8 times by night, every day" in texts(changes)
        form.set_value("tier", Tier.CORRECTIVE.value)
        form.set_value("effective_on", TODAY + timedelta(days=40))
        assert changes.summary.text().startswith("Settled tier → Improved tier")
        assert "falls" in texts(changes)
        form.set_raw({"effective_on": "2026-"})
        assert changes.summary.text().startswith("Basic tier → Improved tier")
        form.mark_clean()

    def test_errors_are_shown_beside_their_fields(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.CORRECTIVE, -5)
        page.show_estate(two_estates[0])
        settled()
        page.tier.assign()
        pane = page.view.panel.assign_form
        pane.form.set_values({"tier": "corrective", "effective_on": TODAY})
        pane.form.submit()
        assert pane.form.errors().keys() == {"document_no", "reason"}
        pane.form.set_raw({"document_no": "1", "reason": "x"})
        pane.form.submit()
        settled()
        assert "already" in pane.form.errors()["tier"]
        assert pane.save_button.isEnabled()

    def test_leaving_for_another_estate_asks_and_a_draft_comes_back(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        page.show_estate(two_estates[0])
        settled()
        page.tier.assign()
        settled()
        form = page.view.panel.assign_form.form
        form.set_value("reason", "整治达标")
        form.findChild(DraftSaver).flush()
        settled()
        assert drafts.load_draft(seat, f"tier:{two_estates[0]}") is not None
        page.tier.show_estate(two_estates[1])
        question = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()
        )
        question.buttons[-1].click()
        assert page.tier.estate_id == two_estates[0]
        page.tier.show_estate(two_estates[1])
        question = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()
        )
        question.buttons[1].click()
        settled()
        assert page.tier.estate_id == two_estates[1]
        assert not page.view.panel.is_assigning
        assert drafts.load_draft(seat, f"tier:{two_estates[0]}") is None


class TestHistory:
    def test_withdrawing_asks_by_name(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assigned = assign(seat, two_estates[0], Tier.SETTLED)
        page.show_estate(two_estates[0])
        settled()
        page.view.panel.withdraw_requested.emit(assigned)
        question = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()
        )
        assert any("Settled tier of 南昌路168弄 from 2026-03-02" in text for text in texts(question))
        question.buttons[0].click()
        settled()
        assert tiers.tier_history(seat, two_estates[0]) == ()
        assert page.view.panel.tier.text() == "No tier yet"

    def test_an_impossible_withdrawal_is_refused_with_a_reason(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.SETTLED, -20)
        middle = assign(seat, two_estates[0], Tier.LIVABLE, -10)
        assign(seat, two_estates[0], Tier.SETTLED)
        page.show_estate(two_estates[0])
        settled()
        page.view.panel.withdraw_requested.emit(middle)
        button(shown(Question), "Withdraw").click()
        settled()
        assert "twice in a row" in page.view.panel.banner.text()
        assert len(tiers.tier_history(seat, two_estates[0])) == 3


class TestList:
    def test_steps_narrow_the_list(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.CORRECTIVE)
        page.reload()
        settled()
        model = page.view.table.model
        page.view.picker.setFocus()
        press(Qt.Key.Key_Right)
        assert page.view.picker.accessibleName() == "Improved tier: 1 estate"
        press(Qt.Key.Key_Space)
        assert [model.row(n).name for n in range(model.total)] == ["南昌路168弄"]  # type: ignore[union-attr]
        press(Qt.Key.Key_Space)
        assert model.total == 2
        page.view.none_button.click()
        assert [model.row(n).name for n in range(model.total)] == ["富南大厦"]  # type: ignore[union-attr]
        page.view.none_button.click()
        assert model.total == 2

    def test_the_filter_by_tier_is_saved_and_shown_by_the_steps_again(
        self, desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled, seat: Seat
    ) -> None:
        class Kept(dict[str, Any]):
            def load(self, key: str) -> Any:
                return self.get(key)

            def save(self, key: str, value: Any) -> None:
                self[key] = value

        assign(seat, two_estates[0], Tier.CORRECTIVE)
        page = StandardsController(desk, Kept())
        front(page.page)
        settled()
        view = page.view
        saved = view.table.saved_filters
        assert saved is not None
        view.none_button.click()
        saved.save("无等级")
        view.picker.chosen.emit(Tier.CORRECTIVE)
        assert not view.none_button.isChecked()
        saved.save("整治")
        view.table.clear_filters()
        settled()
        assert (view.table.model.total, view.picker.current) == (2, None)
        saved.show("整治")
        assert (view.table.model.total, view.picker.current) == (1, Tier.CORRECTIVE)
        saved.show("无等级")
        assert (view.table.model.total, view.picker.current) == (1, None)
        assert view.none_button.isChecked()
        assert view.none_button.text() == "Show all estates"

    def test_sorting_by_tier_and_by_name(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.LIVABLE)
        assign(seat, two_estates[1], Tier.PROTECTIVE)
        page.reload()
        settled()
        model = page.view.table.model
        model.sort(1, Qt.SortOrder.DescendingOrder)
        assert [model.row(n).tier for n in range(2)] == [Tier.LIVABLE, Tier.PROTECTIVE]  # type: ignore[union-attr]
        model.sort(1, Qt.SortOrder.AscendingOrder)
        assert [model.row(n).tier for n in range(2)] == [Tier.PROTECTIVE, Tier.LIVABLE]  # type: ignore[union-attr]

    def test_the_list_is_exported(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled, seat: Seat,
        tmp_path: Path, choose_file: Callable[[Path], None], qtbot: QtBot, submit_export_order: Callable[..., None],
    ) -> None:  # fmt: skip
        assign(seat, two_estates[0], Tier.CORRECTIVE)
        page.reload()
        settled()
        target = tmp_path / "tiers.xlsx"
        choose_file(target)
        button(page.view.table, "Export this list to Excel").click()
        submit_export_order()
        qtbot.waitUntil(target.exists)
        rows = list(load_workbook(target).active.iter_rows(values_only=True))  # type: ignore[union-attr]
        assert ("南昌路168弄", "Improved tier", "2026-03-02") in rows

    def test_the_ladder_is_shown_side_by_side_with_its_sources(self, page: StandardsController) -> None:
        page.view.tabs.setCurrentIndex(1)
        shown = texts(page.view.ladder)
        assert "Reference values" in shown
        assert f"Version {ladder().version}" in shown
        for tier in Tier:
            for duty in ladder().duties[tier]:
                assert duty.text_en in shown
        assert any(text.startswith("Basis:") and "§" in text for text in shown)

    def test_the_estate_is_opened(
        self, page: StandardsController, two_estates: tuple[int, int], settled: Settled
    ) -> None:
        page.show_estate(two_estates[1])
        settled()
        opened: list[int] = []
        page.estate_opened.connect(opened.append)
        assert page.view.panel.name.isVisible()
        assert page.view.panel.name.text() == "富南大厦"
        assert page.view.panel.estate_button.isVisible()
        page.view.panel.estate_button.click()
        assert opened == [two_estates[1]]

    def test_a_viewer_cannot_assign_a_tier(
        self, desk_as: Callable[[Role], Desk], two_estates: tuple[int, int], front: Front, settled: Settled,
        seat: Seat,
    ) -> None:  # fmt: skip
        assign(seat, two_estates[0], Tier.CORRECTIVE)
        controller = StandardsController(desk_as(Role.VIEWER))
        front(controller.page)
        settled()
        controller.show_estate(two_estates[0])
        settled()
        assert not controller.view.panel.assign_button.isVisible()
        assert not any(button.isVisible() for button in controller.view.panel.withdraw_buttons.values())
        controller.tier.assign()
        assert not controller.view.panel.is_assigning
        opened: list[int] = []
        controller.estate_opened.connect(opened.append)
        controller.view.table.table.setFocus()
        press(Qt.Key.Key_Return)
        assert opened == [two_estates[0]]


class TestSection:
    def test_an_estates_tab_shows_tier_duties_and_history(
        self, desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled, seat: Seat
    ) -> None:
        assign(seat, two_estates[0], Tier.CORRECTIVE, -10)
        assign(seat, two_estates[0], Tier.LIVABLE, 30)
        section = TierSection(desk)
        front(section.page)
        section.show_estate(two_estates[0])
        settled()
        shown = texts(section.page)
        assert "Improved tier" in shown
        assert not section.tier.view.estate_button.isVisible()
        assert "Livable tier from 2026-04-01" in shown
        assert "2 times by day and 3 times by night, every day" in shown
        assert any(text.startswith("Basis:") for text in shown)
        assert "If there is a lift: maintained at least every 15 days" in shown
        assert section.tier.view.picker.current is Tier.CORRECTIVE
        assert len(section.tier.view.withdraw_buttons) == 2

    def test_the_form_opens_as_soon_as_the_current_tier_is_loaded(
        self, desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled
    ) -> None:
        section = TierSection(desk)
        front(section.page)
        section.show_estate(two_estates[0])
        section.open_form()
        assert not section.tier.view.is_assigning
        settled()
        assert section.tier.view.is_assigning

    def test_a_change_elsewhere_is_shown(
        self, desk: Desk, two_estates: tuple[int, int], front: Front, settled: Settled
    ) -> None:
        section = TierSection(desk)
        front(section.page)
        section.show_estate(two_estates[0])
        settled()
        desk.run(lambda seat: assign(seat, two_estates[0], Tier.SETTLED))
        settled()
        assert section.tier.view.tier.text() == "Settled tier"


def test_chips_name_the_tiers_of_estates(seat: Seat, two_estates: tuple[int, int]) -> None:
    assign(seat, two_estates[0], Tier.SETTLED)
    assert {estate: chip.text for estate, chip in estate_chips(seat).items()} == {
        two_estates[0]: "Settled tier"
    }
