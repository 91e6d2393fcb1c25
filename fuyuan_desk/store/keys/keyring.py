"""The store's random key, wrapped once for each operator's password and once for the recovery code.

`keys.json` lies beside the store. It holds no name and no secret: a slot is found by a keyed digest of the operator's
login, and its key opens only with the password (argon2id) that wrapped it. Without this file nobody can open the
store, so a copy lies beside it. While an office is being set up the file has another name; the office exists from the
moment it is renamed.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import NotAllowed, Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory, write_atomically
from fuyuan_desk.core.texts import _

KEY_BYTES = 32
_SERIES_DIGITS = 8
_SERIES = re.compile(rf"([0-9a-f]{{{_SERIES_DIGITS}}})?")
FILE = "keys.json"
COPY = "keys-copy.json"
UNFINISHED = "keys-unfinished.json"
_FORMAT = 1
_RECOVERY = "recovery"
# Crockford's alphabet: no I, L, O, U, so that a code read from paper is not misread
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_LENGTH = 28
# limits for a key file from outside, which must not exhaust memory or time: below 10 s on a slow PC
_MOST_PASSES, _MOST_MEMORY_KIB, _MOST_LANES = 24, 256 * 1024, 64


@dataclass(frozen=True)
class Cost:
    """The cost of one password attempt (argon2id): passes, memory in KiB, lanes.

    About 0.4 s on an idle PC with two cores, below 1 s on a busy one; no more memory than an import takes anyway.
    """

    passes: int = 6
    memory_kib: int = 131_072
    lanes: int = 4


@dataclass(frozen=True)
class Slot:
    """The store's key wrapped by one secret; salt, nonce and wrapped key in hexadecimal."""

    who: str
    salt: str
    cost: Cost
    nonce: str
    wrapped: str


@dataclass(frozen=True)
class Keyring:
    """The content of `keys.json`.

    `series` names the backups made under this key, '' for those of the first key, which are named by the office's id.
    """

    store_uid: str
    slots: tuple[Slot, ...]
    series: str = ""

    @property
    def backup_series(self) -> str:
        """The 8 hexadecimal digits in the name of the folder of the backups made under this key."""
        return self.series or self.store_uid[:_SERIES_DIGITS]


def new_key() -> bytes:
    """Return a random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def new_recovery_code() -> str:
    """Return a random code of 28 letters and digits (140 bits) in groups of four, to be printed and locked away."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def new_first_password() -> str:
    """Return a random password (60 bits) to be printed, typed once and replaced: three groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12)).lower()
    return "-".join(letters[start : start + 4] for start in range(0, 12, 4))


def normalize_login(login: str) -> str:
    """Return a login as it is compared: NFKC, case-folded, without outer spaces."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def normalize_password(password: str) -> str:
    """Return a password as it is used: NFKC, as input methods compose differently, without a line break at the end."""
    return unicodedata.normalize("NFKC", password).rstrip("\r\n")


def _normalize_code(code: str) -> str:
    letters = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in letters if letter.isalnum()).translate(_MISREAD)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a shell may pass on what is not valid text


def digest(store_uid: str, login: str) -> str:
    """Return the keyed digest by which a login is found in the key file."""
    folded = _encoded(normalize_login(login))
    return hashlib.blake2b(folded, key=bytes.fromhex(store_uid), digest_size=16).hexdigest()


def _stretch(secret: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # here: loaded while the clerk types

    return hash_secret_raw(
        _encoded(secret), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )


def _wrap(store_uid: str, who: str, secret: str, key: bytes, cost: Cost) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = AESGCM(_stretch(secret, salt, cost)).encrypt(nonce, key, (store_uid + who).encode())
    return Slot(who, salt.hex(), cost, nonce.hex(), wrapped.hex())


def _unwrap(keyring: Keyring, who: str, secret: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    slot = next((slot for slot in keyring.slots if slot.who == who), None)
    if slot is None:
        # an unknown login takes the same time as a wrong password, so that the two cannot be distinguished
        _stretch(secret, b"\0" * 16, keyring.slots[0].cost if keyring.slots else Cost())
        return None
    cipher = AESGCM(_stretch(secret, bytes.fromhex(slot.salt), slot.cost))
    try:
        return cipher.decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), (keyring.store_uid + who).encode()
        )
    except InvalidTag:
        return None


def _with(keyring: Keyring, slot: Slot) -> Keyring:
    return replace(keyring, slots=(*(kept for kept in keyring.slots if kept.who != slot.who), slot))


def empty_keyring() -> Keyring:
    """Return an empty keyring for a new store."""
    return Keyring(secrets.token_hex(16), ())


