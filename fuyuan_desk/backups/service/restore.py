"""Restoring a backup: finding backups, opening one with two secrets, previewing and restoring it.

All of this works without signing in, since the office may be lost.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from fuyuan_desk.access import independence
from fuyuan_desk.access.seat import REVIEWERS, STAFF, Role, utc_now
from fuyuan_desk.access.single_person import day_text
from fuyuan_desk.backups.service import places, sticks
from fuyuan_desk.core.clock import is_ahead
from fuyuan_desk.core.errors import InvalidInput, NotAllowed, Unusable
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office.rules import password_faults
from fuyuan_desk.store.backup import backup, manifest, opened, restore
from fuyuan_desk.store.backup.opened import Known, Newest, Opened
from fuyuan_desk.store.backup.restore import By, Restored
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.keys.keyring import Cost, Keyring

# the counted tables shown to the clerk, in display order
KINDS = {
    "estate": "estates",
    "unit": "units",
    "household": "households",
    "renovation_case": "cases",
    "visit": "visits",
}
PHOTOS = "photos"


@dataclass(frozen=True)
class BackupFound:
    """A backup as described by its manifest; `fault` is '' or the reason why it cannot be restored.

    The manifest is verified only when the backup is opened. `stamp` is local time, without a zone; `is_ahead`: it lies
    in the future, as the clock was wrong when the backup was made. `entry` is the last one of its audit trail.
    `is_of_earlier_key`: there is one of the same office that goes further, made under another key.
    """

    stamp: datetime
    path: Path
    store_uid: str = ""
    size: int = 0
    taken_at: datetime | None = None
    program: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    fault: str = ""
    entry: int | None = None
    is_ahead: bool = False
    is_of_earlier_key: bool = False


@dataclass(frozen=True)
class Preview:
    """Contents of an opened backup: `counts` by kind, `newest` record change, `faults` as messages."""

    office: str
    taken_at: datetime
    program: str
    counts: Mapping[str, int]
    newest: Newest | None
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Credential:
    """A secret as entered: a login with its password, or the recovery code alone."""

    login: str = ""
    password: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Lost:
    """Input when all passwords are lost: the witness, and the administrator who gets a new password."""

    witness: str
    login: str
    new_password: str = field(repr=False)


class Agreed:
    """A backup opened by two people, or by the recovery code before a witness; must be closed with `close`."""

    def __init__(self, backup: Opened, by: By) -> None:
        self._backup, self._by = backup, by

    @property
    def backup(self) -> Opened:
        """The opened and verified backup."""
        return self._backup

    def preview(self) -> Preview:
        """Return a summary of the backup's contents."""
        listed, missing = self._backup.listed, len(self._backup.missing_photos)
        fault = numbered(
            missing,
            N_("{n} photo is missing or damaged and cannot be restored."),
            N_("{n} photos are missing or damaged and cannot be restored."),
        )
        return Preview(
            self._backup.office,
            listed.taken_at,
            listed.program,
            counts_of(listed),
            self._backup.newest,
            (fault,) if missing else (),
        )

    def restore(self, target: Path, progress: Progress | None = None) -> Restored:
        """Restore the office at `target`, which must not exist; see `store.restore.restore`."""
        return restore.restore(self._backup, target, self._by, progress)

    def close(self) -> None:
        """Forget the key."""
        self._backup.close()


# --- finding -------------------------------------------------------------------------------------------


def list_backups(place: Path, now: datetime | None = None) -> tuple[BackupFound, ...]:
    """List the backups in a folder, newest first: a place, the folder of one office's backups, or one backup.

    Raises `Unusable` when the folder is missing.
    """
    try:
        if not place.is_dir():
            raise as_unusable(FileNotFoundError(2, os.strerror(2)), place / manifest.FILE)
        local = (now or utc_now()).astimezone().replace(tzinfo=None)
        found = [_found(path, local) for path in _folders(place)]
    except OSError as problem:
        raise as_unusable(problem, place) from problem
    return newest_first(found)


def find_backups(store: Path, roots: Sequence[Path] | None = None) -> tuple[BackupFound, ...]:
    """List the backups beside the office's folder and on all connected drives, newest first."""
    found: list[BackupFound] = []
    for place in (places.first_path(store), *(sticks.present_drives() if roots is None else roots)):
        try:
            found += list_backups(place)
        except Unusable:
            continue
    return newest_first(found)


def newest_first(found: Iterable[BackupFound]) -> tuple[BackupFound, ...]:
    """Order backups by how far their audit trails go, the offices by their newest backups; by date what is alike.

    The number of entries only grows, while the clock of a PC may have been wrong.
    """
    offices: dict[str, list[BackupFound]] = {}
    for one in _marked(tuple(found)):
        offices.setdefault(one.path.parent.name, []).append(one)
    ordered = [
        sorted(group, key=lambda one, group=group: _how_far(one, group), reverse=True)  # type: ignore[misc]
        for group in offices.values()
    ]
    ordered.sort(key=_newest_date, reverse=True)
    return tuple(chain.from_iterable(ordered))


