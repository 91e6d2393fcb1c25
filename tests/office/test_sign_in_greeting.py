"""At sign-in: audited failed attempts, the last sign-in, and the page to resume."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.errors import InvalidInput, NotAllowed
from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.office.service.operators import change_password, list_operators
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.store.audit.log import AuditEntry
from fuyuan_desk.store.keys import attempts
from tests.conftest import CHEAP, PASSWORD, RECOVERY


def failures(seat: Seat) -> list[tuple[int | None, dict[str, object]]]:
    with seat.store.use() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == sign_in_greeting.FAILED))
        return [(row.record_id, json.loads(row.changes)) for row in rows]


def guess(folder: Path, login: str, password: str = "wrong-password") -> None:
    with pytest.raises(NotAllowed):
        sign_in(folder, login, password)


def test_wrong_passwords_are_audited_with_their_time_and_no_name_on_disk(folder: Path) -> None:
    begun = datetime.now(UTC)
    guess(folder, "CLERK ")
    guess(folder, "nobody-known")
    with pytest.raises(NotAllowed):
        recover(folder, "AAAA-1111", "admin", "another-password", CHEAP)
    left = (folder / attempts.FILE).read_text()
    assert "clerk" not in left.lower()
    assert "nobody" not in left
    (folder / attempts.FILE).write_text(left.replace('"failures": 3', '"failures": 0'))
    seat = sign_in(folder, "admin", PASSWORD)
    clerk = next(view.id for view in list_operators(seat) if view.login == "clerk")
    found = failures(seat)
    assert [who for who, _detail in found] == [clerk, None, None]
    assert [detail["way"] for _who, detail in found] == ["password", "password", "recovery code"]
    for _who, detail in found:
        assert begun <= datetime.fromisoformat(str(detail["at"])) <= datetime.now(UTC)
    assert not (folder / attempts.FILE).exists()
    seat.store.close()


def test_an_end_before_forgetting_audits_nothing_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guess(folder, "clerk")
    with monkeypatch.context() as cut_short:
        cut_short.setattr(attempts, "clear", lambda _folder: None)
        sign_in(folder, "admin", PASSWORD).store.close()
    assert attempts.read(folder).pending
    seat = sign_in(folder, "admin", PASSWORD)
    assert len(failures(seat)) == 1
    seat.store.close()


def test_the_last_sign_in_and_the_failures_since_are_shown(folder: Path) -> None:
    first = sign_in(folder, "clerk", PASSWORD)
    assert sign_in_greeting.last_visit(first).at is None
    assert sign_in_greeting.last_visit(first).sentence() == ""
    first.store.close()
    guess(folder, "clerk")
    guess(folder, "clerk")
    sign_in(folder, "admin", PASSWORD).store.close()
    second = sign_in(folder, "clerk", PASSWORD)
    found = sign_in_greeting.last_visit(second)
    assert found.failures == 2
    assert found.at is not None
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=5)
    assert "2" in found.sentence()
    second.store.close()
    third = sign_in(folder, "clerk", PASSWORD)
    assert sign_in_greeting.last_visit(third).failures == 0
    third.store.close()


def test_a_last_sign_in_in_the_future_is_reported() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert "clock" in sign_in_greeting.LastVisit(now + timedelta(days=1), 0, now).sentence()
    assert "clock" not in sign_in_greeting.LastVisit(now - timedelta(days=1), 0, now).sentence()


def test_a_recovery_counts_as_a_sign_in(folder: Path) -> None:
    recover(folder, RECOVERY, "clerk", "another-password", CHEAP).store.close()
    seat = sign_in(folder, "clerk", "another-password")
    assert sign_in_greeting.last_visit(seat).at is not None
    seat.store.close()


@pytest.mark.parametrize("role", list(Role))
def test_each_operators_position_is_kept_once(seat_as: Callable[[Role], Seat], role: Role) -> None:
    mine, other = seat_as(role), seat_as(Role.CLERK if role is not Role.CLERK else Role.ADMIN)
    sign_in_greeting.save_place(mine, {"page": "today"})
    sign_in_greeting.save_place(mine, {"page": "estates"})
    assert sign_in_greeting.pop_place(other) is None
    assert sign_in_greeting.pop_place(mine) == {"page": "estates"}
    assert sign_in_greeting.pop_place(mine) is None
    with mine.store.use() as session:
        entries = session.scalars(select(AuditEntry.table_name))
        assert "draft" not in set(entries)


def test_guessing_the_password_at_an_unlocked_desk_is_limited(seat: Seat) -> None:
    for number in range(3):
        with pytest.raises(InvalidInput):
            change_password(seat, f"wrong-password-{number}", "another-password", CHEAP)
    with pytest.raises(NotAllowed, match="wait"):
        change_password(seat, PASSWORD, "another-password", CHEAP)
    left = attempts.read(seat.store.folder)
    # they are audited at the next sign-in
    assert [failure.who != "" for failure in left.pending] == [True] * 3
    left_file = seat.store.folder / attempts.FILE
    left_file.write_text(left_file.read_text().replace('"failures": 3', '"failures": 0'))
    change_password(seat, PASSWORD, "another-password", CHEAP)
