"""The acts of an order that ask for something in a dialog, and the form of a new order."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.service.page_data import estate_choices
from fuyuan_desk.inspections.view.entry import moment_of
from fuyuan_desk.kit.book import Option
from fuyuan_desk.kit.course import plain
from fuyuan_desk.kit.course_dialog import DialogDraft, Typed, Version, run_dialog, undo_dialog
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.widgets.form import Form
from fuyuan_desk.workorders.controller.outlook import OutlookController
from fuyuan_desk.workorders.facts import NewOrder, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.orders import Source
from fuyuan_desk.workorders.service import acts, making, orders
from fuyuan_desk.workorders.view import forms

DRAFTS = "order_"
"""The keys of drafts of the acts begin with this and the name of the act."""
REASONS: dict[str, Callable[..., OrderDetail]] = {
    "send_back": acts.send_back,
    "reject": acts.reject,
    "pause": acts.pause,
    "cancel": acts.cancel,
}
DONE = {
    "dispatch": N_("{number} is dispatched."),
    "hand_over": N_("{number} is handed over."),
    "send_back": N_("{number} is returned and to be dispatched again."),
    "reject": N_("{number} is to be done again."),
    "pause": N_("{number} is on hold; its clock stands."),
    "cancel": N_("{number} is cancelled. Its findings are without an order again."),
    "finish": N_("{number} waits to be verified."),
    "verify": N_("{number} is completed."),
    "merge": N_("Merged. {number} is kept."),
    "tell": N_("It is recorded who was told of {number}."),
    "edit": N_("{number} is saved."),
    "reopen": N_("{number} is reopened; its deadline is counted anew."),
}


class OrderActs:
    """Does the acts of an order over `page`, asking in a dialog; calls `changed` with the order as it is then."""

    def __init__(self, desk: Desk, page: QWidget, changed: Callable[[OrderDetail], object]) -> None:
        self._desk = desk
        self._page = page
        self._changed = changed

    def ask(self, act: str, order: OrderDetail) -> None:
        """Ask for what an act needs, and do it."""
        if act in REASONS:
            self._ask_why(act, order)
            return
        asking: dict[str, Callable[[OrderDetail], None]] = {
            "dispatch": lambda order: self._ask_assignment("dispatch", order),
            "hand_over": lambda order: self._ask_assignment("hand_over", order),
            "finish": self._ask_finish,
            "verify": self._ask_verify,
            "merge": self._ask_merge,
            "tell": self._ask_told,
            "edit": self._ask_edit,
            "reopen": self._ask_reopen,
            "follow": self._ask_follow,
        }
        asking[act](order)

    def _ask_reopen(self, order: OrderDetail) -> None:
        seat = self._desk.seat
        offers = COURSE.offered(order.course, seat.operator.role, seat.today())
        offer = next((offer for offer in offers if offer.name == "reopen"), None)
        if offer is None:
            return  # somebody else has reopened it meanwhile
        hint = _("{order}. It goes to whoever did it, and its deadline is counted anew from now.")
        dialog = undo_dialog(
            self._page,
            _("Reopen {number}").format(number=order.number),
            offer,
            hint.format(order=order.title),
        )
        self._run(
            "reopen", order, dialog,
            lambda seat, typed, version: acts.reopen(seat, order.id, version, typed["reason"]),
        )  # fmt: skip

    def _ask_follow(self, order: OrderDetail) -> None:
        known = NewOrder(
            order.estate_id, order.title, order.severity, self._desk.seat.now(), order.place,
            order.description, Source.OFFICE.value, follows=order.id,
        )  # fmt: skip
        self.ask_new(known, _("It follows {number}, which is completed.").format(number=order.number))

    def _ask_why(self, act: str, order: OrderDetail) -> None:
        service = REASONS[act]
        freed = order.freed if act == "cancel" else ()
        self._open(
            act, order, forms.reason_form(),
            lambda seat, typed, version: service(seat, order.id, version, typed["reason"]),
            _freed_text(freed),
        )  # fmt: skip

    def _ask_assignment(self, act: str, order: OrderDetail) -> None:
        service = acts.dispatch if act == "dispatch" else acts.hand_over

        def read(options: tuple[Option, ...]) -> None:
            choices = [(one.id, one.text) for one in options]
            self._open(
                act, order, forms.assignment_form(choices, order, with_reason=act == "hand_over"),
                lambda seat, typed, version: service(seat, order.id, version, forms.read_assignment(typed)),
            )  # fmt: skip

        self._desk.run(orders.responsible_options, done=read, owner=self._page)

    def _ask_finish(self, order: OrderDetail) -> None:
        def finish(seat: Seat, typed: Typed, version: int | None) -> OrderDetail:
            done = WorkDone(moment_of(typed), typed["by"] or "", typed["note"] or "")
            return acts.finish(seat, order.id, version, done)

        self._open("finish", order, forms.finish_form(order, self._desk.seat.now()), finish)

    def _ask_verify(self, order: OrderDetail) -> None:
        self._open(
            "verify", order, forms.verify_form(self._desk.operator.name),
            lambda seat, typed, version: acts.verify(
                seat, order.id, version, typed["by"] or "", typed["note"] or ""
            ),
        )  # fmt: skip

    def _ask_merge(self, order: OrderDetail) -> None:
        def read(options: tuple[Option, ...]) -> None:
            self._open(
                "merge", order, forms.merge_form([(one.id, one.text) for one in options]),
                lambda seat, typed, version: acts.merge(
                    seat, order.id, version, typed["into"], typed["note"] or ""
                ),
            )  # fmt: skip

        self._desk.run(orders.orders_to_merge_into, order.id, done=read, owner=self._page)

    def _ask_told(self, order: OrderDetail) -> None:
        def record(seat: Seat, typed: Typed, _version: int | None) -> OrderDetail:
            told = Told(typed["level"], typed["person"] or "", moment_of(typed), typed["means"])
            return acts.record_told(seat, order.id, told)

        level = None if order.tell is None else order.tell.level
        self._open("tell", order, forms.told_form(level, self._desk.seat.now()), record)

    def _ask_edit(self, order: OrderDetail) -> None:
        def read(found: tuple[NewOrder, tuple[tuple[int, str], ...]]) -> None:
            known, estates = found
            self._open(
                "edit", order,
                self._with_outlook(
                    forms.order_form(estates, known, is_new=False, changed=order), is_new=False
                ),
                lambda seat, typed, version: making.edit_order(
                    seat, order.id, version, forms.read_order(typed, known)
                ),
            )  # fmt: skip

        def both(seat: Seat) -> tuple[NewOrder, tuple[tuple[int, str], ...]]:
            return making.order_for_edit(seat, order.id), estate_choices(seat)

        self._desk.run(both, done=read, owner=self._page)

    def _open(
        self,
        act: str,
        order: OrderDetail,
        form: Form,
        use: Callable[[Seat, Typed, int | None], OrderDetail],
        more: str = "",
    ) -> None:
        text = plain(_(COURSE.act(act).text))
        title = f"{order.number} · {text}"
        hint = " · ".join(filter(None, (order.estate, order.place, order.title)))
        hint = "\n".join(filter(None, (hint, more)))
        self._run(act, order, FormDialog(self._page, title, form, text, hint), use)

    def _run(
        self,
        act: str,
        order: OrderDetail,
        dialog: FormDialog,
        use: Callable[[Seat, Typed, int | None], OrderDetail],
    ) -> None:
        def call_of(typed: Typed, version: Version) -> tuple[Any, ...]:
            return use, typed, version if isinstance(version, int) else order.version

        def done(changed: OrderDetail) -> None:
            told = [_(DONE[act]).format(number=changed.number)]
            if act == "cancel" and order.freed:
                told.append(_("Open again: {numbers}.").format(numbers=_(", ").join(order.freed)))
            self._desk.notify(" ".join(told))
            self._changed(changed)

        run_dialog(self._desk, dialog, call_of, done, DialogDraft(f"{DRAFTS}{act}:{order.id}", order.version))

    # --- a new order

    def ask_new(self, known: NewOrder, hint: str = "", *, ask_another: bool = False) -> None:
        """Open the form of a new order, filled with what is known; `hint` says what it is made of."""

        def read(estates: tuple[tuple[int, str], ...]) -> None:
            is_free = not (known.findings or known.origin or known.follows)
            form = forms.order_form(estates, known, is_new=is_free, ask_another=ask_another)
            dialog = FormDialog(
                self._page, _("New work order"), self._with_outlook(form), _("&Make the order"), hint
            )
            # an order of something is filled in anew from it; nothing is lost with the dialog
            draft = DialogDraft("order:new") if is_free else None
            run_dialog(self._desk, dialog, lambda typed, _version: (make, typed), self._on_made, draft)

        def make(seat: Seat, typed: Typed) -> OrderDetail:
            return making.make_order(seat, forms.read_order(typed, known))

        self._desk.run(estate_choices, done=read, owner=self._page)

    def _with_outlook(self, form: Form, *, is_new: bool = True) -> Form:
        OutlookController(self._desk, form, is_new=is_new)
        return form

    def _on_made(self, order: OrderDetail) -> None:
        self._desk.notify(_("Work order {number} is made.").format(number=order.number))
        self._changed(order)


def _freed_text(numbers: Sequence[str]) -> str:
    """Return what becomes of the orders that were merged into one that is to be cancelled; '' if there are none."""
    if not numbers:
        return ""
    text = numbered(
        len(numbers),
        N_("{n} order that was merged into it is open again, to be dispatched: {numbers}."),
        N_("{n} orders that were merged into it are open again, to be dispatched: {numbers}."),
        numbers=_(", ").join(numbers),
    )
    return f"{text} {_('A second person must agree.')}"
