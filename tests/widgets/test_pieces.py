"""Small widgets: banner, progress, chips, status line, steps, photos, questions, snapshots."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.progress import Cancelled
from fuyuan_desk.widgets.banner import Banner
from fuyuan_desk.widgets.buttons import button, icon_button
from fuyuan_desk.widgets.chips import Chip, ChipLabel, chip_size
from fuyuan_desk.widgets.labels import Card, PageHeader, label
from fuyuan_desk.widgets.photos import Photo, PhotoStrip, decode_picture, image_bytes
from fuyuan_desk.widgets.progress_panel import ProgressPanel
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.snapshot import grab, settle
from fuyuan_desk.widgets.split import ListDetail
from fuyuan_desk.widgets.status_line import StatusLine
from fuyuan_desk.widgets.steps import Steps
from fuyuan_desk.widgets.work import UiProgress
from tests import screen

Front = Callable[[QWidget], None]


def picture(colour: str = "red", size: tuple[int, int] = (400, 300)) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_names_are_never_read_as_markup(qtbot: QtBot) -> None:
    made = label("<b>张三</b>")
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert made.text() == "<b>张三</b>"


def test_good_news_goes_away_and_bad_news_stays(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    made = Banner(page, ok_seconds=0.05)
    page.show()
    qtbot.waitExposed(page)
    qtbot.wait(20)  # it came under the mouse
    QApplication.sendEvent(page, QEvent(QEvent.Type.Leave))
    made.say("ok", "Saved.")
    assert made.text() == "Saved."
    qtbot.waitUntil(lambda: made.text() == "")
    made.say("ok", "Saved.")
    made.refuse(NotAllowed("Ask an administrator."))
    qtbot.wait(120)
    assert made.text() == "Ask an administrator."
    assert made.tone == "error"
    assert made.accessibleName() == "Ask an administrator."


def test_good_news_stays_while_the_mouse_is_over_what_it_would_move(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    made = Banner(page, ok_seconds=0.05)
    page.show()
    qtbot.waitExposed(page)
    qtbot.wait(20)
    QApplication.sendEvent(page, QEvent(QEvent.Type.Enter))
    made.say("ok", "Saved.")
    qtbot.wait(200)
    assert made.text() == "Saved."
    QApplication.sendEvent(page, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: made.text() == "")


def test_a_banners_action_is_done_once_and_the_banner_goes(qtbot: QtBot) -> None:
    made = Banner()
    qtbot.addWidget(made)
    done: list[str] = []
    made.say(
        "info", "A draft.", "&Restore", lambda: done.append("restore"), "&Discard", lambda: done.append("no")
    )
    next(b for b in made.findChildren(QPushButton) if b.text() == "&Discard").click()
    assert done == ["no"]
    assert made.text() == ""


def test_the_progress_panel_counts_and_cancels(qtbot: QtBot) -> None:
    now = [100.0]
    panel = ProgressPanel(clock=lambda: now[0])
    qtbot.addWidget(panel)
    progress = UiProgress()
    panel.follow("Importing", progress, at_once=True)
    progress.step(8123, 20_000, "Checking")
    assert panel.counts() == "Checking · 8,123 of 20,000"
    now[0] += 10
    progress.step(20_000, 20_000, "Checking")
    assert panel.counts().startswith("Checking · 20,000 of 20,000 · about")
    screen.button(panel, "Cancel").click()
    assert progress.is_cancelled
    with pytest.raises(Cancelled):
        progress.step(1, 2)
    assert panel.counts() == "Stopping …"
    panel.finish()
    assert panel.isHidden()


def test_short_work_shows_no_panel(qtbot: QtBot) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.follow("Saving", UiProgress())
    assert panel.isHidden()
    qtbot.waitUntil(panel.isVisible)
    panel.finish()
    panel.follow("Saving", UiProgress())
    panel.finish()
    qtbot.wait(350)
    assert panel.isHidden()


@pytest.mark.parametrize("tone", ["ok", "warn", "error"])
def test_a_state_is_told_by_word_and_icon_too(qtbot: QtBot, tone: Any) -> None:
    chip = Chip("违规未改", tone)
    made = ChipLabel(chip)
    qtbot.addWidget(made)
    assert chip.picture
    assert made.accessibleName() == "违规未改"
    assert chip_size(chip, made.font()).width() > chip_size(Chip("违规未改"), made.font()).width()
    assert not made.grab().isNull()
    made.set_chip(None)
    assert made.isHidden()


def test_the_status_line_tells_news_and_keeps_facts(qtbot: QtBot) -> None:
    made = StatusLine(news_seconds=0.03)
    qtbot.addWidget(made)
    made.show_message("Saved.")
    made.set_item("backup", "2 days old", "save")
    made.set_item("backup", "today", "save")
    assert made.news() == "Saved."
    qtbot.waitUntil(lambda: made.news() == "")
    assert [w.text() for w in made.findChildren(QLabel) if w.text()] == ["today"]


def test_steps_say_where_one_stands(qtbot: QtBot) -> None:
    made = Steps(["File", "Columns", "Check"])
    qtbot.addWidget(made)
    made.set_current(1)
    assert made.accessibleName() == "Step 2 of 3: Columns"
    assert not made.grab().isNull()


def test_a_question_names_the_object_and_escape_is_harmless(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    done: list[bool] = []
    question = confirm(
        parent, "Delete “4号亭子间”?", "", "&Delete", lambda: done.append(True), dangerous=True
    )
    assert "4号亭子间" in question.windowTitle()
    assert question.buttons[-1].isDefault()
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert done == []
    question = confirm(parent, "Delete?", "", "&Delete", lambda: done.append(True))
    question.buttons[0].click()
    assert done == [True]


def test_buttons_show_their_shortcut_and_name(front: Front, qtbot: QtBot) -> None:
    pressed: list[str] = []
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(button("&New", lambda: pressed.append("new"), shortcut="Ctrl+N"))
    lock = icon_button("lock", "Lock", lambda: pressed.append("lock"), shortcut="Ctrl+L")
    column.addWidget(lock)
    qtbot.addWidget(window)
    front(window)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: pressed == ["new", "lock"])
    assert (lock.accessibleName(), lock.toolTip()) == ("Lock", "Lock (Ctrl+L)")


def test_the_border_between_list_and_detail_is_remembered(qtbot: QtBot) -> None:
    class Drawer:
        kept: dict[str, Any] = {}  # noqa: RUF012 - one drawer for both windows

        def load(self, key: str) -> Any:
            return self.kept.get(key)

        def save(self, key: str, value: Any) -> None:
            self.kept[key] = value

    def make() -> ListDetail:
        split = ListDetail(QWidget(), QLabel("detail"), settings=Drawer(), key="estates")
        qtbot.addWidget(split)
        split.resize(1016, 300)
        split.show()
        return split

    split = make()
    assert not split.is_detail_shown
    split.show_detail()
    assert split.is_detail_shown
    split.setSizes([300, 700])
    split.splitterMoved.emit(300, 1)
    again = make()
    assert again.sizes()[0] == pytest.approx(300, abs=12)


def test_photos_by_drop_and_by_paste(qtbot: QtBot, tmp_path: Path) -> None:
    strip = PhotoStrip()
    qtbot.addWidget(strip)
    strip.show()
    data = QMimeData()
    names = ["a.jpg", "b.PNG", "notes.txt"]
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    with qtbot.waitSignal(strip.files_added) as added:
        strip.dropEvent(
            QDropEvent(
                QPointF(5, 5),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
    assert [path.name for path in added.args[0]] == ["a.jpg", "b.PNG"]
    QGuiApplication.clipboard().setImage(picture())
    with qtbot.waitSignal(strip.pasted) as pasted:
        strip.paste()
    assert pasted.args[0].size().width() == 400
    QGuiApplication.clipboard().clear()


def test_captions_are_kept_and_photos_can_be_removed(qtbot: QtBot) -> None:
    strip = PhotoStrip()
    qtbot.addWidget(strip)
    strip.show()
    strip.set_photos([Photo("a", image_bytes(picture())), Photo("b", b"no picture", "裂缝")])
    caption, _second = strip.findChildren(QLineEdit)
    QTest.keyClicks(caption, "door")
    with qtbot.waitSignal(strip.captioned) as captioned:
        QTest.keyClick(caption, Qt.Key.Key_Return)
    assert captioned.args == ["a", "door"]
    assert [photo.caption for photo in strip.photos()] == ["door", "裂缝"]
    [picture_shown] = [made for made in strip.findChildren(QLabel) if made.accessibleName() == "Photo 1"]
    assert picture_shown.pixmap().width() > 100
    with qtbot.waitSignal(strip.removed) as removed:
        screen.button(strip, "Remove photo 2").click()
    assert removed.args == ["b"]


def test_pictures_are_decoded_small_beside_the_ui_thread(qtbot: QtBot) -> None:
    raw = image_bytes(picture(size=(3000, 2000)))
    sizes: list[int] = []
    thread = threading.Thread(target=lambda: sizes.append(decode_picture(raw, 900).width()))
    thread.start()
    thread.join()
    assert sizes == [900]
    assert decode_picture(b"nothing").isNull()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_snapshot_has_the_size_asked_for(qtbot: QtBot, tmp_path: Path, scale: float) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    card = Card("Household", [icon_button("edit", "Edit")])
    column.addWidget(PageHeader("Estates", "five", [button("New")]))
    column.addWidget(card)
    path = grab(page, tmp_path / "pages" / "page.png", scale=scale)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (round(1366 * scale), round(768 * scale))
    assert settle(lambda: False, seconds=0.02) is False
