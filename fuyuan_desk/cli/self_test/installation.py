"""The self-test of the installed files: complete and unchanged, loadable, readable, in both languages."""

import ast
import gettext
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import fuyuan_desk
from fuyuan_desk.core import paths
from fuyuan_desk.core.installation import FILE, manifest_faults, read_manifest
from fuyuan_desk.core.progress import Progress
from fuyuan_desk.core.texts import LANGUAGES, N_, _, all_texts, in_language, numbered
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.process.own_command import is_launcher

_RARE = "喆㛃𬭼䶮"
_NAMES = {"zh_CN": "福元台", "en": "Fuyuan Desk"}
# run by Alembic and as the program, not to be imported
_RUN = ("fuyuan_desk.store.migrations.env", "fuyuan_desk.__main__")


def files(_folder: Path, progress: Progress, root: Path | None = None, installed: bool | None = None) -> str:
    """Compare each file of the installation in `root` with its list; raise `CheckFailed` for what differs.

    `installed`: whether there must be a list; by default, unless the program runs from its source or a wheel.
    """
    root = root or paths.root()
    try:
        manifest = read_manifest(root)
    except (OSError, ValueError):
        raise CheckFailed(_("{file} is damaged").format(file=FILE)) from None
    if manifest is None:
        if is_packaged() if installed is None else installed:
            raise CheckFailed(_("{file} is missing").format(file=FILE))
        return _("source checkout: files not compared")
    faults = manifest_faults(root, manifest, lambda: progress.step(0, 0))
    if faults:
        raise CheckFailed(
            numbered(
                len(faults), N_("{n} fault: {fault}"), N_("{n} faults, the first: {fault}"), fault=faults[0]
            )
        )
    return numbered(len(manifest.files), N_("{n} file unchanged"), N_("{n} files unchanged"))


def is_packaged() -> bool:
    """Return whether this program was installed by its setup: started by a launcher, or from an archive."""
    return is_launcher(sys.executable) or not _package().is_dir()


def _package() -> Path:
    return Path(fuyuan_desk.__path__[0])


def modules(_folder: Path) -> str:
    """Import every module; the first that cannot be imported raises its error."""
    names = [
        found.name
        for found in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk.")
        if found.name not in _RUN
    ]
    for name in names:
        importlib.import_module(name)
    return _("{count} loaded").format(count=len(names))


def resources(_folder: Path, root: Path | None = None) -> str:
    """Read every data file, picture and help page; raise `CheckFailed` for the first that cannot be read."""
    from fuyuan_desk.today.controller.help import read_pages

    count = 0
    for file in sorted((root or paths.resource()).rglob("*")):
        try:
            if file.suffix == ".json":
                json.loads(file.read_text(encoding="utf-8"))
            elif file.suffix == ".svg":
                ElementTree.fromstring(file.read_text(encoding="utf-8"))
        except (ValueError, ElementTree.ParseError):
            raise CheckFailed(_("{file} is damaged").format(file=file.name)) from None
        count += file.is_file()
    for code in LANGUAGES:
        count += len(read_pages(code))
    return numbered(count, N_("{n} file"), N_("{n} files"))


def characters(_folder: Path) -> str:
    """Look for all characters of the standard in each font; raise `CheckFailed` for those that are missing."""
    from fuyuan_desk.paper.fonts import Style, face

    standard = paths.resource("fonts", "standard-characters.txt").read_text(encoding="utf-8")
    chars = set("".join(standard.split())) | set(_RARE)
    for style in Style:
        missing = chars - set().union(*(face(name).glyphs.keys() for name in style.faces))
        if missing:
            raise CheckFailed(
                numbered(
                    len(missing),
                    N_("{n} character is missing: {sign}"),
                    N_("{n} characters are missing, for instance {sign}"),
                    sign=f"U+{ord(min(missing)):04X}",  # a console could not show it
                )
            )
    return numbered(len(chars), N_("{n} character"), N_("{n} characters"))


def marked_texts(source: str) -> Iterator[str]:
    """Yield the texts that a source file marks with `_` or `N_`."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "N_")
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node.args[0].value


class _Unknown(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return ""


def languages(_folder: Path) -> str:
    """Look up the texts in both languages; raise `CheckFailed` for what is not translated.

    Where the source is, every text marked in it must be translated; a package has no source, and its catalogue is
    compared with the list of files.
    """
    for code, name in _NAMES.items():
        with in_language(code):
            if _("Fuyuan Desk") != name:
                raise CheckFailed(_("the texts in {language} are missing").format(language=code))
    catalogue = gettext.translation("fuyuan_desk", paths.translations(), ["zh_CN"])
    catalogue.add_fallback(_Unknown())
    texts = _marked() or set(list(all_texts())[::2])
    missing = sorted(text for text in texts if not catalogue.gettext(text))
    if missing:
        raise CheckFailed(
            numbered(
                len(missing),
                N_("{n} text is not translated: “{text}”"),
                N_("{n} texts are not translated, for instance “{text}”"),
                text=missing[0],
            )
        )
    return numbered(len(texts), N_("{n} text"), N_("{n} texts"))


def _marked() -> set[str]:
    return {
        text
        for file in sorted(_package().rglob("*.py"))
        for text in marked_texts(file.read_text(encoding="utf-8"))
    }
