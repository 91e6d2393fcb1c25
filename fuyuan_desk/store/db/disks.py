"""Disks: whether a folder lies on a network disk, which the database must know, and whether two share a disk."""

import ctypes
import ntpath
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Linux file systems whose files another computer may write at the same time
_SHARED = ("nfs", "cifs", "smb", "9p", "ncp", "afs", "ceph", "gluster", "fuse.sshfs", "fuse.gvfsd", "davfs")
_DRIVE_REMOTE = 4
_SHARE_ALL, _OPEN_EXISTING, _DEVICE_NUMBER = 7, 3, 0x2D1080


def is_network_disk(path: Path) -> bool:
    """Return whether `path` lies on a disk of another computer; False when that cannot be determined."""
    if sys.platform == "win32":
        return leads_to_remote_drive(str(path))
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


def leads_to_remote_drive(path: str, resolve: Callable[[str], str] = os.path.realpath) -> bool:
    """Return whether a Windows path leads to another computer, also by a junction, a link or a `subst` drive."""
    return is_remote_drive(path) or is_remote_drive(resolve(path))


def is_remote_drive(path: str) -> bool:
    """Return whether a Windows path names a share (UNC) or a drive letter mapped to one."""
    drive = ntpath.splitdrive(os.path.abspath(path) if os.name == "nt" else path)[0]
    if drive.startswith("\\\\"):  # a UNC path, or a path in the long form
        return not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive.upper().startswith("\\\\?\\UNC\\")
    windows: Any = getattr(ctypes, "windll", None)
    return windows is not None and windows.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE


def on_same_disk(one: Path, other: Path) -> bool | None:
    """Return whether two folders lie on the same physical disk; None when that cannot be determined."""
    try:
        first, second = (_existing(path) for path in (one, other))
        if os.stat(first).st_dev == os.stat(second).st_dev:
            return True
        if is_network_disk(first) != is_network_disk(second):
            return False
        disks = _disk_of(first), _disk_of(second)
    except (OSError, ValueError):
        return None
    return None if None in disks else disks[0] == disks[1]


def _existing(path: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    path = Path(os.path.realpath(path))
    return next((found for found in (path, *path.parents) if found.exists()), path)


def _disk_of(path: Path) -> object:
    """Return what identifies the physical disk that holds a folder, None when that is not known."""
    return _windows_disk(path) if sys.platform == "win32" else linux_disk(os.stat(path).st_dev)


def linux_disk(device: int, blocks: Path = Path("/sys/dev/block")) -> str | None:
    """Return the name of the disk of a device, as `blocks` lists it; None when that is not known."""
    link = blocks / f"{os.major(device)}:{os.minor(device)}" if hasattr(os, "major") else None
    if link is None or not link.exists():
        return None
    node = link.resolve()  # a partition lies in its disk's folder
    disk = node.parent if (node / "partition").exists() else node
    # a volume that is put together from disks does not tell on which of them a file lies
    is_composed = (disk / "slaves").is_dir() and any((disk / "slaves").iterdir())
    return None if is_composed else disk.name


def _windows_disk(path: Path) -> int | None:
    """Return the number of the disk that holds a drive letter (`IOCTL_STORAGE_GET_DEVICE_NUMBER`)."""
    drive = ntpath.splitdrive(str(path))[0]
    windows: Any = getattr(ctypes, "windll", None)
    if windows is None or len(drive) != 2:
        return None
    kernel = windows.kernel32
    kernel.CreateFileW.restype = ctypes.c_void_p
    handle = kernel.CreateFileW(f"\\\\.\\{drive}", 0, _SHARE_ALL, None, _OPEN_EXISTING, 0, None)
    if handle in (None, ctypes.c_void_p(-1).value):
        return None
    found, size = (ctypes.c_uint32 * 3)(), ctypes.c_uint32()  # kind of device, number, partition
    try:
        is_known = kernel.DeviceIoControl(
            ctypes.c_void_p(handle),
            _DEVICE_NUMBER,
            None,
            0,
            found,
            ctypes.sizeof(found),
            ctypes.byref(size),
            None,
        )
    finally:
        kernel.CloseHandle(ctypes.c_void_p(handle))
    return int(found[1]) if is_known else None
