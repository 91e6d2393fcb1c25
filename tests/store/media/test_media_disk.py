"""Photos on a failing disk."""

import errno
from pathlib import Path

import pytest

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.store.media.files import Media
from tests.disk import FaultyDisk
from tests.store.media.pictures import opened, picture, prepared
from tests.store.media.test_media import KEY


@pytest.fixture
def media(tmp_path: Path) -> Media:
    """An empty folder of photos."""
    return Media(tmp_path / "media", KEY)


def test_a_full_disk_is_reported_and_leaves_nothing_behind(
    media: Media, tmp_path: Path, disk: FaultyDisk
) -> None:
    with disk.failing("fsync", errno.ENOSPC), pytest.raises(Unusable, match="full"):
        media.add(prepared(picture()))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(Unusable, match="media"):
        Media(tmp_path / "media", KEY).add(prepared(picture()))


def test_a_thumbnail_is_shown_though_the_disk_is_full(media: Media, disk: FaultyDisk) -> None:
    kept = media.add(prepared(picture(1200, 800)))
    with disk.failing("fsync", errno.EROFS):
        assert opened(media.thumbnail(kept.sha)).width == 256
