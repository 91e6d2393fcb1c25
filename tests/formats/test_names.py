"""Names as they are stored."""

import unicodedata

import pytest

from fuyuan_desk.formats.names import normalize_name


@pytest.mark.parametrize("name", ["Müller", "Zoë Ångström", "Nguyễn Văn"])
def test_a_letter_and_its_accent_are_one(name: str) -> None:
    assert normalize_name(unicodedata.normalize("NFD", name)) == name


def test_no_chinese_character_becomes_another_one() -> None:
    # composing would make 六 of the compatibility character
    assert normalize_name("\uf9d1小明") == "\uf9d1小明"
    assert normalize_name("𠮷田\u0301") == "𠮷田\u0301"
