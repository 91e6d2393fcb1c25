"""Controllers of one estate's tier, on the service-standard page and in a tab of the estate."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.standards import rules
from fuyuan_desk.standards.facts import AssignedTier
from fuyuan_desk.standards.rules import Assignment, Tier
from fuyuan_desk.standards.service import page_data, tiers
from fuyuan_desk.standards.service.page_data import EstateTier
from fuyuan_desk.standards.view.tier import TierView
from fuyuan_desk.standards.view.words import tier_chip
from fuyuan_desk.widgets.chips import Chip
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.question import confirm

TABLES = frozenset({"tier_assignment", "estate"})


def estate_chips(seat: Seat) -> Mapping[int, Chip]:
    """Return the chip of each estate's tier by the estate's key, omitting estates without a tier."""
    return {estate: tier_chip(assigned.tier) for estate, assigned in tiers.tiers_of_estates(seat).items()}


class TierController(QObject):
    """Shows the tier of an estate, assigns and withdraws tiers."""

    def __init__(self, desk: Desk, view: TierView) -> None:
        super().__init__(view)
        self._desk = desk
        self._read: EstateTier | None = None
        self._estate_id = 0
        self._assign_when_read = False
        self.view = view
        self._drafts = OnUse(self._connect_form)
        view.assign_requested.connect(self.assign)
        view.withdraw_requested.connect(self._confirm_withdrawal)
        self.allow()

    def _connect_form(self) -> DraftSaver:
        form = self.view.assign_form
        form.submitted.connect(self._save)
        form.left.connect(self.view.show_facts)
        form.choice_changed.connect(self._compare)
        return keep_drafts(self._desk, form.form, "tier:0")

    @property
    def estate_id(self) -> int:
        """The key of the shown estate, 0 for none."""
        return self._estate_id

    def show_estate(self, estate_id: int, then: Callable[[], object] | None = None) -> None:
        """Show the tier of an estate, asking first about unsaved changes for another one."""

        def show() -> None:
            if self.view.is_assigning:
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
        """Reload the tier."""
        if self._estate_id:
            self._desk.run(
                page_data.estate_tier, self._estate_id,
                done=self._show, failed=self._on_failure, owner=self.view,
            )  # fmt: skip

    def assign(self) -> None:
        """Open the form to assign a tier, as soon as the current one is loaded."""
        if not self._desk.can_write or not self._estate_id or self.view.is_assigning:
            return
        if self._read is None:
            self._assign_when_read = True
            return
        self._assign_when_read = False
        duties = self._read.duties
        self._drafts().set_key(f"tier:{self._estate_id}")
        self.view.show_form(duties.estate, {"effective_on": self._read.today})
        self._compare()
        self._drafts().offer()

    def allow(self) -> None:
        """Show only the actions the operator may perform."""
        self.view.set_writable(self._desk.can_write)

    def _show(self, tier: EstateTier) -> None:
        if tier.duties.estate_id != self._estate_id:
            return
        self._read = tier
        self.view.show_tier(tier.duties, tier.history, tier.laws)
        self.allow()
        if self._assign_when_read:
            self.assign()

    def _on_failure(self, refusal: UserError) -> None:
        self._read, self._estate_id, self._assign_when_read = None, 0, False
        self.view.banner.refuse(refusal)

    # --- assigning

    def _compare(self) -> None:
        if self._read is None:
            return
        form = self.view.assign_form.form
        chosen = form.editor("tier").value()
        after = Tier(chosen) if chosen else None
        try:
            day = form.editor("effective_on").value() or self._read.today
        except ValueError:  # still being typed
            day = self._read.today
        before = rules.current((_assignment(assigned) for assigned in self._read.history), day)
        if after is None:
            self.view.assign_form.show_changes(None, None, ())
            return
        required = self._read.ladder.duties[after]
        current = required if before is None else self._read.ladder.duties[before.tier]
        changes = rules.compare(current, required)
        self.view.assign_form.show_changes(before.tier if before is not None else None, after, changes)

    def _save(self, values: dict[str, Any]) -> None:
        estate_id = self._estate_id

        def done(assigned: AssignedTier) -> None:
            self.view.assign_form.saved()
            self.view.show_facts()
            self._desk.notify(_("Saved."))
            if estate_id == self._estate_id:
                self.reload()

        self._desk.run(
            tiers.assign_tier, estate_id, Tier(values["tier"]), values["effective_on"],
            values["reason"], values["document_no"],
            done=done, failed=self.view.assign_form.refuse, owner=self.view,
        )  # fmt: skip

    # --- withdrawing

    def _confirm_withdrawal(self, assignment_id: int) -> None:
        if self._read is None:
            return
        assigned = next(assigned for assigned in self._read.history if assigned.id == assignment_id)
        question = _("Withdraw {tier} of {estate} from {day}?")
        confirm(
            self.view,
            question.format(
                tier=rules.label(assigned.tier), estate=self._read.duties.estate, day=assigned.effective_on
            ),
            _("Only for a tier assigned by mistake. The withdrawal stays in the audit log."),
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
    """The tier tab of an estate's page."""

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
        """Open the form to assign a tier to the shown estate."""
        self.tier.assign()

    def reopen(self, _key: str) -> None:
        """Open the form whose draft is kept."""
        self.open_form()

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once the form has no unsaved input."""
        self.tier.view.leave(then)

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


def _assignment(assigned: AssignedTier) -> Assignment:
    return Assignment(
        assigned.tier,
        assigned.effective_on,
        assigned.reason,
        assigned.document_no,
        assigned.ladder_version,
        assigned.id,
    )
