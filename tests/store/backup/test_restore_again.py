"""A restored office that could not replace the present one does so at the second attempt."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.store.backup import restore
from fuyuan_desk.store.layout import is_store


def test_a_second_attempt_goes_on_where_the_disk_stopped_the_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored = folder.with_name("office-restored-1")
    restored.mkdir()
    (restored / "keys.json").write_bytes((folder / "keys.json").read_bytes())
    moves = iter((True, False, False))

    def rename(source: Path, target: Path) -> None:
        if not next(moves):
            raise OSError(5, "Input/output error")
        os.rename(source, target)

    with monkeypatch.context() as disk:
        disk.setattr(files, "rename", rename)
        with pytest.raises(Unusable, match="does not respond"):
            restore.put_in_place(restored, folder, datetime.now(UTC))
    assert not folder.exists()
    aside = restore.put_in_place(restored, folder)
    assert aside is not None
    assert is_store(aside)
    assert is_store(folder)
    assert not restored.exists()
