from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.errors import NotAllowed, Unusable
from fuyuan_desk.store import keyring
from tests.conftest import CHEAP

KEY = bytes(range(32))


def ring_of(login: str, password: str) -> keyring.Keyring:
    return keyring.add_operator(keyring.empty_ring(), login, password, KEY, CHEAP)


@given(
    login=st.text(min_size=1, max_size=20).filter(str.strip),
    password=st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40),
)
def test_the_right_password_opens_and_another_does_not(login: str, password: str) -> None:
    ring = ring_of(login, password)
    assert keyring.open_with_password(ring, login, password) == KEY
    with pytest.raises(NotAllowed):
        keyring.open_with_password(ring, login, password + "x")


def test_login_ignores_case_and_outer_spaces() -> None:
    ring = ring_of("Wang", "long-enough")
    assert keyring.open_with_password(ring, " wang ", "long-enough") == KEY


def test_an_unknown_login_is_refused_with_the_same_words() -> None:
    ring = ring_of("wang", "long-enough")
    with pytest.raises(NotAllowed) as unknown:
        keyring.open_with_password(ring, "li", "long-enough")
    with pytest.raises(NotAllowed) as wrong:
        keyring.open_with_password(ring, "wang", "wrong-password")
    assert unknown.value.message == wrong.value.message


def test_recovery_code_is_read_as_people_write_it() -> None:
    code = keyring.new_recovery_code()
    ring = keyring.add_recovery(keyring.empty_ring(), code, KEY, CHEAP)
    assert keyring.open_with_recovery(ring, code.lower().replace("-", " ")) == KEY
    assert keyring.open_with_recovery(ring, code.replace("0", "O").replace("1", "l")) == KEY
    with pytest.raises(NotAllowed):
        keyring.open_with_recovery(ring, keyring.new_recovery_code())


def test_a_new_password_replaces_the_old_one() -> None:
    ring = ring_of("wang", "first-password")
    ring = keyring.add_operator(ring, "wang", "second-password", KEY, CHEAP)
    assert len(ring.slots) == 1
    with pytest.raises(NotAllowed):
        keyring.open_with_password(ring, "wang", "first-password")


def test_a_slot_cannot_be_moved_to_another_operator() -> None:
    ring = ring_of("wang", "long-enough")
    other = ring_of("li", "other-password")
    forged = keyring.Keyring(
        ring.store_uid, (keyring.Slot(**{**vars(ring.slots[0]), "who": other.slots[0].who}),)
    )
    with pytest.raises(NotAllowed):
        keyring.open_with_password(forged, "li", "long-enough")


def test_the_file_round_trips_and_names_nobody(tmp_path: Path) -> None:
    ring = ring_of("王小明", "long-enough")
    keyring.write(tmp_path, ring)
    assert keyring.read(tmp_path) == ring
    assert "王小明" not in (tmp_path / keyring.FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"store_uid": "00", "slots": [{}]}'])
def test_a_broken_file_is_told_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / keyring.FILE).write_text(content)
    with pytest.raises(Unusable, match="backup"):
        keyring.read(tmp_path)


def test_a_missing_file_says_that_there_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no office"):
        keyring.read(tmp_path)
