from collections.abc import Callable
from pathlib import Path

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import EVERYONE, Role, Seat, permit
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.office import rules
from fuyuan_desk.office.service.operators import (
    add_operator,
    change_password,
    list_operators,
    renew_recovery_code,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import (
    Street,
    change_settings,
    change_streets,
    list_streets,
    read_settings,
)
from fuyuan_desk.office.service.sign_in import recover, sign_in
from tests.conftest import CHEAP, PASSWORD, RECOVERY


def test_a_new_office_knows_its_name_and_streets(seat: Seat) -> None:
    assert read_settings(seat).name == "福元居民委员会"
    assert len(list_streets(seat)) == 10
    assert seat.operator.role is Role.ADMIN


@pytest.mark.parametrize(
    ("settings", "login", "name", "field"),
    [
        (OfficeSettings(" "), "admin", "王", "name"),
        (OfficeSettings("x" * 101), "admin", "王", "name"),
        (OfficeSettings("好", idle_minutes=0), "admin", "王", "idle_minutes"),
        (OfficeSettings("好"), "a b", "王", "login"),
        (OfficeSettings("好"), "admin", "", "name"),
    ],
)
def test_a_wrong_set_up_names_the_field(
    tmp_path: Path, settings: OfficeSettings, login: str, name: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        set_up_office(tmp_path / "o", settings, login, name, PASSWORD, RECOVERY, CHEAP)
    assert field in refusal.value.fields
    assert not (tmp_path / "o").exists()


def test_only_permitted_roles_pass(seat: Seat, seat_as: Callable[[Role], Seat]) -> None:
    with pytest.raises(NotAllowed, match="Administrator"):
        list_operators(seat_as(Role.CLERK))
    with pytest.raises(NotAllowed, match="Clerk"):
        drafts.save_draft(seat_as(Role.VIEWER), "form", {})
    read_settings(seat_as(Role.VIEWER))


def test_a_service_without_a_stated_permission_reaches_nothing(seat: Seat) -> None:
    with pytest.raises(NotAllowed), seat.reading():
        pass

    @permit(*EVERYONE)
    def stated(seat: Seat) -> bool:
        with seat.reading():
            return True

    assert stated(seat)
    with pytest.raises(NotAllowed), seat.transaction():
        pass


def test_an_operator_is_added_changed_and_signed_out_for_good(seat: Seat) -> None:
    add_operator(seat, "li", "李四", Role.CLERK, "li-password", CHEAP)
    with pytest.raises(Conflict):
        add_operator(seat, "LI", "李四", Role.CLERK, "li-password", CHEAP)
    view = next(view for view in list_operators(seat) if view.login == "li")
    set_operator(seat, view.id, Role.VIEWER, active=False)
    with pytest.raises(Conflict, match="Reactivate"):
        add_operator(seat, "Li", "李四", Role.CLERK, "li-password", CHEAP)
    seat.store.close()
    with pytest.raises(NotAllowed, match="name or password is wrong"):
        sign_in(seat.store.folder, "li", "li-password")


def test_the_last_administrator_remains(seat: Seat) -> None:
    with pytest.raises(Conflict, match="administrator"):
        set_operator(seat, seat.operator.id, Role.CLERK, active=True)
    assert list_operators(seat)[0].role is Role.ADMIN


def test_changing_the_password(seat: Seat) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_password(seat, "wrong-password", "new-password", CHEAP)
    assert "old" in refusal.value.fields
    change_password(seat, PASSWORD, "new-password", CHEAP)
    seat.store.close()
    again = sign_in(seat.store.folder, "admin", "new-password")
    again.store.close()
    with pytest.raises(NotAllowed):
        sign_in(seat.store.folder, "admin", PASSWORD)


def test_recovery_sets_a_new_password(folder: Path) -> None:
    recover(folder, RECOVERY, "clerk", "new-password").store.close()
    sign_in(folder, "clerk", "new-password").store.close()
    with pytest.raises(NotAllowed):
        recover(folder, RECOVERY, "nobody", "new-password")
    with pytest.raises(NotAllowed):
        sign_in(folder, "nobody", "new-password")


def test_a_new_recovery_code_invalidates_the_old_one(seat: Seat) -> None:
    code = renew_recovery_code(seat, CHEAP)
    seat.store.close()
    with pytest.raises(NotAllowed):
        recover(seat.store.folder, RECOVERY, "admin", "new-password")
    recover(seat.store.folder, code, "admin", "new-password").store.close()


def test_changing_settings_is_announced(seat: Seat) -> None:
    heard: list[frozenset[str]] = []
    listening = Seat(seat.store, seat.operator, seat.now, heard.append)
    change_settings(listening, OfficeSettings("新居委会", idle_minutes=5))
    assert read_settings(seat) == OfficeSettings("新居委会", idle_minutes=5)
    assert heard == [frozenset({"office"})]


def test_streets_can_be_changed(seat: Seat) -> None:
    change_streets(seat, (Street("1", "某街道"),))
    assert [street.name for street in list_streets(seat)] == ["某街道"]
    with pytest.raises(InvalidInput):
        change_streets(seat, (Street("1", "甲"), Street("2", "甲")))


@pytest.mark.parametrize(
    ("password", "quality"),
    [("1234567", 0), ("aaaaaaaaaa", 0), ("abcdefgh", 1), ("Abcdef12", 2), ("Ab1-efgh-jk2", 3)],
)
def test_password_quality(password: str, quality: int) -> None:
    assert rules.password_quality(password) == quality


def test_a_short_password_is_refused_everywhere(seat: Seat, tmp_path: Path) -> None:
    tries = (
        lambda: set_up_office(
            tmp_path / "o", OfficeSettings("好"), "admin", "王", "1234567", RECOVERY, CHEAP
        ),
        lambda: add_operator(seat, "li", "李四", Role.CLERK, "1234567", CHEAP),
        lambda: reset_password(seat, seat.operator.id, "1234567"),
        lambda: change_password(seat, PASSWORD, "1234567", CHEAP),
        lambda: recover(seat.store.folder, RECOVERY, "admin", "1234567"),
    )
    for attempt in tries:
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert "password" in refusal.value.fields
