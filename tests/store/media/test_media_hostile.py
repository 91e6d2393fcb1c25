"""Images made to exhaust memory or time: each ends soon, stored or refused with a message."""

import resource
import time

import pytest
from PIL import Image

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.process.sandbox import LimitExceeded
from fuyuan_desk.store.media import images
from tests.fire import bombs

# those that take seconds are tested by tests.fire.bombing
QUICK = dict(bombs.pictures())
LIMIT_S, LIMIT_MB = 10.0, 500


@pytest.mark.parametrize("name", sorted(QUICK))
def test_a_hostile_picture_ends_soon_and_harms_nothing(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    message = ""
    try:
        images.prepare(QUICK[name], True)
    except InvalidInput as refusal:
        message = refusal.message
    assert not message or message.endswith(".")
    assert time.monotonic() - started < LIMIT_S
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < LIMIT_MB * 1024


@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"progressive": True, "subsampling": 0}])
def test_a_photo_of_50_megapixels_is_taken(more: dict[str, object]) -> None:
    raw = bombs.saved(Image.linear_gradient("L").convert("RGB"), "JPEG", **more)
    kept = images.prepare(bombs.resized(raw, 8160, 6120), False)
    assert (kept.width, kept.height) == (2560, 1920)


def test_a_picture_beyond_the_limits_is_refused_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def exceed(*_arguments: object, **_limits: object) -> None:
        raise LimitExceeded

    # the files that do so take seconds: tests.fire.bombing
    monkeypatch.setattr(images, "run_in_sandbox", exceed)
    with pytest.raises(InvalidInput, match="takes too long or too much memory"):
        images.prepare(b"", False)


@pytest.mark.parametrize("size", [(6_001, 4_001), (8_160, 6_120)])
@pytest.mark.parametrize("more", [{}, {"lossless": True}, {"exif": b"II*\0\x08\0\0\0\0\0"}])
def test_too_large_a_webp_is_refused_by_its_header(size: tuple[int, int], more: dict[str, object]) -> None:
    small = bombs.saved(Image.new("RGB", (64, 48), "white"), "WEBP", **more)
    with pytest.raises(InvalidInput, match="more than 24 megapixels"):
        images.prepare(bombs.resized_webp(small, *size), False)


def test_too_large_a_file_is_refused_unread() -> None:
    with pytest.raises(InvalidInput, match="larger than 64 MB"):
        images.prepare(b"\xff\xd8\xff" + bytes(images.MAX_BYTES), False)
