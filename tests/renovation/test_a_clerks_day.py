"""A clerk's day with renovations, by keyboard: thirty steps, and what must be in front of her after each.

The first page (`tests/today/test_in_place.py` holds 1 to 4)

 1  She opens the desk: overdue tasks on top, the first one has the focus.
 2  A colleague enters something: no row moves, the head says “2 new”.
 3  A colleague does a task that she sees: its row stays where it is, grey, “Done”.
 4  She presses “2 new”: everything in its order again, done rows gone.
 5  Enter on “Visit”: the form of a visit, the site filled in, her name as inspector, the focus in the checklist.
 6  An item fails, “to be corrected by a date”: the day is there, with “Default: 7 working days, can be changed”.
 7  She saves: the visit is in front of her, and its task is gone from the first page.
 8  Enter on “Failed”, which is amber with an icon: the form of a visit to the same place.
 9  Enter on “Documents missing”: the case, the focus on the first missing document.

The case

10  Space: the document is received; its row has not moved and carries today's date, the next missing one is focused.
11  “All received”: every document, and “Start the work” is the filled button.
12  “Undo”: as before, the filled button is “Receive documents”.
13  All received again, Enter on “Start the work”: its dialog.
14  Confirmed: the filled button is “Log a visit”.
15  Enter: the form of a visit with this site.
16  Past the end with failed items: “Extend” is filled; Enter opens the form at the end date.
17  Past the end, nothing open: “Close the case” is filled.
18  Closed: nothing is filled.
19  Enter on “Facility check” on the first page: that facility's form.

A filing

20  Ctrl+N: the focus in the search for the home.
21  An address and Enter: the home, its holder has the focus.
22  Space: name, phone and document are filled in, the focus in the search for works.
23  A word and Enter: the work is ticked, its verdict at the foot, the focus where it was for the next word.
24  A prohibited work: its card comes first, the foot says “Prohibited: 1”.
25  Tab: works, verdicts, documents, applicant, period, contractor, the two buttons, in this order.
26  ← and → on a question: the verdict changes, neither its card nor the focus moves.
27  “All received” ticks every document needed to start; “Undo” restores the ticks.
28  Enter on the summary at the foot: the worst work is in sight.
29  Ctrl+S with something missing: the field is in sight with what is wrong.
30  Interrupted and opened again: works, answers, ticks and texts are offered again.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QWidget,
)
from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.parties import Party
from fuyuan_desk.inspections.catalogue import checklist_for
from fuyuan_desk.inspections.facts import NewVisit, Subject
from fuyuan_desk.inspections.rules.visits import Conclusion, Finding, Result, SubjectKind
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.facts import CaseDetail
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.rules.works import Answer, Due
from fuyuan_desk.renovation.service import cases
from fuyuan_desk.renovation.service.sheet_data import inspection_subjects
from fuyuan_desk.renovation.view.filing import FilingView
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.work import Worker
from tests.renovation.clerk import PAINT, WATERPROOF, Front, Settled, file, opened, service_case
from tests.renovation.sight import SIZES, alone, filled, focused, in_sight, needed, place, press

OPENING = "structure.opening"
PARTITION = "walls.partition_remove"


def log_failed_visit(seat: Seat, case_id: int) -> None:
    (subject,) = inspection_subjects(seat, [case_id])
    items = checklist_for(SubjectKind.RENOVATION).items
    findings = [Finding(item.key, Result.PASS) for item in items[1:]]
    failed = Finding(items[0].key, Result.FAIL, "垃圾未清")
    log_visit(
        seat,
        NewVisit(
            subject, seat.now(), Party.COMMITTEE, "某甲", (failed, *findings),
            handling=Conclusion.DEADLINE, deadline=seat.today(),
        ),
    )  # fmt: skip


@pytest.fixture
def registered(page: RenovationController, seat: Seat, settled: Settled) -> CaseDetail:
    """A case whose documents are missing, on the page."""
    made = file(seat, 1, PAINT, starts_on=seat.today(), ends_on=seat.today())
    page.open_case(made.id)
    settled()
    return made


# --- the case ------------------------------------------------------------------------------------------


def test_9_to_12_documents_are_received_and_no_row_moves(
    page: RenovationController, registered: CaseDetail, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    page.open_case(registered.id, "receive")  # as the first page does
    settled()
    first = page.case.papers.rows[needed(registered)[0]]
    assert focused() is first.today_button
    before = [(place(row, page.page), row.size()) for row in page.case.papers.rows.values()]
    press(Qt.Key.Key_Space)
    settled()
    assert [(place(row, page.page), row.size()) for row in page.case.papers.rows.values()] == before
    assert page.case.papers.rows[needed(registered)[0]] is first
    assert first.day.value() == seat.today()
    following = page.case.papers.rows[needed(registered)[1]]
    assert focused() is following.today_button
    assert filled(page) == ["receive"]
    qtbot.mouseClick(page.case.all_button, Qt.MouseButton.LeftButton)
    settled()
    assert all(
        paper.received_on == seat.today() for paper in service_case(seat).documents if paper.due is Due.START
    )
    assert [(place(row, page.page), row.size()) for row in page.case.papers.rows.values()] == before
    assert filled(page) == ["start"]
    assert page.case.all_button.is_undo
    qtbot.mouseClick(page.case.all_button, Qt.MouseButton.LeftButton)
    settled()
    received = [paper.document for paper in service_case(seat).documents if paper.received_on]
    assert received == needed(registered)[:1]  # the one that was received before stays
    assert filled(page) == ["receive"]
    assert not page.case.all_button.is_undo


def test_a_second_key_receives_the_next_document_and_the_last_one_leads_on(
    page: RenovationController, registered: CaseDetail, seat: Seat, settled: Settled
) -> None:
    page.open_case(registered.id, "receive")
    settled()
    for count in range(len(needed(registered))):
        received = [paper.document for paper in service_case(seat).documents if paper.received_on]
        assert received == needed(registered)[:count]
        press(Qt.Key.Key_Space)
        settled()
    assert focused() is page.case.acts.button("start")


def test_a_second_click_does_not_undo_the_first(
    page: RenovationController, registered: CaseDetail, seat: Seat, qtbot: QtBot, settled: Settled
) -> None:
    row = page.case.papers.rows[needed(registered)[0]]
    mouse = place(row.today_button, page.page) + row.today_button.rect().center()
    qtbot.mouseClick(row.today_button, Qt.MouseButton.LeftButton)
    settled()
    under = page.page.childAt(mouse)
    assert under is not None
    assert row.day.isAncestorOf(under) or under is row.day
    assert not row.undo_button.geometry().contains(row.undo_button.mapFrom(page.page, mouse))


def test_all_received_is_all_or_nothing_and_undo_is_gone_after_another_act(
    page: RenovationController, registered: CaseDetail, qtbot: QtBot, settled: Settled
) -> None:
    page.case.all_button.click()
    settled()
    page.case.papers.rows[needed(registered)[0]].undo_button.click()
    settled()
    assert not page.case.all_button.is_undo
    assert page.case.all_button.isVisible()


def test_all_received_is_not_undone_once_the_work_has_started(
    page: RenovationController, registered: CaseDetail, seat: Seat, settled: Settled
) -> None:
    page.case.all_button.click()
    settled()
    page.case.all_button.setFocus()
    page.case.acts.button("start").click()
    [dialog] = opened(FormDialog)
    dialog.save_button.click()
    settled()
    assert not page.case.all_button.is_undo
    assert page.page.window().focusWidget() is page.case.acts.button("visit")
    case = service_case(seat)
    assert [paper.document for paper in case.documents if paper.received_on] == needed(registered)
    rows = page.case.papers.rows
    assert not any(rows[key].undo_button.isEnabled() for key in needed(registered))
    assert "Undo the start first" in rows[needed(registered)[0]].undo_button.toolTip()


@pytest.mark.parametrize("how", ["reloaded", "edited"])
def test_all_received_is_undone_at_once_or_not_at_all(
    page: RenovationController, registered: CaseDetail, settled: Settled, how: str
) -> None:
    page.case.all_button.click()
    settled()
    assert page.case.all_button.is_undo
    if how == "reloaded":
        page.open_case(registered.id)
    else:
        page.case.acts.button("edit").click()
        settled()
        page.filing.view.form.set_value("remarks", "夜间不施工")
        page.filing.view.save_button.click()
    settled()
    assert not page.case.all_button.is_undo


def test_13_to_15_the_next_act_is_the_filled_button(
    page: RenovationController, registered: CaseDetail, seat: Seat, settled: Settled
) -> None:
    asked: list[Subject] = []
    page.visit_requested.connect(asked.append)
    cases.receive_documents(seat, registered.id, needed(registered), seat.today())
    page.open_case(registered.id)
    settled()
    assert focused() is page.case.acts.button("start")
    press(Qt.Key.Key_Return)
    [dialog] = opened(FormDialog)
    dialog.save_button.click()
    settled()
    assert service_case(seat).status is CaseStatus.UNDER_WAY
    assert filled(page) == ["visit"]
    assert page.page.window().focusWidget() is page.case.acts.button("visit")
    QTest.keyClick(page.case.acts.button("visit"), Qt.Key.Key_Return)
    settled()
    assert [subject.id for subject in asked] == [registered.id]


def test_16_to_18_past_the_end_it_is_extended_or_closed(
    seat: Seat, registered: CaseDetail, worker: Worker, front: Front, settled: Settled
) -> None:
    cases.receive_documents(seat, registered.id, needed(registered), seat.today())
    cases.start_work(seat, registered.id)
    now = seat.now() + timedelta(days=3)
    desk = Desk(replace(seat, now=lambda: now), worker)
    page = RenovationController(desk)
    front(page.page)
    page.open_case(registered.id)
    settled()
    late = service_case(seat).course
    assert filled(page) == (["extend"] if late.missing else ["close"])
    log_failed_visit(seat, registered.id)
    page.open_case(registered.id)
    settled()
    assert filled(page) == ["extend"]
    assert focused() is page.case.acts.button("extend")
    press(Qt.Key.Key_Return)
    settled()
    form = page.filing.view.form
    assert page.page.currentWidget() is page.filing.view
    assert focused() is form.editor("ends_on").inner()[0]
    assert in_sight(focused(), page.page)
    form.set_value("ends_on", now.date() + timedelta(days=5))
    page.filing.view.submit(False)
    settled()
    assert filled(page) == ["visit"]  # no longer past its end
    cases.close_case(seat, registered.id, Outcome.COMPLETED, seat.today(), "做完了")
    page.open_case(registered.id)
    settled()
    assert filled(page) == []
    desk.close()


# --- a filing ------------------------------------------------------------------------------------------


def test_20_to_24_a_filing_by_keyboard_keeps_the_verdict_in_sight(
    page: RenovationController, qtbot: QtBot, settled: Settled
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled()
    view = page.filing.view
    assert focused() is view.home.search
    qtbot.keyClicks(view.home.search, "fuyuanxiaoqu501")
    settled()
    press(Qt.Key.Key_Return)
    settled()
    [holder] = view.home.holders.values()
    assert focused() is holder
    press(Qt.Key.Key_Space)
    settled()
    assert view.form.values()["applicant"] == "蔡兰刚"
    assert focused() is view.works.filter
    where = place(view.works.filter, page.page)
    for typed in ("wallpaper", "enlarge"):
        qtbot.keyClicks(view.works.filter, typed)
        settled()
        assert place(view.works.filter, page.page) == where
        press(Qt.Key.Key_Return)
        settled()
        assert focused() is view.works.filter
        assert place(view.works.filter, page.page) == where
    assert view.form.works == (PAINT, OPENING)
    assert view.verdict.works.order == (OPENING, PAINT)  # the worst first
    assert view.foot.summary.text().startswith("Prohibited: 1 · Allowed: 1 · Documents to start: none of ")
    assert in_sight(view.foot.summary, page.page)
    assert in_sight(view.print_button, page.page)


def test_25_tab_follows_what_is_read(
    filing: FilingView, page: RenovationController, settled: Settled
) -> None:
    filing.form.toggle_work(PARTITION, True)
    settled()
    filing.works.filter.setFocus()
    order: list[QWidget] = []
    while focused() is not filing.print_button and len(order) < 80:
        order.append(focused())
        press(Qt.Key.Key_Tab)
    parts: list[QWidget] = [filing.works, filing.verdict.works, filing.verdict.card, filing.form, filing.foot]
    belongs = [next(n for n, part in enumerate(parts) if part.isAncestorOf(stop)) for stop in order]
    assert belongs == sorted(belongs)
    assert set(belongs) == set(range(len(parts)))
    names = [name for name in filing.form.values() if filing.form.editor(name).inner()[0] in order]
    stops = [order.index(filing.form.editor(name).inner()[0]) for name in names]
    assert len(names) > 8
    assert stops == sorted(stops)


def test_26_answering_moves_neither_the_card_nor_the_focus(
    filing: FilingView, page: RenovationController, settled: Settled
) -> None:
    for work in (PAINT, WATERPROOF, PARTITION):
        filing.form.toggle_work(work, True)
        settled()
    cards = filing.verdict.works
    assert cards.order[0] == PARTITION
    answers = cards.cards[PARTITION].questions["load_bearing"].buttons
    answers[Answer.UNKNOWN].setFocus()
    filing.area.bring(cards.cards[PARTITION])
    where, order = None, cards.order
    while where != place(answers[Answer.NO], page.page):  # until its lines are laid out
        where = place(answers[Answer.NO], page.page)
        settled()
    press(Qt.Key.Key_Left)
    settled()
    assert cards.cards[PARTITION].chip.chip.text == "Allowed"
    assert cards.order == order  # though it is no longer the worst
    assert focused() is answers[Answer.NO]
    assert place(answers[Answer.NO], page.page) == where
    filing.form.toggle_work(OPENING, True)
    settled()
    assert cards.order[0] == OPENING
    assert cards.order[-1] in (PARTITION, PAINT)


def test_27_all_received_ticks_what_the_start_needs_and_is_undone(
    filing: FilingView, qtbot: QtBot, settled: Settled
) -> None:
    filing.form.toggle_work(WATERPROOF, True)
    settled()
    papers, all_button = filing.verdict.papers, filing.verdict.all_received
    first = next(iter(papers.rows))
    papers.rows[first].box.click()
    qtbot.mouseClick(all_button, Qt.MouseButton.LeftButton)
    settled()
    assert set(filing.form.received) == set(papers.needed())
    assert set(papers.needed()) < set(papers.rows)  # what is due by completion cannot have come
    assert all(papers.rows[key].box.isChecked() for key in papers.needed())
    count = len(papers.needed())
    assert filing.foot.summary.text().endswith(f"Documents to start: {count} of {count}")
    qtbot.mouseClick(all_button, Qt.MouseButton.LeftButton)
    assert filing.form.received == (first,)
    assert [key for key, row in papers.rows.items() if row.box.isChecked()] == [first]
    assert all_button.isEnabled()
    assert not all_button.is_undo


@pytest.mark.parametrize("size", SIZES)
def test_28_the_summary_leads_to_the_worst_work(
    filing: FilingView, settled: Settled, qtbot: QtBot, size: tuple[int, int]
) -> None:
    alone(filing, qtbot, size)
    for work in (PAINT, WATERPROOF, OPENING):
        filing.form.toggle_work(work, True)
    settled()
    filing.area.verticalScrollBar().setValue(filing.area.verticalScrollBar().maximum())
    filing.foot.summary.setFocus()
    press(Qt.Key.Key_Return)
    settled()
    card = filing.verdict.works.cards[OPENING]
    assert card.isAncestorOf(focused())
    assert in_sight(card.chip, filing)


@pytest.mark.parametrize("size", SIZES)
def test_29_what_is_wrong_is_in_sight(
    filing: FilingView, settled: Settled, qtbot: QtBot, size: tuple[int, int]
) -> None:
    alone(filing, qtbot, size)
    filing.form.toggle_work(PAINT, True)
    settled()
    filing.area.verticalScrollBar().setValue(0)
    filing.form.set_value("applicant", "蔡兰刚")
    filing.form.set_value("applicant_phone", "13812345678")
    filing.works.filter.setFocus()
    QTest.keyClick(filing.works.filter, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert set(filing.form.errors()) == {"ends_on"}
    assert focused() is filing.form.editor("ends_on").inner()[0]
    assert in_sight(filing.form.editor("ends_on"), filing)


def test_30_an_interrupted_filing_is_offered_again_as_it_was(
    page: RenovationController, filing: FilingView, desk: Desk, front: Front, settled: Settled
) -> None:
    for work in (WATERPROOF, PARTITION):
        filing.form.toggle_work(work, True)
    filing.form.answer(PARTITION, "load_bearing", "no")
    settled()
    filing.verdict.all_received.click()
    filing.form.set_value("remarks", "晚上八点后不施工")
    ticks = set(filing.form.received)
    QTest.qWait(900)  # drafts are saved a moment after the last key
    settled()
    again = RenovationController(desk)
    front(again.page)
    again.new_filing()
    settled()
    view = again.filing.view
    [restore] = [b for b in view.form.notice.findChildren(type(view.print_button)) if "Restore" in b.text()]
    restore.click()
    settled()
    assert set(view.form.works) == {WATERPROOF, PARTITION}
    assert set(view.form.received) == ticks
    assert view.form.values()["remarks"] == "晚上八点后不施工"
    assert view.verdict.works.cards[PARTITION].chip.chip.text == "Allowed"
    assert {key for key, row in view.verdict.papers.rows.items() if row.box.isChecked()} == ticks
