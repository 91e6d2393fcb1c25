"""The rosters of the sample office."""

from fuyuan_desk.core import paths
from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.roster.service import imports


def fill(office: SampleOffice) -> None:
    """Import the roster of every estate."""
    for estate in office.data["estates"]:
        file = paths.resource("sample", estate["file"])
        imports.import_roster(office.seat, file, estate_name=estate["name"])
