"""A photo file that cannot be removed at once is removed later."""

import errno

import pytest
from PIL import Image

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import Unusable
from tests.disk import FaultyDisk
from tests.store.media.pictures import prepared


def test_a_photo_that_the_disk_locked_is_removed_when_the_office_is_closed(
    seat: Seat, disk: FaultyDisk
) -> None:
    media = seat.store.media
    kept = media.add(prepared(Image.new("RGB", (64, 48), "red"))).sha

    with disk.failing("unlink", errno.EBUSY), pytest.raises(Unusable, match="Another program has"):
        media.discard(kept)
    assert media.unwanted == {kept}
    seat.store.close()
    assert list((seat.store.folder / "media").rglob("*.bin")) == []
