"""Images made to exhaust memory or time: each ends soon, stored or refused with a message."""

import io
import resource
import struct
import time
from collections.abc import Callable

import pytest
from PIL import Image

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.store.media import image_cost, images
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


def test_what_phones_make_is_light() -> None:
    image = Image.linear_gradient("L").convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 09:30:00"
    for kind, more in (
        ("JPEG", {"exif": exif}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {"exif": exif}),
    ):
        assert image_cost.is_light(bombs.saved(image, kind, **more)), (kind, more)


def test_a_photo_of_50_megapixels_is_light() -> None:
    for more in ({}, {"progressive": True}):
        raw = bombs.saved(Image.linear_gradient("L").convert("RGB"), "JPEG", **more)
        assert image_cost.is_light(bombs.resized(raw, 8160, 6120))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_rare_kinds_are_read_in_a_sandbox_with_the_same_result(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = bombs.saved(Image.linear_gradient("L").convert("RGB"), kind)
    sandboxed = images.prepare(raw, False)

    def here(work: Callable[..., images.Picture], *given: object, megabytes: int) -> images.Picture:
        assert megabytes
        return work(*given)

    monkeypatch.setattr(images, "run_in_sandbox", here)
    assert images.prepare(raw, False) == sandboxed


def heavy(change: Callable[[bytes], bytes], kind: str = "JPEG", **more: object) -> bool:
    return not image_cost.is_light(
        change(bombs.saved(Image.linear_gradient("L").convert("RGB"), kind, **more))
    )


def test_what_is_odd_in_a_jpeg_makes_it_heavy() -> None:
    exif = b"Exif\0\0" + bombs.heavy_exif(100, 60_000)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    assert heavy(lambda raw: raw[:2] + segment + raw[2:])
    assert heavy(lambda raw: raw[:2] + b"\xff\xe5\0\2" * 400 + raw[2:])
    assert heavy(lambda raw: raw[:100])
    assert heavy(lambda raw: bombs.resized(raw, 8160, 6120) + b"\xff\xda" * 100)
    assert heavy(lambda raw: bombs.resized(raw, 60_000, 1_000), progressive=True, subsampling=0, quality=1)


def test_what_is_odd_in_a_png_or_webp_makes_it_heavy() -> None:
    assert heavy(lambda raw: raw[:33] + bombs.chunk(b"eXIf", bombs.heavy_exif(100, 60_000)) + raw[33:], "PNG")
    assert heavy(lambda raw: raw[:33] + bombs.chunk(b"zTXt", b"Raw profile type exif\0") + raw[33:], "PNG")
    assert heavy(lambda raw: raw[:33] + bombs.chunk(b"teXt", b"") * 20_001 + raw[33:], "PNG")
    frames = [Image.new("RGB", (256, 256), colour) for colour in ("red", "green")]
    assert heavy(lambda raw: raw, "WEBP", save_all=True, append_images=frames)


def test_too_large_a_webp_is_refused_by_its_header() -> None:
    out = io.BytesIO()
    Image.new("RGB", (6_001, 4_001), "white").save(out, "WEBP", method=0, quality=1)
    with pytest.raises(InvalidInput, match="more than 24 megapixels"):
        images.prepare(out.getvalue(), False)


def test_too_large_a_file_is_refused_unread() -> None:
    with pytest.raises(InvalidInput, match="larger than 64 MB"):
        images.prepare(b"\xff\xd8\xff" + bytes(images.MOST_BYTES), False)
