"""Declares a single-person office, and takes that back, below the operators of the settings page."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.access.single_person import SinglePerson, day_text
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office.service.single_person import (
    declare_single_person,
    end_single_person,
    read_single_person,
)
from fuyuan_desk.office.view.settings import SettingsView
from fuyuan_desk.widgets.question import confirm


class SinglePersonController(QObject):
    """Shows whether this is a single-person office while nobody else may agree for the administrator."""

    def __init__(self, desk: Desk, page: SettingsView) -> None:
        super().__init__()
        self._desk, self._page = desk, page
        page.single_person_requested.connect(self._ask)

    def reload(self) -> None:
        """Read the state again."""
        self._desk.run(read_single_person, done=self._show, owner=self._page)

    def _show(self, state: SinglePerson) -> None:
        self._page.show_single_person(_text(state), state.holds)

    def _ask(self, declare: bool) -> None:
        if not declare:
            self._run(
                end_single_person, _("The declaration was taken back. Protected acts take two persons again.")
            )
            return
        confirm(
            self._page,
            _("Declare a single-person office?"),
            _(
                "Until somebody else may agree, you alone erase, export unmasked, change closed cases, remove"
                " households and make administrators. The audit log notes for each act that nobody agreed, and every"
                " paper printed meanwhile says 单人办公. Restoring a backup still takes two persons or the recovery"
                " code."
            ),
            _("Declare a single-person office"),
            lambda: self._run(declare_single_person, _("This is now a single-person office; papers say so.")),
            dangerous=True,
        )

    def _run(self, use: Callable[[Seat], None], told: str) -> None:
        self._desk.run(
            use, done=lambda _nothing: self._page.banner.say("ok", told),
            failed=self._page.banner.refuse, owner=self._page,
        )  # fmt: skip


def _text(state: SinglePerson) -> str:
    if not state.is_alone:
        return ""
    later = [
        _("{name} may agree from {day}.").format(name=one.name, day=day_text(one.since))
        for one in state.waiting
    ]
    meaning = (
        _(
            "Declared: what takes two persons you do alone; the audit log notes it, and papers say 单人办公. It ends"
            " by itself as soon as somebody else may agree."
        )
        if state.holds
        else _(
            "Nobody else may agree as the second person for you. If you work alone, say so once: the audit log and the"
            " papers then say 单人办公."
        )
    )
    return " ".join((meaning, *later))
