"""Numbering of previewed inspection sheets when they are printed or saved."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.texts import _
from fuyuan_desk.inspections.service.page_data import Sheets, number_papers
from fuyuan_desk.inspections.sheets import inspection_sheets
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.paper.document import Printed


def sheets_name(papers: Sheets) -> str:
    """Return the name of the file of sheets: their numbers, and the subject of a single one."""
    first, last = papers.sheets[0], papers.sheets[-1]
    return joined_name(_("Inspection sheet"), first.number, first.subject if first is last else last.number)


class SheetsIssue:
    """The `issue` of a preview: registers its sheets once and draws them with their numbers."""

    def __init__(self, desk: Desk, papers: Sheets, owner: QObject) -> None:
        self._desk = desk
        self._papers = papers
        self._owner = owner

    def __call__(self, done: Callable[[bytes, str], object], failed: Callable[[UserError], object]) -> None:
        """Make the numbered document; after a failure to draw it the numbers taken are used again."""

        def draw(papers: Sheets) -> None:
            self._papers = papers
            self._desk.run_paper(
                inspection_sheets, papers.sheets, papers.office, papers.made, None, papers.hands_over,
                done=finish, failed=failed, owner=self._owner,
            )  # fmt: skip

        def finish(printed: Printed) -> None:
            done(printed.pdf, sheets_name(self._papers))

        if self._papers.drafts:
            self._desk.run(number_papers, self._papers, done=draw, failed=failed, owner=self._owner)
        else:
            draw(self._papers)
