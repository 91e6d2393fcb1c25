"""The self-test of the encrypted store."""

from pathlib import Path

from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import CheckFailed

_LOGIN = "self-test"
_PASSWORD = "a desk that tests itself"
_CODE = "0000-1111-2222-3333-4444-5555-6666"


def store(folder: Path) -> str:
    """Create an office, open it again, check it, and try a wrong password; raise `CheckFailed` for what is wrong."""
    from fuyuan_desk.access.facts import OfficeSettings
    from fuyuan_desk.office.service.set_up import set_up_office
    from fuyuan_desk.office.service.settings import check_office
    from fuyuan_desk.office.service.sign_in import sign_in
    from fuyuan_desk.store.keys.keyring import Cost

    _require_steps()
    office = folder / "office"
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    set_up_office(office, OfficeSettings("自检"), _LOGIN, "自检", _PASSWORD, _CODE, cheap).store.close()
    if (office / "store.db").read_bytes()[:6] == b"SQLite":
        raise CheckFailed(_("the database is not encrypted"))
    seat = sign_in(office, _LOGIN, _PASSWORD)
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


def _require_steps() -> None:
    from fuyuan_desk.store.db.migrate import NEWEST

    steps = sorted(file.stem[:4] for file in paths.migrations().glob("versions/[0-9]*.py"))
    if steps != [f"{number:04}" for number in range(1, int(NEWEST) + 1)]:
        raise CheckFailed(_("the steps that set up the database are not those of this version"))
