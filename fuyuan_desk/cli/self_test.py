"""What an installed copy checks about itself: its parts, its data, a store, a roster, a paper, a window."""

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
from typing import Any
from xml.etree import ElementTree

import fuyuan_desk
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import _

PASSWORD = "self-test-1"
_LOGIN = "self-test"
_CODE = "0000-1111-2222-3333-4444-5555-6666"
# one person of the sequence 000, which nobody is given
_ROSTER = "楼号,室号,户主姓名,联系电话,身份证号码\n1号,101室,自检人,13800000000,310101199001010005\n"
_RARE = "喆㛃𬭼䶮"


class _Wrong(Exception):
    """Something of the installation is not as it must be."""


def run(say: Callable[[str], object]) -> bool:
    """Check this installation, telling a line for each check; True when all is as it must be."""
    checks: tuple[tuple[str, Callable[[Path], str]], ...] = (
        (_("Modules"), _modules),
        (_("Resources"), _resources),
        (_("Characters of the fonts"), _characters),
        (_("Translations"), _translations),
        (_("Encrypted store"), _store),
        (_("Roster import"), _roster),
        (_("Paper and QR"), _paper),
        (_("Window"), _window),
    )
    sound = True
    for name, check in checks:
        begun = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="fuyuan-", ignore_cleanup_errors=True) as folder:
                told = check(Path(folder))
            say(f"✓ {name}: {told} ({time.monotonic() - begun:.1f} s)")
        except Exception as wrong:  # noqa: BLE001 - whatever goes wrong is what this is to find and tell
            sound = False
            reason = " ".join(str(wrong).split()) or type(wrong).__name__
            say(f"✗ {name}: {reason}")
    say(_("This installation is sound.") if sound else _("This installation is damaged; install it again."))
    return sound


def _modules(_folder: Path) -> str:
    names = [
        found.name
        for found in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk.")
        if found.name not in ("fuyuan_desk.store.migrations.env", "fuyuan_desk.__main__")
    ]
    for name in names:
        importlib.import_module(name)
    return _("{count} load").format(count=len(names))


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
    return _("{count} files").format(count=count)


def _characters(_folder: Path) -> str:
    from fuyuan_desk.paper.fonts import Style, face

    standard = paths.resource("fonts", "standard-characters.txt").read_text(encoding="utf-8")
    signs = set("".join(standard.split())) | set(_RARE)
    for style in Style:
        missing = signs - set().union(*(face(name).glyphs.keys() for name in style.faces))
        if missing:
            raise _Wrong(
                _("{count} characters are missing, for instance {sign}").format(
                    count=len(missing), sign=min(missing)
                )
            )
    return str(len(signs))


def marked_texts(source: str) -> Iterator[str]:
    """Give the texts that a source file marks with `_` or `N_`."""
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
        raise _Wrong(
            _("{count} texts are not translated, for instance “{text}”").format(
                count=len(missing), text=missing[0]
            )
        )
    return _("{count} texts").format(count=len(texts))


def _store(folder: Path) -> str:
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service import office as service
    from fuyuan_desk.store.keys.keyring import Cost

    office = folder / "office"
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    settings = OfficeSettings("自检")
    service.set_up_office(office, settings, _LOGIN, "自检", PASSWORD, _CODE, cheap).store.close()
    if (office / "store.db").read_bytes()[:6] == b"SQLite":
        raise _Wrong(_("the database is not encrypted"))
    seat = service.sign_in(office, _LOGIN, PASSWORD)
    faults = [fault for finding in service.check_office(seat) for fault in finding.faults]
    seat.store.close()
    if faults:
        raise _Wrong(faults[0])
    try:
        service.sign_in(office, _LOGIN, "wrong-password").store.close()
    except NotAllowed:
        return _("made, opened again, closed to a wrong password")
    raise _Wrong(_("a wrong password opens the store"))


def _roster(folder: Path) -> str:
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service import office as service
    from fuyuan_desk.roster.service import imports
    from fuyuan_desk.store.keys.keyring import Cost

    file = folder / "自检名册.csv"
    file.write_text(_ROSTER, encoding="gb18030")
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    seat = service.set_up_office(
        folder / "office", OfficeSettings("自检"), _LOGIN, "自检", PASSWORD, _CODE, cheap
    )
    try:
        told = imports.report_json(imports.import_roster(seat, file, estate_name="自检小区"))
    finally:
        seat.store.close()
    if told["households"] != 1:
        raise _Wrong(_("a roster of one household was not read right"))
    return _("a roster is read and saved")


def _paper(_folder: Path) -> str:
    from datetime import UTC, datetime

    import pypdfium2

    from fuyuan_desk.inspections.sheets import InspectionItem, InspectionSheet, inspection_sheets
    from fuyuan_desk.paper import qr

    sheet = InspectionSheet(
        "XC2026-0001", "renovation", _RARE, "自检", (InspectionItem("自检"),), uid="0" * 32
    )
    pdf = inspection_sheets([sheet], "自检", datetime.now(UTC).date()).pdf
    opened: Any = pypdfium2.PdfDocument
    document = opened(pdf)
    page = document[0]
    text = page.get_textpage().get_text_range()
    marks = qr.read(page.render(scale=3).to_pil())
    document.close()
    if _RARE not in text:
        raise _Wrong(_("rare characters cannot be copied out of a paper"))
    if not marks or marks[0].uid != "0" * 32:
        raise _Wrong(_("the QR of a paper cannot be read back"))
    return _("drawn, shown and read back")


def _window(_folder: Path) -> str:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from fuyuan_desk.office.view.sign_in import SignInView
    from fuyuan_desk.widgets.theme import apply_theme

    # as an argument too: not every system hands the variable on
    application = QApplication.instance() or QApplication([sys.argv[0], "-platform", "offscreen"])
    assert isinstance(application, QApplication)
    apply_theme(application, False)
    view = SignInView("office", _LOGIN)
    view.resize(1366, 768)
    picture = view.grab().toImage()
    view.deleteLater()
    inks = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    if len(inks) < 3:
        raise _Wrong(_("the window stays empty"))
    return f"{picture.width()} × {picture.height()}"
