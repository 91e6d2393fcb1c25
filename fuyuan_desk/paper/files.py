"""Saving a paper so that the file is either whole or untouched."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from fuyuan_desk.errors import Unusable
from fuyuan_desk.texts import _


def save(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, then put it in its place; `Unusable` when the disk refuses."""
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise Unusable(_why(error, path)) from error


def _why(error: OSError, path: Path) -> str:
    """Say what the clerk can do about a refusal of the disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        text = _("There is no room left in {folder}. Free some space or save to another folder.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        text = _("The folder {folder} does not exist (any more). Choose another folder.")
    elif error.errno == errno.EROFS:
        text = _("Nothing can be written into {folder}. Choose another folder.")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EISDIR, errno.ETXTBSY):
        text = _(
            "{file} cannot be written. Close it if another program shows it, or save to a folder "
            "in which you may write."
        )
    else:
        text = _("{file} could not be saved: {reason}. Try again or choose another folder.")
    return text.format(file=path.name, folder=path.parent, reason=error.strerror or error)
