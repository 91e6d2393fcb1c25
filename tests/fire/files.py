"""The action under fire on files of homes and estates; part of the table in `work.py`."""

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.dossiers.rules import About
from fuyuan_desk.dossiers.service import file_for_export
from fuyuan_desk.shell.jobs import JOBS
from tests.fire.hand import Prepare, on

_ORDER = ExportOrder("核对", "街道办事处")
_PARTS = tuple(part for job in JOBS for part in job.files)


FILES: dict[str, Prepare] = {
    "printed file": on(
        lambda hand: hand.unit(), lambda seat, unit: file_for_export(seat, _ORDER, About.UNIT, unit, _PARTS)
    ),
}
