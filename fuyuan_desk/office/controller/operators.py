"""Controller of the operators on the settings page: adding, changing, ending and reactivating them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from fuyuan_desk.access.seat import ROLE_NAMES, Role, Seat
from fuyuan_desk.core.texts import N_, _
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.office import rules
from fuyuan_desk.office.controller.passwords import rate_password
from fuyuan_desk.office.controller.single_person import SinglePersonController
from fuyuan_desk.office.service.office_key import Reason
from fuyuan_desk.office.service.operators import (
    OperatorView,
    add_operator,
    list_operators,
    reactivate_operator,
    reset_password,
    set_operator,
)
from fuyuan_desk.office.view.operators import (
    operator_fields,
    password_fields,
    reactivation_fields,
    role_fields,
)
from fuyuan_desk.office.view.settings import SettingsView
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.widgets.question import ask, confirm

ROLE_DUTIES = {
    Role.ADMIN: N_("Full access, including operators, settings, backups and the recovery code."),
    Role.CLERK: N_("Maintains the records: estates, homes, renovations, visits, tiers, rosters and papers."),
    Role.REVIEWER: N_("Reads everything, exports lists, reads the audit log, and agrees as the second person; "
                      "changes no records."),
    Role.VIEWER: N_("Read-only; names, telephones and ID numbers stay masked."),
    Role.PROPERTY: N_("Sees only the chosen estates of their company, masked, and logs its own visits there."),
}  # fmt: skip
EstatesOf = Callable[[Seat], tuple[tuple[int, str], ...]]
"""Returns the estates' ids and names; injected, since the estates job is above this one."""


def _no_estates(_seat: Seat) -> tuple[tuple[int, str], ...]:
    return ()


