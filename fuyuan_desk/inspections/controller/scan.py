"""Opening a printed sheet by its number or QR code, wherever on a list it is scanned or typed."""

from collections.abc import Callable

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.inspections.service.printed import find_sheet
from fuyuan_desk.inspections.view.scan import ScannedSheets
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_screen import ListScreen


def follow_scans(
    desk: Desk, screen: ListScreen, found: Callable[[int], object], *, is_bare: bool = False
) -> None:
    """Call `found(sheet)` for each sheet that is scanned or typed on a list; say on the list what is wrong with it.

    `is_bare`: the list is one of sheets, and digits alone are the number of one.
    """
    box, banner = screen.table.filter, screen.banner

    def done(sheet: int) -> None:
        box.clear()  # the list is whole again when she comes back
        found(sheet)

    def failed(refusal: UserError) -> None:
        box.selectAll()  # the next scan takes its place
        banner.refuse(refusal)

    def find(text: str) -> None:
        banner.clear()
        desk.run(find_sheet, text, done=done, failed=failed, owner=screen)

    ScannedSheets(box, is_bare=is_bare).scanned.connect(find)
