"""The store's random key, wrapped once for each operator's password and once for the recovery code.

`keys.json` lies beside the store. It holds no name and no secret: a slot is found by a keyed digest of
the operator's login, and its key opens only with the password (argon2id) that wrapped it.
"""

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fuyuan_desk.errors import NotAllowed, Unusable
from fuyuan_desk.files import write_atomically
from fuyuan_desk.texts import _

KEY_BYTES = 32
FILE = "keys.json"
_FORMAT = 1
_RECOVERY = "recovery"
# Crockford's alphabet: no I, L, O, U, so that a code read from paper is not misread
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE_LENGTH = 28


@dataclass(frozen=True)
class Cost:
    """What one guess of a password costs (argon2id): passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True)
class Slot:
    """The store's key as one secret opens it; salt, nonce and wrapped key in hexadecimal."""

    who: str
    salt: str
    cost: Cost
    nonce: str
    wrapped: str


@dataclass(frozen=True)
class Keyring:
    """The content of `keys.json`."""

    store_uid: str
    slots: tuple[Slot, ...]


def new_key() -> bytes:
    """Make a random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def new_recovery_code() -> str:
    """Make a code of 28 letters and digits (140 bits) in groups of four, to be printed and locked away."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _plain_code(code: str) -> str:
    kept = "".join(letter for letter in code.upper() if letter.isalnum())
    return kept.translate(_MISREAD)


def _digest(store_uid: str, login: str) -> str:
    folded = login.strip().casefold().encode()
    return hashlib.blake2b(folded, key=bytes.fromhex(store_uid), digest_size=16).hexdigest()


def _stretch(secret: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # here: loaded while the clerk types

    return hash_secret_raw(
        secret.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )


def _wrap(store_uid: str, who: str, secret: str, key: bytes, cost: Cost) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = AESGCM(_stretch(secret, salt, cost)).encrypt(nonce, key, (store_uid + who).encode())
    return Slot(who, salt.hex(), cost, nonce.hex(), wrapped.hex())


def _unwrap(ring: Keyring, who: str, secret: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    slot = next((slot for slot in ring.slots if slot.who == who), None)
    if slot is None:
        # an unknown login costs the same time as a wrong password, and so tells nothing
        _stretch(secret, b"\0" * 16, ring.slots[0].cost if ring.slots else Cost())
        return None
    opener = AESGCM(_stretch(secret, bytes.fromhex(slot.salt), slot.cost))
    try:
        return opener.decrypt(
            bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), (ring.store_uid + who).encode()
        )
    except InvalidTag:
        return None


def _with(ring: Keyring, slot: Slot) -> Keyring:
    return replace(ring, slots=(*(kept for kept in ring.slots if kept.who != slot.who), slot))


def empty_ring() -> Keyring:
    """Start a keyring for a new store."""
    return Keyring(secrets.token_hex(16), ())


def add_operator(ring: Keyring, login: str, password: str, key: bytes, cost: Cost | None = None) -> Keyring:
    """Let `password` of the operator `login` open the key, in place of any earlier one."""
    slot = _wrap(ring.store_uid, _digest(ring.store_uid, login), password, key, cost or Cost())
    return _with(ring, slot)


def remove_operator(ring: Keyring, login: str) -> Keyring:
    """Take the operator's way in away."""
    who = _digest(ring.store_uid, login)
    return replace(ring, slots=tuple(slot for slot in ring.slots if slot.who != who))


def add_recovery(ring: Keyring, code: str, key: bytes, cost: Cost | None = None) -> Keyring:
    """Let the recovery code open the key, in place of any earlier code."""
    return _with(ring, _wrap(ring.store_uid, _RECOVERY, _plain_code(code), key, cost or Cost()))


def open_with_password(ring: Keyring, login: str, password: str) -> bytes:
    """Give the store's key, or raise `NotAllowed` without telling which of the two was wrong."""
    key = _unwrap(ring, _digest(ring.store_uid, login), password)
    if key is None:
        raise NotAllowed(_("Operator name or password is wrong. Check Caps Lock and the input method."))
    return key


def open_with_recovery(ring: Keyring, code: str) -> bytes:
    """Give the store's key by the recovery code; dashes, spaces and small letters do not matter."""
    key = _unwrap(ring, _RECOVERY, _plain_code(code))
    if key is None:
        raise NotAllowed(_("This recovery code does not open the office. Compare it with the printed sheet."))
    return key


def read(folder: Path) -> Keyring:
    """Read the keyring of the store in `folder`."""
    try:
        data: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        slots = tuple(Slot(**{**slot, "cost": Cost(**slot["cost"])}) for slot in data["slots"])
        return Keyring(data["store_uid"], slots)
    except FileNotFoundError as missing:
        raise Unusable(
            _(
                "There is no office in the folder {folder}. Choose another folder or set up a new office."
            ).format(folder=folder)
        ) from missing
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise Unusable(
            _("The key file of this office cannot be read. Put {file} back from the newest backup.").format(
                file=folder / FILE
            )
        ) from broken


def write(folder: Path, ring: Keyring) -> None:
    """Write the keyring so that a power cut leaves either the old one or the new one."""
    data = {"format": _FORMAT, **asdict(ring)}
    write_atomically(folder / FILE, json.dumps(data, indent=1).encode())