class OperatorsController(QObject):
    """Changes the operators that the settings page lists.

    `office` returns the name of the office, `change_key` opens the dialog that changes its key.
    """

    def __init__(
        self,
        desk: Desk,
        page: SettingsView,
        office: Callable[[], str],
        change_key: Callable[[Reason], object],
    ) -> None:
        super().__init__()
        self._desk, self._page, self._office, self._change_key = desk, page, office, change_key
        self._estates_of: EstatesOf = _no_estates
        self._operators: tuple[OperatorView, ...] = ()
        page.add_operator_requested.connect(self._add_operator)
        page.change_operator_requested.connect(self._change_operator)
        page.reset_password_requested.connect(self._reset_password)
        page.end_operator_requested.connect(self._confirm_ending)
        page.reactivate_requested.connect(self._reactivate_operator)
        self._single_person = SinglePersonController(desk, page)

    def use_estates(self, estates_of: EstatesOf) -> None:
        """Set the source of the estates for operators of a property company."""
        self._estates_of = estates_of

    def reload(self) -> None:
        """Read the operators again."""
        self._desk.run(list_operators, done=self._show_operators, owner=self._page)
        self._single_person.reload()

    def _show_operators(self, operators: tuple[OperatorView, ...]) -> None:
        self._operators = operators
        self._page.show_operators(
            [
                (view.id, view.login, view.name, _(ROLE_NAMES[view.role]), view.active, view.last_sign_in_at)
                for view in operators
            ]
        )

    def _roles(self) -> list[tuple[str, str]]:
        return [(role.value, _(name)) for role, name in ROLE_NAMES.items()]

    def _ask(self, title: str, form: Form, save: Callable[[dict[str, Any], FormDialog], None]) -> None:
        hint = rules.password_scope_text() if form.has("password") else ""
        dialog = FormDialog(self._page, title, form, hint=hint)
        form.submitted.connect(lambda typed: save(typed, dialog))
        dialog.open()
        form.focus_first()

    def _run_in(self, dialog: FormDialog, told: str, use: Callable[..., None], *args: Any) -> None:
        """Run a service for a dialog; `told` is said on the page, where the operator is again."""

        def done(_nothing: None) -> None:
            dialog.done_saving()
            self._page.banner.say("ok", told)

        self._desk.run(use, *args, done=done, failed=dialog.refuse, owner=dialog)

    def _named(self, operator_id: int) -> OperatorView:
        return next(view for view in self._operators if view.id == operator_id)

    def _with_estates(self, then: Callable[[tuple[tuple[int, str], ...]], None]) -> None:
        self._desk.run(
            self._estates_of, done=then, failed=self._page.banner.refuse, owner=self._page
        )  # fmt: skip

    def _follow_role(self, form: Form) -> None:
        """Show the chosen role's duties, and the estates field if the role has estates."""

        def update() -> None:
            role = form.editor("role").value()
            form.show_hint("role", _(ROLE_DUTIES[Role(role)]) if role else "")
            form.show_field("estates", role == Role.PROPERTY.value)

        form.changed.connect(update)
        update()

    def _add_operator(self) -> None:
        self._with_estates(self._ask_operator)

    def _ask_operator(self, estates: tuple[tuple[int, str], ...]) -> None:
        form = Form(operator_fields(self._roles(), estates), columns=2)
        form.set_values({"role": Role.CLERK.value})
        self._follow_role(form)

        def words() -> tuple[str, str, str]:
            return str(form.editor("login").raw()), self._office(), str(form.editor("name").raw())

        rate_password(form, words)

        def save(typed: dict[str, Any], dialog: FormDialog) -> None:
            if form.show_errors(rules.new_password_faults(typed["password"], typed["again"], *words())):
                return
            self._run_in(
                dialog,
                _("{name} was added and can sign in.").format(name=typed["name"]),
                add_operator,
                typed["login"],
                typed["name"],
                Role(typed["role"]),
                typed["password"],
                None,
                frozenset(typed["estates"]),
            )

        self._ask(_("New operator"), form, save)

    def _change_operator(self, operator_id: int) -> None:
        self._with_estates(lambda estates: self._ask_role(self._named(operator_id), estates))

    def _ask_role(self, view: OperatorView, estates: tuple[tuple[int, str], ...]) -> None:
        form = Form(role_fields(self._roles(), estates), columns=2)
        form.set_values({"role": view.role.value, "estates": view.estates})
        self._follow_role(form)

        def save(typed: dict[str, Any], dialog: FormDialog) -> None:
            self._run_in(
                dialog,
                _("The role of {name} is saved.").format(name=view.name),
                set_operator,
                view.id,
                Role(typed["role"]),
                True,
                frozenset(typed["estates"]),
            )

        self._ask(_("Role of {name}").format(name=view.name), form, save)

    def _confirm_ending(self, operator_id: int) -> None:
        view = self._named(operator_id)
        confirm(
            self._page,
            _("End {name}?").format(name=view.name),
            _("{name} can no longer sign in; what was recorded stays. Copies of the key file and backups made before "
              "still open with the old password; keep old USB drives locked away. You can change the key of the office "
              "afterwards.").format(name=view.name),
            _("End {name}").format(name=view.name),
            lambda: self._end_operator(view),
            dangerous=True,
        )  # fmt: skip

    def _end_operator(self, view: OperatorView) -> None:
        told = _("{name} was ended and can no longer sign in.").format(name=view.name)

        def done(_nothing: None) -> None:
            self._page.banner.say("ok", told)
            ask(
                self._page,
                _("Change the key of the office too?"),
                _("Whoever had a password could have kept the key, or have a copy of the key file or a backup. Changing"
                  " it takes some minutes and gives everybody a new password. It can also be done later: Settings,"
                  " Safety."),
                [
                    (_("&Change the key …"), "primary", lambda: self._change_key(Reason.ENDED)),
                    (_("&Not now"), "", None),
                ],
            )  # fmt: skip

        self._desk.run(
            set_operator, view.id, view.role, False, view.estates,
            done=done,
            failed=self._page.banner.refuse, owner=self._page,
        )  # fmt: skip

    def _reactivate_operator(self, operator_id: int) -> None:
        self._with_estates(lambda estates: self._ask_first_password(self._named(operator_id), estates))

    def _ask_first_password(self, view: OperatorView, estates: tuple[tuple[int, str], ...]) -> None:
        form = Form(reactivation_fields(self._roles(), estates), columns=2)
        form.set_values({"role": view.role.value, "estates": view.estates})
        self._follow_role(form)
        words = view.login, self._office(), view.name
        rate_password(form, lambda: words)

        def save(typed: dict[str, Any], dialog: FormDialog) -> None:
            if form.show_errors(rules.new_password_faults(typed["password"], typed["again"], *words)):
                return
            self._run_in(
                dialog,
                _("{name} can sign in again, with the new password.").format(name=view.name),
                reactivate_operator,
                view.id,
                Role(typed["role"]),
                typed["password"],
                None,
                frozenset(typed["estates"]),
            )

        self._ask(_("Reactivate {name}").format(name=view.name), form, save)

    def _reset_password(self, operator_id: int) -> None:
        view = self._named(operator_id)
        form = Form(password_fields())
        words = view.login, self._office(), view.name
        rate_password(form, lambda: words)

        def save(typed: dict[str, Any], dialog: FormDialog) -> None:
            if not form.show_errors(rules.new_password_faults(typed["password"], typed["again"], *words)):
                told = _("{name} has a new password.").format(name=view.name)
                self._run_in(dialog, told, reset_password, view.id, typed["password"])

        self._ask(_("New password for {name}").format(name=view.name), form, save)
