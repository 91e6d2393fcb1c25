"""The roster's part of the tour: the imports of the past, and a list of the next year compared with the store."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.core import paths
from fuyuan_desk.kit.job import Tour

_LIST = "福元小区住户名册.csv"


def walk(tour: Tour, page: str) -> Iterator[Path]:
    """Show the imports, and compare a sample list in which somebody moved out, in, and has another telephone."""
    imports = tour.go(page)
    yield tour.picture("imports-of-the-past")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "福元小区住户名册（次年）.csv"
        file.write_text(
            _next_year(paths.resource("sample", _LIST).read_text(encoding="utf-8-sig")), encoding="utf-8"
        )
        imports.open_file(file)
        tour.settle()
        yield tour.picture("list-checked")
        imports.check.import_button.click()
        tour.settle()
        yield tour.picture("list-compared")
        imports.comparing.screen.back_button.click()
        imports.check.back_requested.emit()
        tour.settle()


def _next_year(text: str) -> str:
    title, header, first, second, _gone, *others = text.splitlines()
    columns = header.split(",")
    name, phone = columns.index("业主姓名"), columns.index("联系电话")
    changed, replaced = first.split(","), second.split(",")
    changed[phone] = "13800138000"
    replaced[name] = "严新华"
    return "\n".join((title, header, ",".join(changed), ",".join(replaced), *others))