def successor(keyring: Keyring) -> Keyring:
    """Return the empty keyring of another key of the same office, with a backup series of its own."""
    return Keyring(keyring.store_uid, (), secrets.token_hex(_SERIES_DIGITS // 2))


def add_operator(
    keyring: Keyring, login: str, password: str, key: bytes, cost: Cost | None = None
) -> Keyring:
    """Add the slot of an operator's password, in place of any earlier one."""
    who = digest(keyring.store_uid, login)
    return _with(keyring, _wrap(keyring.store_uid, who, normalize_password(password), key, cost or Cost()))


def remove_operator(keyring: Keyring, login: str) -> Keyring:
    """Remove the operator's slot."""
    who = digest(keyring.store_uid, login)
    return replace(keyring, slots=tuple(slot for slot in keyring.slots if slot.who != who))


def keep_only(keyring: Keyring, logins: Iterable[str]) -> Keyring:
    """Remove every slot but those of these operators and of the recovery code."""
    kept = {_RECOVERY, *(digest(keyring.store_uid, login) for login in logins)}
    return replace(keyring, slots=tuple(slot for slot in keyring.slots if slot.who in kept))


def add_recovery(keyring: Keyring, code: str, key: bytes, cost: Cost | None = None) -> Keyring:
    """Add the slot of the recovery code, in place of any earlier one."""
    return _with(keyring, _wrap(keyring.store_uid, _RECOVERY, _normalize_code(code), key, cost or Cost()))


def open_with_password(keyring: Keyring, login: str, password: str) -> bytes:
    """Return the store's key, or raise `NotAllowed` without saying which of the two was wrong."""
    key = _unwrap(keyring, digest(keyring.store_uid, login), normalize_password(password))
    if key is None:
        raise NotAllowed(wrong_password_text())
    return key


def wrong_password_text() -> str:
    """Return the refusal of a name or a password, which does not say which of the two was wrong."""
    return _("Operator name or password is wrong. Check Caps Lock and the input method.")


def open_with_recovery(keyring: Keyring, code: str) -> bytes:
    """Return the store's key by the recovery code; dashes, spaces and case do not matter."""
    key = _unwrap(keyring, _RECOVERY, _normalize_code(code))
    if key is None:
        raise NotAllowed(_("This recovery code does not open the office. Compare it with the printed sheet."))
    return key


def exists(folder: Path) -> bool:
    """Return whether `folder` holds the key file of an office whose set-up was completed."""
    return any(os.path.exists(folder / name) for name in (FILE, COPY))


def to_bytes(keyring: Keyring) -> bytes:
    """Serialize a keyring for its file."""
    content = {"format": _FORMAT, **asdict(keyring)}
    if not keyring.series:
        del content["series"]  # the database marks the file of an office by its bytes
    return json.dumps(content, indent=1).encode()


def parse(content: bytes) -> Keyring:
    """Parse a key file; raise `ValueError`, `KeyError` or `TypeError` when it is not one."""
    data: dict[str, Any] = json.loads(content)
    slots = tuple(Slot(**{**slot, "cost": Cost(**slot["cost"])}) for slot in data["slots"])
    bytes.fromhex(data["store_uid"])
    for slot in slots:
        lengths = [len(bytes.fromhex(part)) for part in (slot.salt, slot.nonce, slot.wrapped)]
        cost = slot.cost
        is_valid = (
            0 < cost.passes <= _MOST_PASSES
            and 0 < cost.lanes <= _MOST_LANES
            and 8 * cost.lanes <= cost.memory_kib <= _MOST_MEMORY_KIB
        )
        if lengths != [16, 12, KEY_BYTES + 16] or not is_valid:
            raise ValueError("invalid slot")
    series = data.get("series", "")
    if not _SERIES.fullmatch(series):  # a name from outside must not be a path
        raise ValueError("invalid series")
    return Keyring(data["store_uid"], slots, series)


def read(folder: Path) -> Keyring:
    """Read the keyring of the store in `folder`, from its copy when the file is lost or damaged."""
    if os.path.exists(folder / UNFINISHED) and not exists(folder):
        names: tuple[str, ...] = (UNFINISHED,)
    else:
        names = (FILE, COPY)
    first: Exception | None = None
    for name in names:
        try:
            keyring = parse((folder / name).read_bytes())
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
            first = first or problem
            continue
        if name == COPY:
            write(folder, keyring)
        return keyring
    if isinstance(first, FileNotFoundError | NotADirectoryError) and not exists(folder):
        raise Unusable(
            _(
                "There is no office in the folder {folder}. Choose another folder or set up a new office."
            ).format(folder=folder)
        ) from first
    if isinstance(first, OSError) and not isinstance(first, FileNotFoundError):
        raise Unusable(
            _("The key file {file} cannot be read ({reason}). Ask whoever looks after this PC.").format(
                file=folder / FILE, reason=first.strerror or first
            )
        ) from first
    raise Unusable(
        _("The key file of this office cannot be read. Put {file} back from the newest backup.").format(
            file=folder / FILE
        )
    ) from first


def other_copy(folder: Path, keyring: Keyring) -> Keyring | None:
    """Return the copy of the key file if it belongs to another key of the same office than the file, else None."""
    try:
        copy = parse((folder / COPY).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    is_other = copy.store_uid == keyring.store_uid and copy.series != keyring.series
    return copy if is_other else None


def write(folder: Path, keyring: Keyring) -> None:
    """Write the keyring atomically."""
    content = to_bytes(keyring)
    if os.path.exists(folder / UNFINISHED) and not exists(folder):
        write_atomically(folder / UNFINISHED, content)
        return
    write_atomically(folder / FILE, content)
    update_copy(folder)


def write_unfinished(folder: Path, keyring: Keyring) -> None:
    """Write the keyring of an office that is being set up."""
    write_atomically(folder / UNFINISHED, to_bytes(keyring))


def finish(folder: Path) -> None:
    """Complete the set-up of an office by renaming its key file."""
    try:
        files.replace(folder / UNFINISHED, folder / FILE)
    except OSError as problem:
        raise as_unusable(problem, folder) from problem
    sync_directory(folder)
    update_copy(folder)


def update_copy(folder: Path) -> None:
    """Update the copy of the key file; a disk error is ignored, as the file itself is good."""
    with contextlib.suppress(OSError, Unusable):
        content = (folder / FILE).read_bytes()
        if not os.path.exists(folder / COPY) or (folder / COPY).read_bytes() != content:
            write_atomically(folder / COPY, content)
