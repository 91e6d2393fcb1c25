"""Restoring requires two people: which two, and what opens when all passwords are lost."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.backups.service import backups, restore
from fuyuan_desk.backups.service.restore import Credential, Lost, list_backups, open_by_two
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, Unusable
from fuyuan_desk.office.service.operators import add_operator, list_operators, set_operator
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.audit.log import AuditEntry
from tests.backups.two_persons import restore_by_two
from tests.conftest import CHEAP, NOW, PASSWORD, RECOVERY

ADMIN, CLERK = Credential("admin", PASSWORD), Credential("clerk", PASSWORD)
REVIEWER, VIEWER = Credential("reviewer", PASSWORD), Credential("viewer", PASSWORD)
CODE = Credential(code=RECOVERY)


@pytest.fixture
def made(folder: Path) -> Iterator[Path]:
    """A backup of an office that is closed; one of its operators has left."""
    seat = sign_in(folder, "admin", PASSWORD)
    two = replace(seat, second=Second("reviewer", PASSWORD))
    add_operator(two, "former", "某前任", Role.ADMIN, PASSWORD, CHEAP)
    former = next(view for view in list_operators(seat) if view.login == "former")
    set_operator(seat, former.id, Role.ADMIN, False)
    (outcome,) = backups.back_up(seat, roots=[]).outcomes
    seat.store.close()
    assert outcome.path is not None
    yield outcome.path
    for name in (".part",):
        assert not list(folder.parent.rglob(f"*{name}"))


def trail(folder: Path) -> tuple[str, str]:
    seat = sign_in(folder, "admin", PASSWORD)
    with seat.store.use() as session:
        row = session.query(AuditEntry).filter_by(action="restore").one()
        entry = (row.operator, row.changes)
    seat.store.close()
    return entry


@pytest.mark.parametrize(
    ("first", "second", "who"),
    [
        (ADMIN, CLERK, "admin"),
        (CLERK, ADMIN, "clerk"),
        (CLERK, REVIEWER, "clerk"),
        (VIEWER, REVIEWER, "viewer"),
        (CLERK, CODE, "clerk"),
        (CODE, VIEWER, "viewer"),
    ],
)
def test_these_two_restore(
    made: Path, tmp_path: Path, first: Credential, second: Credential, who: str
) -> None:
    done = restore_by_two(made, tmp_path / "back", first, second)
    operator, changes = trail(done.path)
    assert operator == who
    assert (second.login or first.login) in (operator + changes)
    assert PASSWORD not in changes
    assert RECOVERY not in changes


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (ADMIN, None, InvalidInput),
        (CODE, None, InvalidInput),
        (CODE, CODE, InvalidInput),
        (ADMIN, ADMIN, InvalidInput),
        (ADMIN, Credential(" ＡＤＭＩＮ ", PASSWORD), InvalidInput),
        (Credential(), ADMIN, InvalidInput),
        (Credential("admin", PASSWORD, RECOVERY), CLERK, InvalidInput),
        (CLERK, VIEWER, NotAllowed),
        (Credential("property", PASSWORD), ADMIN, NotAllowed),
        (Credential("property", PASSWORD), CODE, NotAllowed),
        (ADMIN, Credential("former", PASSWORD), NotAllowed),
        (ADMIN, Credential("clerk", "wrong"), NotAllowed),
        (ADMIN, Credential("clerk", ""), NotAllowed),
        (Credential("admin", "wrong"), CLERK, NotAllowed),
        (CLERK, Credential(code="AAAA"), NotAllowed),
    ],
)
def test_these_do_not(
    made: Path, tmp_path: Path, first: Credential, second: Credential | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        restore_by_two(made, tmp_path / "back", first, second)
    assert not (tmp_path / "back").exists()


def test_when_all_passwords_are_lost(made: Path, tmp_path: Path) -> None:
    agreed = open_by_two(made, CODE, lost=Lost("王书记", "admin", "brand-new-password"), cost=CHEAP)
    done = agreed.restore(tmp_path / "back")
    agreed.close()
    with pytest.raises(NotAllowed):
        sign_in(done.path, "admin", PASSWORD)
    seat = sign_in(done.path, "admin", "brand-new-password")
    with seat.store.use() as session:
        row = session.query(AuditEntry).filter_by(action="restore").one()
        assert "王书记" in row.changes
        assert "brand-new-password" not in row.changes
    seat.store.close()
    sign_in(done.path, "clerk", PASSWORD).store.close()


@pytest.mark.parametrize(
    ("first", "lost", "error"),
    [
        (CODE, Lost("", "admin", "brand-new-password"), InvalidInput),
        (CODE, Lost("王", "admin", "short"), InvalidInput),
        (CODE, Lost("王", "admin", "1qaz2wsx!"), InvalidInput),
        (CODE, Lost("王", "admin", "福元居民委员会1"), InvalidInput),
        (CODE, Lost("王", "admin", "管理员-2026-11-28"), InvalidInput),
        (ADMIN, Lost("王", "admin", "brand-new-password"), InvalidInput),
        (CODE, Lost("王", "clerk", "brand-new-password"), NotAllowed),
        (CODE, Lost("王", "former", "brand-new-password"), NotAllowed),
        (CODE, Lost("王", "nobody", "brand-new-password"), NotAllowed),
    ],
)
def test_losing_all_passwords_opens_to_no_one_else(
    made: Path, first: Credential, lost: Lost, error: type[Exception]
) -> None:
    with pytest.raises(error):
        open_by_two(made, first, lost=lost)


def test_contents_are_shown_before_restoring(made: Path) -> None:
    agreed = open_by_two(made, ADMIN, CLERK)
    preview = agreed.preview()
    agreed.close()
    assert preview.office == "福元居民委员会"
    assert preview.taken_at.tzinfo is not None
    assert set(preview.counts) == {"estates", "units", "households", "cases", "visits", "photos"}
    assert preview.faults == ()


def test_secrets_do_not_appear_in_repr() -> None:
    for one in (ADMIN, CODE, Lost("王", "admin", PASSWORD)):
        assert PASSWORD not in repr(one)
        assert RECOVERY not in repr(one)


def test_listing_finds_backups_from_any_level(made: Path, tmp_path: Path) -> None:
    for level in (made, made.parent, made.parent.parent):
        assert [found.path for found in list_backups(level)] == [made]
    assert list_backups(tmp_path / "office") == ()
    with pytest.raises(Unusable, match="The folder"):
        list_backups(tmp_path / "gone")
    stick = tmp_path / "E"
    shutil.copytree(made.parent, stick / made.parent.name)
    found = restore.find_backups(tmp_path / "office", [stick, tmp_path / "gone"])
    assert {one.path for one in found} == {made, stick / made.parent.name / made.name}


def test_listing_reports_what_cannot_be_read(made: Path) -> None:
    (made / "manifest.json").write_text('{"format": 9}')
    assert "newer" in list_backups(made)[0].fault
    (made / "manifest.json").write_text("{}")
    assert "damaged" in list_backups(made)[0].fault
    (made / "manifest.json").unlink()
    assert "no backup" in list_backups(made.parent)[0].fault


def test_the_suggested_target(folder: Path) -> None:
    assert restore.suggested_target(folder).name.startswith("office-restored-")
    assert restore.suggested_target(folder.with_name("gone")) == folder.with_name("gone")
    assert NOW.tzinfo is not None
