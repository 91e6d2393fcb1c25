from pathlib import Path

import pytest
from PySide6.QtGui import QRawFont
from pytestqt.qtbot import QtBot

from fuyuan_desk.core.paths import resource
from fuyuan_desk.paper.fonts import Piece, Style, face, measure, pieces

FILES = sorted(resource("fonts").glob("*.ttf"))
STANDARD = Path(__file__).parent.parent / "data" / "general-standard-chinese-characters.txt"
SIGNS = "☐☑☒✓✔✗①⑳㎡℃№※→←↑↓─│┌┐└┘├┤┬┴┼═║■□▲△○●◎★☆⟨⟩《》「」【】…—·～％‰￥€≒ⅠⅫ㈠"


def standard() -> str:
    return STANDARD.read_text(encoding="utf-8").strip()


def gbk() -> set[str]:
    codes = (bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF))
    return {
        code.decode("gbk", errors="replace")
        for code in codes
        if "�" not in code.decode("gbk", errors="replace")
    }


def test_the_list_is_whole() -> None:
    assert len(set(standard())) == 8105
    assert sum(ord(character) > 0xFFFF for character in standard()) == 196


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_standard_character_has_an_outline(file: Path) -> None:
    opened = face(file.stem)
    missing = [character for character in standard() + SIGNS if character not in opened.glyphs]
    assert missing == []
    places = opened._locations
    blank = [c for c in standard() if places[opened.glyphs[c]] == places[opened.glyphs[c] + 1]]
    assert blank == []


@pytest.mark.parametrize("name", ["FuyuanSans-Regular", "FuyuanSerif-Regular"])
def test_every_gbk_character_is_there(name: str) -> None:
    characters = {character for text in gbk() for character in text}
    assert len(characters) > 21_000
    assert characters - face(name).glyphs.keys() == set()


@pytest.mark.parametrize(("name", "family"), [
    ("FuyuanSans-Regular", "Fuyuan Sans"), ("FuyuanSans-Bold", "Fuyuan Sans"), ("FuyuanSerif-Regular", "Fuyuan Serif"),
])  # fmt: skip
def test_the_screen_knows_them_by_the_same_name(qtbot: QtBot, name: str, family: str) -> None:
    font = QRawFont(str(resource("fonts", f"{name}.ttf")), 16)
    assert font.isValid()
    assert font.familyName() == family
    assert font.supportsCharacter("宋")


def test_fonts_carry_their_licence_and_stay_small() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in resource("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert all(file.stat().st_size < 14_000_000 for file in FILES)


@pytest.mark.parametrize("style", Style)
def test_chinese_is_one_em_wide(style: Style) -> None:
    assert measure("喆㛃𬭼䶮", style) == pytest.approx(4)
    assert 0 < measure("168", style) < 2


@pytest.mark.parametrize(("text", "shown"), [
    ("张三", "张三"),
    ("𠮷野家", "𠮷野家"),  # U+20BB7 is in the faces
    ("张😀", "张⟨U+1F600⟩"),
    ("\ue7c7", "⟨U+E7C7⟩"),  # private use, as old GBK systems wrote rare names
    ("\ud800", "⟨U+D800⟩"),
    ("\U0001F468\u200d\U0001F469", "⟨U+1F468⟩⟨U+1F469⟩"),
    ("葛\U000E0100城", "葛城"),  # a variation mark leaves no mark of its own
    ("a\tb\nc", "a b c"),
    ("\u200b", ""),
])  # fmt: skip
def test_no_character_is_a_box_or_vanishes(text: str, shown: str) -> None:
    for style in Style:
        found = list(pieces(text, style))
        assert "".join(piece.text for piece in found) == shown
        assert measure(text, style) == pytest.approx(sum(piece.width for piece in found))


def test_bold_falls_back_to_regular() -> None:
    rare = "𠀋"
    assert rare not in face("FuyuanSans-Bold").glyphs
    assert list(pieces(f"张{rare}", Style.BOLD)) == [
        Piece("FuyuanSans-Bold", "张", 1.0), Piece("FuyuanSans-Regular", rare, 1.0),
    ]  # fmt: skip
