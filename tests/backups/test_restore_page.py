"""The restore wizard as two clerks use it, and as one uses it who lost every password."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.backups.controller.restore import RestoreController
from fuyuan_desk.backups.service import backups
from fuyuan_desk.backups.view.restore import CHECK, CHOOSE, CODE, DONE, IN_PLACE, LOST, WHERE, WHO
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.layout import is_store
from fuyuan_desk.widgets.work import Worker
from tests.conftest import PASSWORD, RECOVERY
from tests.desks import wait_until_quiet

Front = Callable[[QWidget], None]


@pytest.fixture
def backed_up(folder: Path) -> Path:
    """The backup of a closed office, beside it."""
    seat = sign_in(folder, "admin", PASSWORD)
    try:
        outcome = backups.back_up(seat, roots=()).outcomes[0]
    finally:
        seat.store.close()
    assert outcome.path is not None
    return outcome.path


@pytest.fixture
def quiet(qtbot: QtBot, worker: Worker) -> Callable[[], None]:
    """Wait until nothing more is on its way."""
    return lambda: wait_until_quiet(qtbot, lambda: worker.is_idle)


@pytest.fixture
def wizard(
    worker: Worker, folder: Path, backed_up: Path, front: Front, quiet: Callable[[], None]
) -> RestoreController:
    made = RestoreController(worker, folder, str(backed_up), lambda: ())
    front(made.view)
    made.start()
    quiet()
    return made


def fill(wizard: RestoreController, **values: str) -> None:
    for name, value in values.items():
        wizard.view.who.set_value(name, value)


def two_persons(wizard: RestoreController) -> None:
    fill(wizard, login="admin", password=PASSWORD, second_login="clerk", second_password=PASSWORD)


def press(wizard: RestoreController, quiet: Callable[[], None]) -> None:
    QTest.keyClick(wizard.view.next, Qt.Key.Key_Return)
    quiet()


def test_two_persons_restore_beside_the_present_office(
    wizard: RestoreController, quiet: Callable[[], None], folder: Path
) -> None:
    view = wizard.view
    assert view.step == CHOOSE
    assert view.backups.hasFocus()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    QTest.keyClick(view.backups, Qt.Key.Key_Return)
    assert view.step == WHO
    two_persons(wizard)
    press(wizard, quiet)
    assert view.step == CHECK
    press(wizard, quiet)
    assert view.step == WHERE
    target = Path(view.where.editor("folder").value())
    press(wizard, quiet)
    assert view.step == DONE
    assert is_store(target)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    opened: list[Path] = []
    wizard.office_chosen.connect(opened.append)
    press(wizard, quiet)
    assert opened == [target]
    sign_in(target, "admin", PASSWORD).store.close()


def test_in_place_of_the_present_office_which_is_kept_aside(
    wizard: RestoreController, quiet: Callable[[], None], folder: Path
) -> None:
    press(wizard, quiet)
    two_persons(wizard)
    press(wizard, quiet)
    press(wizard, quiet)
    wizard.view.where.set_value("where", IN_PLACE)
    assert "is moved to" in wizard.view.aside.text()
    press(wizard, quiet)
    assert wizard.view.step == DONE
    kept = [path for path in folder.parent.iterdir() if path.name.startswith("office-before-restore-")]
    assert [is_store(path) for path in (folder, *kept)] == [True, True]
    assert str(kept[0]) in wizard.view.done_text.text()


def test_one_person_or_a_wrong_password_opens_nothing(
    wizard: RestoreController, quiet: Callable[[], None]
) -> None:
    press(wizard, quiet)
    press(wizard, quiet)
    assert set(wizard.view.who.errors()) == {"login", "password", "second_login", "second_password"}
    fill(wizard, login="admin", password=PASSWORD, second_login="admin", second_password=PASSWORD)
    press(wizard, quiet)
    assert "someone else" in wizard.view.who.errors()["second_login"]
    fill(wizard, second_login="clerk", second_password="wrong-password-1")
    press(wizard, quiet)
    assert wizard.view.step == WHO
    assert "password is wrong" in wizard.view.banner.text()
    assert wizard.view.who.editor("password").inner()[0].hasFocus()


def test_a_password_and_the_recovery_code(wizard: RestoreController, quiet: Callable[[], None]) -> None:
    press(wizard, quiet)
    wizard.view.who.set_value("way", CODE)
    fill(wizard, login="clerk", password=PASSWORD, code=RECOVERY)
    press(wizard, quiet)
    assert wizard.view.step == CHECK


def test_when_all_passwords_are_lost_the_code_a_witness_and_a_new_password_open_it(
    wizard: RestoreController, quiet: Callable[[], None]
) -> None:
    press(wizard, quiet)
    wizard.view.who.set_value("way", LOST)
    new = "a-new-password-7"
    fill(wizard, code=RECOVERY, witness="龚宏伟", lost_login="admin", new_password=new, again="another")
    press(wizard, quiet)
    assert set(wizard.view.who.errors()) == {"again"}
    fill(wizard, new_password="x", again="x")
    press(wizard, quiet)
    assert "new_password" in wizard.view.who.errors()
    fill(wizard, new_password=new, again=new)
    press(wizard, quiet)
    assert wizard.view.step == CHECK
    press(wizard, quiet)
    target = Path(wizard.view.where.editor("folder").value())
    press(wizard, quiet)
    sign_in(target, "admin", new).store.close()


def test_an_existing_folder_is_never_overwritten(
    wizard: RestoreController, quiet: Callable[[], None], tmp_path: Path
) -> None:
    press(wizard, quiet)
    two_persons(wizard)
    press(wizard, quiet)
    press(wizard, quiet)
    wizard.view.where.set_value("folder", str(tmp_path))
    press(wizard, quiet)
    assert wizard.view.step == WHERE
    assert "already exists" in wizard.view.banner.text()


def test_cancelling_leaves_nothing(
    wizard: RestoreController, quiet: Callable[[], None], folder: Path, qtbot: QtBot
) -> None:
    before = sorted(path.name for path in folder.parent.iterdir())
    press(wizard, quiet)
    two_persons(wizard)
    press(wizard, quiet)
    assert wizard._agreed is not None
    with qtbot.waitSignal(wizard.left):
        QTest.keyClick(wizard.view, Qt.Key.Key_Escape)
    assert wizard._agreed is None
    assert sorted(path.name for path in folder.parent.iterdir()) == before


def test_a_new_pc_finds_the_backups_of_a_folder(
    worker: Worker,
    backed_up: Path,
    tmp_path: Path,
    front: Front,
    quiet: Callable[[], None],
    choose_file: Callable[[Path], None],
) -> None:
    store = tmp_path / "new" / "office"
    made = RestoreController(worker, store, "", lambda: ())
    front(made.view)
    made.start()
    quiet()
    assert "No backup found" in made.view.nothing.text()
    assert not made.view.next.isEnabled()
    choose_file(backed_up.parent.parent)
    made.view.other.click()
    quiet()
    assert made.view.next.isEnabled()
    press(made, quiet)
    two_persons(made)
    press(made, quiet)
    press(made, quiet)
    assert made.view.where.editor("folder").value() == str(store)
    assert not made.view.where.editor("where").isVisible()
    press(made, quiet)
    assert is_store(store)
