"""What every test may ask for: a prepared encrypted office, copied for each test, and somebody at its desk."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.office.service import office
from fuyuan_desk.store.keys.keyring import Cost

pytest_plugins = ["tests.strict_logs", "tests.sample_office", "tests.desks", "tests.windows"]
# speed is measured in tests/bench; here a busy machine must not fail a rule
hypothesis.settings.register_profile("house", deadline=None)
# where a change is judged it is judged by the same examples each time; new ones are tried at every desk
hypothesis.settings.register_profile("judged", deadline=None, derandomize=True)
hypothesis.settings.load_profile("judged" if os.environ.get("CI") else "house")

PASSWORD = "correct-horse-9"
RECOVERY = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
# a guess must be dear in an office and cheap in a test
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def prepared_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one office with an operator of each role; tests copy it instead of setting one up."""
    folder = tmp_path_factory.mktemp("prepared") / "office"
    settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
    seat = office.set_up_office(folder, settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP)
    for role in (Role.CLERK, Role.REVIEWER, Role.VIEWER, Role.PROPERTY):
        office.add_operator(seat, role.value, f"某{role.value}", role, PASSWORD, CHEAP)
    seat.store.close()
    return folder


@pytest.fixture
def folder(prepared_office: Path, tmp_path: Path) -> Path:
    """A closed office of this test's own."""
    target = tmp_path / "office"
    shutil.copytree(prepared_office, target)
    return target


@pytest.fixture
def seat(folder: Path) -> Iterator[Seat]:
    """The administrator at the desk of this test's own office, at a fixed hour."""
    signed_in = office.sign_in(folder, "admin", PASSWORD)
    yield Seat(signed_in.store, signed_in.operator, now=lambda: NOW)
    signed_in.store.close()


@pytest.fixture
def seat_as(seat: Seat) -> Callable[[Role], Seat]:
    """The same office, seen by an operator of another role."""
    ids = {view.role: view for view in office.list_operators(seat)}

    def as_role(role: Role) -> Seat:
        view = ids[role]
        estates = frozenset[int]() if role is Role.PROPERTY else None
        operator = type(seat.operator)(view.id, view.login, view.name, view.role, estates)
        return Seat(seat.store, operator, now=seat.now)

    return as_role


@pytest.fixture(autouse=True)
def english_texts() -> Iterator[None]:
    """Tests read the source texts unless they choose a language."""
    use_language("en")
    yield
    use_language("en")
