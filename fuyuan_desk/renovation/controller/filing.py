"""Controller of the filing page: find the home, judge the works as they are ticked, save."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from fuyuan_desk.core.errors import Conflict, UserError
from fuyuan_desk.core.texts import _
from fuyuan_desk.estates.facts.houses import UnitChoice
from fuyuan_desk.estates.facts.people import HouseholdEdit
from fuyuan_desk.estates.rules.housing import HoldingRole, Tenure
from fuyuan_desk.estates.service import estates, households
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.drafts import keep_drafts
from fuyuan_desk.renovation.facts import CaseDetail, CaseEdit, Filing, House, ScopeJudgement
from fuyuan_desk.renovation.service import cases, page_data, queries
from fuyuan_desk.renovation.service.page_data import FilingHome
from fuyuan_desk.renovation.view.filing import FilingView

_JUDGE_MS = 20
_FIELDS = (
    "applicant", "applicant_phone", "applicant_id_kind", "applicant_id_number", "contractor",
    "contractor_code", "contractor_lead", "contractor_phone", "starts_on", "ends_on", "remarks",
)  # fmt: skip
_PUBLIC = (Tenure.DIRECT_PUBLIC, Tenure.UNIT_PUBLIC)


class FilingController(QObject):
    """Connects the filing view to the services; emits `saved(case, is_new, print)`, or `left` to go back.

    `case_requested(case_id)` asks to open another case of the home.
    """

    saved = Signal(object, bool, bool)
    case_requested = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._edit: CaseEdit | None = None
        self._house: House | None = None
        self._request_count = 0
        self._judged_input: tuple[Any, ...] = ()
        self._received_before: tuple[str, ...] = ()
        self.view = FilingView()
        self._drafts = keep_drafts(desk, self.view.form, "renovation:new")
        self._timer = QTimer(self.view)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_JUDGE_MS)
        self._timer.timeout.connect(self._judge)
        self._connect()

    def _connect(self) -> None:
        view = self.view
        view.left.connect(self.left)
        view.home_typed.connect(self._find_homes)
        view.home_chosen.connect(self._choose_home)
        view.home.holder_chosen.connect(self._copy_household)
        view.home.cases.chosen.connect(self.case_requested)
        view.save_requested.connect(self._save)
        view.reload_requested.connect(self._reload)
        view.form.changed.connect(self._timer.start)
        view.form.restored.connect(self._on_restored)

    # --- opening

    def begin(self, unit_id: int | None = None) -> None:
        """Open an empty filing, for a home if given, and offer an existing draft."""
        self._edit = None
        self._received_before = ()
        self._house = None
        self._drafts.set_key("renovation:new")
        self.view.open(_("New filing"))
        tomorrow = self._desk.seat.today() + timedelta(days=1)
        self.view.form.begin({"starts_on": tomorrow}, None if unit_id is None else {"id": unit_id})
        self._suggest_contractors()
        self._drafts.offer()
        if unit_id is not None:
            self._read_home(unit_id, is_new=True)
        else:
            self.view.home.search.setFocus()

    def edit(self, case_id: int, then: Callable[[], object]) -> None:
        """Load a case into the form, unmasked (this is logged), then call `then`."""

        def done(edit: CaseEdit) -> None:
            self._open(edit)
            then()

        self._desk.run(queries.case_for_edit, case_id, done=done, owner=self.view)

    def _open(self, edit: CaseEdit) -> None:
        filing = edit.filing
        self._edit = edit
        self._received_before = filing.received
        self._house = None
        self._drafts.set_key(f"renovation:{edit.id}", edit.version)
        self.view.open(_("Change {number}").format(number=edit.number))
        values = {name: getattr(filing, name) for name in _FIELDS} | {"role": filing.role.value}
        home = {"id": filing.unit_id}
        self.view.form.begin(values, home, filing.works, filing.received)
        self._suggest_contractors()
        self._drafts.offer()
        self._read_home(filing.unit_id)

    def _reload(self) -> None:
        if self._edit is not None:
            self._desk.run(queries.case_for_edit, self._edit.id, done=self._open, owner=self.view)

    def _suggest_contractors(self) -> None:
        def done(names: tuple[str, ...]) -> None:
            offered = [(name, name) for name in names]
            self.view.form.prepare("contractor", lambda editor: editor.set_choices(offered))

        self._desk.run(page_data.known_contractors, done=done, owner=self.view)

    # --- the home

    def _find_homes(self, text: str) -> None:
        def done(found: tuple[UnitChoice, ...]) -> None:
            self.view.show_hits(text, [(unit.id, unit.address, unit.holders, unit.meant) for unit in found])

        self._desk.run(estates.find_units, text, done=done, owner=self.view)

    def _choose_home(self, unit_id: int) -> None:
        self.view.form.set_home({"id": unit_id})
        self._read_home(unit_id, is_new=True)

    def _on_restored(self) -> None:
        if self.view.form.home_id is not None:
            self._read_home(self.view.form.home_id)

    def _read_home(self, unit_id: int, is_new: bool = False) -> None:
        def done(home: FilingHome) -> None:
            if self.view.form.home_id == unit_id:
                self._show_home(home, is_new)

        self._desk.run(page_data.filing_home, unit_id, done=done, owner=self.view)

    def _show_home(self, home: FilingHome, is_new: bool) -> None:
        self._house = home.house
        self._judged_input = ()
        self.view.show_home(home.house, home.households, home.groups, home.spoken)
        own = self._edit.id if self._edit is not None else 0
        self.view.home.cases.show_cases([case for case in home.open_cases if case.id != own])
        if is_new:
            if home.house.tenure:  # else it is asked
                role = HoldingRole.TENANT if home.house.tenure in _PUBLIC else HoldingRole.OWNER
                self.view.form.preset("role", role.value)
            buttons = list(self.view.home.holders.values())
            (buttons[0] if buttons else self.view.form.editor("applicant").inner()[0]).setFocus()
        self._judge()

    def _copy_household(self, household_id: int) -> None:
        def done(household: HouseholdEdit) -> None:
            fields, form = household.fields, self.view.form
            form.set_value("applicant", fields.head)
            form.set_value("role", fields.role or None)  # nobody recorded it: it is asked
            form.set_value("applicant_phone", fields.phones[0] if fields.phones else "")
            form.set_value("applicant_id_kind", fields.id_kind or None)
            form.set_value("applicant_id_number", fields.id_number)
            self.view.focus_works()

        self._desk.run(households.household_for_edit, household_id, done=done, owner=self.view)

    # --- judging

    def _judge(self) -> None:
        form = self.view.form
        if self._house is None or form.home_id != self._house.unit_id:
            return
        role = HoldingRole(form.editor("role").value() or HoldingRole.OWNER)
        has_contractor = bool(str(form.editor("contractor").raw() or "").strip())
        request = (form.home_id, form.scope, role, has_contractor)
        if request == self._judged_input:
            return
        self._judged_input = request
        self._request_count += 1
        request_number = self._request_count

        def done(judged: ScopeJudgement) -> None:
            if request_number == self._request_count and form.home_id == judged.house.unit_id:
                self.view.show_judgement(judged, self._received_before)

        self._desk.run(cases.judge_scope, *request, done=done, owner=self.view)

    # --- saving

    def _filing(self, values: dict[str, Any]) -> Filing | None:
        form = self.view.form
        errors = {}
        if form.home_id is None:
            errors["unit_id"] = _("Find the home to be renovated.")
        if not form.works:
            errors["works"] = _("Choose at least one work.")
        if form.home_id is None or errors:
            self.view.show_errors(errors)
            return None
        fields = {name: values[name] for name in _FIELDS}
        fields["applicant_id_kind"] = fields["applicant_id_kind"] or ""
        return Filing(
            unit_id=form.home_id,
            works=form.scope,
            role=HoldingRole(values["role"]),
            received=form.received,
            **fields,
        )

    def _save(self, values: dict[str, Any], with_print: bool) -> None:
        filing = self._filing(values)
        if filing is None:
            return
        edit = self._edit
        self.view.set_busy(True)

        def done(case: CaseDetail) -> None:
            is_leaving = self.view.form.is_being_left
            self.view.saved()
            message = _("Registered as {number}.") if edit is None else _("{number} is saved.")
            self._desk.notify(message.format(number=case.number))
            if not is_leaving:  # else the page has already been left
                self.saved.emit(case, edit is None, with_print)

        def failed(refusal: UserError) -> None:
            is_stale = isinstance(refusal, Conflict) and edit is not None and not refusal.fields
            self.view.refuse(refusal, is_stale)

        if edit is None:
            self._desk.run(cases.file_case, filing, done=done, failed=failed, owner=self.view)
        else:
            self._desk.run(
                cases.update_case,
                edit.id,
                self._drafts.version,
                filing,
                done=done,
                failed=failed,
                owner=self.view,
            )
