"""Whether a folder lies on a network disk, which the database must know."""

import ctypes
import ntpath
import os
import sys
from pathlib import Path
from typing import Any

# Linux file systems whose files another computer may write at the same time
_SHARED = ("nfs", "cifs", "smb", "9p", "ncp", "afs", "ceph", "gluster", "fuse.sshfs", "fuse.gvfsd", "davfs")
_DRIVE_REMOTE = 4


def is_network_disk(path: Path) -> bool:
    """Return whether `path` lies on a disk of another computer; False when that cannot be determined."""
    if sys.platform == "win32":
        return is_remote_drive(str(path))
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return file_system_of(os.path.realpath(path), mounts).startswith(_SHARED)


def file_system_of(path: str, mounts: str) -> str:
    """Return the type of the file system that holds `path`, from the lines of `/proc/mounts`; '' when none does."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        mount = _unescape(fields[1]).rstrip("/")
        # of two mounts on one path the later one is visible
        if (path == mount or path.startswith(mount + "/")) and len(mount) >= len(best):
            best, kind = mount, fields[2]
    return kind


def _unescape(path: str) -> str:
    for code, char in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        path = path.replace(code, char)
    return path


def is_remote_drive(path: str) -> bool:
    """Return whether a Windows path names a share (UNC) or a drive letter mapped to one."""
    drive = ntpath.splitdrive(os.path.abspath(path) if os.name == "nt" else path)[0]
    if drive.startswith("\\\\"):  # a UNC path, or a path in the long form
        return not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive.upper().startswith("\\\\?\\UNC\\")
    windows: Any = getattr(ctypes, "windll", None)
    return windows is not None and windows.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE
