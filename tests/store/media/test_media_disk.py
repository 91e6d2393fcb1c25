"""Photos on a failing disk."""

import os
from pathlib import Path

import pytest

from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.store.media.files import Media
from tests.store.media.pictures import opened, picture, saved
from tests.store.media.test_media import KEY


@pytest.fixture
def media(tmp_path: Path) -> Media:
    """An empty folder of photos."""
    return Media(tmp_path / "media", KEY)


def test_a_full_disk_is_reported_and_leaves_nothing_behind(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Unusable, match="full"):
        media.add(saved(picture()), False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(Unusable, match="media"):
        Media(tmp_path / "media", KEY).add(saved(picture()), False)


def test_a_thumbnail_is_shown_though_the_disk_is_full(media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = media.add(saved(picture(1200, 800)), False)

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "fsync", read_only)
    assert opened(media.thumbnail(kept.sha)).width == 256
