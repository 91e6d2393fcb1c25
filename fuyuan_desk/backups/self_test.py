"""The self-test of backups: a small office is backed up, restored and compared."""

from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.backups.service.backups import back_up_to
from fuyuan_desk.backups.service.restore import Credential, open_by_two
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import CheckFailed
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.settings import read_settings
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store.keys.keyring import Cost

_LOGIN = "self-test"
_PASSWORD = "a backup that tests itself"
_CODE = "0000-1111-2222-3333-4444-5555-6666"
_NAME = "自检居民委员会"


def check(folder: Path) -> str:
    """Back up an office of its own and restore it elsewhere; `CheckFailed` when the restored one differs."""
    place = folder / "备份"
    place.mkdir()
    cheap = Cost(passes=1, memory_kib=64, lanes=1)
    seat = set_up_office(folder / "office", OfficeSettings(_NAME), _LOGIN, "自检", _PASSWORD, _CODE, cheap)
    try:
        made = back_up_to(seat, place).path
    finally:
        seat.store.close()
    assert made is not None  # a refusal was raised
    agreed = open_by_two(made, Credential(_LOGIN, _PASSWORD), Credential(code=_CODE))
    try:
        restored = agreed.restore(folder / "restored").path
    finally:
        agreed.close()
    seat = sign_in(restored, _LOGIN, _PASSWORD)
    try:
        name = read_settings(seat).name
    finally:
        seat.store.close()
    if name != _NAME:
        raise CheckFailed(_("the restored office differs from the one backed up"))
    return _("written, read back and restored")
