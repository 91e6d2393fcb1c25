"""New passwords: what is refused, by one rule wherever a password is chosen, and the hint while it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.common_passwords import folded, is_common
from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.core.paths import resource
from fuyuan_desk.office import rules
from fuyuan_desk.office.service.operators import (
    add_operator,
    change_password,
    list_operators,
    reactivate_operator,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.office.service.sign_in_greeting import last_visit
from fuyuan_desk.store.keys import keyring
from tests.conftest import CHEAP, PASSWORD, RECOVERY

COMMON = [
    line
    for line in resource("passwords", "common.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_list_holds_more_than_a_thousand_of_full_length_each_once_and_folded() -> None:
    assert len([word for word in COMMON if len(word) >= rules.SHORTEST_PASSWORD]) > 1_000
    assert len(set(COMMON)) == len(COMMON)
    assert all(word == folded(word) and len(word) >= 5 for word in COMMON)


@pytest.mark.parametrize(
    "password",
    [
        "woaini1314", "WoAiNi1314", "ｗｏａｉｎｉ１３１４", "5201314520", "11223344", "a123456789", "qwertyuiop",
        "1qaz2wsx", "1qaz2wsx!", "password", "password1", "Password1!", "  password ", "dragon12", "我爱你一生一世",
    ],
)  # fmt: skip
def test_common_passwords_are_refused_however_they_are_written(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", [PASSWORD, "password-of-mine", "password123x", "石库门里种月季花"])
def test_others_are_not(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("1234567", "at least 8"),
        ("x" * 1_001, "longer than"),
        ("abababab", "same few"),
        ("        ", "at least 8"),
        ("qwertyuiop", "Many people"),
        ("Wang.Fang", "operator name"),
        ("wang.fang2026!", "operator name"),
        ("王芳王芳王芳王芳", "same few"),
        ("王芳19850412", "own name"),
        ("福元居民委员会1", "name of the office"),
        ("福元居民委员会２０２６", "name of the office"),
    ],
)
def test_what_is_refused_says_why(password: str, word: str) -> None:
    known = ("wang.fang", "福元居民委员会", "王芳")
    assert word in rules.password_faults(password, *known)["password"]
    # the hint while it is typed says the same
    assert (
        rules.password_quality_text(password, *known) == rules.password_faults(password, *known)["password"]
    )


@pytest.mark.parametrize(
    "password", [PASSWORD, "wang.fang的茶馆", "福元居民委员会门口的树", "王芳爱吃小笼包呀"]
)
def test_what_only_contains_a_name_is_accepted(password: str) -> None:
    known = ("wang.fang", "福元居民委员会", "王芳")
    assert rules.password_faults(password, *known) == {}
    assert rules.password_quality_text(password, *known).startswith(("Sufficient", "Good", "Very good"))


def test_names_that_are_unknown_refuse_nothing() -> None:
    assert rules.password_faults("12-rhubarb-78") == {}


Attempt = Callable[[Seat, Path, str], object]


def _ended(seat: Seat) -> int:
    view = next(view for view in list_operators(seat) if view.login == "clerk")
    set_operator(seat, view.id, view.role, False)
    return view.id


ATTEMPTS: dict[str, Attempt] = {
    "set up": lambda _seat, folder, word: set_up_office(
        folder / "new", OfficeSettings("福元居民委员会"), "admin", "管理员", word, RECOVERY, CHEAP
    ),
    "add": lambda seat, _folder, word: add_operator(seat, "admin2", "管理员", Role.CLERK, word, CHEAP),
    "reset": lambda seat, _folder, word: reset_password(seat, seat.operator.id, word, CHEAP),
    "change": lambda seat, _folder, word: change_password(seat, PASSWORD, word, CHEAP),
    "reactivate": lambda seat, _folder, word: reactivate_operator(
        seat, _ended(seat), Role.CLERK, word, CHEAP
    ),
}


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("password", ["1234567", "woaini1314!", "福元居民委员会8"])
def test_every_service_refuses_a_weak_password_at_its_field(
    seat: Seat, tmp_path: Path, name: str, password: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ATTEMPTS[name](seat, tmp_path, password)
    assert "password" in refusal.value.fields


@pytest.mark.parametrize(
    "password", ["1234567", "woaini1314!", "福元居民委员会8", "某clerk2026", "clerk2026"]
)
def test_the_recovery_code_sets_no_weak_password(folder: Path, password: str) -> None:
    before = keyring.read(folder)
    with pytest.raises(InvalidInput) as refusal:
        recover(folder, RECOVERY, "clerk", password, CHEAP)
    assert "password" in refusal.value.fields
    assert keyring.read(folder) == before


# --- those that exist ----------------------------------------------------------------------------------


def with_password(folder: Path, password: str) -> None:
    """Set the clerk's password as earlier versions of the program did."""
    keys = keyring.read(folder)
    key = keyring.open_with_password(keys, "admin", PASSWORD)
    keyring.write(folder, keyring.add_operator(keys, "clerk", password, key, CHEAP))


@pytest.mark.parametrize("password", ["password1", "1234567", "福元居民委员会1"])
def test_a_weak_password_still_opens_and_is_asked_to_be_changed(folder: Path, password: str) -> None:
    with_password(folder, password)
    seat = sign_in(folder, "clerk", password)
    last = last_visit(seat)
    assert last.weak_password == rules.password_faults(password, "clerk", "福元居民委员会")["password"]
    assert last.weak_password in last.request()
    change_password(seat, password, PASSWORD, CHEAP)
    seat.store.close()
    again = sign_in(folder, "clerk", PASSWORD)
    assert last_visit(again).request() == ""
    again.store.close()
    left = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert password.encode() not in left
