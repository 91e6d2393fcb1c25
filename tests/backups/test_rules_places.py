"""Which folders may hold backups, by the paths of the system they are on."""

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from fuyuan_desk.backups.rules import Misplaced, misplaced

W, P = PureWindowsPath, PurePosixPath


@pytest.mark.parametrize(("place", "store", "other", "why"), [
    (W("d:\\OFFICE\\Backup"), W("D:\\office"), W("E:\\"), Misplaced.IN_OFFICE),
    (W("\\\\NAS\\Share\\office"), W("\\\\nas\\share\\Office"), W("E:\\"), Misplaced.IN_OFFICE),
    (W("D:\\Copies\\FUYUAN-BACKUP-12345678"), W("D:\\office"), W("E:\\"), Misplaced.IN_BACKUP),
    (W("e:\\copies"), W("D:\\office"), W("E:\\Copies"), Misplaced.TAKEN),
    (W("E:\\office"), W("D:\\office"), W("E:\\copies"), None),
    (W("\\\\nas\\other\\office"), W("\\\\nas\\share\\office"), W("E:\\"), None),
    (P("/srv/OFFICE"), P("/srv/office"), P("/media/stick"), None),  # another folder here
    (P("/srv/office/x"), P("/srv/office"), P("/media/stick"), Misplaced.IN_OFFICE),
])  # fmt: skip
def test_windows_knows_no_difference_of_case(
    place: PurePath, store: PurePath, other: PurePath, why: Misplaced | None
) -> None:
    assert misplaced(place, [store], [other], "fuyuan-backup-") is why
