"""Reading a table file in this process: for tests of what is read, which need no sandbox for files of their own."""

from pathlib import Path

from fuyuan_desk.core.progress import Progress
from fuyuan_desk.workbook.parser import parse
from fuyuan_desk.workbook.reader import Workbook, assemble


def read_in_process(path: Path) -> Workbook:
    """Read as `read_workbook` does, without starting the sandbox process."""
    return assemble(path, parse(path.name, path.read_bytes()), Progress())
