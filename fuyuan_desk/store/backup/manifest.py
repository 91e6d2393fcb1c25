"""The manifest of a backup: each file with its size and hash, sealed with the store's key.

It is stored unencrypted beside the files and holds no personal data.
"""

import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.audit import anchor
from fuyuan_desk.store.db.readers import Facts
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.layout import DATABASE

FILE = "manifest.json"
FORMAT = 1
FILES = (DATABASE, keyring.FILE, anchor.FILE)
_PHOTO = re.compile(r"[0-9a-f]{64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[0-9A-Za-z.+-]{0,40}")
_LARGEST = 256 << 20


class NotOurs(ValueError):
    """It is not a manifest, or one that this program cannot read."""


class Newer(NotOurs):
    """The manifest of a newer program."""


@dataclass(frozen=True)
class Entry:
    """The size in bytes and SHA-256 of one file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The list of contents; `photos` by the name that records refer to, `program` the version that wrote it."""

    store_uid: str
    taken_at: datetime
    program: str
    facts: Facts
    files: dict[str, Entry]
    photos: dict[str, Entry]
    seal: str = ""

    @property
    def size(self) -> int:
        """The bytes of all files, photos included."""
        return sum(entry.size for group in (self.files, self.photos) for entry in group.values())


def _content(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "store_uid": manifest.store_uid,
        "taken_at": manifest.taken_at.isoformat(),
        "program": manifest.program,
        "facts": asdict(manifest.facts),
        "files": {name: [entry.size, entry.sha256] for name, entry in manifest.files.items()},
        "photos": {name: [entry.size, entry.sha256] for name, entry in manifest.photos.items()},
    }


def _seal(content: dict[str, Any], key: bytes) -> str:
    derived = hmac.new(key, b"fuyuan backup manifest", hashlib.sha256).digest()
    message = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(derived, message, hashlib.sha256).hexdigest()


def to_bytes(manifest: Manifest, key: bytes) -> bytes:
    """Serialize and seal a manifest for its file."""
    content = _content(manifest)
    return json.dumps({**content, "seal": _seal(content, key)}, separators=(",", ":")).encode()


def is_sealed(manifest: Manifest, key: bytes) -> bool:
    """Return whether exactly this was sealed with `key`."""
    return hmac.compare_digest(manifest.seal.encode(), _seal(_content(manifest), key).encode())


def parse(raw: bytes) -> Manifest:
    """Parse the file's content; raise `NotOurs` when it is not a manifest, `Newer` when a newer program wrote it."""
    try:
        data = json.loads(raw)
        if isinstance(data["format"], int) and data["format"] > FORMAT:
            raise Newer(FILE)
        return _manifest(data)
    except NotOurs:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise NotOurs(FILE) from problem


def _manifest(data: dict[str, Any]) -> Manifest:
    raw = data["facts"]
    rows = {str(name): _number(count) for name, count in raw["rows"].items()}
    facts = Facts(str(raw["revision"]), rows, _number(raw["entry"]), str(raw["hash"]))
    taken_at = datetime.fromisoformat(data["taken_at"])
    if data["format"] != FORMAT or taken_at.tzinfo is None or not _UID.fullmatch(data["store_uid"]):
        raise NotOurs(FILE)
    files, photos = _entries(data["files"]), _entries(data["photos"])
    # names from outside must not be paths
    if not set(files) <= set(FILES) or not all(_PHOTO.fullmatch(name) for name in photos):
        raise NotOurs(FILE)
    if not {DATABASE, keyring.FILE} <= set(files):
        raise NotOurs(FILE)
    program, seal = str(data["program"]), str(data["seal"])
    if not all(_WORD.fullmatch(word) for word in (program, facts.revision)) or not _HASH.fullmatch(seal):
        raise NotOurs(FILE)
    return Manifest(data["store_uid"], taken_at, program, facts, files, photos, seal)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotOurs(FILE)
    return value


def _entries(data: dict[str, Any]) -> dict[str, Entry]:
    entries = {name: Entry(_number(size), str(sha)) for name, (size, sha) in data.items()}
    if not all(_HASH.fullmatch(entry.sha256) for entry in entries.values()):
        raise NotOurs(FILE)
    return entries


def read(folder: Path) -> Manifest:
    """Read the manifest in the folder of a backup.

    Raises `NotOurs` (or `Newer`) when it is not one, `Unusable` when the disk refuses or it is missing.
    """
    path = folder / FILE
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
    except FileNotFoundError as problem:
        raise Unusable(
            _("There is no backup in {folder}: {file} is missing.").format(folder=folder, file=FILE)
        ) from problem
    except OSError as problem:
        raise as_unusable(problem, path) from problem
    if len(raw) > _LARGEST:
        raise NotOurs(FILE)
    return parse(raw)
