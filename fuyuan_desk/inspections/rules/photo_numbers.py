"""The numbers of photos: as the inspector notes them on the sheet (照片号), and in the names of files."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import PurePath

LONGEST_NUMBERS = 60
"""Characters of the photo numbers of one item."""
_MOST = 30  # photos of one item; a longer run is a slip of the pen
_DIGITS = 7  # a camera counts to 9999, some put month and day before it; what is longer is an instant
_SHOWN = 4
_BETWEEN = re.compile(r"[\s,、;；，/.。]+")
_NAMED = r"第?[A-Za-z_]*?(\d{1,7})[号號张張]?"
_RUN = re.compile(rf"{_NAMED}(?:[-到至]{_NAMED})?")
_SUFFIX = re.compile(r"\.(?:jpe?g|png|heic|heif|tiff?)(?![A-Za-z0-9])", re.IGNORECASE)
_OF_FOLDER = re.compile(r"(?<!\d)[1-9]\d\d-(\d{4})(?!\d)")  # as cameras show it: 100-0412
_WRAP = 10_000
"""After photo 9999 a camera begins anew at 0001."""
_COPY = re.compile(r"(\s*\(\d+\)|\s*-?\s*副本|[\s_-]*copy)+$", re.IGNORECASE)
_LAST = re.compile(r"(\d+)\D*$")
_INSTANT = re.compile(r"(?<!\d)((?:19|20)\d\d)[-.]?(\d\d)[-.]?(\d\d)[_\- T]?(\d\d)[-.:]?(\d\d)[-.:]?(\d\d)")
# the names say when a picture was sent or saved, not when it was taken
_SAVED = ("mmexport", "微信", "wechat", "wx_", "qq", "截屏", "截图", "screenshot")
_SHEET = re.compile(r"XCB[-_ ]?(\d{4})[-_ ]?(\d{6,})", re.IGNORECASE)


@lru_cache(maxsize=8192)  # a list of photos is matched again after each choice
def read_numbers(typed: str) -> tuple[str, ...] | None:
    """Read photo numbers as people note them: “12、14”, “13–15”, “IMG_0412-15”; None if they cannot be read.

    Likewise “12号”, “第12张”, “IMG_0412.JPG”, “100-0412” with the folder, and “9998-0002” of a camera that begins anew.
    Returns the digits of each photo, runs written out; () for no text.
    """
    text = re.sub(r"\s*[-–—−~～]\s*", "-", unicodedata.normalize("NFKC", typed).strip())
    text = _OF_FOLDER.sub(_without_folder, _SUFFIX.sub("", text))
    found: list[str] = []
    for part in filter(None, _BETWEEN.split(text)):
        run = _RUN.fullmatch(part)
        if run is None:
            return None
        first, last = run[1], run[2] or run[1]
        if len(last) < len(first):  # 0412-15
            last = first[: -len(last)] + last
        between = _between(first, last)
        if not between:
            return None
        found += [str(number).zfill(len(first)) for number in between]
    return tuple(dict.fromkeys(found)) if len(found) <= _MOST else None


def _without_folder(found: re.Match[str]) -> str:
    """Return the number of a photo without that of its folder; 998-1001 is a run."""
    first, last = found[0].split("-")
    is_run = not last.startswith("0") and 0 <= int(last) - int(first) < _MOST
    return found[0] if is_run else last


def _between(first: str, last: str) -> list[int]:
    """Return the numbers of a run, which may go on behind 9999 at 0001; none if it is too long or runs backwards."""
    begin, end = int(first), int(last)
    if 0 <= end - begin < _MOST:
        return list(range(begin, end + 1))
    is_wrapped = len(first) == len(last) == _SHOWN and 0 < end < begin
    run = [*range(begin, _WRAP), *range(1, end + 1)] if is_wrapped and begin > _WRAP - _MOST else []
    return run if len(run) <= _MOST else []


def number_in_name(name: str) -> str:
    """Return the number that a camera gave to a file, its last digits (IMG_0412.JPG: 0412), '' if it has none."""
    stem = _COPY.sub("", unicodedata.normalize("NFKC", PurePath(name).stem))
    if _INSTANT.search(stem) or stem.lower().startswith(_SAVED):
        return ""
    last = _LAST.search(stem)
    return last[1] if last is not None and len(last[1]) <= _DIGITS else ""


def time_in_name(name: str) -> datetime | None:
    """Return the local time in a name such as IMG_20260301_101530.jpg, None if there is none.

    Programs that send or save pictures write when they did so; that is not when a photo was taken.
    """
    stem = PurePath(name).stem
    found = None if stem.lower().startswith(_SAVED) else _INSTANT.search(stem)
    return None if found is None else _moment(found.groups())


def time_in_exif(text: str) -> datetime | None:
    """Return the local time that a camera wrote, “2026:03:01 10:15:30”, None for none or an impossible one."""
    parts = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", text.strip())
    return None if parts is None else _moment(parts.groups())


def _moment(parts: tuple[str | None, ...]) -> datetime | None:
    try:
        return datetime(*(int(part or 0) for part in parts)).astimezone()  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError):  # the 30th of February; before time zones were known
        return None


def sheet_in_name(name: str) -> str:
    """Return the number of a printed sheet in the name of a scan, such as XCB-2026-000123, '' without one."""
    found = _SHEET.search(unicodedata.normalize("NFKC", name))
    return "" if found is None else f"XCB-{found[1]}-{found[2]}"


def is_same(written: str, of_file: str) -> bool:
    """Return whether a number noted on paper is that of a file: leading zeros do not count.

    Cameras that put a folder or the day before their four digits show these four alone.
    """
    is_end = len(written) >= _SHOWN and of_file.endswith(written)
    return is_end or (bool(written and of_file) and int(written) == int(of_file))


def ends_with(written: str, of_file: str) -> bool:
    """Return whether only the last digits of a file's number were noted, two at least, such as 12 of 0412."""
    return len(written) >= 2 and of_file.endswith(written) and not is_same(written, of_file)
