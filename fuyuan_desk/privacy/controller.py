"""Controller of the personal data tab: finding, reporting and erasing a person, and anonymising what is due."""

from collections.abc import Sequence
from typing import Any

from fuyuan_desk.access.roles import ROLE_NAMES, Role
from fuyuan_desk.core.errors import InvalidInput, UserError
from fuyuan_desk.core.paths import read_json
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.paging import Page
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.privacy.catalogue import grounds
from fuyuan_desk.privacy.facts import Candidate, Consequence, Due, Key, PersonReport, Purged
from fuyuan_desk.privacy.service import deleted_records, people, retention
from fuyuan_desk.privacy.view import PeopleView
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.fields import Field
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.question import confirm
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window


class PeopleController:
    """Runs the services for the tab `page`; `on_shown` reloads it."""

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        self._desk = desk
        self._keys: tuple[Key, ...] = ()
        self.preview: PreviewDialog | None = None
        self.page = PeopleView(self._find, self._fetch_due, settings)
        self.page.chosen.connect(self._on_chosen)
        self.page.anonymise_requested.connect(self._ask_anonymise)
        self.page.person.report_requested.connect(self._ask_report)
        self.page.person.erase_requested.connect(self._ask_erase)
        self.page.set_writable(desk.can_write)
        desk.changes.connect(self._on_changes)

    def on_shown(self) -> None:
        """Reload the search result and the list of due records."""
        self.page.set_writable(self._desk.can_write)
        self.page.people.load()
        self.page.due.load()

    def _on_changes(self, tables: frozenset[str]) -> None:
        # a hidden page reloads when it is shown
        if tables & deleted_records.rules().keys() and self.page.isVisible():
            self.on_shown()

    # --- one person

    def _find(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(found: Sequence[Candidate]) -> None:
            if self.page.banner.tone == "warn":  # clear an earlier "too many records"
                self.page.banner.clear()
            deliver(Window(len(found), found[offset : offset + limit]))

        def failed(refusal: UserError) -> None:
            deliver(Window(0, ()))
            if not isinstance(refusal, InvalidInput):
                self.page.banner.say("warn", refusal.message)

        self._desk.run(people.find_people, query.filter, done=done, failed=failed, owner=self.page)

    def _on_chosen(self, chosen: Sequence[Candidate]) -> None:
        self._keys = tuple(key for one in chosen for key in one.keys)
        if self._keys:
            self._read_places(self._keys)

    def _read_places(self, keys: tuple[Key, ...]) -> None:
        def done(places: Sequence[Consequence]) -> None:
            if keys == self._keys:  # the selection may have changed in the meantime
                self.page.person.show_places(places)

        self._desk.run(
            people.preview_erasure, keys, done=done, failed=self.page.banner.refuse, owner=self.page
        )

    def _ask_report(self) -> None:
        if not self._keys:
            return
        keys = self._keys
        form = Form(
            [
                Field("requester", _("&Who asks, and the ID document shown"), "suggest", choices=_requesters(),
                      required=True),
                Field("purpose", _("What &for (optional)")),
            ]
        )  # fmt: skip
        hint = _(
            "The report is unmasked: hand it only to this person or an authorised representative. This is logged."
        )
        dialog = FormDialog(self.page, _("Report for this person"), form, _("&Create report"), hint)

        def save(values: dict[str, Any]) -> None:
            def done(report: PersonReport) -> None:
                dialog.done_saving()
                self._tell_withheld(report)
                self._draw(report)

            self._desk.run(
                people.person_report, keys, values["requester"], values["purpose"],
                done=done, failed=dialog.refuse, owner=dialog,
            )  # fmt: skip

        self._open(dialog, save, {"requester": "", "purpose": ""})

    def _tell_withheld(self, report: PersonReport) -> None:
        if report.withheld:
            text = _(
                "The report lacks tags that you may not see, and says so. To complete it, have it made by: {roles}."
            )
            roles = _(", ").join(_(ROLE_NAMES[Role(role)]) for role in report.withheld)
            self.page.banner.say("warn", text.format(roles=roles))

    def _draw(self, report: PersonReport) -> None:
        def draw() -> Printed:
            from fuyuan_desk.privacy.sheets import person_sheet

            return person_sheet(report)

        def done(printed: Printed) -> None:
            self.preview = open_preview(
                self.page, _("Report {number}").format(number=report.number), printed.pdf, reveals=True
            )

        self._desk.run_paper(draw, done=done, failed=self.page.banner.refuse, owner=self.page)

    def _ask_erase(self) -> None:
        if not self._keys:
            return
        keys = self._keys
        choices = [(key, str(words)) for key, words in grounds().items()]
        form = Form(
            [Field("ground", _("&Why it should be erased"), "choice", choices=choices, required=True)]
        )
        hint = _(
            "Only the marked records are erased; records kept by law stay until their date. This cannot be undone."
            " A second person must agree. Copies in backups disappear when those backups are pruned."
        )
        dialog = FormDialog(self.page, _("Erase this person"), form, _("&Erase"), hint)

        def save(values: dict[str, Any]) -> None:
            def done(erased: people.Erased) -> None:
                dialog.done_saving()
                self.page.people.clear_selection()
                kept = sum(not place.erased for place in erased.places)
                self.page.banner.say("ok", erased_sentence(erased.done.records, kept))

            self._desk.run(
                people.erase_person, keys, values["ground"], done=done, failed=dialog.refuse, owner=dialog
            )

        self._open(dialog, save, {"ground": None})

    def _open(self, dialog: FormDialog, save: Any, values: dict[str, Any]) -> None:
        dialog.form.submitted.connect(save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.form.set_values(values)
        dialog.open()
        dialog.form.focus_first()

    # --- due records

    def _fetch_due(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(page: Page[Due]) -> None:
            deliver(Window(page.total, page.rows))

        self._desk.run(
            retention.due_for_anonymising, offset, limit,
            done=done, failed=self.page.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _ask_anonymise(self, rows: Sequence[Due]) -> None:
        count = len(rows) or self.page.due.model.total
        confirm(
            self.page,
            numbered(count, N_("Anonymise {n} record?"), N_("Anonymise {n} records?")),
            _("Names, numbers, telephones and remarks are deleted and cannot be restored."),
            _("&Anonymise"),
            lambda: self._anonymise([row.key for row in rows] if rows else None),
            dangerous=True,
        )

    def _anonymise(self, keys: list[Key] | None) -> None:
        def done(purged: Purged) -> None:
            self.page.due.clear_selection()
            self.page.banner.say("ok", anonymised_sentence(purged.records, purged.trail))

        self._desk.run(retention.anonymise, keys, done=done, failed=self.page.banner.refuse, owner=self.page)


def erased_sentence(erased: int, kept: int) -> str:
    """Return the result of an erasure: at least one record is erased, none need be kept."""
    sentence = numbered(erased, N_("{n} record was erased."), N_("{n} records were erased."))
    if not kept:
        return sentence
    return _("{sentence} {more}").format(
        sentence=sentence, more=numbered(kept, N_("{n} is kept by law."), N_("{n} are kept by law."))
    )


def anonymised_sentence(records: int, trail: int) -> str:
    """Return the result of anonymising: at least one record, and the entries of the audit log redacted with it."""
    sentence = numbered(records, N_("{n} record was anonymised."), N_("{n} records were anonymised."))
    if not trail:
        return sentence
    more = numbered(
        trail, N_("{n} audit log entry was redacted."), N_("{n} audit log entries were redacted.")
    )
    return _("{sentence} {more}").format(sentence=sentence, more=more)


def _requesters() -> list[tuple[Any, str]]:
    # printed on the report, which is Chinese
    return [(text, text) for text in read_json("forms", "person.json")["requesters"]]
