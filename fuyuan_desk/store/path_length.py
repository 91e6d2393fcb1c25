"""The longest paths that the program makes for an office and for its backups, and refusal of folders too deep for them.

Derived from the names that store, backup and restore use. Photos have the longest: 64 hexadecimal digits.
"""

import os
from collections.abc import Sequence
from pathlib import Path, PurePath

from fuyuan_desk.core import installation, path_rules, paths
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.path_rules import ON_WINDOWS
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.store.backup.backup import root_of
from fuyuan_desk.store.backup.photo_pool import PARTIAL, path_of
from fuyuan_desk.store.layout import MEDIA, PART, backups_beside, replaced_beside, restored_beside
from fuyuan_desk.store.media.files import NAME_DIGITS, NEXT, THUMBNAIL

_PHOTO_NAME = "0" * NAME_DIGITS
_SERIES = "0" * 8
_DAY, _SECOND, _SEVERAL = "00000000", "00000000-000000", 9  # the ninth of a day or of a second


def paths_below(folder: Path) -> list[Path]:
    """Return the longest paths that the program makes below an office's folder: those of a photo."""
    photo = path_of(folder / MEDIA, _PHOTO_NAME)
    return [photo, photo.with_suffix(THUMBNAIL), photo.with_suffix(NEXT)]


def paths_in_place(place: Path) -> list[Path]:
    """Return the longest paths that a backup makes in a backup location: those of a photo while it is copied."""
    photo = path_of(root_of(place, _SERIES) / MEDIA, _PHOTO_NAME)
    return [photo, photo.with_suffix(PARTIAL)]


def paths_of_restore(target: Path) -> list[Path]:
    """Return the longest paths of an office that is restored into `target`, with the backups beside it."""
    part = target.with_name(target.name + PART)
    return [*paths_below(part), *paths_below(target), *paths_in_place(backups_beside(target))]


def paths_of_office(folder: Path) -> list[Path]:
    """Return the longest paths of an office, with its backups, and offices restored or replaced, beside it."""
    restored = restored_beside(folder, _DAY, _SEVERAL)
    replaced = replaced_beside(folder, _SECOND, _SEVERAL)
    return [*paths_of_restore(folder), *paths_of_restore(restored), *paths_below(replaced)]


def refuse_unfit_office(folder: Path) -> None:
    """Raise `Unusable` when no office can lie in `folder`: it has no name of its own, or is too deep."""
    _refuse_deep(folder, paths_of_office(_named(folder)))


def refuse_unfit_restore(target: Path) -> None:
    """Raise `Unusable` when no office can be restored into `target`: it has no name of its own, or is too deep."""
    _refuse_deep(target, paths_of_restore(_named(target)))


def refuse_unfit_place(place: Path) -> None:
    """Raise `Unusable` when no backups can lie in `place`: it is the program's own, or too deep, or has a bad name."""
    path_rules.refuse_bad_name(place)
    refuse_inside_program(Path(os.path.abspath(place)))
    _refuse_deep(place, paths_in_place(Path(os.path.abspath(place))))


def _named(folder: Path) -> Path:
    """Return the absolute path of a folder that has a name of its own, else raise `Unusable`."""
    path_rules.refuse_bad_name(folder)
    absolute = Path(os.path.abspath(folder))
    for path in (folder, absolute):
        path_rules.refuse_unnamed_folder(path)
    refuse_inside_program(absolute)
    return absolute


def refuse_inside_program(folder: Path, installed: Path | None = None) -> None:
    """Raise `Unusable` for a folder in that of the installed program, which an upgrade replaces as a whole.

    `installed`: that folder; by default the one of this program, if it was installed.
    """
    if installed is None:
        installed = paths.root() if installation.is_installed() else None
    if installed is not None and folder.resolve().is_relative_to(installed.resolve()):
        raise Unusable(
            _(
                "{folder} is in the folder of the program, which is replaced by each upgrade. Choose another folder,"
                " such as {example}."
            ).format(folder=folder, example=path_rules.example_folder(folder))
        )


def _refuse_deep(folder: Path, paths: Sequence[Path]) -> None:
    sentence = too_deep(folder, paths)
    if sentence:
        raise Unusable(sentence)


def too_deep(
    folder: PurePath, paths: Sequence[PurePath], on_windows: bool = ON_WINDOWS, long_paths: bool | None = None
) -> str:
    """Return why a folder is too deep for the absolute `paths` made in it or beside it; '' when it is not.

    For `on_windows` and `long_paths` see `path_rules.excess`.
    """
    excess, longest = max(
        (path_rules.excess(path, on_windows, long_paths), path_rules.length(path)) for path in paths
    )
    if not excess:
        return ""
    return numbered(
        excess,
        N_(
            "The path of {folder} is too long: files in it would have paths of {length} characters. Choose a folder"
            " whose path is at least {n} character shorter, such as {example}."
        ),
        N_(
            "The path of {folder} is too long: files in it would have paths of {length} characters. Choose a folder"
            " whose path is at least {n} characters shorter, such as {example}."
        ),
        folder=folder,
        length=longest,
        example=path_rules.example_folder(folder),
    )
