"""Controller of the people of a shown home: their forms, shares, the end of a household, who was there on a day."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.controller.duplicates import merge_home, merge_household, merge_people
from fuyuan_desk.estates.facts.houses import UnitDetail
from fuyuan_desk.estates.facts.people import (
    HOLDER,
    HouseholdView,
    OnDay,
    PersonEdit,
    PersonFields,
    PersonView,
    Shares,
    TagView,
)
from fuyuan_desk.estates.service import households, on_day, people, shares, succession, tags
from fuyuan_desk.estates.view import household_card
from fuyuan_desk.estates.view.fields import person_of, person_values
from fuyuan_desk.estates.view.household_card import Asked
from fuyuan_desk.estates.view.people_dialogs import (
    DayDialog,
    end_dialog,
    pass_on_dialog,
    shares_dialog,
    typed_shares,
)
from fuyuan_desk.estates.view.unit_panel import UnitPanel
from fuyuan_desk.kit.course_dialog import DialogDraft, run_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.form_pane import FormPane
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.question import confirm

_OF_HOUSEHOLD = {
    "holder": household_card.EDIT_PERSON,
    "household_end": household_card.END,
    "pass_on": household_card.PASS_ON,
}
FORMS = ("person", "owner_shares", *_OF_HOUSEHOLD)
"""The forms and dialogs on the people of a home, as the keys of their drafts begin."""


class PeopleController(QObject):
    """Runs the services on the people of the home that `detail` returns, in its panel."""

    def __init__(
        self,
        desk: Desk,
        panel: UnitPanel,
        detail: Callable[[], UnitDetail | None],
        done: Callable[[], object],
    ) -> None:
        super().__init__()
        self._desk = desk
        self._panel = panel
        self._detail = detail
        self._done = done
        self._of: tuple[int, int | None] = (0, None)
        self._drafts = {
            pane: keep_drafts(desk, pane.form, key)
            for pane, key in ((panel.person_pane, "person:new"), (panel.holder_pane, "holder:0"))
        }
        for pane in self._drafts:
            pane.submitted.connect(lambda values, pane=pane: self._save(pane, values))

    def do(self, asked: Asked) -> None:
        """Do what is asked for a household or one of its people."""
        acts: dict[str, Callable[[Asked], object]] = {
            household_card.ADD_PERSON: self._add,
            household_card.EDIT_PERSON: self._edit,
            household_card.REMOVE_PERSON: self._ask_remove,
            household_card.END: self._end,
            household_card.PASS_ON: self._pass_on,
            household_card.REVEAL: self._reveal,
            household_card.MERGE: self._merge,
            household_card.MERGE_PEOPLE: self._merge_people,
        }
        acts[asked.act](asked)

    def _household(self, household_id: int) -> HouseholdView | None:
        detail = self._detail()
        return next((one for one in detail.households if one.id == household_id), None) if detail else None

    def _person(self, asked: Asked) -> PersonView | None:
        household = self._household(asked.household_id)
        members = household.members if household is not None else ()
        return next((view for view in members if view.id == asked.person_id), None)

    def _reveal(self, asked: Asked) -> None:
        self._desk.run(
            people.reveal_person, asked.household_id, asked.person_id, asked.what,
            done=lambda value: self._panel.reveal(asked, value),
            failed=self._panel.banner.refuse, owner=self._panel,
        )  # fmt: skip

    # --- a person's form

    def reopen(self, key: str) -> None:
        """Open the form or dialog of the draft `key`: one of `FORMS` and an id, or `person:new:household`."""
        kind, _colon, which = key.partition(":")
        if kind == "owner_shares":
            self.edit_shares()
        elif kind in _OF_HOUSEHOLD:
            self.do(Asked(_OF_HOUSEHOLD[kind], int(which)))
        elif which.startswith("new:"):
            self._add(Asked(household_card.ADD_PERSON, int(which.removeprefix("new:"))))
        else:
            self._edit(Asked(household_card.EDIT_PERSON, self._household_of(int(which)), int(which)))

    def _household_of(self, person_id: int) -> int:
        detail = self._detail()
        views = (view for one in detail.households for view in one.members) if detail else ()
        return next((view.household_id for view in views if view.id == person_id), 0)

    def _add(self, asked: Asked) -> None:
        household = self._household(asked.household_id)
        if household is None:
            return
        title = _("New person with {holder}").format(holder=household.head)
        self._open(self._panel.person_pane, title, f"person:new:{household.id}", (household.id, None), None)

    def _edit(self, asked: Asked) -> None:
        self._desk.run(
            people.person_for_edit, asked.household_id, asked.person_id,
            done=self._show_form, failed=self._panel.banner.refuse, owner=self._panel,
        )  # fmt: skip

    def _show_form(self, loaded: PersonEdit) -> None:
        detail = self._detail()
        if detail is None or self._household(loaded.household_id) is None:
            return
        is_holder = loaded.id == HOLDER
        pane = self._panel.holder_pane if is_holder else self._panel.person_pane
        key = f"holder:{loaded.household_id}" if is_holder else f"person:{loaded.id}"
        title = _("{name}, {place}").format(name=loaded.fields.name, place=detail.address)
        self._open(pane, title, key, (loaded.household_id, loaded.id), loaded)

    def _open(
        self, pane: FormPane, title: str, key: str, of: tuple[int, int | None], loaded: PersonEdit | None
    ) -> None:
        def show(choices: tuple[TagView, ...]) -> None:
            self._of = of
            self._panel.set_tags(choices)
            drafts = self._drafts[pane]
            drafts.set_key(key, None if loaded is None else loaded.version)
            pane.open(title, person_values(PersonFields() if loaded is None else loaded.fields))
            drafts.offer()
            self._panel.show_form(pane)

        self._desk.run(tags.tag_choices, done=show, owner=self._panel)

    def _save(self, pane: FormPane, values: dict[str, Any]) -> None:
        household_id, person_id = self._of

        def done(saved: Saved) -> None:
            self._desk.notify(_("Saved."))
            self._panel.show_facts()
            if pane.saved():
                return
            self._done()
            if saved.doubts:
                warning = _("Saved with a warning: {what}").format(what=" ".join(saved.doubts))
                self._panel.banner.say("warn", warning)

        self._desk.run(
            people.save_person, household_id, person_of(values), person_id, self._drafts[pane].version,
            done=done, failed=pane.refuse, owner=self._panel,
        )  # fmt: skip

    def _ask_remove(self, asked: Asked) -> None:
        view = self._person(asked)
        if view is None:
            return
        confirm(
            self._panel,
            _("Remove {name}?").format(name=view.name),
            _("If she left, enter the day in her form instead: the household keeps its history."),
            _("&Remove"),
            lambda: self._remove(asked),
            dangerous=True,
        )

    def _remove(self, asked: Asked) -> None:
        self._desk.run(
            people.remove_person, asked.household_id, asked.person_id,
            done=lambda name: self._desk.notify(_("{name} was removed.").format(name=name)),
            failed=self._panel.banner.refuse, owner=self._panel,
        )  # fmt: skip

    # --- recorded twice

    def merge_home(self) -> None:
        """Ask with which home the shown one is to be merged."""
        detail = self._detail()
        if detail is not None:
            merge_home(self._desk, self._panel, self._panel.banner, detail.id)

    def _merge(self, asked: Asked) -> None:
        merge_household(self._desk, self._panel, self._panel.banner, asked.household_id)

    def _merge_people(self, asked: Asked) -> None:
        household = self._household(asked.household_id)
        if household is not None:
            merge_people(self._desk, self._panel, self._panel.banner, household)

    # --- the end of a household, shares, a day

    def _end(self, asked: Asked) -> None:
        household = self._household(asked.household_id)
        detail = self._detail()
        if household is None or detail is None:
            return

        def done(_saved: Saved) -> None:
            self._desk.notify(_("{name} has left; add who comes next.").format(name=household.head))

        run_dialog(
            self._desk,
            end_dialog(self._panel, household, detail.address),
            lambda typed, version: (
                households.end_household, household.id, typed["moved_out_on"], typed["ended_how"] or "", version
            ),
            done,
            DialogDraft(f"household_end:{household.id}", household.version),
        )  # fmt: skip

    def _pass_on(self, asked: Asked) -> None:
        household = self._household(asked.household_id)
        detail = self._detail()
        if household is None or detail is None:
            return

        def done(_saved: Saved) -> None:
            self._desk.notify(_("Saved. Enter the relations and the shares anew."))

        run_dialog(
            self._desk,
            pass_on_dialog(self._panel, household, detail.address),
            lambda typed, version: (
                succession.pass_on, household.id, typed["to"], typed["on"], typed["how"] or "",
                typed["former_stays"], version,
            ),
            done,
            DialogDraft(f"pass_on:{household.id}", household.version),
        )  # fmt: skip

    def edit_shares(self) -> None:
        """Open the shares of the shown home."""
        detail = self._detail()
        if detail is not None:
            self._desk.run(
                shares.shares_of_unit, detail.id,
                done=lambda found: self._show_shares(found, detail.address),
                failed=self._panel.banner.refuse, owner=self._panel,
            )  # fmt: skip

    def _show_shares(self, found: Shares, address: str) -> None:
        if not found.rows:
            self._panel.banner.say(
                "info", _("No owner is recorded who holds this home now. Add the household first.")
            )
            return

        def done(doubt: str) -> None:
            self._desk.notify(_("Saved."))
            if doubt:
                self._panel.banner.say("warn", doubt)

        run_dialog(
            self._desk,
            shares_dialog(self._panel, found, address),
            lambda typed, stamp: (
                shares.save_shares, found.unit_id, *typed_shares(found, typed), typed["since"],
                typed["is_change"], stamp,
            ),
            done,
            DialogDraft(f"owner_shares:{found.unit_id}", found.stamp),
        )  # fmt: skip

    def ask_day(self) -> None:
        """Ask for a day and show who owned the home and lived in it."""
        detail = self._detail()
        if detail is None:
            return
        dialog = DayDialog(self._panel, detail.address)

        def show(found: OnDay) -> None:
            dialog.show_found(found)

        def ask(day: date | None) -> None:
            self._desk.run(
                on_day.who_was_there, detail.id, day, done=show, failed=dialog.refuse, owner=dialog
            )

        dialog.form.submitted.connect(lambda typed: ask(typed["day"]))
        dialog.open()
        dialog.form.focus_first()
