"""Actions on whole offices: set up, migrated, backed up, restored, put in place; and with a second person."""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.second_person import Second
from fuyuan_desk.audit.facts import TrailQuery
from fuyuan_desk.audit.service import entries
from fuyuan_desk.audit.service.proof import proof_for_print
from fuyuan_desk.audit.service.reindex import finish_cleaning
from fuyuan_desk.backups.service import backups, places
from fuyuan_desk.backups.service import restore as restoring
from fuyuan_desk.backups.service.check import check_backup
from fuyuan_desk.backups.service.restore import Credential
from fuyuan_desk.backups.service.slip import slip_for_print
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.estates.service import estates, households
from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.office.service import sign_in_greeting
from fuyuan_desk.office.service.office_key import Reason, change_office_key, note_printed
from fuyuan_desk.office.service.operators import list_operators, set_operator
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.office.service.single_person import declare_single_person, end_single_person
from fuyuan_desk.privacy.facts import Key
from fuyuan_desk.privacy.service import people, retention
from fuyuan_desk.renovation.rules.course import Outcome
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.renovation.service import queries
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.backup import backup, restore
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.layout import DATABASE, is_store
from tests.backups.two_persons import restore_by_two
from tests.fire.hand import (
    ADMIN,
    CHEAP,
    FOUNDER,
    NEXT_PASSWORD,
    PASSWORD,
    RECOVERY,
    REVIEWER,
    Hand,
    Prepare,
    Task,
    named,
    nothing,
    on,
    on_as_new,
)
from tests.fire.picture import left_over
from tests.store import old_stores
from tests.store.backup.opening import open_backup

OLD_STEPS = sorted(
    step for file in old_stores.FOLDER.glob("*.db.xz") if (step := file.name.split(".")[0]) < migrate.NEWEST
)
_NEWEST_LOOKED_AT = 2
ORDER = ExportOrder("检查", "街道办事处")


# --- set up and migrated -------------------------------------------------------------------------------


def _set_up(hand: Hand) -> Task:
    folder = hand.root / f"new-{hand.fresh()}"
    settings = OfficeSettings(f"福元{hand.fresh()}居民委员会", phone=hand.phone())

    def move(_mover: Hand) -> object:
        made = set_up_office(folder, settings, ADMIN, "管理员", PASSWORD, RECOVERY, CHEAP)
        made.store.close()
        return None

    def check(acknowledged: bool) -> None:
        if acknowledged or is_store(folder):
            is_sound(folder, PASSWORD, lambda seat: read_settings(seat) == settings)
        else:
            move(hand)  # the folder can be used again
        shutil.rmtree(folder)

    return Task(move, check=check)


def _migrated(hand: Hand) -> Task:
    folder = hand.root / f"old-{hand.fresh()}"
    old_stores.unpack(hand.rng.choice(OLD_STEPS), folder)

    def move(_mover: Hand) -> object:
        sign_in(folder, ADMIN, old_stores.PASSWORD).store.close()
        return None

    def check(_acknowledged: bool) -> None:
        is_sound(folder, old_stores.PASSWORD, holds_all)
        shutil.rmtree(folder)

    return Task(move, check=check)


def holds_all(seat: Seat) -> bool:
    """Return whether a migrated store holds its data."""
    [estate] = estates.list_estates(seat).rows
    return (
        (estate.name, estate.buildings, estate.units) == (old_stores.ESTATE, 12, 85)
        and bool(queries.list_cases(seat).rows)
        and bool(list_visits(seat).rows)
    )


def is_sound(folder: Path, password: str, holds: Callable[[Seat], bool]) -> None:
    """Open an office and raise unless it is clean, holds what it should and has no leftovers."""
    seat = sign_in(folder, ADMIN, password)
    try:
        problems = [
            problem for finding in check_store(seat.store) for problem in (*finding.faults, *finding.remarks)
        ]
        assert problems == []
        assert left_over(folder) == []
        assert holds(seat)
    finally:
        seat.store.close()


# --- backed up -----------------------------------------------------------------------------------------


def made_in(place: Path) -> list[Path]:
    """List the backups below a location, the newest last."""
    found = (backup.generations(root) for root in place.glob(f"{backup.PREFIX}*"))
    return sorted((path for paths in found for path in paths), key=lambda path: path.name)


def open_all(place: Path) -> None:
    """Open the newest backups in a location, which verifies them completely."""
    for path in made_in(place)[-_NEWEST_LOOKED_AT:]:
        open_backup(path, ADMIN, PASSWORD).close()


def _first(hand: Hand) -> Path:
    return places.first_path(hand.folder)


