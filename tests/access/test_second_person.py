"""The second person: the service, and the dialog used with the keyboard alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.seat import WRITERS, Role, Seat, permit
from fuyuan_desk.access.second_person import ProtectedAction, Second, SecondNeeded, SecondRefused
from fuyuan_desk.core.errors import NotAllowed, UserError
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.controller.second import SecondController
from fuyuan_desk.office.view.second import SecondDialog
from fuyuan_desk.renovation.controller.cases import RenovationController
from fuyuan_desk.renovation.rules.course import CaseStatus, Outcome
from fuyuan_desk.renovation.service import cases, queries
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.keys import attempts
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from tests.conftest import PASSWORD
from tests.renovation.clerk import Front, Settled, add_home, file, opened

WRONG = "not-her-password-1"


@permit(*WRITERS)
def erase(seat: Seat, what: str) -> str:
    """An operation that requires a second person."""
    with seat.transaction() as session:
        return seat.require_second(session, ProtectedAction.PURGE, what)


def audited(seat: Seat, *actions: str) -> list[str]:
    with seat.store.use() as session:
        return list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(actions))))


# --- the service ---------------------------------------------------------------------------------------


def test_without_a_second_person_nothing_is_done_and_it_is_said_what_waits(seat: Seat) -> None:
    with pytest.raises(SecondNeeded, match="Erase personal data") as needed:
        erase(seat, "张三")
    assert (needed.value.action, needed.value.what) == (ProtectedAction.PURGE, "张三")
    assert audited(seat, "confirm", "confirm_failed") == []


@pytest.mark.parametrize(
    ("login", "password", "field"),
    [
        ("admin", PASSWORD, "second_login"),  # oneself
        ("ADMIN ", PASSWORD, "second_login"),
        ("clerk", PASSWORD, "second_login"),
        ("viewer", PASSWORD, "second_login"),
        ("property", PASSWORD, "second_login"),
        ("reviewer", WRONG, "second_password"),
        ("nobody", PASSWORD, "second_password"),
        ("reviewer", "", "second_password"),
    ],
)
def test_who_may_not_agree_is_refused_beside_the_field_and_the_trail_hears_of_it(
    seat: Seat, login: str, password: str, field: str
) -> None:
    with pytest.raises(SecondRefused) as refused:
        erase(replace(seat, second=Second(login, password)), "")
    assert set(refused.value.fields) == {field}
    assert audited(seat, "confirm", "confirm_failed") == ["confirm_failed"]


def test_the_reviewer_agrees_and_the_trail_names_her(seat: Seat) -> None:
    assert erase(replace(seat, second=Second("Reviewer", PASSWORD)), "张三") == "reviewer"
    with seat.store.use() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "confirm")).one()
        assert entry.operator == "admin"
        assert "reviewer" in entry.changes


def test_wrong_passwords_lengthen_the_pause_even_for_the_right_one(seat: Seat) -> None:
    for _time in range(4):
        with pytest.raises(SecondRefused):
            erase(replace(seat, second=Second("reviewer", WRONG)), "")
    with pytest.raises(SecondRefused, match="wait"):
        erase(replace(seat, second=Second("reviewer", PASSWORD)), "")
    attempts.clear(seat.store.folder)
    erase(replace(seat, second=Second("reviewer", PASSWORD)), "")


def test_a_password_stands_in_no_text_of_the_second_person() -> None:
    assert PASSWORD not in repr(Second("reviewer", PASSWORD))


# --- at the desk ---------------------------------------------------------------------------------------


class Clerk:
    """A form whose submit requires a second person, driven by the keyboard."""

    def __init__(self, qtbot: QtBot, desk: Desk, front: Front, settled: Settled) -> None:
        self.bot, self.settled = qtbot, settled
        self.form = Form([Field("what", "What")])
        self.window = FormDialog(None, "Erase", self.form)
        self.question = SecondController(desk, self.window)
        self.done: list[str] = []
        self.refused: list[UserError] = []
        self.form.submitted.connect(
            lambda typed: desk.run(
                erase, typed["what"], done=self.done.append, failed=self.refused.append, owner=self.window
            )
        )
        front(self.window)
        self.form.focus_first()
        self.keys("x1")
        self.press(Qt.Key.Key_Return)

    def focused(self) -> QLineEdit:
        found = QApplication.focusWidget()
        assert isinstance(found, QLineEdit)
        return found

    def keys(self, text: str) -> None:
        self.bot.keyClicks(self.focused(), text)

    def press(self, key: Qt.Key) -> None:
        self.bot.keyClick(QApplication.focusWidget(), key)
        self.settled()

    def sign(self, login: str, password: str) -> None:
        """Replace name and password and press Enter."""
        field = self.dialog.form.editor("second_login").inner()[0]
        field.setFocus()
        self.focused().selectAll()
        self.keys(login)
        self.press(Qt.Key.Key_Tab)
        self.keys(password)
        self.press(Qt.Key.Key_Return)

    @property
    def dialog(self) -> SecondDialog:
        assert self.question.dialog is not None
        return self.question.dialog


@pytest.fixture
def clerk(qtbot: QtBot, desk: Desk, front: Front, settled: Settled) -> Clerk:
    return Clerk(qtbot, desk, front, settled)


def test_two_people_agree_with_the_keyboard_alone(clerk: Clerk, seat: Seat) -> None:
    assert clerk.dialog.isVisible()
    words = " ".join(label.text() for label in clerk.dialog.findChildren(QLabel))
    assert "Erase personal data: x1" in words
    assert clerk.focused().accessibleName() == "Operator name of the second person"
    clerk.sign("reviewer", PASSWORD)
    assert clerk.done == ["reviewer"]
    assert clerk.refused == []
    assert clerk.question.dialog is None
    assert audited(seat, "confirm") == ["confirm"]


def test_the_question_stays_until_somebody_agrees_and_keeps_no_password(clerk: Clerk) -> None:
    first = clerk.dialog
    clerk.sign("reviewer", WRONG)
    assert clerk.dialog is first
    assert set(first.form.errors()) == {"second_password"}
    assert first.form.editor("second_password").value() == ""
    assert first.form.editor("second_login").value() == "reviewer"
    assert clerk.focused().accessibleName() == "Second person's password"
    clerk.sign("clerk", PASSWORD)
    assert set(first.form.errors()) == {"second_login"}
    assert clerk.done == []
    clerk.sign("reviewer", PASSWORD)
    assert clerk.done == ["reviewer"]


def test_the_pause_is_told_in_the_question(clerk: Clerk) -> None:
    for _time in range(4):
        clerk.sign("reviewer", WRONG)
    clerk.sign("reviewer", PASSWORD)
    assert clerk.done == []
    assert "wait" in clerk.dialog.form.errors()["second_password"]
    assert clerk.dialog.form.editor("second_password").value() == ""


def test_escape_leaves_the_act_undone_and_tells_the_form(clerk: Clerk, seat: Seat) -> None:
    clerk.keys("rev")
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.question.dialog is None
    assert [type(refusal) for refusal in clerk.refused] == [SecondNeeded]
    assert clerk.window.isVisible()
    assert audited(seat, "confirm", "confirm_failed") == []


def test_without_anybody_who_asks_it_is_a_refusal(desk: Desk, settled: Settled) -> None:
    refused: list[UserError] = []
    desk.run(erase, "x", failed=refused.append)
    settled()
    assert isinstance(refused[0], NotAllowed)


def test_a_closed_renovation_is_opened_again_by_two(
    qtbot: QtBot, desk: Desk, seat: Seat, front: Front, settled: Settled
) -> None:
    case = file(seat, add_home(seat))
    cases.close_case(seat, case.id, Outcome.WITHDRAWN, seat.today())
    page = RenovationController(desk)
    question = SecondController(desk, page.page)
    front(page.page)
    page.open_case(case.id)
    settled()
    reopen = page.case.undos.button("reopen")
    assert reopen.isVisible()
    assert not page.case.acts.button("close").isVisible()
    reopen.setFocus()
    qtbot.keyClick(reopen, Qt.Key.Key_Space)
    [dialog] = opened(FormDialog)
    dialog.form.set_value("reason", "误结案")
    dialog.form.submit()
    settled()
    assert question.dialog is not None
    login = question.dialog.form.editor("second_login").inner()[0]
    qtbot.keyClicks(login, "reviewer")
    word = question.dialog.form.editor("second_password").inner()[0]
    qtbot.keyClicks(word, PASSWORD)
    qtbot.keyClick(word, Qt.Key.Key_Return)
    settled()
    assert question.dialog is None
    assert queries.case_detail(seat, case.id).status is CaseStatus.REGISTERED
    assert opened(FormDialog) == []
    assert page.case.acts.button("close").isVisible()


def test_every_role_asks_but_only_two_of_them_agree(seat_as: Callable[[Role], Seat]) -> None:
    clerk = seat_as(Role.CLERK)
    agreed = []
    for role in Role:
        try:
            agreed.append(erase(replace(clerk, second=Second(role.value, PASSWORD)), ""))
        except SecondRefused:
            attempts.clear(clerk.store.folder)
    assert agreed == ["admin", "reviewer"]
