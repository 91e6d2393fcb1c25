"""The page of work orders: the list, one order, and the findings without an order; the tab in an estate."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.core.files import joined_name
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.core.texts import N_, _, numbered
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.kit.book_list import ListUses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.list_page import ListPage
from fuyuan_desk.kit.on_use import OnUse
from fuyuan_desk.kit.page_stack import Pages
from fuyuan_desk.kit.pictures import PhotoStorage, PicturesController
from fuyuan_desk.paper.document import Printed
from fuyuan_desk.widgets.buttons import button
from fuyuan_desk.widgets.photos import PhotoStrip
from fuyuan_desk.widgets.preview import PreviewDialog, open_preview
from fuyuan_desk.widgets.split import Settings
from fuyuan_desk.widgets.table_model import Deliver, Query, Window
from fuyuan_desk.workorders.book import order_book
from fuyuan_desk.workorders.controller.acts import DRAFTS, OrderActs
from fuyuan_desk.workorders.facts import NewOrder, OrderDetail, OrderFields, WaitingFinding
from fuyuan_desk.workorders.kinds import ORDER
from fuyuan_desk.workorders.rules.course import COURSE
from fuyuan_desk.workorders.rules.orders import OrderSeverity, Source, severity_of
from fuyuan_desk.workorders.rules.places import PlaceOrder
from fuyuan_desk.workorders.service import acts, detail, of_calls, orders, photos, sheet_data, waiting
from fuyuan_desk.workorders.service.making import make_order
from fuyuan_desk.workorders.sheets import notice_sheet, order_sheets
from fuyuan_desk.workorders.view import forms
from fuyuan_desk.workorders.view.order import OrderView
from fuyuan_desk.workorders.view.waiting import WaitingView

TABLES = frozenset({"work_order", "order_finding", "order_step", "order_notice"})
FOUND = TABLES | {"attachment", "visit", "visit_result", "contract", "organisation"}
USES = ListUses(
    orders.list_orders,
    orders.orders_for_export,
    {"estate_id": estates.estate_options, "organisation_id": orders.responsible_options},
    TABLES | {"estate", "organisation"},
    paper=orders.orders_for_print,
)
_MINUTE_MS = 60_000
_AT_ONCE = {"accept": acts.accept, "begin": acts.begin, "resume": acts.resume}


def may_write(desk: Desk) -> bool:
    """Return whether the operator may make orders."""
    return desk.may(make_order)


def new_order(desk: Desk, estate_id: int | None = None) -> NewOrder:
    """Return what is known of an order that is made by hand."""
    return NewOrder(estate_id, "", OrderSeverity.GENERAL.value, desk.seat.now(), source=Source.OFFICE.value)


def order_of(desk: Desk, found: list[WaitingFinding]) -> NewOrder:
    """Return an order of findings of one estate, with all that is known of them filled in.

    Its clock runs from now, when it is reported to whoever is to do it, not from the visit.
    """
    items = [row.finding.item for row in found]
    places = {row.place for row in found} - {""}
    lines = [": ".join(filter(None, (item.text, item.remark))) for item in items]
    return NewOrder(
        items[0].estate_id,
        (items[0].remark or items[0].text)[:100],
        severity_of(item.severity for item in items).value,
        desk.seat.now(),
        _(", ").join(sorted(places))[:100],
        "\n".join(lines)[:4_000],
        Source.FINDING.value,
        findings=tuple(item.id for item in items),
    )


class OrdersController(QObject):
    """Connects the views of orders to the services."""

    visit_opened = Signal(int)
    record_opened = Signal(str, int)
    estate_opened = Signal(int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._order: OrderDetail | None = None
        self._is_stale = False
        self._back_or: Callable[[Callable[[], object]], object] = lambda otherwise: otherwise()
        self.preview: PreviewDialog | None = None
        self.page = Pages()
        self.waiting_button = button(_("Findings without an order"), self.show_waiting, picture="inspection")
        self._list = ListPage(
            desk, order_book(), USES, settings, "orders",
            can_add=may_write, title=_("Work orders"), acts=[self.waiting_button],
        )  # fmt: skip
        self.list = self._list.view
        self._order_view = OnUse(self._make_order_view)
        self._waiting_view = OnUse(self._make_waiting_view)
        self.acts = OrderActs(desk, self.page, self._on_changed)
        self.page.addWidget(self.list)
        self.page.set_first_focus(self.list, self.list.table.filter)
        self.list.opened.connect(self.open_order)
        self.list.new_requested.connect(self.new_order)
        self.page.shown.connect(self._on_shown)
        desk.changes.connect(self._on_changes)
        self._clock = QTimer(self.page)
        self._clock.timeout.connect(self.look_again)
        self._clock.start(_MINUTE_MS)
        self._count_waiting()

    def look_again(self) -> None:
        """Read the list again while it is in sight: an order is overdue from its minute on."""
        if self.list.isVisible():
            self.list.table.refresh()

    def _make_order_view(self) -> OrderView:
        made = OrderView()
        made.back_requested.connect(self.show_list)
        made.escaped.connect(lambda: self._back_or(self.show_list))
        for bar in (made.acts, made.undos):
            bar.requested.connect(self._act)
        made.related.requested.connect(self._open_related)
        made.print_requested.connect(self._print)
        made.notice_requested.connect(self._print_notice)
        made.estate_requested.connect(self._open_estate)
        made.visit_requested.connect(self.visit_opened)
        made.order_requested.connect(self.open_order)
        made.reveal_requested.connect(self._reveal)
        self._pictures = [
            self._pictures_of(made, made.before, photos.add_before),
            self._pictures_of(made, made.after, photos.add_after),
        ]
        self.page.addWidget(made)
        return made

    def _pictures_of(
        self, view: OrderView, strip: PhotoStrip, add: Callable[[Seat, int, tuple[NewPhoto, ...]], list[int]]
    ) -> PicturesController:
        storage = PhotoStorage(
            lambda: 0 if self._order is None else self._order.id, add, photos.read_order_photo,
            photos.remove_order_photo, lambda: None, view.banner.refuse,
            is_lasting=True, caption=photos.caption_order_photo, keeps_location=photos.keeps_location,
        )  # fmt: skip
        strip.set_editable(self._desk.may(add))
        return PicturesController(self._desk, strip, storage)

    def _make_waiting_view(self) -> WaitingView:
        made = WaitingView(self._fetch_waiting, self._settings)
        made.back_requested.connect(self.show_list)
        made.order_requested.connect(self._order_chosen)
        made.opened.connect(self.visit_opened)
        made.allow(write=may_write(self._desk))
        self.page.addWidget(made)
        return made

    @property
    def order(self) -> OrderView:
        """The page of one order."""
        return self._order_view()

    @property
    def waiting(self) -> WaitingView:
        """The list of findings without an order."""
        return self._waiting_view()

    # --- for the shell

    def use_way_back(self, back_or: Callable[[Callable[[], object]], object]) -> None:
        """Leave an order by Esc to where it was opened: `back_or(otherwise)` calls `otherwise` if that was here."""
        self._back_or = back_or

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The shown order."""
        return None if self._order is None else ("order", self._order.id)

    def reopen(self, key: str) -> None:
        """Open the dialog whose draft is stored under `key`, over the shown order or for a new one."""
        form = key.partition(":")[0]
        if form == "order":
            self.new_order()
        elif self._order is not None:
            self.acts.ask(form.removeprefix(DRAFTS), self._order)

    def show_list(self) -> None:
        """Show the list."""
        self._order = None
        self.page.show_screen(self.list)
        self.list.table.table.setFocus()

    def open_order(self, order_id: int, act: str = "") -> None:
        """Show an order; with an act, begin it if it is offered."""
        QTimer.singleShot(0, self._order_view)  # made while the order is read

        def done(order: OrderDetail) -> None:
            self._show(order)
            if act and any(offer.name == act and not offer.why_not for offer in self._offers(order)):
                self.acts.ask(act, order)

        def failed(refusal: UserError) -> None:
            self.show_list()
            self.list.banner.refuse(refusal)

        self._desk.run(detail.order_detail, order_id, done=done, failed=failed, owner=self.page)

    def new_order(self, estate_id: int | None = None) -> None:
        """Open the form of an order that is made by hand."""
        if may_write(self._desk):
            self.acts.ask_new(new_order(self._desk, estate_id))

    def make_order_of(self, finding_id: int) -> None:
        """Open the form of an order of one finding, filled with what is known of it."""

        def done(found: tuple[WaitingFinding, ...]) -> None:
            chosen = [row for row in found if row.id == finding_id]
            if chosen and may_write(self._desk):
                self.acts.ask_new(order_of(self._desk, chosen))

        self.show_waiting()
        self._desk.run(waiting.findings_without_order, done=done, owner=self.page)

    def make_order_of_call(self, call_id: int) -> None:
        """Open the form of an order of a call, filled with what the call says."""

        def read(seat: Seat) -> tuple[tuple[NewOrder, bool], tuple[PlaceOrder, ...]]:
            return of_calls.order_of_call(seat, call_id), of_calls.orders_of_call(seat, call_id)

        def done(found: tuple[tuple[NewOrder, bool], tuple[PlaceOrder, ...]]) -> None:
            (known, is_timed), made = found
            self.acts.ask_new(known, forms.call_hint(is_timed, made), ask_another=bool(made))

        self._desk.run(read, done=done, failed=self.list.banner.refuse, owner=self.page)

    def show_waiting(self) -> None:
        """Show the findings without an order."""
        self._order = None
        self.page.show_screen(self.waiting)
        self.waiting.table.load()
        self.waiting.table.table.setFocus()

    # --- one order

    def _offers(self, order: OrderDetail) -> Any:
        seat = self._desk.seat
        return COURSE.offered(order.course, seat.operator.role, seat.today())

    def _show(self, order: OrderDetail) -> None:
        old = None if self._order is None or self._order.id != order.id else self._order
        self._order = order
        if old is None:
            self.order.banner.clear()
            for strip in (self.order.before, self.order.after):
                strip.set_photos([])
        self.order.show_order(order, self._offers(order), self._desk.seat.now(), self._desk.can_reveal)
        if old is None or (old.before, old.after) != (order.before, order.after):
            shown = zip(self._pictures, (order.before, order.after), strict=True)
            for (pictures, keys), strip in zip(shown, (self.order.before, self.order.after), strict=True):
                pictures.load(keys, strip.set_photos)
        self.page.show_screen(self.order)
        if old is None or old.status is not order.status:
            self.order.focus_first_act()

    def _on_changed(self, order: OrderDetail) -> None:
        self._show(order)

    def _act(self, name: str) -> None:
        order = self._order
        if order is None:
            return
        if name not in _AT_ONCE:
            self.acts.ask(name, order)
            return
        self._desk.run(
            _AT_ONCE[name], order.id, order.version,
            done=self._on_changed, failed=self.order.banner.refuse, owner=self.page,
        )  # fmt: skip

    def _reveal(self, field: str) -> None:
        if self._order is not None:
            self._desk.run(
                orders.reveal_order, self._order.id, field,
                done=lambda text: self.order.facts.reveal(field, text),
                failed=self.order.banner.refuse, owner=self.page,
            )  # fmt: skip

    def _open_estate(self) -> None:
        if self._order is not None:
            self.estate_opened.emit(self._order.estate_id)

    def _open_related(self, kind: str, key: int) -> None:
        if kind == ORDER.name:
            self.open_order(key)
        else:
            self.record_opened.emit(kind, key)

    # --- papers

    def _print(self) -> None:
        self._with_papers(
            _("Work order"),
            lambda papers: (order_sheets, papers.sheets, papers.office, papers.made),
        )

    def _print_notice(self) -> None:
        self._with_papers(
            _("Notice to correct"),
            lambda papers: (notice_sheet, papers.sheets[0], papers.office, papers.made),
        )

    def _with_papers(self, what: str, draw: Callable[[sheet_data.OrderPapers], tuple[Any, ...]]) -> None:
        if self._order is None:
            return
        number = self._order.number

        def show(printed: Printed) -> None:
            self.preview = open_preview(
                self.page, f"{what} {number}", printed.pdf, name=joined_name(what, number)
            )

        def drawn(papers: sheet_data.OrderPapers) -> None:
            function, *values = draw(papers)
            self._desk.run_paper(
                function, *values, done=show, failed=self.order.banner.refuse, owner=self.page
            )

        self._desk.run(
            sheet_data.order_papers, [self._order.id],
            done=drawn, failed=self.order.banner.refuse, owner=self.page,
        )  # fmt: skip

    # --- findings without an order

    def _count_waiting(self) -> None:
        self._desk.run(waiting.findings_without_order, done=self._take_waiting, owner=self.page)

    def _take_waiting(self, found: tuple[WaitingFinding, ...]) -> None:
        text = numbered(len(found), N_("{n} finding without an order"), N_("{n} findings without an order"))
        self.waiting_button.setText(text if found else _("Findings without an order"))

    def _fetch_waiting(self, query: Query, offset: int, limit: int, deliver: Deliver) -> None:
        def done(found: tuple[WaitingFinding, ...]) -> None:
            self._take_waiting(found)
            rows = [row for row in found if _contains(row, query.filter)]
            deliver(Window(len(rows), rows[offset : offset + limit]))

        self._desk.run(
            waiting.findings_without_order, done=done, failed=self.waiting.banner.refuse, owner=self.page
        )

    def _order_chosen(self) -> None:
        chosen = self.waiting.chosen()
        if not chosen:
            self.waiting.banner.say("info", _("Choose the findings first."))
        elif len({row.finding.item.estate_id for row in chosen}) > 1:
            self.waiting.banner.say("warn", _("An order is for one estate. Choose findings of one only."))
        else:
            self.waiting.banner.clear()
            self.acts.ask_new(order_of(self._desk, chosen))

    # --- changes

    def _on_shown(self) -> None:
        if self._is_stale:
            self._refresh()

    def _on_changes(self, tables: frozenset[str]) -> None:
        if not tables & FOUND:
            return
        if self.page.isVisible():
            self._refresh()
        else:
            self._is_stale = True

    def _refresh(self) -> None:
        self._is_stale = False
        made = self._waiting_view.made
        if made is not None and self.page.currentWidget() is made:
            made.table.refresh()
        else:
            self._count_waiting()
        order = self._order
        if order is not None and self.page.currentWidget() is self._order_view.made:
            self._desk.run(
                detail.order_detail, order.id, done=self._update, failed=lambda _refusal: self.show_list(),
                owner=self.page,
            )  # fmt: skip

    def _update(self, order: OrderDetail) -> None:
        # an unchanged order is not drawn anew: links in it would lose the focus
        if self._order is not None and self._order.id == order.id and order != self._order:
            self._show(order)


def _contains(row: WaitingFinding, text: str) -> bool:
    item = row.finding.item
    within = f"{row.estate} {row.place} {item.text} {item.remark} {item.visit}".lower()
    return all(word in within for word in text.lower().split())


class OrdersSection(QObject):
    """The orders of one estate, in its tab."""

    order_opened = Signal(int)
    order_requested = Signal(int)

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._list: ListPage[OrderFields] = ListPage(
            desk, order_book(), USES, settings, "orders-of", can_add=may_write, without="estate_id"
        )
        self.view = self._list.view
        self.page: QWidget = self.view
        self.view.opened.connect(self.order_opened)
        self.view.new_requested.connect(
            lambda: self.order_requested.emit(int(self._list.within.get("estate_id", 0)))
        )

    def show_estate(self, estate_id: int) -> None:
        """List the orders of an estate."""
        self._list.show_within({"estate_id": estate_id})
