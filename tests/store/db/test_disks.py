from pathlib import Path

import pytest

from fuyuan_desk.store.db import disks

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
//nas/office /mnt/shared\040disk cifs rw 0 0
nas:/export /srv/nas nfs4 rw 0 0
host /mnt/host 9p rw 0 0
/dev/sdb1 /mnt/host/stick vfat rw 0 0
clerk@nas: /run/user/1000/nas fuse.sshfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/office", "ext4"),
        ("/mnt/shared disk/office", "cifs"),
        ("/mnt/shared disk", "cifs"),
        ("/mnt/shared diskette", "ext4"),
        ("/srv/nas/a/b", "nfs4"),
        ("/mnt/host/office", "9p"),
        ("/mnt/host/stick/office", "vfat"),
        ("/run/user/1000/nas/x", "fuse.sshfs"),
    ],
)
def test_the_mount_that_holds_a_path_is_found(path: str, kind: str) -> None:
    assert disks.file_system_of(path, MOUNTS) == kind
    assert kind.startswith(disks._SHARED) == (kind in {"cifs", "nfs4", "9p", "fuse.sshfs"})


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        (r"\\nas\office\2026", True),
        (r"\\?\UNC\nas\office", True),
        (r"\\?\C:\office", False),
        (r"C:\office", False),
    ],
)
def test_a_share_of_windows_is_known_by_its_name(path: str, remote: bool) -> None:
    assert disks.is_remote_drive(path) is remote


def test_this_folder_lies_on_this_pc(tmp_path: Path) -> None:
    assert not disks.is_network_disk(tmp_path)