def _marked(found: Sequence[BackupFound]) -> Iterator[BackupFound]:
    """Mark the backups that were made under an earlier key, which have a folder of their own in each place."""
    furthest: dict[str, BackupFound] = {}
    for one in found:
        if one.store_uid and (one.entry or 0) >= (furthest.get(one.store_uid, one).entry or 0):
            furthest[one.store_uid] = one
    for one in found:
        newest = furthest.get(one.store_uid, one)
        is_earlier = one.path.parent.name != newest.path.parent.name
        yield replace(one, is_of_earlier_key=is_earlier)


def _how_far(one: BackupFound, office: Sequence[BackupFound]) -> tuple[int, bool, datetime, str]:
    entry = one.entry
    if entry is None:  # it cannot be read: as far as those that were made before it, by their dates
        before = [other.entry or 0 for other in office if not other.is_ahead and other.stamp <= one.stamp]
        entry = max(before, default=0)
    return entry, not one.is_ahead, one.stamp, str(one.path)


def _newest_date(office: Sequence[BackupFound]) -> tuple[bool, datetime]:
    right = [one.stamp for one in office if not one.is_ahead]
    return bool(right), max(right or [one.stamp for one in office])


def _folders(place: Path) -> Iterator[Path]:
    place = Path(os.path.abspath(place))
    if backup.stamp_of(place) and (place / manifest.FILE).is_file():
        yield place
    elif backup.is_root(place):
        yield from backup.generations(place)
    else:
        for root in sorted(place.iterdir()):
            if backup.is_root(root) and root.is_dir():
                yield from backup.generations(root)


def _found(path: Path, now: datetime) -> BackupFound:
    stamp = backup.stamp_of(path)
    assert stamp is not None
    misdated = is_ahead(stamp, now)
    try:
        listed = manifest.read(path)
    except manifest.Newer:
        message = _(
            "This backup was written by a newer version of the program. Please install the newest version."
        )
        return BackupFound(stamp, path, fault=message, is_ahead=misdated)
    except manifest.NotOurs:
        return BackupFound(stamp, path, fault=opened.damaged(manifest.FILE).message, is_ahead=misdated)
    except Unusable as problem:
        return BackupFound(stamp, path, fault=problem.message, is_ahead=misdated)
    return BackupFound(
        stamp,
        path,
        listed.store_uid,
        listed.size,
        listed.taken_at,
        listed.program,
        counts_of(listed),
        entry=listed.facts.entry,
        is_ahead=misdated,
    )


def counts_of(listed: manifest.Manifest) -> dict[str, int]:
    """Count the records that the screen names, and the photos, from a backup's manifest."""
    counts = {kind: listed.facts.rows.get(table, 0) for table, kind in KINDS.items()}
    return {**counts, PHOTOS: len(listed.photos)}


# --- two people ---------------------------------------------------------------------------------------


def open_by_two(
    path: Path,
    first: Credential,
    second: Credential | None = None,
    lost: Lost | None = None,
    progress: Progress | None = None,
    cost: Cost | None = None,
    now: datetime | None = None,
) -> Agreed:
    """Open a backup with two secrets: the passwords of two operators, one of them a reviewer or administrator, or a
    password and the recovery code. With `lost`, the code and a witness suffice; an administrator gets a new password.
    Neither of the two may have made the other's access alone in the last seven days.

    Raises `InvalidInput` for missing input, `NotAllowed` for a wrong secret or operators without permission, and
    whatever `store.opened.open_with` raises.
    """
    _require_two(first, second, lost)
    secrets = [first] if second is None else [first, second]

    def unlock(keys: Keyring) -> bytes:
        unwrapped = [_key(keys, secret) for secret in secrets]
        if len(set(unwrapped)) != 1:
            raise NotAllowed(_("The two credentials do not open the same office."))
        return unwrapped[0]

    found = opened.open_with(path.absolute(), unlock, progress)
    try:
        by = _by_witness(found, lost, cost) if lost else _by_persons(found, secrets, now or datetime.now(UTC))
    except BaseException:
        found.close()
        raise
    return Agreed(found, by)


def _refuse(sentence: str, name: str) -> InvalidInput:
    return InvalidInput(sentence, {name: sentence})