def _backed_up(hand: Hand) -> Task:
    place = _first(hand)
    before = set(made_in(place))

    def move(mover: Hand) -> object:
        report = backups.back_up(mover.seat, roots=())
        if not report.is_good:  # reported to the clerk in a message, as a refusal is
            raise Unusable(" ".join(outcome.words for outcome in report.outcomes))
        return report

    def check(acknowledged: bool) -> None:
        open_all(place)
        if acknowledged:
            assert set(made_in(place)) - before, "the backup is not there"

    return Task(move, check=check)


def _check_damaged(hand: Hand) -> Task:
    """Check a backup that is damaged, which is noted; afterwards it is sound again for the other moves."""
    path = _backup_made(hand)
    database = path / DATABASE
    sound = database.read_bytes()
    database.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))

    def move(mover: Hand) -> object:
        with contextlib.suppress(Unusable):
            check_backup(mover.seat, path)
        with contextlib.suppress(OSError):  # the disk may fail here too; `check` does it again
            database.write_bytes(sound)
        return None

    return Task(move, check=lambda _acknowledged: database.write_bytes(sound) and None)


def _backup_made(hand: Hand) -> Path:
    report = backups.back_up(hand.seat, roots=())
    return next(outcome.path for outcome in report.outcomes if outcome.path is not None)


def _backed_up_elsewhere(hand: Hand) -> Task:
    place = hand.root / f"elsewhere-{hand.fresh()}"
    place.mkdir()

    def check(acknowledged: bool) -> None:
        assert len(made_in(place)) >= acknowledged
        open_all(place)
        shutil.rmtree(place)

    return Task(lambda mover: backups.back_up_to(mover.seat, place), check=check)


_TWO = (Credential(ADMIN, PASSWORD), Credential(REVIEWER, PASSWORD))


def _restored(hand: Hand) -> Task:
    path = made_in(_first(hand))[-1]
    target = hand.root / f"elsewhere-{hand.fresh()}" / "office"
    target.parent.mkdir()

    def move(_mover: Hand) -> object:
        return restore_by_two(path, target, *_TWO)

    def check(acknowledged: bool) -> None:
        restore.finish_interrupted(target)  # as every start does
        assert is_store(target) or not acknowledged
        if is_store(target):
            is_sound(target, PASSWORD, lambda seat: estates.list_estates(seat).total > 0)
        left = [entry.name for entry in target.parent.iterdir()]
        assert left in ([], [target.name]), left
        open_all(_first(hand))
        shutil.rmtree(target.parent)

    return Task(move, check=check)


def _put_in_place(hand: Hand) -> Task:
    path = made_in(_first(hand))[-1]
    present = hand.root / f"elsewhere-{hand.fresh()}" / "office"
    present.parent.mkdir()
    restore_by_two(path, present, *_TWO)
    other = restore_by_two(path, present.with_name("office-restored-1"), *_TWO).path

    def check(acknowledged: bool) -> None:
        restore.finish_interrupted(present)
        folders = sorted(present.parent.iterdir())
        assert present in folders
        assert len(folders) == 2, folders
        assert not (acknowledged and other in folders)
        for folder in folders:
            is_sound(folder, PASSWORD, lambda seat: estates.list_estates(seat).total > 0)
        shutil.rmtree(present.parent)

    return Task(lambda _mover: restoring.put_in_place(other, present), check=check)


# --- places --------------------------------------------------------------------------------------------


def _folder(hand: Hand) -> Path:
    made = hand.root / f"second-{hand.fresh()}"
    made.mkdir()
    return made


def _other_folder(hand: Hand) -> Path:
    places.set_second_folder(hand.seat, _folder(hand))
    return _folder(hand)


def _forget(hand: Hand) -> int:
    places.set_second_folder(hand.seat, _folder(hand))
    found = [view.id for view in backups.status(hand.seat, ()).places if view.kind is places.PlaceKind.SECOND]
    return found[0]


def _stick(hand: Hand) -> Task:
    drive, name = _folder(hand), hand.fresh()

    def check(acknowledged: bool) -> None:
        if acknowledged:
            uid = places.office_uid(hand.seat.store)
            assert places.sticks.name_on(drive, uid) == name
        shutil.rmtree(drive)

    return Task(lambda mover: places.name_stick(mover.seat, drive, name), check=check)


# --- with a second person ------------------------------------------------------------------------------


def _second(seat: Seat) -> Seat:
    return replace(seat, second=Second(REVIEWER, PASSWORD))


def _with_second(mover: Hand) -> Seat:
    return _second(mover.seat)


def _case(hand: Hand) -> int:
    return hand.case().id


def _close(seat: Seat, case: int) -> object:
    return renovation.close_case(seat, case, Outcome.WITHDRAWN, seat.today(), "申请人放弃")


