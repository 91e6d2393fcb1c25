"""Photos: what is accepted, what is refused, how they are stored, and which damage is detected."""

import contextlib
import io
import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.files import Media

KEY = bytes(range(32))
TAKEN = "2026:03:02 09:30:00"
# red, green / blue, white: distinguishable in every position
CORNERS = ((220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250))


@pytest.fixture
def media(tmp_path: Path) -> Media:
    """An empty folder of photos."""
    return Media(tmp_path / "media", KEY)


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Paint four quarters in different colours."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for place, colour in enumerate(CORNERS):
        box = (place % 2 * half[0], place // 2 * half[1])
        image.paste(colour, (*box, box[0] + half[0], box[1] + half[1]))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    """Read an image."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[int]:
    """Return which of `CORNERS` is top left, top right, bottom left, bottom right."""
    found = []
    for across, down in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        pixel = image.getpixel((int(image.width * across), int(image.height * down)))
        assert isinstance(pixel, tuple)
        distances = [sum((a - b) ** 2 for a, b in zip(pixel, colour, strict=True)) for colour in CORNERS]
        found.append(distances.index(min(distances)))
    return found


def exif_with(orientation: int = 1, taken: str = TAKEN, place: bool = False) -> Image.Exif:
    """Write the metadata of a phone, names and serial numbers included."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif[0x9C9D] = "SecretAuthor".encode("utf-16-le")
    part = exif.get_ifd(0x8769)
    part[0x9003] = taken
    part[0xA431] = "SecretSerial"
    if place:
        exif.get_ifd(0x8825).update(
            {
                1: "N",
                2: (31.0, 13.0, 3.5),
                3: "E",
                4: (121.0, 27.0, 59.25),
                0x1D: "2026:03:02",
                0x1B: b"SecretCell",
            }
        )
    return exif


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


def bin_of(folder: Path, sha: str) -> Path:
    """Return the path of a photo."""
    [path] = folder.rglob(sha + ".bin")
    return path


# ---- what is accepted ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_usual_pictures_are_taken(media: Media, kind: str) -> None:
    kept = media.add(saved(picture(), kind), False)
    image = opened(media.read(kept.sha))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert (kept.width, kept.height, kept.size) == (64, 48, len(media.read(kept.sha)))
    assert corners(image) == [0, 1, 2, 3]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_pictures_of_every_mode_are_taken(media: Media, mode: str) -> None:
    image = (
        picture().convert("L").convert("I").point(lambda grey: grey * 256).convert("I;16")
        if mode == "I;16"
        else picture().convert(mode)
    )
    kept = media.add(saved(image, "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"), False)
    small = opened(media.read(kept.sha))
    assert small.mode == "RGB"
    top, bottom = small.getpixel((10, 10)), small.getpixel((54, 40))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert sum(top) < 400 < 700 < sum(bottom)


def test_what_is_transparent_becomes_white(media: Media) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 20, 40))
    small = opened(media.read(media.add(saved(image, "PNG"), False).sha))
    pixel = small.getpixel((30, 20))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_frames_the_first_is_stored(media: Media, kind: str) -> None:
    frames = [picture(), Image.new("RGB", (64, 48), "black")]
    kept = media.add(saved(frames[0], kind, save_all=True, append_images=frames[1:]), False)
    assert corners(opened(media.read(kept.sha))) == [0, 1, 2, 3]


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
    media: Media, size: tuple[int, int], expected: tuple[int, int], kind: str
) -> None:
    kept = media.add(saved(Image.new("RGB", size, "teal"), kind), False)
    assert max(abs(kept.width - expected[0]), abs(kept.height - expected[1])) <= 1
    assert opened(media.read(kept.sha)).size == (kept.width, kept.height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(64, 48), (5200, 300)])
def test_a_photo_stands_upright(media: Media, orientation: int, kind: str, size: tuple[int, int]) -> None:
    raw = saved(picture(*size), kind, exif=exif_with(orientation))
    kept = media.add(raw, False)
    image = opened(media.read(kept.sha))
    expected = ImageOps.exif_transpose(opened(raw))
    assert expected is not None
    assert corners(image) == corners(expected)
    assert (image.width > image.height) == (expected.width > expected.height)
    assert 0x0112 not in image.getexif()


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_a_senseless_orientation_is_ignored(media: Media, orientation: int) -> None:
    kept = media.add(saved(picture(), exif=exif_with(orientation)), False)
    assert corners(opened(media.read(kept.sha))) == [0, 1, 2, 3]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_the_remarks_only_the_date_stays_and_the_place_if_wanted(
    media: Media, keep: bool, kind: str
) -> None:
    content = media.read(media.add(saved(picture(), kind, exif=exif_with(place=True)), keep).sha)
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


