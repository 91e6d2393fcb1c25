"""After a change of the office's key nothing from before opens it, and nothing is lost, wherever the program ends."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.access.second_person import Second, SecondNeeded, SecondRefused
from fuyuan_desk.backups.controller import wording
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.backups.service.check import check_backup
from fuyuan_desk.backups.service.reach import check_backups
from fuyuan_desk.backups.service.restore import list_backups
from fuyuan_desk.backups.service.slip import slip_for_print
from fuyuan_desk.core.errors import Conflict, InvalidInput, NotAllowed
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service.estates import save_estate
from fuyuan_desk.office.service.office_key import (
    KeyHistory,
    Reason,
    change_office_key,
    key_history,
    note_printed,
)
from fuyuan_desk.office.service.operators import (
    add_operator,
    change_password,
    list_operators,
    renew_recovery_code,
    set_operator,
)
from fuyuan_desk.office.service.sign_in import recover, sign_in
from fuyuan_desk.office.service.sign_in_greeting import last_visit
from fuyuan_desk.office.service.single_person import declare_single_person
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.backup import restore
from fuyuan_desk.store.db import migrate
from tests.access.made import by
from tests.conftest import CHEAP, PASSWORD, RECOVERY
from tests.office.key_tools import NEW, can_open, change, complaints, generations, leftovers, logged, photos
from tests.store.audit.trail_tools import cut_off
from tests.store.backup.opening import open_backup

# --- what it does ----------------------------------------------------------------------------------------


def test_only_the_new_secrets_open_the_office_and_all_is_there(worked: Seat, folder: Path) -> None:
    before, former = photos(worked), worked.store.key
    secrets = change(worked)
    assert secrets.is_finished
    assert secrets.unreadable_photos == 0
    assert worked.store.key != former
    assert photos(worked) == before
    save_estate(worked, EstateFields("某小区", address="某路1号"))  # the desk goes on
    assert complaints(worked) == []
    worked.store.close()
    assert leftovers(folder) == []
    assert not can_open(folder, "admin", PASSWORD)
    with pytest.raises(NotAllowed):
        recover(folder, RECOVERY, "admin", NEW, CHEAP)
    assert can_open(folder, "admin", NEW)
    passwords = {one.login: one.password for one in secrets.passwords}
    assert set(passwords) == {"clerk", "viewer", "property"}
    assert can_open(folder, "reviewer", PASSWORD)  # who agreed typed her own, which nobody else knows
    assert all(can_open(folder, login, password) for login, password in passwords.items())
    recovered = recover(folder, secrets.code, "admin", "yet-another-11", CHEAP)
    assert photos(recovered) == before
    assert complaints(recovered) == []
    recovered.store.close()


def test_it_is_logged_with_reason_and_second_person_and_no_secret(worked: Seat) -> None:
    secrets = change(worked)
    ids = {view.login: view.id for view in list_operators(worked)}
    [detail] = logged(worked, "change_key")
    assert detail == {
        "reason": "lost", "operators": 5, "own": [ids["admin"], ids["reviewer"]], "unreadable_photos": 0,
        "trail_faults": 0,
    }  # fmt: skip
    assert logged(worked, "confirm") == [{"act": "change_key", "what": "", "by": "reviewer"}]
    shown = repr(secrets)
    assert not any(word in shown for word in (secrets.code, *(one.password for one in secrets.passwords)))


def test_a_given_password_is_to_be_changed_at_the_first_sign_in(worked: Seat, folder: Path) -> None:
    secrets = {one.login: one.password for one in change(worked).passwords}
    worked.store.close()
    clerk = sign_in(folder, "clerk", secrets["clerk"])
    assert "printed for you" in last_visit(clerk).request()
    change_password(clerk, secrets["clerk"], NEW, CHEAP)
    clerk.store.close()
    clerk = sign_in(folder, "clerk", NEW)
    assert last_visit(clerk).request() == ""
    clerk.store.close()
    reviewer = sign_in(folder, "reviewer", PASSWORD)
    assert "from before" in last_visit(reviewer).request()
    # records of other tables with her key are no passwords of hers
    while save_estate(clerk_of(reviewer), EstateFields(f"某小区{reviewer.now()}")).id < reviewer.operator.id:
        pass
    reviewer.store.close()
    reviewer = sign_in(folder, "reviewer", PASSWORD)
    assert "from before" in last_visit(reviewer).request()
    reviewer.store.close()
    admin = sign_in(folder, "admin", NEW)
    assert last_visit(admin).request() == ""  # she chose hers herself
    admin.store.close()


def test_secrets_that_were_not_printed_are_demanded_until_they_are_renewed(
    worked: Seat, folder: Path
) -> None:
    assert last_visit(worked).unprinted == ""
    change(worked)
    said = last_visit(worked).unprinted
    assert "was not printed" in said
    assert "某clerk" in said
    assert "某reviewer" not in said
    assert key_history(worked).unprinted == said
    worked.store.close()
    admin = sign_in(folder, "admin", NEW)
    assert last_visit(admin).unprinted == said
    assert last_visit(admin).is_warning
    renew_recovery_code(admin, CHEAP)
    assert last_visit(admin).unprinted == ""
    admin.store.close()


def test_printed_secrets_are_not_asked_for(worked: Seat) -> None:
    change(worked)
    note_printed(worked)
    assert last_visit(worked).unprinted == ""


def clerk_of(seat: Seat) -> Seat:
    return replace(seat, operator=replace(seat.operator, role=Role.CLERK))


def test_whoever_has_a_printed_password_agrees_to_nothing(worked: Seat, folder: Path) -> None:
    third = by(worked, "reviewer")
    add_operator(third, "third", "某三", Role.REVIEWER, PASSWORD, CHEAP)
    printed = {one.login: one.password for one in change(worked).passwords}["third"]
    again = replace(worked, second=Second("third", printed))
    with pytest.raises(SecondRefused, match="printed"):
        change_office_key(again, Reason.OTHER, NEW, PASSWORD, None, CHEAP)
    worked.store.close()
    own = sign_in(folder, "third", printed)
    change_password(own, printed, "third-horse-12", CHEAP)
    own.store.close()
    admin = sign_in(folder, "admin", NEW)
    again = replace(admin, second=Second("third", "third-horse-12"))
    change_office_key(again, Reason.OTHER, NEW, PASSWORD, None, CHEAP)
    admin.store.close()


def test_in_a_single_person_office_nobody_agrees_and_the_trail_says_so(worked: Seat, folder: Path) -> None:
    alone = replace(worked, second=None)
    founder = replace(alone, operator=replace(alone.operator, login="founder"))
    for view in list_operators(alone):
        if view.login == "reviewer":
            set_operator(founder, view.id, view.role, False)
    later = replace(alone, now=lambda: datetime.now(UTC) + timedelta(days=8))
    declare_single_person(later)
    secrets = change(later)
    assert {one.login for one in secrets.passwords} == {"clerk", "viewer", "property"}
    assert logged(worked, "alone")[-1] == {"act": "change_key", "what": ""}
    assert logged(worked, "change_key")[0]["own"] == [worked.operator.id]


def test_older_backups_stay_readable_with_the_secrets_of_their_time(worked: Seat, tmp_path: Path) -> None:
    before, [old] = photos(worked), generations(worked)
    change(worked)
    assert generations_or_none(worked) == []
    assert backups.back_up(worked, roots=()).is_good
    [new] = generations(worked)
    assert new.parent != old.parent
    found = open_backup(old, "clerk", PASSWORD)
    assert found.missing_photos == frozenset()
    restored = restore.restore(found, tmp_path / "back", restore.By("admin", {}))
    found.close()
    seat = sign_in(restored.path, "admin", PASSWORD)
    assert photos(seat) == before
    seat.store.close()
    found = open_backup(new, "admin", NEW)
    assert found.missing_photos == frozenset()
    found.close()
    with pytest.raises(NotAllowed):
        open_backup(new, "admin", PASSWORD)


def generations_or_none(seat: Seat) -> list[Path]:
    try:
        return generations(seat)
    except FileNotFoundError:
        return []


def test_an_older_backup_is_named_as_such_and_not_called_damaged(worked: Seat) -> None:
    [old] = generations(worked)
    change(worked)
    for act in (slip_for_print, check_backup):
        with pytest.raises(InvalidInput, match="earlier key"):
            act(worked, old)
    found = check_backups(worked)
    assert found.faults == ()
    assert found.is_known  # it was compared with it, though its seal cannot be checked
    assert all(view.fault == "" for view in backups.status(worked, roots=()).places)


def test_the_lists_of_backups_say_which_passwords_open_the_older_ones(worked: Seat) -> None:
    place = places.first_path(worked.store.folder)
    assert [one.is_of_earlier_key for one in list_backups(place)] == [False]
    change(worked)
    assert backups.back_up(worked, roots=()).is_good
    marks = {one.path.parent: one for one in list_backups(place)}
    newest = marks.pop(places.root_in(worked.store, place))
    [older] = marks.values()
    assert (newest.is_of_earlier_key, older.is_of_earlier_key) == (False, True)
    assert "passwords of that time" in wording.found(older)
    assert "passwords" not in wording.found(newest)


def test_the_status_asks_for_a_backup_under_the_new_key(worked: Seat) -> None:
    assert backups.status(worked, roots=()).places[0].has_copy
    change(worked)
    assert not backups.status(worked, roots=()).places[0].has_copy


def test_copies_made_before_an_update_are_removed_since_nothing_here_opens_them(worked: Seat) -> None:
    copies = worked.store.folder / migrate.COPIES
    copies.mkdir()
    (copies / "store-0001.db").write_bytes(b"old")
    change(worked)
    assert not copies.exists()


def test_the_office_of_before_put_back_is_older_than_a_backup_made_since(
    worked: Seat, folder: Path, tmp_path: Path
) -> None:
    worked.store.save_trail_end()
    worked.store.close()
    before = shutil.copytree(folder, tmp_path / "before")
    admin = sign_in(folder, "admin", PASSWORD)
    change(replace(admin, second=Second("reviewer", PASSWORD)))
    assert backups.back_up(admin, roots=()).is_good
    admin.store.close()
    shutil.rmtree(folder)
    before.rename(folder)
    back = sign_in(folder, "clerk", PASSWORD)
    assert backups.status(back, roots=()).contradiction is not None
    assert check_backups(back).faults
    back.store.close()


def test_entries_cut_off_before_the_change_contradict_an_older_backup(worked: Seat, folder: Path) -> None:
    for number in range(5):
        save_estate(worked, EstateFields(f"某小区{number}", address="某路1号"))
    assert backups.back_up(worked, roots=()).is_good
    with worked.store.use() as session:
        cut_off(session.connection(), 4)
        session.commit()
    (folder / anchor.FILE).unlink()
    change(worked)
    assert backups.back_up(worked, roots=()).is_good
    assert check_backups(worked).faults


def test_twice_in_a_row(worked: Seat, folder: Path) -> None:
    before = photos(worked)
    change(worked)
    change_office_key(worked, Reason.OTHER, NEW, PASSWORD, None, CHEAP)
    assert photos(worked) == before
    worked.store.close()
    admin = sign_in(folder, "admin", PASSWORD)
    assert complaints(admin) == []
    admin.store.close()


def test_what_is_missing_from_the_trail_is_not_covered_up(worked: Seat) -> None:
    with worked.store.use() as session:
        cut_off(session.connection(), 2)
        session.commit()
    assert complaints(worked)
    change(worked)
    [detail] = logged(worked, "change_key")
    assert detail["trail_faults"]
    assert complaints(worked)


# --- what it asks ----------------------------------------------------------------------------------------


def test_it_needs_a_second_person_and_the_own_password(worked: Seat) -> None:
    alone = replace(worked, second=None)
    with pytest.raises(SecondNeeded):
        change(alone)
    with pytest.raises(InvalidInput) as refused:
        change_office_key(worked, Reason.LOST, "wrong-horse-1", NEW, None, CHEAP)
    assert "old" in refused.value.fields
    with pytest.raises(InvalidInput) as refused:
        change_office_key(worked, Reason.LOST, PASSWORD, PASSWORD, None, CHEAP)
    assert "password" in refused.value.fields
    with pytest.raises(InvalidInput):
        change_office_key(worked, Reason.LOST, PASSWORD, "12345678", None, CHEAP)
    assert logged(worked, "change_key") == []


def test_only_an_administrator(worked: Seat, seat_as: Callable[[Role], Seat]) -> None:
    for role in (Role.CLERK, Role.REVIEWER, Role.VIEWER, Role.PROPERTY):
        with pytest.raises(NotAllowed):
            change(seat_as(role))


def test_not_while_the_office_is_being_copied(worked: Seat) -> None:
    with worked.store.copying.passing(), pytest.raises(Conflict, match="backed up or checked"):
        change(worked)
    change(worked)


def test_a_backup_that_begins_meanwhile_waits_and_is_made_under_the_new_key(worked: Seat) -> None:
    [old] = generations(worked)
    with ThreadPoolExecutor(1) as other:
        progress = _Meanwhile(worked, lambda: waiting.append(other.submit(backups.back_up, worked, roots=())))
        waiting: list[Future[backups.BackupReport]] = []
        change(worked, progress)
        assert waiting[0].result().is_good
    [new] = generations(worked)
    assert new.parent != old.parent
    found = open_backup(new, "admin", NEW)
    assert found.missing_photos == frozenset()
    found.close()


class _Meanwhile(Progress):
    """Calls `act` once the change has the office to itself; a backup that came first would refuse the change."""

    def __init__(self, seat: Seat, act: Callable[[], object]) -> None:
        super().__init__(lambda _done, _total, _what: self._once())
        self._seat = seat
        self._act: Callable[[], object] | None = act

    def _once(self) -> None:
        if self._act is None or not self._seat.store.copying.is_taken:
            return
        act, self._act = self._act, None
        act()


def test_the_history_names_what_calls_for_a_change(worked: Seat, folder: Path) -> None:
    assert key_history(worked) == KeyHistory(None)
    viewer = next(view for view in list_operators(worked) if view.login == "viewer")
    set_operator(worked, viewer.id, viewer.role, False)
    assert key_history(worked).ended == (viewer.name,)
    assert [one.login for one in change(worked).passwords] == ["clerk", "property"]
    found = key_history(worked)
    assert found.changed is not None
    assert found.ended == ()


def test_the_first_sign_in_after_a_restore_offers_it(worked: Seat, tmp_path: Path) -> None:
    [old] = generations(worked)
    found = open_backup(old, "admin", PASSWORD)
    restored = restore.restore(found, tmp_path / "back", restore.By("admin", {}))
    found.close()
    for is_first in (True, False):
        seat = sign_in(restored.path, "admin", PASSWORD)
        assert last_visit(seat).restored == is_first
        assert key_history(seat).restored is not None
        seat.store.close()
