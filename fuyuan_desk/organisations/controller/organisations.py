"""The page of organisations, that of their contacts, and merging from the form of one."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.course_dialog import run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.merging.controller import ask_merge
from fuyuan_desk.kit.merging.facts import Pair, PairState
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.organisations.book import contact_book, organisation_book
from fuyuan_desk.organisations.controller.duplicates import TABLES
from fuyuan_desk.organisations.controller.duplicates import USES as MERGES
from fuyuan_desk.organisations.facts import ContactFields, OrganisationFields
from fuyuan_desk.organisations.service import contacts, merging, organisations
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.split import Settings

USES = Uses(
    organisations.find_organisations,
    organisations.read_organisation,
    organisations.save_organisation,
    remove=organisations.remove_organisation,
    change_many=organisations.change_organisations,
    history=organisations.organisation_history,
    export=organisations.organisations_for_export,
    paper=organisations.organisations_for_print,
)
CONTACT_USES = Uses(
    contacts.find_contacts,
    contacts.read_contact,
    contacts.save_contact,
    remove=contacts.remove_contact,
    reveal=contacts.reveal_contact,
    history=contacts.contact_history,
    export=contacts.contacts_for_export,
    paper=contacts.contacts_for_print,
    options={"organisation_id": organisations.organisation_options},
    tables=frozenset({"organisation"}),
)


def contacts_page(desk: Desk, settings: Settings | None = None) -> BookPage[ContactFields]:
    """Return the page of all contacts."""
    return BookPage(desk, contact_book(), ContactFields, CONTACT_USES, settings)


def organisations_page(desk: Desk, settings: Settings | None = None) -> BookPage[OrganisationFields]:
    """Return the page of all organisations."""
    return BookPage(desk, organisation_book(), OrganisationFields, USES, settings)


class OrganisationsController(QObject):
    """The page of organisations with its ways to contacts and duplicates.

    `contacts_requested` carries an organisation's id, `duplicates_requested` leads to the suspected duplicates.
    """

    contacts_requested = Signal(int)
    duplicates_requested = Signal()

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.book_page = organisations_page(desk, settings)
        self.page = self.book_page.page
        view = self.book_page.view
        view.add_act(button(_("Its contacts"), self._show_contacts, role="link"))
        if desk.may(merging.merge):
            view.add_act(button(_("Merge with another …"), self._choose_other, role="link"))
        self.duplicates_button = button(
            _("Possible &duplicates"), self.duplicates_requested.emit, picture="people"
        )
        view.table.add_tool(self.duplicates_button)
        desk.changes.connect(self._on_changes)
        self._count()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._count()

    def _count(self) -> None:
        """Say on the button how many pairs are suspected."""
        if self._desk.may(merging.list_pairs):
            self._desk.run(merging.list_pairs, done=self._show_count, owner=self.page)

    def _show_count(self, pairs: tuple[Pair, ...]) -> None:
        count = sum(pair.state is PairState.SUSPECTED for pair in pairs)
        self.duplicates_button.setText(f"{_('Possible &duplicates')} {count or ''}".strip())

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The record in the form as kind and id."""
        return self.book_page.shown_record

    def show_list(self) -> None:
        """Close the form, asking first if there is unsaved input."""
        self.book_page.show_list()

    def open_record(self, record_id: int) -> None:
        """Show an organisation, whatever the list is filtered by."""
        self.book_page.open_record(record_id)

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`."""
        self.book_page.reopen(key)

    def leave(self, then: Any) -> None:
        """Call `then` once no unsaved input is lost."""
        self.book_page.leave(then)

    def _show_contacts(self) -> None:
        shown = self.shown_record
        if shown is not None:
            self.leave(lambda: self.contacts_requested.emit(shown[1]))

    def _choose_other(self) -> None:
        shown = self.shown_record
        if shown is not None:
            self.leave(
                lambda: self._desk.run(
                    organisations.organisation_options,
                    done=lambda options: self._ask_other(shown[1], options),
                    owner=self.page,
                )
            )

    def _ask_other(self, kept_id: int, options: tuple[Option, ...]) -> None:
        others = [(option.id, option.text) for option in options if option.id != kept_id]
        field = Field(
            "other", _("&The same organisation is also here as"), "choice", required=True, choices=others
        )
        form = Form([field], only_asks=True)
        dialog = FormDialog(self.page, _("Merge with another"), form, _("Co&mpare"))

        def compared(found: Any) -> None:
            ask_merge(self._desk, self.page, MERGES, found, self._merged)

        run_dialog(
            self._desk,
            dialog,
            lambda typed, _version: (merging.compare, kept_id, typed["other"]),
            compared,
            None,
        )

    def _merged(self, saved: Saved) -> None:
        self._desk.notify(_("Merged. It can be split off again under “Possible duplicates”."))
        self.open_record(saved.id)
