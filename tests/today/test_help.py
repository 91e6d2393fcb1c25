import re

import pytest
from pytestqt.qtbot import QtBot

from fuyuan_desk.core import paths
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.today.controller.help import HelpController, read_pages


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_every_page_has_a_title_and_begins_with_it(code: str) -> None:
    for page in read_pages(code):
        assert page.text.startswith(f"# {page.title}\n"), page.key


def test_every_help_file_is_listed() -> None:
    keys = {page.key for page in read_pages("en")}
    files = {file.name.split(".")[0] for file in paths.resource("help").glob("*.md")}
    assert files == keys


def test_both_languages_have_the_same_sections() -> None:
    for chinese, english in zip(read_pages("zh_CN"), read_pages("en"), strict=True):
        count = [len(re.findall(r"^##? ", page.text, re.MULTILINE)) for page in (chinese, english)]
        assert count[0] == count[1], chinese.key


def test_typing_filters_the_pages(qtbot: QtBot) -> None:
    use_language("zh_CN")
    made = HelpController()
    qtbot.addWidget(made.page)
    assert made.page.current == "start"
    made.page.filter.setText("二维码")
    assert "search" in made.page.visible_keys()
    assert "standards" not in made.page.visible_keys()
    assert made.page.current in made.page.visible_keys()
    made.page.filter.setText("没有这样的字")
    assert made.page.visible_keys() == []
    assert not made.page.nothing.isHidden()
    made.page.open("safety")
    assert made.page.current == "safety"
    assert "恢复码" in made.page.text.toPlainText()
