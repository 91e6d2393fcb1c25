import os
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


@pytest.mark.parametrize(
    ("path", "target", "remote"),
    [
        (r"D:\福元台", r"\\nas\office\福元台", True),  # a junction
        (r"S:\福元台", r"\\nas\office\福元台", True),  # `subst`, or a letter of a share
        (r"S:\福元台", r"C:\Users\张三\福元台", False),
        (r"\\nas\office", r"\\nas\office", True),
    ],
)
def test_a_share_is_known_behind_a_junction_and_a_replaced_letter(
    path: str, target: str, remote: bool
) -> None:
    assert disks.leads_to_remote_drive(path, lambda _path: target) is remote


def test_this_folder_lies_on_this_pc(tmp_path: Path) -> None:
    assert not disks.is_network_disk(tmp_path)


def test_two_folders_of_one_file_system_share_a_disk(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert disks.on_same_disk(tmp_path / "a", tmp_path / "missing" / "b") is True


def test_partitions_of_a_disk_are_told_from_other_disks(tmp_path: Path) -> None:
    """As Linux lists them: a partition lies in its disk's folder, a volume names the disks below it."""
    devices = tmp_path / "devices"
    for path in ("sda/sda1", "sda/sda2", "sdb", "dm-0/slaves/sda1"):
        (devices / path).mkdir(parents=True)
    for partition in ("sda1", "sda2"):
        (devices / "sda" / partition / "partition").write_text("1")
    blocks = tmp_path / "block"
    blocks.mkdir()
    for number, path in (("8:1", "sda/sda1"), ("8:2", "sda/sda2"), ("8:16", "sdb"), ("253:0", "dm-0")):
        (blocks / number).symlink_to(devices / path)

    def disk(major: int, minor: int) -> str | None:
        return disks.linux_disk(os.makedev(major, minor), blocks)

    assert disk(8, 1) == disk(8, 2) == "sda"
    assert disk(8, 16) == "sdb"
    assert disk(253, 0) is None
    assert disk(0, 44) is None
