"""The roster for 社区云 exported from the import page."""

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.roster.controller.imports import ImportController
from fuyuan_desk.roster.service import imports
from tests.roster.rosters import write_roster


def test_a_masked_roster_is_written_for_one_estate_with_its_note(
    page: ImportController,
    seat: Seat,
    tmp_path: Path,
    choose_file: Callable[[Path], None],
    settled: Callable[[], None],
    qtbot: QtBot,
) -> None:
    imports.import_roster(seat, write_roster(tmp_path / "名册.xlsx"))
    page.start.community_button.click()
    settled()
    dialog = page.community.dialog
    assert dialog is not None
    assert dialog.form.values()["unmasked"], "as 社区云 needs it"
    target = tmp_path / "社区云"
    choose_file(target)
    dialog.form.set_value("receiver", "街道办事处")
    dialog.form.set_value("unmasked", False)
    dialog.form.submit()
    table = tmp_path / "社区云.tsv"
    qtbot.waitUntil(table.exists)
    settled()
    lines = table.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("UUID\t姓名")
    assert len(lines) == 4
    assert "蔡*" in lines[1]
    assert "街道办事处" in (tmp_path / "社区云-说明.txt").read_text("utf-8-sig")


def test_a_viewer_is_not_offered_it(
    desk_as: Callable[[Role], Desk], front: Callable[..., None], settled: Callable[[], None]
) -> None:
    made = ImportController(desk_as(Role.VIEWER))
    front(made.page)
    settled()
    assert not made.start.community_button.isVisible()