def test_remarks_of_a_scan_do_not_stay(media: Media) -> None:
    raw = saved(picture(), "TIFF", exif=exif_with())
    assert b"Secret" in raw
    assert b"Secret" not in media.read(media.add(raw, True).sha)


def test_other_remarks_do_not_stay(media: Media) -> None:
    raw = saved(
        picture(),
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>",
        icc_profile=b"SecretProfile" * 20,
    )
    assert b"Secret" in raw
    assert b"Secret" not in media.read(media.add(raw, True).sha)


@pytest.mark.parametrize("taken", ["", "yesterday", "2026:03:02", "Secret 2026:03:02 09:30:00"])
def test_a_date_that_is_none_does_not_stay(media: Media, taken: str) -> None:
    content = media.read(media.add(saved(picture(), exif=exif_with(taken=taken)), True).sha)
    assert opened(content).getexif().get_ifd(0x8769) == {}


def test_a_place_that_is_none_does_not_stay(media: Media) -> None:
    exif = exif_with()
    exif.get_ifd(0x8825).update({1: "Secret", 2: (1.0, 2.0, 3.0), 3: "E", 4: (1.0, 2.0, 3.0)})
    content = media.read(media.add(saved(picture(), exif=exif), True).sha)
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
def test_an_unsupported_image_is_refused_with_a_message(media: Media, raw: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        media.add(raw, False)


def test_a_real_bomb_is_refused_before_it_is_unpacked(media: Media) -> None:
    bomb = saved(Image.new("1", (10_000, 10_000)), "PNG")
    before = _peak_memory()
    with pytest.raises(InvalidInput):
        media.add(bomb, False)
    assert _peak_memory() - before < 20_000_000


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_exactly_fifty_megapixels_are_taken(media: Media) -> None:
    kept = media.add(saved(Image.new("L", (10_000, 5_000), 200), "JPEG"), False)
    assert (kept.width, kept.height) == (2560, 1280)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_picture_that_is_cut_off_is_refused(media: Media, kind: str, share: float, tmp_path: Path) -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    raw = saved(noise, kind)
    with pytest.raises(InvalidInput):
        media.add(raw[: int(len(raw) * share)], False)
    assert not list(tmp_path.rglob("*.bin"))


SAMPLES = [
    saved(picture(), kind, **({"exif": exif_with(6, place=True)} if kind not in ("BMP", "GIF") else {}))
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_image_is_accepted_or_refused_and_never_fails(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InvalidInput):
        kept = images.prepare(bytes(raw), True)
        assert opened(kept.jpeg).size == (kept.width, kept.height)


# ---- how they are stored ----


def test_the_same_picture_is_stored_once(media: Media, tmp_path: Path) -> None:
    raw = saved(picture())
    first = media.add(raw, False)
    written = bin_of(tmp_path, first.sha).stat().st_mtime_ns
    assert media.add(raw, False) == first
    assert len(list(tmp_path.rglob("*.bin"))) == 1
    assert bin_of(tmp_path, first.sha).stat().st_mtime_ns == written


def test_adding_a_picture_again_mends_its_file(media: Media, tmp_path: Path) -> None:
    raw = saved(picture())
    kept = media.add(raw, False)
    good = media.read(kept.sha)
    bin_of(tmp_path, kept.sha).write_bytes(b"")
    assert media.add(raw, False) == kept
    assert media.read(kept.sha) == good


def test_neither_image_nor_name_can_be_read_from_the_files(media: Media, tmp_path: Path) -> None:
    import hashlib

    kept = media.add(saved(picture()), False)
    jpeg = media.read(kept.sha)
    media.thumbnail(kept.sha)
    assert kept.sha != hashlib.sha256(jpeg).hexdigest()
    assert Media(tmp_path / "other", bytes(32)).add(saved(picture()), False).sha != kept.sha
    for path in (tmp_path / "media").rglob("*.*"):
        assert path.parent.name == kept.sha[:2]
        assert b"JFIF" not in path.read_bytes()
        assert jpeg[100:116] not in path.read_bytes()


def test_a_thumbnail_is_small_and_stored(media: Media, tmp_path: Path) -> None:
    kept = media.add(saved(picture(1200, 800)), False)
    small = media.thumbnail(kept.sha)
    assert opened(small).size == (256, 171)
    [path] = tmp_path.rglob("*.thumb")
    written = path.read_bytes()
    assert media.thumbnail(kept.sha) == small
    assert path.read_bytes() == written


def test_a_damaged_thumbnail_is_made_again(media: Media, tmp_path: Path) -> None:
    kept = media.add(saved(picture(1200, 800)), False)
    small = media.thumbnail(kept.sha)
    [path] = tmp_path.rglob("*.thumb")
    path.write_bytes(path.read_bytes()[:-1])
    assert media.thumbnail(kept.sha) == small
    path.unlink()
    assert media.thumbnail(kept.sha) == small


def test_a_discarded_photo_is_gone(media: Media, tmp_path: Path) -> None:
    kept = media.add(saved(picture()), False)
    media.thumbnail(kept.sha)
    media.discard(kept.sha)
    media.discard(kept.sha)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


# ---- what is detected ----


def _flip(place: int) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)

    return damage


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (Path.unlink, "is missing"),
        (_flip(0), "altered"),
        (_flip(5), "altered"),
        (_flip(100), "altered"),
        (_flip(-1), "altered"),
        (_cut, "altered"),
        (_empty, "altered"),
        (_folder, ".bin"),
    ],
)
def test_a_damaged_file_is_reported_when_read_and_when_checked(
    media: Media, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    kept = media.add(saved(picture()), False)
    other = media.add(saved(Image.new("RGB", (10, 10))), False)
    assert media.verify([kept.sha, other.sha, kept.sha]) == []
    damage(bin_of(tmp_path, kept.sha))
    with pytest.raises(Unusable, match=message):
        media.read(kept.sha)
    with pytest.raises(Unusable, match=message):
        media.thumbnail(kept.sha)
    [problem] = media.verify([kept.sha, other.sha])
    assert message in problem


def test_a_file_exchanged_for_another_is_noticed(media: Media, tmp_path: Path) -> None:
    first = media.add(saved(picture()), False)
    second = media.add(saved(Image.new("RGB", (10, 10))), False)
    media.thumbnail(first.sha)
    bin_of(tmp_path, first.sha).write_bytes(bin_of(tmp_path, second.sha).read_bytes())
    assert len(media.verify([first.sha, second.sha])) == 1
    bin_of(tmp_path, second.sha).write_bytes(next(tmp_path.rglob("*.thumb")).read_bytes())
    assert len(media.verify([first.sha, second.sha])) == 2


def test_another_key_opens_nothing(media: Media, tmp_path: Path) -> None:
    kept = media.add(saved(picture()), False)
    with pytest.raises(Unusable):
        Media(tmp_path / "media", bytes(32)).read(kept.sha)


def test_files_that_belong_to_nobody_are_named(media: Media, tmp_path: Path) -> None:
    kept = media.add(saved(picture()), False)
    orphan = media.add(saved(Image.new("RGB", (10, 10))), False)
    media.thumbnail(kept.sha)
    (tmp_path / "media" / "notes.txt").write_text("x")
    assert media.verify([kept.sha]) == []
    problems = media.orphans([kept.sha])
    assert len(problems) == 2
    assert f"{orphan.sha[:2]}/{orphan.sha}.bin" in problems[0]
    assert "notes.txt" in problems[1]


@pytest.mark.parametrize("sha", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64, "x" * 64])
def test_a_name_that_is_none_is_a_missing_photo(media: Media, sha: str) -> None:
    with pytest.raises(Unusable):
        media.read(sha)
    assert len(media.verify([sha])) == 1


def test_checking_tells_how_far_it_is_and_can_be_stopped(media: Media) -> None:
    names = [media.add(saved(Image.new("RGB", (number, 1))), False).sha for number in range(1, 4)]
    steps: list[tuple[int, int]] = []
    progress = Progress(lambda done, total, what: steps.append((done, total)))
    assert media.verify(names, progress) == []
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    progress.cancel()
    with pytest.raises(Cancelled):
        media.verify(names, progress)
