"""The acts of one estate's tier: beside an estate, and on the page of the service standard."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.standards import rules
from fuyuan_desk.standards.facts import TierGiven
from fuyuan_desk.standards.rules import Assignment, Tier
from fuyuan_desk.standards.service import page_data, tiers
from fuyuan_desk.standards.service.page_data import EstateTier
from fuyuan_desk.standards.view.tier import TierView
from fuyuan_desk.standards.view.words import tier_chip
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.question import confirm

TABLES = frozenset({"tier_assignment", "estate"})


def estate_chips(seat: Seat) -> Mapping[int, Chip]:
    """Give the chip of each estate's tier by the estate's id; estates without one are left out."""
    return {estate: tier_chip(given.tier) for estate, given in tiers.tiers_of_estates(seat).items()}


class TierController(QObject):
    """Shows an estate's tier in a view, gives it another and takes one back."""

    def __init__(self, desk: Desk, view: TierView) -> None:
        super().__init__(view)
        self._desk = desk
        self._read: EstateTier | None = None
        self._estate_id = 0
        self._give_next = False
        self.view = view
        self._drafts = keep_drafts(desk, view.give.form, "tier:0")
        view.give_requested.connect(self.give)
        view.withdraw_requested.connect(self._ask_withdraw)
        view.give.submitted.connect(self._save)
        view.give.left.connect(view.show_facts)
        view.give.choice_changed.connect(self._compare)
        self.allow()

    @property
    def estate_id(self) -> int:
        """The estate that is shown, 0 for none."""
        return self._estate_id

    def show_estate(self, estate_id: int, then: Callable[[], object] | None = None) -> None:
        """Show an estate's tier, after asking about what was typed for another one."""

        def show() -> None:
            if self.view.is_giving:
                self.view.show_facts()
            self._read = None
            self._estate_id = estate_id
            self.reload()
            if then is not None:
                then()

        if estate_id != self._estate_id:
            self.view.leave(show)
        elif then is not None:
            then()

    def reload(self) -> None:
        """Read the tier anew."""
        if self._estate_id:
            self._desk.run(
                page_data.estate_tier, self._estate_id,
                done=self._show, failed=self._gone, owner=self.view,
            )  # fmt: skip

    def give(self) -> None:
        """Open the form that gives the estate a tier, as soon as its present one is known."""
        if not self._desk.can_write or not self._estate_id or self.view.is_giving:
            return
        if self._read is None:
            self._give_next = True
            return
        self._give_next = False
        duties = self._read.duties
        self._drafts.set_key(f"tier:{self._estate_id}")
        self.view.show_form(duties.estate, {"effective_on": self._read.today})
        self._compare()
        self._drafts.offer()

    def allow(self) -> None:
        """Offer to change things, or only to look."""
        self.view.set_writable(self._desk.can_write)

    def _show(self, read: EstateTier) -> None:
        if read.duties.estate_id != self._estate_id:
            return
        self._read = read
        self.view.show_tier(read.duties, read.history, read.laws)
        self.allow()
        if self._give_next:
            self.give()

    def _gone(self, refusal: UserError) -> None:
        self._read, self._estate_id, self._give_next = None, 0, False
        self.view.banner.refuse(refusal)

    # --- giving

    def _compare(self) -> None:
        if self._read is None:
            return
        form = self.view.give.form
        chosen = form.editor("tier").value()
        after = Tier(chosen) if chosen else None
        try:
            day = form.editor("effective_on").value() or self._read.today
        except ValueError:  # still being typed
            day = self._read.today
        before = rules.current((_plain(given) for given in self._read.history), day)
        if after is None:
            self.view.give.show_changes(None, None, ())
            return
        wanted = self._read.ladder.duties[after]
        held = wanted if before is None else self._read.ladder.duties[before.tier]
        changes = rules.compare(held, wanted)
        self.view.give.show_changes(before.tier if before is not None else None, after, changes)

    def _save(self, values: dict[str, Any]) -> None:
        estate_id = self._estate_id

        def done(given: TierGiven) -> None:
            self.view.give.saved()
            self.view.show_facts()
            self._desk.notify(_("Saved."))
            if estate_id == self._estate_id:
                self.reload()

        self._desk.run(
            tiers.assign_tier, estate_id, Tier(values["tier"]), values["effective_on"],
            values["reason"], values["document_no"],
            done=done, failed=self.view.give.refuse, owner=self.view,
        )  # fmt: skip

    # --- taking back

    def _ask_withdraw(self, assignment_id: int) -> None:
        if self._read is None:
            return
        given = next(given for given in self._read.history if given.id == assignment_id)
        words = _("Withdraw {tier} of {estate} from {day}?")
        confirm(
            self.view,
            words.format(
                tier=rules.label(given.tier), estate=self._read.duties.estate, day=given.effective_on
            ),
            _("Only for a tier that was given by mistake. The act stays in the trail."),
            _("&Withdraw"),
            lambda: self._withdraw(assignment_id),
            dangerous=True,
        )

    def _withdraw(self, assignment_id: int) -> None:
        def done(_nothing: None) -> None:
            self._desk.notify(_("The tier was withdrawn."))
            self.reload()

        self._desk.run(
            tiers.withdraw_tier, assignment_id,
            done=done, failed=self.view.banner.refuse, owner=self.view,
        )  # fmt: skip


class TierSection(QObject):
    """The tab that an estate's page gets from this job."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.page = Pages()
        self.tier = TierController(desk, TierView(wide=True, with_estate=False))
        self.page.show_screen(self.tier.view)
        self._is_stale = False
        self.page.shown.connect(self._on_shown)
        desk.changes.connect(self._on_changes)

    def show_estate(self, estate_id: int) -> None:
        """Show the tier of this estate."""
        self.tier.show_estate(estate_id)

    def open_form(self) -> None:
        """Open the form that gives the estate shown a tier."""
        self.tier.give()

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        self.tier.allow()
        if not tables & TABLES:
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        self.tier.reload()


def _plain(given: TierGiven) -> Assignment:
    return Assignment(
        given.tier, given.effective_on, given.reason, given.document_no, given.ladder_version, given.id
    )
