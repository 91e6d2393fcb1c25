import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.store.keys import keyring
from tests.conftest import CHEAP

KEY = bytes(range(32))


def keyring_of(login: str, password: str) -> keyring.Keyring:
    return keyring.add_operator(keyring.empty_keyring(), login, password, KEY, CHEAP)


@given(
    login=st.text(min_size=1, max_size=20).filter(str.strip),
    password=st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40),
)
def test_the_right_password_opens_and_another_does_not(login: str, password: str) -> None:
    keys = keyring_of(login, password)
    assert keyring.open_with_password(keys, login, password) == KEY
    with pytest.raises(NotAllowed):
        keyring.open_with_password(keys, login, password + "x")


def test_login_ignores_case_and_outer_spaces() -> None:
    keys = keyring_of("Wang", "long-enough")
    assert keyring.open_with_password(keys, " wang ", "long-enough") == KEY


def test_an_unknown_login_is_refused_with_the_same_message() -> None:
    keys = keyring_of("wang", "long-enough")
    with pytest.raises(NotAllowed) as unknown:
        keyring.open_with_password(keys, "li", "long-enough")
    with pytest.raises(NotAllowed) as wrong:
        keyring.open_with_password(keys, "wang", "wrong-password")
    assert unknown.value.message == wrong.value.message


def test_recovery_code_is_read_as_people_write_it() -> None:
    code = keyring.new_recovery_code()
    keys = keyring.add_recovery(keyring.empty_keyring(), code, KEY, CHEAP)
    assert keyring.open_with_recovery(keys, code.lower().replace("-", " ")) == KEY
    assert keyring.open_with_recovery(keys, code.replace("0", "O").replace("1", "l")) == KEY
    with pytest.raises(NotAllowed):
        keyring.open_with_recovery(keys, keyring.new_recovery_code())


def test_a_new_password_replaces_the_old_one() -> None:
    keys = keyring_of("wang", "first-password")
    keys = keyring.add_operator(keys, "wang", "second-password", KEY, CHEAP)
    assert len(keys.slots) == 1
    with pytest.raises(NotAllowed):
        keyring.open_with_password(keys, "wang", "first-password")


def test_a_slot_cannot_be_moved_to_another_operator() -> None:
    keys = keyring_of("wang", "long-enough")
    other = keyring_of("li", "other-password")
    forged = keyring.Keyring(
        keys.store_uid, (keyring.Slot(**{**vars(keys.slots[0]), "who": other.slots[0].who}),)
    )
    with pytest.raises(NotAllowed):
        keyring.open_with_password(forged, "li", "long-enough")


def test_the_file_round_trips_and_names_nobody(tmp_path: Path) -> None:
    keys = keyring_of("王小明", "long-enough")
    keyring.write(tmp_path, keys)
    assert keyring.read(tmp_path) == keys
    assert "王小明" not in (tmp_path / keyring.FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"store_uid": "00", "slots": [{}]}'])
def test_a_broken_file_is_reported_with_a_message(tmp_path: Path, content: str) -> None:
    (tmp_path / keyring.FILE).write_text(content)
    with pytest.raises(Unusable, match="backup"):
        keyring.read(tmp_path)


def test_a_missing_file_says_that_there_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no office"):
        keyring.read(tmp_path)


@pytest.mark.parametrize(
    ("set_as", "typed"),
    [
        ("caf\u00e9-long-1", "cafe\u0301-long-1"),
        ("\u1100\u1161\u11a8-long-word", "\uac01-long-word"),
        ("fuyuan-2026", "ｆｕｙｕａｎ－２０２６"),
        ("福元小区的密码一二", "福元小区的密码一二\r\n"),
        ("😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀"),
        ("with\0nul-inside", "with\0nul-inside"),
        ("x" * 1_000_000, "x" * 1_000_000),
        ("undecodable\udcff", "undecodable\udcff"),
    ],
)
def test_a_password_opens_however_the_input_method_composed_it(set_as: str, typed: str) -> None:
    assert keyring.open_with_password(keyring_of("wang", set_as), "wang", typed) == KEY
    assert keyring.open_with_password(keyring_of("wang", typed), "wang", set_as) == KEY


@pytest.mark.parametrize("typed", ["", "with", "with\0nul", "WITH\0NUL-INSIDE", " with\0nul-inside"])
def test_what_only_comes_near_does_not_open(typed: str) -> None:
    with pytest.raises(NotAllowed):
        keyring.open_with_password(keyring_of("wang", "with\0nul-inside"), "wang", typed)


@pytest.mark.parametrize("login", ["Admin", "ADMIN ", "ａｄｍｉｎ", "\u3000admin\u3000", "admin\n"])
def test_a_login_in_every_form(login: str) -> None:
    assert keyring.open_with_password(keyring_of("admin", "long-enough"), login, "long-enough") == KEY


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda code: code.replace("-", " — "), lambda code: f" {code}\n"]
)
def test_recovery_codes_in_every_form(change: Callable[[str], str]) -> None:
    code = "A0B1-CDEF-GHJK-MNPQ-RSTV-WXYZ-2345"
    keys = keyring.add_recovery(keyring.empty_keyring(), code, KEY, CHEAP)
    full_width = "".join(chr(ord(char) + 0xFEE0) if char != "-" else "－" for char in code)
    for written in (change(code), change(full_width), change(code.replace("0", "o").replace("1", "I"))):
        assert keyring.open_with_recovery(keys, written) == KEY
    for wrong in ("", "-", code[:-1], code + "2"):
        with pytest.raises(NotAllowed):
            keyring.open_with_recovery(keys, wrong)


def test_a_ring_without_a_recovery_code_opens_with_none() -> None:
    with pytest.raises(NotAllowed):
        keyring.open_with_recovery(keyring_of("wang", "long-enough"), "")


def test_the_default_cost_is_high_for_attackers_and_bearable_for_users(real_cost: None) -> None:
    cost = keyring.Cost()
    assert 64 * 1024 <= cost.memory_kib <= 256 * 1024
    started = time.process_time()
    keys = keyring.add_operator(keyring.empty_keyring(), "wang", "long-enough", KEY)
    # all lanes together; the wall-clock time depends on other load
    assert time.process_time() - started > 0.15
    assert keys.slots[0].cost == cost


def test_only_the_named_operators_and_the_recovery_code_keep_their_slots() -> None:
    key = keyring.new_key()
    keys = keyring.empty_keyring()
    for login in ("wang", "li", "zhao"):
        keys = keyring.add_operator(keys, login, "a-word-of-hers", key, CHEAP)
    keys = keyring.add_recovery(keys, "AAAA-BBBB", key, CHEAP)
    kept = keyring.keep_only(keys, ["ＷＡＮＧ ", "nobody"])
    assert kept.store_uid == keys.store_uid
    assert kept.slots == (keys.slots[0], keys.slots[3])
    assert keyring.open_with_recovery(kept, "AAAA-BBBB") == key
    assert keyring.keep_only(keys, ["wang", "li", "zhao"]) == keys
