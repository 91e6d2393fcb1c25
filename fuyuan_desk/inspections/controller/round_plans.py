"""The page of plans of rounds: a book with a live preview above its form."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import wraps
from itertools import pairwise

from PySide6.QtCore import QObject, QTimer

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.core.errors import UserError
from fuyuan_desk.estates.service import page_data as estates
from fuyuan_desk.inspections.book import plan_book
from fuyuan_desk.inspections.controller.papers import CasesOf, known_cases, no_cases
from fuyuan_desk.inspections.facts import PlanFields, PlanPreview
from fuyuan_desk.inspections.rules.round_plans import AWAY, SEASONS
from fuyuan_desk.inspections.rules.rounds import Unit, Where
from fuyuan_desk.inspections.service import round_plans as service
from fuyuan_desk.inspections.view.rounds import PlanPreviewView
from fuyuan_desk.kit.book import Known
from fuyuan_desk.kit.book_page import BookPage, Uses
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.paging import Saved
from fuyuan_desk.widgets.split import Settings

_PAUSE_MS = 300
"""How long typing must pause before the preview is read."""
_ONLY_WITH: Mapping[str, tuple[str, Collection[str]]] = {
    "facility_kind": ("objects", (Where.FACILITY,)),
    "weekdays": ("unit", (Unit.WEEK,)),
    "days": ("unit", (Unit.MONTH, Unit.YEAR)),
    "step": ("unit", (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)),
}
"""The fields that say something only while another one has one of these values."""
_AFTER = {
    **{f"{name}_weekdays": (f"{name}_unit", (Unit.WEEK,)) for name in SEASONS},
    **{
        f"{name}_{part}": (f"{before}_from", ())
        for names in (SEASONS, AWAY)
        for before, name in pairwise(names)
        for part in (("from", "to", "times", "unit") if names is SEASONS else ("from", "to"))
    },
}
"""Likewise of the parts of the year and absences; (): once the one before is filled in."""
USES = Uses(
    service.find_plans,
    service.read_plan,
    service.save_plan,
    remove=service.remove_plan,
    history=service.plan_history,
    export=service.plans_for_export,
    paper=service.plans_for_print,
    options={"estates": estates.estate_options, "checklist": service.checklist_options},
    tables=frozenset({"estate", "checklist_version"}),
)


def plans_page(
    desk: Desk, settings: Settings | None = None, cases_of: Callable[[], CasesOf] = lambda: no_cases
) -> BookPage[PlanFields]:
    """Return the book of plans; `cases_of` returns what reads the renovations under way."""

    @wraps(service.save_plan)  # with the roles that are permitted it
    def save(seat: Seat, fields: PlanFields, known: Known | None, kept: Collection[str]) -> Saved:
        return service.save_plan(seat, fields, known, kept, known_cases(seat, cases_of()))

    defaults = {"from_on": desk.seat.today(), "times": 1, "step": 1, "early": 0, "late": 0}
    return BookPage(
        desk, plan_book(), PlanFields, replace(USES, save=save), settings, defaults=lambda: defaults
    )


class PlansController(QObject):
    """The page of plans, which says what follows from a plan while it is typed."""

    def __init__(self, desk: Desk, settings: Settings | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._cases_of: CasesOf = no_cases
        self.book_page = plans_page(desk, settings, lambda: self._cases_of)
        self.page = self.book_page.page
        self.preview = PlanPreviewView()
        self._asked = 0
        self._pause = QTimer(self.preview)  # ends with the form that it reads
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._read)
        if desk.may(service.preview_plan):
            pane = self.book_page.view.pane
            pane.note.addWidget(self.preview)
            pane.form.changed.connect(self._on_changed)

    def use_cases(self, cases_of: CasesOf) -> None:
        """Plan rounds of renovations, too: `cases_of(seat, None)` are those under way."""
        self._cases_of = cases_of

    def _on_changed(self) -> None:
        form = self.book_page.view.pane.form
        for name, (other, values) in {**_ONLY_WITH, **_AFTER}.items():
            # what is filled in stays in sight, so that it can be cleared
            editor = form.editor(other)
            is_wanted = editor.value() in values if values else not editor.is_empty()
            form.show_field(name, is_wanted or not form.editor(name).is_empty())
        self._pause.start(_PAUSE_MS)

    def _read(self) -> None:
        """Read what follows from what is typed; what is missing or wrong is said beside its field on saving."""
        typed = self.book_page.view.pane.form.readable_values()
        fields = replace(PlanFields(), **{name: value for name, value in typed.items() if value is not None})
        self._asked += 1
        asked = self._asked

        def done(found: PlanPreview) -> None:
            if asked == self._asked:
                self.preview.show_preview(found)

        def failed(refusal: UserError) -> None:
            if asked == self._asked:
                named = [plan_book().part(name).name_shown for name in refusal.fields]
                self.preview.show_missing(" · ".join((*named[:1], refusal.message)))

        def preview(seat: Seat) -> PlanPreview:
            return service.preview_plan(seat, fields, known_cases(seat, self._cases_of))

        self._desk.run(preview, done=done, failed=failed, owner=self.page)

    @property
    def shown_record(self) -> tuple[str, int] | None:
        """The plan in the form as kind and id."""
        return self.book_page.shown_record

    def show_list(self) -> None:
        """Close the form, asking first if there is unsaved input."""
        self.book_page.show_list()

    def open_record(self, record_id: int) -> None:
        """Show a plan, whatever the list is filtered by."""
        self.book_page.open_record(record_id)

    def new_record(self) -> None:
        """Open the form of a new plan."""
        self.book_page.new_record()

    def reopen(self, key: str) -> None:
        """Open the form of the draft `key`."""
        self.book_page.reopen(key)

    def leave(self, then: Callable[[], object]) -> None:
        """Call `then` once no unsaved input is lost."""
        self.book_page.leave(then)
