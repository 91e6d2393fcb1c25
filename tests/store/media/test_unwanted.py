"""A photo file that cannot be removed at once is removed later."""

import io
from pathlib import Path

import pytest
from PIL import Image

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core import files
from fuyuan_desk.core.errors import Unusable


def saved(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def test_a_photo_that_the_disk_locked_is_removed_when_the_office_is_closed(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = seat.store.media
    kept = media.add(saved(Image.new("RGB", (64, 48), "red")), keep_location=False).sha

    def held(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as scanner:
        scanner.setattr(files, "remove", held)
        with pytest.raises(Unusable, match="Cannot write"):
            media.discard(kept)
    assert media.unwanted == {kept}
    seat.store.close()
    assert list((seat.store.folder / "media").rglob("*.bin")) == []