def _require_two(first: Credential, second: Credential | None, lost: Lost | None) -> None:
    secrets = [secret for secret in (first, second) if secret is not None]
    if any(bool(secret.code) == bool(secret.login) for secret in secrets):
        raise _refuse(_("Enter a name and a password, or the recovery code."), "login")
    codes = [secret for secret in secrets if secret.code]
    if lost is not None:
        if len(secrets) != 1 or not codes:
            raise _refuse(_("When all passwords are lost, only the recovery code opens the backup."), "code")
        if not lost.witness.strip():
            raise _refuse(_("Enter the name of the witness who is present."), "witness")
        refuse_wrong(password_faults(lost.new_password, lost.login))
        return
    if len(secrets) != 2:
        raise _refuse(
            _("Restoring requires two people: the second must enter their password."), "second_login"
        )
    names = {keyring.normalize_login(secret.login) for secret in secrets}
    if len(codes) == 2 or len(names) != 2:
        raise _refuse(_("Restoring requires two people: the second must be someone else."), "second_login")


def _key(keys: Keyring, secret: Credential) -> bytes:
    if secret.code:
        return keyring.open_with_recovery(keys, secret.code)
    return keyring.open_with_password(keys, secret.login, secret.password)


def _operator_of(found: Opened, login: str) -> Known:
    """Return an operator as the backup knows her; raise `NotAllowed` for an inactive operator."""
    plain = keyring.normalize_login(login)
    for known in found.operators:
        if keyring.normalize_login(known.login) == plain and known.active:
            return known
    raise NotAllowed(_("{login} is not an active operator in this backup.").format(login=login))


def _by_persons(found: Opened, secrets: Sequence[Credential], now: datetime) -> By:
    persons = [_operator_of(found, secret.login) for secret in secrets if secret.login]
    has_code = len(persons) < len(secrets)
    if any(person.role not in STAFF for person in persons):
        raise NotAllowed(
            _("A backup contains every estate. Only the committee's own staff may open it; ask one of them.")
        )
    if not has_code and not any(person.role in REVIEWERS for person in persons):
        raise NotAllowed(
            _("One of the two must be an administrator or a reviewer in this backup. Ask one of them.")
        )
    if not has_code:
        one, other = persons
        _refuse_dependent(found, one, other, now)
    second = persons[1].login if len(persons) > 1 else ""
    return By(persons[0].login, {"second": second, "recovery_code": has_code})


def _refuse_dependent(found: Opened, one: Known, other: Known, now: datetime) -> None:
    """Raise `NotAllowed` if one of the two alone made the other's access within seven days, by the backup's trail.

    Also if the password of one was printed for her and not replaced, which others may know.
    """
    for maker, made in ((one, other), (other, one)):
        if _has_printed_password(found, made):
            raise NotAllowed(
                _(
                    "{name} still has the password that was printed when the office's key was changed, which others may"
                    " know. Ask another operator, or use the recovery code."
                ).format(name=made.name)
            )
        until = _waits_until(found, maker, made)
        if until is not None and until > now:
            raise NotAllowed(
                _(
                    "{maker} gave {name} this access or a password, and no third person agreed. The two open a backup"
                    " together from {day}. Ask another operator, or use the recovery code."
                ).format(maker=maker.name, name=made.name, day=day_text(until))
            )


def _has_printed_password(found: Opened, one: Known) -> bool:
    setting = [
        entry
        for entry in found.on_operators
        if independence.sets_password(entry.action, entry.record_id, one.id)
    ]
    return bool(setting) and independence.leaves_printed(setting[-1].action, setting[-1].changes, one.id)


def _waits_until(found: Opened, maker: Known, made: Known) -> datetime | None:
    """Return until when an operator does not count beside whoever made the access alone; None if nobody did."""
    own = [
        entry
        for entry in found.on_operators
        if entry.operator == maker.login or (entry.action == "recover" and entry.record_id == made.id)
    ]
    steps = (
        independence.step_of(entry.id, entry.action, entry.record_id, entry.changes, made.id) for entry in own
    )
    alone = independence.last_alone(step for step in steps if step is not None)
    if alone is None:
        return None
    # as late as the clock ever was: it may have been set back for this
    return max(entry.at for entry in found.on_operators if entry.id <= alone) + independence.WAIT


def _by_witness(found: Opened, lost: Lost, cost: Cost | None) -> By:
    known = _operator_of(found, lost.login)
    login = known.login
    if known.role != Role.ADMIN:
        raise NotAllowed(_("Only an administrator of this backup can be given a new password here."))
    refuse_wrong(password_faults(lost.new_password, login, found.office, known.name))
    keys = keyring.add_operator(found.keyring, login, lost.new_password, found.key, cost)
    return By(login, {"witness": lost.witness.strip(), "recovery_code": True, "new_password": login}, keys)


# --- replacing the current office ------------------------------------------------------------


def suggested_target(store: Path) -> Path:
    """Return an unused path beside the current office for a restored one; the office's own path if it is gone."""
    store = Path(os.path.abspath(store))
    return restore.beside(store, datetime.now(UTC)) if os.path.lexists(store) else store


def put_in_place(restored: Path, store: Path) -> Path | None:
    """Replace the current office with a restored one; return the current one's new path, None if there was none."""
    return restore.put_in_place(restored, store)