def _reopened(hand: Hand) -> Task:
    case = _case(hand)
    _close(hand.seat, case)
    return Task(lambda mover: renovation.reopen_case(_with_second(mover), case, "误结案"))


def _moved_out(hand: Hand) -> int:
    unit = hand.unit()
    fields = replace(hand.person(), moved_out_on=hand.day(4 * 366))
    return households.save_household(hand.seat, unit, fields).id


def _anonymised(hand: Hand) -> Task:
    key = Key("household", _moved_out(hand))
    return Task(lambda mover: retention.anonymise(_with_second(mover), [key]))


def _erased(hand: Hand) -> Task:
    key = Key("household", _moved_out(hand))
    return Task(lambda mover: people.erase_person(_with_second(mover), [key], "purpose"))


def _key_changed(hand: Hand) -> Task:
    """Change the key with two operators left, so that each office has as many slots; keep an older backup readable."""
    for view in list_operators(hand.seat):
        if view.active and view.login not in (ADMIN, REVIEWER):
            set_operator(hand.seat, view.id, view.role, False)
    log_visit(hand.seat, hand.visit(photos=3))
    assert backups.back_up(hand.seat, roots=()).is_good
    copies = backup.generations(places.root_in(hand.seat.store, places.first_path(hand.folder)))

    def move(mover: Hand) -> object:
        secrets = PASSWORD, NEXT_PASSWORD
        return change_office_key(_with_second(mover), Reason.LOST, *secrets, cost=CHEAP)

    def check(_acknowledged: bool) -> None:
        found = open_backup(copies[-1], ADMIN, PASSWORD)
        assert not found.missing_photos
        found.close()

    return Task(move, passwords={ADMIN: (PASSWORD, NEXT_PASSWORD)}, check=check, is_alone=True)


def _newest_entry(hand: Hand) -> int:
    hand.estate()
    return entries.find_entries(hand.seat, TrailQuery(), 0, 1).rows[0].id


def _kept_place(hand: Hand) -> None:
    sign_in_greeting.save_place(hand.seat, {"page": "today"})


def _declared(hand: Hand) -> Task:
    end_single_person(named(hand.seat, FOUNDER))
    return Task(lambda mover: declare_single_person(named(mover.seat, FOUNDER)))


def _taken_back(hand: Hand) -> Task:
    declare_single_person(named(hand.seat, FOUNDER))
    return Task(lambda mover: end_single_person(named(mover.seat, FOUNDER)))


def _cleaned(hand: Hand) -> None:
    """Log a change of an estate's texts as the migration does, which cannot index it."""
    estate = hand.estate()
    with hand.seat.store.use() as session:
        audit.append_to(
            session.connection(), audit.UNNAMED, [audit.Event("update", "estate", estate, hand.fresh(), {})]
        )
        session.commit()


OFFICES: dict[str, Prepare] = {
    "declared single-person office": _declared,
    "single-person office taken back": _taken_back,
    "cleaned texts": on(_cleaned, lambda seat, _none: finish_cleaning(seat)),
    "new office": _set_up,
    "backup": _backed_up,
    "checked backup": _check_damaged,
    "backup elsewhere": _backed_up_elsewhere,
    "restored office": _restored,
    "office put in place": _put_in_place,
    "second folder": on(_other_folder, places.set_second_folder),
    "forgotten folder": on(_forget, lambda seat, row: places.forget_place(seat, row, ())),
    "named stick": _stick,
    "closed case": on(_case, _close),
    "reopened case": _reopened,
    "changed key": _key_changed,
    "noted secrets": on(nothing, lambda seat, _none: note_printed(seat)),
    "anonymised": _anonymised,
    "erased person": _erased,
    "report of a person": on_as_new(
        _moved_out, lambda seat, row: people.person_report(seat, [Key("household", row)], "本人")
    ),
    "revealed entry": on_as_new(_newest_entry, entries.reveal_entry),
    "exported trail": on(
        nothing,
        lambda seat, _none: entries.entries_for_export(
            _second(seat), ExportOrder("检查", "街道办事处"), TrailQuery()
        ),
    ),
    "printed proof sheet": on(nothing, lambda seat, _none: proof_for_print(seat)),
    "printed slip": on(_backup_made, slip_for_print),
    "place taken": on(_kept_place, lambda seat, _none: sign_in_greeting.pop_place(seat)),
    "place kept": on(
        lambda hand: sign_in_greeting.pop_place(hand.seat),
        lambda seat, _none: sign_in_greeting.save_place(seat, {"page": "today"}),
    ),
}
if OLD_STEPS:
    OFFICES["migrated office"] = _migrated
