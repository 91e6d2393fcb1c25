"""Self-test of an installed copy: modules, resources, a store, a roster, a document, a window."""

import ast
import gettext
import importlib
import json
import os
import pkgutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import fuyuan_desk
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.shell.jobs import JOBS

PASSWORD = "a desk that tests itself"
_LOGIN = "self-test"
_CODE = "0000-1111-2222-3333-4444-5555-6666"
_RARE = "喆㛃𬭼䶮"


def run(write_line: Callable[[str], object]) -> bool:
    """Check this installation, report one line per check, and return whether all checks passed."""
    checks: tuple[tuple[str, Callable[[Path], str]], ...] = (
        (_("Modules"), _modules),
        (_("Resources"), _resources),
        (_("Characters of the fonts"), _characters),
        (_("Translations"), _translations),
        (_("Encrypted store"), _store),
        *((_(check.title), check.run) for job in JOBS for check in job.checks),
        (_("Window"), _window),
    )
    passed = True
    for name, check in checks:
        started = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="fuyuan-", ignore_cleanup_errors=True) as folder:
                result = check(Path(folder))
            line = f"✓ {name}: {result} ({time.monotonic() - started:.1f} s)"
        except Exception as error:  # noqa: BLE001 - any error is a finding of the self-test
            passed = False
            reason = " ".join(str(error).split()) or type(error).__name__
            line = f"✗ {name}: {reason}"
        write_line(line)
    write_line(
        _("This installation is intact.") if passed else _("This installation is damaged; install it again.")
    )
    return passed


def _modules(_folder: Path) -> str:
    names = [
        found.name
        for found in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk.")
        if found.name not in ("fuyuan_desk.store.migrations.env", "fuyuan_desk.__main__")
    ]
    for name in names:
        importlib.import_module(name)
    return _("{count} loaded").format(count=len(names))


def _resources(_folder: Path) -> str:
    from fuyuan_desk.today.controller.help import read_pages

    count = 0
    for file in sorted(paths.resource().rglob("*")):
        if file.suffix == ".json":
            json.loads(file.read_text(encoding="utf-8"))
        elif file.suffix == ".svg":
            ElementTree.fromstring(file.read_text(encoding="utf-8"))
        count += file.is_file()
    for code in ("zh_CN", "en"):
        count += len(read_pages(code))
    return numbered(count, N_("{n} file"), N_("{n} files"))


def _characters(_folder: Path) -> str:
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
                    sign=min(missing),
                )
            )
    return str(len(chars))


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


def _translations(_folder: Path) -> str:
    catalogue = gettext.translation("fuyuan_desk", paths.translations(), ["zh_CN"])
    catalogue.add_fallback(_Unknown())
    package = Path(fuyuan_desk.__path__[0])
    texts = {
        text
        for file in sorted(package.rglob("*.py"))
        for text in marked_texts(file.read_text(encoding="utf-8"))
    }
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


def _store(folder: Path) -> str:
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service.set_up import set_up_office
    from fuyuan_desk.office.service.settings import check_office
    from fuyuan_desk.office.service.sign_in import sign_in
    from fuyuan_desk.store.keys.keyring import Cost

    office = folder / "office"
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    settings = OfficeSettings("自检")
    set_up_office(office, settings, _LOGIN, "自检", PASSWORD, _CODE, cheap).store.close()
    if (office / "store.db").read_bytes()[:6] == b"SQLite":
        raise CheckFailed(_("the database is not encrypted"))
    seat = sign_in(office, _LOGIN, PASSWORD)
    try:
        faults = [fault for finding in check_office(seat) for fault in finding.faults]
    finally:
        seat.store.close()
    if faults:
        raise CheckFailed(faults[0])
    try:
        sign_in(office, _LOGIN, "wrong-password").store.close()
    except NotAllowed:
        return _("created, reopened, wrong password refused")
    raise CheckFailed(_("a wrong password opens the store"))


def _window(_folder: Path) -> str:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from fuyuan_desk.office.view.sign_in import SignInView
    from fuyuan_desk.widgets.theme import apply_theme

    # as an argument too: not every system passes the variable on
    application = QApplication.instance() or QApplication([sys.argv[0], "-platform", "offscreen"])
    assert isinstance(application, QApplication)
    apply_theme(application, False)
    view = SignInView("office", _LOGIN)
    view.resize(1366, 768)
    picture = view.grab().toImage()
    view.deleteLater()
    colours = {
        picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    if len(colours) < 3:
        raise CheckFailed(_("the window is empty"))
    return f"{picture.width()} × {picture.height()}"
