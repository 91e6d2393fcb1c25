"""What kind of disk a folder lies on, as far as the database must know."""

import ctypes
import ntpath
import os
import sys
from pathlib import Path
from typing import Any

# of the file systems of Linux, those whose files another computer may write at the same time
_SHARED = ("nfs", "cifs", "smb", "9p", "ncp", "afs", "ceph", "gluster", "fuse.sshfs", "fuse.gvfsd", "davfs")
_DRIVE_REMOTE = 4


def is_network_disk(path: Path) -> bool:
    """Whether `path` lies on a disk of another computer; where that cannot be told, it counts as of this one."""
    if sys.platform == "win32":
        return is_remote_drive(str(path))
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return file_system_of(os.path.realpath(path), mounts).startswith(_SHARED)


def file_system_of(path: str, mounts: str) -> str:
    """Give the kind of file system that holds `path`, from the lines of `/proc/mounts`; '' when none does."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        place = _unescaped(fields[1]).rstrip("/")
        # of two mounts on one place the later one is seen
        if (path == place or path.startswith(place + "/")) and len(place) >= len(best):
            best, kind = place, fields[2]
    return kind


def _unescaped(place: str) -> str:
    for code, sign in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        place = place.replace(code, sign)
    return place


def is_remote_drive(path: str) -> bool:
    """Whether a path of Windows names a share (UNC) or a drive letter that stands for one."""
    drive = ntpath.splitdrive(os.path.abspath(path) if os.name == "nt" else path)[0]
    if drive.startswith("\\\\"):  # a share by its own name, or a path in Windows' long form
        return not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive.upper().startswith("\\\\?\\UNC\\")
    windows: Any = getattr(ctypes, "windll", None)
    return windows is not None and windows.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE
