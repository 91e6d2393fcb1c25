"""The sample office: five estates with invented people, imported and filed as a clerk would do it.

The data is in `resources/sample/`; its days count back from today, negative ones are in the future.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.seat import Role, Seat, utc_now
from fuyuan_desk.core import paths
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.office.service.operators import add_operator
from fuyuan_desk.office.service.set_up import set_up_office
from fuyuan_desk.office.service.single_person import declare_single_person, end_single_person
from fuyuan_desk.shell.jobs import JOBS
from fuyuan_desk.store.audit.log import UNNAMED
from fuyuan_desk.store.keys.keyring import Cost, new_recovery_code

PASSWORD = "fuyuan-sample"


@dataclass(frozen=True)
class Sample:
    """A sample office with a signed-in operator, the login and password of all its operators."""

    seat: Seat
    login: str
    password: str


def build(
    folder: Path, password: str | None = None, now: datetime | None = None, cost: Cost | None = None
) -> Sample:
    """Set up the sample office in `folder`; every operator has the same password. The caller closes the store."""
    data = read_data()
    first, *others = data["operators"]
    shared_password = password or PASSWORD

    def fill(seat: Seat) -> None:
        # by the program, so that each of them can agree for the others at once; nobody may agree before
        program = replace(seat, operator=replace(seat.operator, login=UNNAMED))
        declare_single_person(program)
        for other in others:
            role = Role(other["role"])
            # one of a property company gets role and estates once there are estates
            first_role = Role.VIEWER if role is Role.PROPERTY else role
            add_operator(program, other["login"], other["name"], first_role, shared_password, cost)
        end_single_person(program)
        moment = (now or utc_now()).astimezone()
        sample = SampleOffice(Seat(seat.store, seat.operator, lambda: moment), data)
        for job in JOBS:
            if job.sample is not None:
                job.sample(sample)

    seat = set_up_office(
        folder,
        OfficeSettings(**data["office"], is_sample=True),
        first["login"],
        first["name"],
        shared_password,
        new_recovery_code(),
        cost,
        fill,
    )
    return Sample(seat, first["login"], shared_password)


def temporary_folder() -> Path:
    """Return the folder of the sample office that the window opens."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("fuyuan_desk", appauthor=False)) / "sample"


def build_temporary() -> Seat:
    """Build a new temporary sample office, replacing the previous one; raise `Unusable` while that is open."""
    folder = temporary_folder()
    _delete(folder)
    # its password is public, so deriving the key need not be expensive
    return build(folder, cost=Cost(passes=1, memory_kib=8_192, lanes=1)).seat


def _delete(folder: Path) -> None:
    from filelock import FileLock, Timeout

    from fuyuan_desk.core import files
    from fuyuan_desk.store.db.lock import LOCK

    if not folder.exists():
        return
    try:
        with FileLock(folder / LOCK, timeout=0):
            pass
        files.remove_tree(folder)
    except Timeout as taken:
        raise Unusable(
            _("The sample office is open in another window. Use that window, or close it first.")
        ) from taken
    except OSError as problem:
        raise files.as_unusable(problem, folder) from problem


def read_data() -> dict[str, Any]:
    """Read the data of the sample office."""
    data: dict[str, Any] = paths.read_json("sample", "office.json")
    return data
