"""A weak password of before is asked to be changed once its operator is at the desk."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fuyuan_desk.store.keys import keyring
from tests.conftest import CHEAP, PASSWORD
from tests.screen import button
from tests.windows import MakeWindow, at_desk, quiet, sign_in

WEAK = "woaini1314"


@pytest.mark.parametrize("password", [WEAK, PASSWORD])
def test_the_banner_leads_to_the_form_of_the_own_password(
    qtbot: QtBot, open_window: MakeWindow, folder: Path, password: str
) -> None:
    keys = keyring.read(folder)
    key = keyring.open_with_password(keys, "admin", PASSWORD)
    keyring.write(folder, keyring.add_operator(keys, "clerk", password, key, CHEAP))
    window = open_window(store=str(folder), last_login="clerk")
    sign_in(qtbot, window, password)
    qtbot.waitUntil(lambda: at_desk(window), timeout=10_000)
    quiet(qtbot, window)
    frame = window.open_desk.frame
    if password == PASSWORD:
        assert frame.banner.text() == ""
        return
    assert "Many people" in frame.banner.text()
    assert frame.banner.tone == "warn"
    assert WEAK not in frame.banner.text()
    button(frame.banner, "Change my password").click()
    quiet(qtbot, window)
    page = frame.made["settings"].page
    assert frame.current == "settings"
    old = page.password.editor("old").inner()[0]
    assert QApplication.focusWidget() is old or page.focusWidget() is old
    page.password.set_values({"old": WEAK, "password": PASSWORD, "again": PASSWORD})
    page.password.submit()
    qtbot.waitUntil(lambda: "next sign-in" in page.banner.text(), timeout=10_000)
    keys = keyring.read(folder)
    assert keyring.open_with_password(keys, "clerk", PASSWORD)
