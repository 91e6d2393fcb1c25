"""What decides how the package is built, as one fingerprint."""

import hashlib
from pathlib import Path

FILE = "inputs.txt"  # beside a built package
_HERE = Path(__file__).resolve().parents[1]


def fingerprint() -> str:
    """Return the SHA-256 of the scripts that build and check the package, of what they read, and of the lock."""
    found = hashlib.sha256()
    own = [_HERE / name for name in ("build.py", "verify_static.py", "program.lock")]
    for path in [*own, *sorted(_HERE.glob("windows/**/*"))]:
        if path.is_file() and path.suffix != ".sh" and "__pycache__" not in path.parts:
            found.update(f"{path.relative_to(_HERE).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()
