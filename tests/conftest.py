"""Fixtures of every test: a prepared encrypted office, copied for each test, and a signed-in operator."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest
from filelock import FileLock
from PySide6.QtWidgets import QApplication

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.texts import use_language
from fuyuan_desk.office.service.operators import add_operator, list_operators
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.office.service.single_person import declare_single_person, end_single_person
from fuyuan_desk.store.keys.keyring import Cost
from fuyuan_desk.widgets.theme import apply_theme

pytest_plugins = [
    "tests.strict_logs",
    "tests.garbage",
    "tests.statements",
    "tests.sample_office",
    "tests.desks",
    "tests.windows",
    "tests.disk",
    "tests.workers",
]
# speed is measured in tests/bench; here a busy machine must not fail a rule
hypothesis.settings.register_profile("house", deadline=None)
# in CI the examples are fixed; developers' machines try new ones
hypothesis.settings.register_profile("judged", deadline=None, derandomize=True)
hypothesis.settings.load_profile("judged" if os.environ.get("CI") else "house")

PASSWORD = "correct-horse-9"
RECOVERY = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
# key derivation is expensive in an office and must be cheap in a test
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Create a folder once for all workers of a run, by `make(folder)`; tests copy it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    whole, part = base / name, base / f"{name}.part"
    with FileLock(base / f"{name}.lock"):
        if not whole.exists():
            make(part / "office")
            part.rename(whole)
    return whole / "office"


def add_one_of_each(seat: Seat) -> None:
    """Add an operator of each role but the administrator; the trail names none of them as who made their access.

    So each of them may agree for each other at once.
    """
    founder = replace(seat, operator=replace(seat.operator, login="founder"))
    declare_single_person(founder)
    for role in Role:
        if role is not Role.ADMIN:
            # the property company's estate does not exist, so that it sees none until a test gives it some
            add_operator(founder, role.value, f"某{role.value}", role, PASSWORD, CHEAP, frozenset({0}))
    end_single_person(founder)


@pytest.fixture(autouse=True, scope="session")
def cheap_attempts() -> Iterator[tuple[object, ...] | None]:
    """Let a password attempt cost next to nothing by default too; yields what it costs in an office."""
    real = Cost.__init__.__defaults__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cost.__init__, "__defaults__", (CHEAP.passes, CHEAP.memory_kib, CHEAP.lanes))
        yield real


@pytest.fixture
def real_cost(cheap_attempts: tuple[object, ...] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a password attempt cost in this test what it does in an office."""
    monkeypatch.setattr(Cost.__init__, "__defaults__", cheap_attempts)


@pytest.fixture(scope="session")
def prepared_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create one office with an operator of each role; tests copy it instead of setting one up."""

    def make(folder: Path) -> None:
        settings = OfficeSettings("福元居民委员会", street="瑞金二路街道")
        seat = set_up_office(folder, settings, "admin", "管理员", PASSWORD, RECOVERY, CHEAP)
        add_one_of_each(seat)
        seat.store.close()

    return made_once(tmp_path_factory, "prepared", make)


@pytest.fixture
def folder(prepared_office: Path, tmp_path: Path) -> Path:
    """A closed office for this test."""
    target = tmp_path / "office"
    shutil.copytree(prepared_office, target)
    return target


@pytest.fixture
def seat(folder: Path) -> Iterator[Seat]:
    """The administrator of this test's office, at a fixed time."""
    signed_in = sign_in(folder, "admin", PASSWORD)
    yield Seat(signed_in.store, signed_in.operator, now=lambda: NOW)
    signed_in.store.close()


@pytest.fixture
def seat_as(seat: Seat) -> Callable[[Role], Seat]:
    """Return the seat of an operator with another role in the same office."""
    ids = {view.role: view for view in list_operators(seat)}

    def as_role(role: Role) -> Seat:
        view = ids[role]
        estates = frozenset[int]() if role is Role.PROPERTY else None
        operator = type(seat.operator)(view.id, view.login, view.name, view.role, estates)
        return Seat(seat.store, operator, now=seat.now)

    return as_role


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The application, drawn as in the program whichever test runs first."""
    apply_theme(qapp)
    yield qapp
    # the offscreen platform frees its clipboard after Python has ended, which what Python copied does not survive
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def drawn_as_in_the_program(request: pytest.FixtureRequest) -> None:
    """Apply the theme again for widgets without a window, after a test with one, which has a stylesheet of its own."""
    if "qapp" in request.fixturenames:
        app = request.getfixturevalue("qapp")
        if not app.styleSheet() and not any(widget.isVisible() for widget in app.topLevelWidgets()):
            apply_theme(app)


@pytest.fixture(autouse=True)
def english_texts() -> Iterator[None]:
    """Use the source texts unless a test chooses a language."""
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(autouse=True, scope="session")
def nothing_stands_by() -> Iterator[None]:
    """Let no page start a process before it has a file for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fuyuan_desk.workbook.reader.stand_by", lambda work: None)
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folders, in which the program keeps its settings, its log and its sample."""
    folder = tmp_path / "home"
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    return folder


@pytest.fixture
def excepthook() -> Iterator[None]:
    """Put back afterwards what hears of bugs."""
    before = sys.excepthook
    yield
    sys.excepthook = before
