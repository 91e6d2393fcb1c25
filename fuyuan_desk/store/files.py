"""Files written whole or not at all."""

import errno
import os
import secrets
from pathlib import Path

from fuyuan_desk.errors import Unusable
from fuyuan_desk.texts import _


def in_words(problem: OSError, path: Path) -> Unusable:
    """Turn the system's refusal to use `path` into a sentence that says what to do."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _("The disk that holds {path} is full. Free some space, then try again.")
    elif problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        sentence = _("{path} cannot be written to. Choose another folder, or close the program that uses it.")
    elif problem.errno == errno.ENOENT:
        sentence = _("{path} is not there. Check that the disk or stick is plugged in.")
    else:
        sentence = _("{path} could not be used. Check the disk, then try again.")
    return Unusable(sentence.format(path=path))


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`; a power cut or a full disk leaves the former content untouched."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise in_words(problem, path) from problem
