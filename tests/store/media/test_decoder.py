"""Images from outside: what is accepted, what is refused, and which metadata is kept; decoded in this process."""

import contextlib
import resource
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from fuyuan_desk.core.errors import InvalidInput
from fuyuan_desk.store.media.decoder import decode
from tests.store.media.pictures import TAKEN, corners, exif_with, opened, picture, saved


def header_of_png(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and contains almost nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


# ---- what is accepted ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_usual_pictures_are_taken(kind: str) -> None:
    kept = decode(saved(picture(), kind), False)
    image = opened(kept.jpeg)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert (kept.width, kept.height) == (64, 48)
    assert corners(image) == [0, 1, 2, 3]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_pictures_of_every_mode_are_taken(mode: str) -> None:
    image = (
        picture().convert("L").convert("I").point(lambda grey: grey * 256).convert("I;16")
        if mode == "I;16"
        else picture().convert(mode)
    )
    kept = decode(saved(image, "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"), False)
    small = opened(kept.jpeg)
    assert small.mode == "RGB"
    top, bottom = small.getpixel((10, 10)), small.getpixel((54, 40))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert sum(top) < 400 < 700 < sum(bottom)


def test_what_is_transparent_becomes_white() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 20, 40))
    small = opened(decode(saved(image, "PNG"), False).jpeg)
    pixel = small.getpixel((30, 20))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_frames_the_first_is_stored(kind: str) -> None:
    frames = [picture(), Image.new("RGB", (64, 48), "black")]
    kept = decode(saved(frames[0], kind, save_all=True, append_images=frames[1:]), False)
    assert corners(opened(kept.jpeg)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2560, 100), (2560, 100)),
        ((2561, 1000), (2560, 1000)),
        ((6000, 4000), (2560, 1707)),
        ((1500, 3000), (1280, 2560)),
        ((9001, 20), (2560, 6)),
        ((3, 8000), (1, 2560)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller_and_a_small_one_is_left(
    size: tuple[int, int], expected: tuple[int, int], kind: str
) -> None:
    kept = decode(saved(Image.new("RGB", size, "teal"), kind), False)
    assert max(abs(kept.width - expected[0]), abs(kept.height - expected[1])) <= 1
    assert opened(kept.jpeg).size == (kept.width, kept.height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(64, 48), (5200, 300)])
def test_a_photo_stands_upright(orientation: int, kind: str, size: tuple[int, int]) -> None:
    raw = saved(picture(*size), kind, exif=exif_with(orientation))
    kept = decode(raw, False)
    image = opened(kept.jpeg)
    expected = ImageOps.exif_transpose(opened(raw))
    assert expected is not None
    assert corners(image) == corners(expected)
    assert (image.width > image.height) == (expected.width > expected.height)
    assert 0x0112 not in image.getexif()


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_a_senseless_orientation_is_ignored(orientation: int) -> None:
    kept = decode(saved(picture(), exif=exif_with(orientation)), False)
    assert corners(opened(kept.jpeg)) == [0, 1, 2, 3]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_the_remarks_only_the_date_stays_and_the_place_if_wanted(keep: bool, kind: str) -> None:
    content = decode(saved(picture(), kind, exif=exif_with(place=True)), keep).jpeg
    exif = opened(content).getexif()
    assert exif.get_ifd(0x8769) == {0x9003: TAKEN}
    place = exif.get_ifd(0x8825)
    if keep:
        assert set(place) == {1, 2, 3, 4}
        assert (place[1], place[3]) == ("N", "E")
        assert [float(part) for part in place[4]] == [121.0, 27.0, 59.25]
    else:
        assert place == {}
    assert b"Secret" not in content
    assert b"S\0e\0c\0r\0e\0t" not in content


def test_remarks_of_a_scan_do_not_stay() -> None:
    raw = saved(picture(), "TIFF", exif=exif_with())
    assert b"Secret" in raw
    assert b"Secret" not in decode(raw, True).jpeg


def test_other_remarks_do_not_stay() -> None:
    raw = saved(
        picture(),
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>",
        icc_profile=b"SecretProfile" * 20,
    )
    assert b"Secret" in raw
    assert b"Secret" not in decode(raw, True).jpeg


@pytest.mark.parametrize("taken", ["", "yesterday", "2026:03:02", "Secret 2026:03:02 09:30:00"])
def test_a_date_that_is_none_does_not_stay(taken: str) -> None:
    content = decode(saved(picture(), exif=exif_with(taken=taken)), True).jpeg
    assert opened(content).getexif().get_ifd(0x8769) == {}


def test_a_place_that_is_none_does_not_stay() -> None:
    exif = exif_with()
    exif.get_ifd(0x8825).update({1: "Secret", 2: (1.0, 2.0, 3.0), 3: "E", 4: (1.0, 2.0, 3.0)})
    content = decode(saved(picture(), exif=exif), True).jpeg
    assert opened(content).getexif().get_ifd(0x8825) == {}


# ---- what is refused ----

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "not a picture"),
        (b"minutes of the meeting", "not a picture"),
        (b"%PDF-1.7\n%", "not a picture"),
        (b"PK\x03\x04" + bytes(50), "not a picture"),
        (b"\xff\xd8\xff\xe0", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a picture"),
        (HEIC, "HEIC"),
        (HEIC.replace(b"heic", b"mif1"), "HEIC"),
        (header_of_png(30_000, 30_000), "50 megapixels"),
        (header_of_png(10_000, 10_000), "50 megapixels"),
        (header_of_png(7_072, 7_072), "50 megapixels"),
        (header_of_png(2_000_000_000, 2), "50 megapixels"),
        (header_of_png(4_000, 4_000), "damaged or cut off"),
    ],
)  # fmt: skip
def test_an_unsupported_image_is_refused_with_a_message(raw: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        decode(raw, False)


def test_a_real_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = saved(Image.new("1", (10_000, 10_000)), "PNG")
    before = _peak_memory()
    with pytest.raises(InvalidInput):
        decode(bomb, False)
    assert _peak_memory() - before < 20_000_000


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_exactly_fifty_megapixels_are_taken() -> None:
    kept = decode(saved(Image.new("L", (10_000, 5_000), 200), "JPEG"), False)
    assert (kept.width, kept.height) == (2560, 1280)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_picture_that_is_cut_off_is_refused(kind: str, share: float) -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    raw = saved(noise, kind)
    with pytest.raises(InvalidInput):
        decode(raw[: int(len(raw) * share)], False)


SAMPLES = [
    saved(picture(), kind, **({"exif": exif_with(6, place=True)} if kind not in ("BMP", "GIF") else {}))
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_image_is_accepted_or_refused_and_never_fails(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InvalidInput):
        kept = decode(bytes(raw), True)
        assert opened(kept.jpeg).size == (kept.width, kept.height)
