"""Photos: what is accepted, what is refused, how they are stored, and which damage is detected."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from fuyuan_desk.core.errors import InvalidInput, Unusable
from fuyuan_desk.core.progress import Cancelled, Progress
from fuyuan_desk.store.media import images
from fuyuan_desk.store.media.decoder import decode
from fuyuan_desk.store.media.files import Media
from tests.store.media.pictures import exif_with, opened, picture, prepared, saved

KEY = bytes(range(32))


@pytest.fixture
def media(tmp_path: Path) -> Media:
    """An empty folder of photos."""
    return Media(tmp_path / "media", KEY)


def bin_of(folder: Path, sha: str) -> Path:
    """Return the path of a photo."""
    [path] = folder.rglob(sha + ".bin")
    return path


# ---- what is accepted: decoder.py, here through the sandbox ----


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_usual_pictures_are_kept_as_the_decoder_makes_them(media: Media, kind: str) -> None:
    more = {} if kind in ("BMP", "GIF") else {"exif": exif_with(6, place=True)}
    raw = saved(picture(), kind, **more)
    picture_kept, expected = images.prepare(raw, True), decode(raw, True)
    assert picture_kept == expected
    kept = media.add(picture_kept)
    assert media.read(kept.sha) == expected.jpeg
    assert (kept.width, kept.height, kept.size) == (expected.width, expected.height, len(expected.jpeg))


def test_a_damaged_picture_is_refused() -> None:
    for raw in (b"", saved(picture())[:200]):
        with pytest.raises(InvalidInput):
            images.prepare(raw, False)


# ---- how they are stored ----


def test_the_same_picture_is_stored_once(media: Media, tmp_path: Path) -> None:
    first = media.add(prepared(picture()))
    written = bin_of(tmp_path, first.sha).stat().st_mtime_ns
    assert media.add(prepared(picture())) == first
    assert len(list(tmp_path.rglob("*.bin"))) == 1
    assert bin_of(tmp_path, first.sha).stat().st_mtime_ns == written


def test_adding_a_picture_again_mends_its_file(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture()))
    good = media.read(kept.sha)
    bin_of(tmp_path, kept.sha).write_bytes(b"")
    assert media.add(prepared(picture())) == kept
    assert media.read(kept.sha) == good


def test_neither_image_nor_name_can_be_read_from_the_files(media: Media, tmp_path: Path) -> None:
    import hashlib

    kept = media.add(prepared(picture()))
    jpeg = media.read(kept.sha)
    media.thumbnail(kept.sha)
    assert kept.sha != hashlib.sha256(jpeg).hexdigest()
    assert Media(tmp_path / "other", bytes(32)).add(prepared(picture())).sha != kept.sha
    for path in (tmp_path / "media").rglob("*.*"):
        assert path.parent.name == kept.sha[:2]
        assert b"JFIF" not in path.read_bytes()
        assert jpeg[100:116] not in path.read_bytes()


def test_a_thumbnail_is_small_and_stored(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture(1200, 800)))
    small = media.thumbnail(kept.sha)
    assert opened(small).size == (256, 171)
    [path] = tmp_path.rglob("*.thumb")
    written = path.read_bytes()
    assert media.thumbnail(kept.sha) == small
    assert path.read_bytes() == written


def test_a_damaged_thumbnail_is_made_again(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture(1200, 800)))
    small = media.thumbnail(kept.sha)
    [path] = tmp_path.rglob("*.thumb")
    path.write_bytes(path.read_bytes()[:-1])
    assert media.thumbnail(kept.sha) == small
    path.unlink()
    assert media.thumbnail(kept.sha) == small


def test_a_discarded_photo_is_gone(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture()))
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
    kept = media.add(prepared(picture()))
    other = media.add(prepared(Image.new("RGB", (10, 10))))
    assert media.verify([kept.sha, other.sha, kept.sha]) == []
    damage(bin_of(tmp_path, kept.sha))
    with pytest.raises(Unusable, match=message):
        media.read(kept.sha)
    with pytest.raises(Unusable, match=message):
        media.thumbnail(kept.sha)
    [problem] = media.verify([kept.sha, other.sha])
    assert message in problem


def test_a_file_exchanged_for_another_is_noticed(media: Media, tmp_path: Path) -> None:
    first = media.add(prepared(picture()))
    second = media.add(prepared(Image.new("RGB", (10, 10))))
    media.thumbnail(first.sha)
    bin_of(tmp_path, first.sha).write_bytes(bin_of(tmp_path, second.sha).read_bytes())
    assert len(media.verify([first.sha, second.sha])) == 1
    bin_of(tmp_path, second.sha).write_bytes(next(tmp_path.rglob("*.thumb")).read_bytes())
    assert len(media.verify([first.sha, second.sha])) == 2


def test_another_key_opens_nothing(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture()))
    with pytest.raises(Unusable):
        Media(tmp_path / "media", bytes(32)).read(kept.sha)


def test_files_that_belong_to_nobody_are_named(media: Media, tmp_path: Path) -> None:
    kept = media.add(prepared(picture()))
    orphan = media.add(prepared(Image.new("RGB", (10, 10))))
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
    names = [media.add(prepared(Image.new("RGB", (number, 1)))).sha for number in range(1, 4)]
    steps: list[tuple[int, int]] = []
    progress = Progress(lambda done, total, what: steps.append((done, total)))
    assert media.verify(names, progress) == []
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    progress.cancel()
    with pytest.raises(Cancelled):
        media.verify(names, progress)
