"""Picture files in a folder: which are listed, and what is seen of each, whatever is wrong with the others."""

import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.kit.picture_files import list_pictures, look_at, prepare_known


def jpeg(size: tuple[int, int] = (640, 480), taken: str = "", quality: int = 75) -> bytes:
    """Return a picture as a camera writes it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    raw = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(raw, "JPEG", exif=exif, quality=quality)
    return raw.getvalue()


def test_pictures_films_and_scans_below_a_folder_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("b/IMG_2.JPG", "b/IMG_2(1).JPG", "a/扫描.PDF", "a/film.mov", "a/𠀀.heic", "z.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for other in ("a/Thumbs.db", "b/._IMG_2.JPG", "notes.txt"):
        (tmp_path / other).touch()
    found = list_pictures(tmp_path)
    assert [path.name for path in found.paths] == [
        "z.png", "film.mov", "扫描.PDF", "𠀀.heic", "IMG_2.JPG", "IMG_2(1).JPG",
    ]  # fmt: skip
    assert (found.others, found.is_cut) == (3, False)


def test_a_folder_of_too_many_is_cut_and_says_so(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.jpg").touch()
    found = list_pictures(tmp_path, most=3)
    assert (len(found.paths), found.is_cut) == (3, True)


def test_a_folder_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=re.escape(f"folder {tmp_path / 'DCIM'} was not found")):
        list_pictures(tmp_path / "DCIM")


def test_each_file_is_seen_whatever_is_wrong_with_the_others(tmp_path: Path) -> None:
    whole = jpeg(taken="2026:03:11 10:15:30")
    # a PNG that claims more pixels than may be decoded
    bomb = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(bomb, "PNG")
    contents = {
        "whole.jpg": whole, "half.jpg": whole[: len(whole) // 2], "text.jpg": b"text", "empty.jpg": b"",
        "bomb.png": bomb.getvalue(), "film.mov": b"film", "scan.pdf": b"%PDF-1.7", "again.jpg": whole,
    }  # fmt: skip
    for name, raw in contents.items():
        (tmp_path / name).write_bytes(raw)
    os.utime(tmp_path / "scan.pdf", times=(1_773_194_400,) * 2)
    paths = [tmp_path / name for name in contents] + [tmp_path / "gone.jpg"]
    looks = dict(zip([path.name for path in paths], look_at(paths), strict=True))
    assert {name for name, look in looks.items() if not look.fault} == {"whole.jpg", "scan.pdf", "again.jpg"}
    assert all(look.fault for name, look in looks.items() if name in ("half.jpg", "bomb.png", "gone.jpg"))
    assert looks["whole.jpg"].taken == "2026:03:11 10:15:30"
    with Image.open(io.BytesIO(looks["whole.jpg"].thumbnail)) as small:
        assert small.size == (192, 256), "upright and small"
        assert not small.getexif(), "no metadata"
    assert looks["again.jpg"].source == looks["whole.jpg"].source != looks["scan.pdf"].source
    assert looks["scan.pdf"].written_at == datetime(2026, 3, 11, 2, tzinfo=UTC)


def test_large_files_are_looked_at_some_at_a_time(tmp_path: Path) -> None:
    paths = [tmp_path / "1.jpg", tmp_path / "2.jpg"]
    for path in paths:
        path.write_bytes(jpeg())
    assert [bool(look.thumbnail) for look in look_at(paths, at_once=1)] == [True, True]


def test_another_file_of_the_same_name_is_not_attached(tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(jpeg())
    [look] = look_at([path])
    [photo] = prepare_known(path, look.source, keep_location=False, are_pages=False)
    assert (photo.width, photo.height, photo.source) == (480, 640, look.source)
    path.write_bytes(jpeg((320, 240)))
    with pytest.raises(Unusable, match="not the file"):
        prepare_known(path, look.source, keep_location=False, are_pages=False)
