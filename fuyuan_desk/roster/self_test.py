"""The self-test of an installed copy: a roster is read and saved."""

from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.roster.service import imports
from fuyuan_desk.store.keys.keyring import Cost

# one person with the sequence number 000, which is never assigned
ROSTER = "楼号,室号,户主姓名,联系电话,身份证号码\n1号,101室,自检人,13800000000,310101199001010005\n"
_PASSWORD = "a roster that tests itself"
_RECOVERY = "0000-1111-2222-3333-4444-5555-6666"


def check(folder: Path) -> str:
    """Read a roster of one household into an office of its own; `CheckFailed` when it is not there afterwards."""
    file = folder / "自检名册.csv"
    file.write_text(ROSTER, encoding="gb18030")
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    settings = OfficeSettings("自检")
    seat = set_up_office(folder / "office", settings, "self-test", "自检", _PASSWORD, _RECOVERY, cheap)
    try:
        report = imports.report_json(imports.import_roster(seat, file, estate_name="自检小区"))
    finally:
        seat.store.close()
    if report["households"] != 1:
        raise CheckFailed(_("a roster of one household was not read right"))
    return _("a roster is read and saved")
