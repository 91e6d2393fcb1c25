"""A restored office that could not replace the present one does so at the second attempt."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.store.backup import restore
from fuyuan_desk.store.layout import is_store
from tests.disk import FaultyDisk


def test_a_second_attempt_goes_on_where_the_disk_stopped_the_first(folder: Path, disk: FaultyDisk) -> None:
    restored = folder.with_name("office-restored-1")
    restored.mkdir()
    (restored / "keys.json").write_bytes((folder / "keys.json").read_bytes())
    with disk.failing("rename", errno.EIO, after=1), pytest.raises(Unusable, match="does not respond"):
        restore.put_in_place(restored, folder, datetime.now(UTC))
    assert not folder.exists()
    aside = restore.put_in_place(restored, folder)
    assert aside is not None
    assert is_store(aside)
    assert is_store(folder)
    assert not restored.exists()
