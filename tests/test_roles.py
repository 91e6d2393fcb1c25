"""Permissions: one table lists every service of every job, and each service enforces it."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import fuyuan_desk
from fuyuan_desk.access.drafts import DRAFT_ROLES
from fuyuan_desk.access.seat import EVERYONE, FIELD, REVEALERS, REVIEWERS, STAFF, WRITERS, Role, Seat, permit
from fuyuan_desk.core.errors import NotAllowed
from tests.sources import PACKAGE, trees

ADMIN = (Role.ADMIN,)
# one table for the whole program: who may use which service; a new service is added to one of these lists
TABLE: dict[tuple[Role, ...], str] = {
    EVERYONE: """
        inspections.service.round_plans.plan_options inspections.service.rounds.list_rounds
        inspections.service.rounds.rounds_for_print inspections.service.rounds.round_to_log
        estates.service.roles.find_roles estates.service.roles.read_role estates.service.roles.roles_for_print
        estates.service.roles.holder_options estates.service.roles.estate_of_role
        estates.service.buildings.buildings_for_print estates.service.buildings.find_buildings
        estates.service.buildings.read_building
        estates.service.page_data.building_options estates.service.page_data.estate_options
        facilities.service.facilities.facilities_for_print facilities.service.facilities.find_facilities
        dossiers.service.read_file dossiers.service.file_for_export
        facilities.service.facilities.read_facility facilities.service.checks.facility_checks
        facilities.service.coverage.coverage
        backups.service.backups.back_up backups.service.backups.count_changes
        backups.service.backups.status
        estates.service.buildings.list_buildings estates.service.estates.estate_detail
        estates.service.estates.list_estates estates.service.page_data.estate_by_name
        estates.service.page_data.estate_choices estates.service.page_data.estate_of_building
        estates.service.page_data.estate_with_buildings estates.service.page_data.unit_of_household
        estates.service.page_data.unit_of_person estates.service.page_data.unit_in_estate
        estates.service.tags.tag_choices
        estates.service.rooms.list_rooms estates.service.rooms.read_rooms estates.service.rooms.rooms_for_print
        estates.service.room_states.holders_of_rooms estates.service.room_states.tenures_of_rooms
        estates.service.room_states.tags_of_rooms
        estates.service.room_states.uses_of_rooms estates.service.room_states.vacancies_of_rooms
        renovation.service.room_states.renovations_of_rooms standards.service.room_states.tiers_of_rooms
        estates.service.units.list_units estates.service.units.unit_detail
        estates.service.units.unit_position inspections.service.page_data.blank_papers
        inspections.service.page_data.visit_papers inspections.service.photos.read_photo
        inspections.service.page_data.blank_previews inspections.service.page_data.visit_previews
        inspections.service.page_data.number_papers
        inspections.service.page_data.offered_checklists
        inspections.service.queries.list_visits inspections.service.queries.visit_detail
        inspections.service.queries.visits_for_print renovation.service.queries.cases_for_print
        inspections.service.sheet_data.visit_sheets inspections.service.subjects.estate_subjects
        inspections.service.printed.read_sheet inspections.service.subjects.equipment_of_all
        inspections.service.printed.find_sheet inspections.service.batches.rounds_to_print
        inspections.service.batches.round_previews inspections.service.sheets_out.list_sheets
        inspections.service.sheets_out.sheets_for_print inspections.service.sheets_out.holders
        inspections.service.sheets_out.alike
        office.service.operators.change_password office.service.settings.read_settings
        office.service.sign_in_greeting.save_place office.service.sign_in_greeting.last_visit
        office.service.sign_in_greeting.pop_place
        office.service.sign_in_greeting.disk_is_full renovation.service.queries.case_keys
        estates.service.notice_pages.notice_pages estates.service.notice_pages.read_page
        facilities.service.check_pages.check_pages facilities.service.check_pages.read_page
        renovation.service.queries.case_detail renovation.service.queries.find_case
        renovation.service.queries.list_cases
        renovation.service.sheet_data.inspection_subjects standards.service.page_data.estate_tier
        standards.service.page_data.overview standards.service.tiers.duties_of_estate
        standards.service.tiers.tier_history standards.service.tiers.tiers_of_estates
        today.service.find_scanned today.service.list_tasks today.service.record_exists
        today.service.guess today.service.search today.service.describe_recent
        workorders.service.photos.read_order_photo inspections.service.scans.scan_pages
        workorders.service.orders.list_orders workorders.service.orders.orders_to_merge_into
        workorders.service.orders.responsible_options workorders.service.orders.orders_for_print
        workorders.service.detail.order_detail workorders.service.waiting.findings_without_order
        workorders.service.places.place_options workorders.service.places.orders_here
        workorders.service.waiting.visit_findings workorders.service.sheet_data.order_papers
        reports.service.books.read_figures reports.service.books.book_for_print
        inspections.service.queries.visited_buildings inspections.service.queries.recent_inspectors
        reports.service.not_done.not_done_choices reports.service.not_done.not_done_for_print
    """,
    STAFF: """
        inspections.service.round_plans.checklist_options inspections.service.round_plans.find_plans
        inspections.service.round_plans.plan_history
        inspections.service.round_plans.plans_for_print inspections.service.round_plans.read_plan
        contracts.service.contracts.contract_history contracts.service.contracts.contracts_for_print
        contracts.service.contracts.find_contracts contracts.service.contracts.read_contract
        estates.service.roles.role_history
        organisations.service.contacts.contact_history organisations.service.contacts.contacts_for_print
        organisations.service.contacts.find_contacts organisations.service.contacts.read_contact
        organisations.service.merging.compare organisations.service.merging.list_pairs
        estates.service.suspects.list_pairs
        organisations.service.organisations.find_organisations
        organisations.service.organisations.organisation_history
        organisations.service.organisations.organisation_options
        organisations.service.organisations.organisations_for_print
        organisations.service.organisations.read_organisation
        estates.service.buildings.building_history estates.service.on_day.who_was_there
        calls.service.calls.call_history calls.service.calls.calls_for_print calls.service.calls.find_calls
        calls.service.calls.read_call calls.service.of_households.latest_calls
        workorders.service.of_calls.orders_of_call
        calls.service.due.due_for_print calls.service.due.find_due
        calls.service.due.rhythm_options calls.service.residents.staff_options
        facilities.service.facilities.facility_history
        backups.service.backups.back_up_to backups.service.check.check_backup backups.service.slip.slip_for_print
        audit.service.records.check_records backups.service.reach.check_backups diagnostics.service.report
        estates.service.estates.find_units office.service.settings.check_office
        office.service.settings.list_streets office.service.settings.read_calendar_text
        renovation.service.cases.judge_scope
        renovation.service.page_data.filing_home roster.service.imports.list_imports
    """,
    REVIEWERS: """
        audit.service.check.check_chain audit.service.compare.compare_anchor
        audit.service.proof.proof_for_print audit.service.entries.entries_for_export
        audit.service.entries.entry_detail audit.service.entries.find_entries
        audit.service.entries.reveal_entry audit.service.entries.trail_choices
    """,
    REVEALERS: """
        inspections.service.round_plans.plans_for_export inspections.service.rounds.rounds_for_export
        inspections.service.sheets_out.sheets_for_export
        dossiers.service.reveal_home dossiers.service.reveal_value
        contracts.service.contracts.contracts_for_export estates.service.roles.roles_for_export
        organisations.service.contacts.contacts_for_export organisations.service.contacts.reveal_contact
        organisations.service.organisations.organisations_for_export
        estates.service.buildings.buildings_for_export estates.service.rooms.rooms_for_export
        calls.service.calls.calls_for_export calls.service.due.due_for_export
        calls.service.month.month_for_export
        facilities.service.facilities.facilities_for_export facilities.service.coverage.coverage_for_export
        estates.service.people.reveal_person
        estates.service.households.reveal estates.service.page_data.estates_for_export
        estates.service.page_data.units_for_export inspections.service.queries.visits_for_export
        reports.service.books.figures_for_export
        inspections.service.checklists.checklist_for_export
        privacy.service.people.find_people privacy.service.people.person_report
        privacy.service.people.preview_erasure privacy.service.retention.due_for_anonymising
        renovation.service.queries.cases_for_export renovation.service.queries.reveal
        renovation.service.sheet_data.registration_sheets standards.service.page_data.tiers_for_export
        workorders.service.orders.orders_for_export workorders.service.orders.reveal_order
    """,
    DRAFT_ROLES: """
        access.drafts.clear_draft access.drafts.load_draft access.drafts.save_draft
        kit.open_drafts.continue_draft kit.open_drafts.open_drafts
    """,
    FIELD: """
        inspections.service.page_data.begin_entry inspections.service.photos.add_photos
        inspections.service.photos.caption_photo inspections.service.photos.draft_photos
        inspections.service.photos.drop_draft
        inspections.service.photos.keeps_location inspections.service.photos.place_photo
        inspections.service.photo_import.matchable inspections.service.scans.add_scans
        inspections.service.scans.move_scan
        inspections.service.photos.keep_draft_photo inspections.service.photos.remove_photo
        inspections.service.visits.log_visit inspections.service.rechecks.before_visit
        workorders.service.photos.add_after
        workorders.service.photos.caption_order_photo workorders.service.photos.remove_order_photo
        workorders.service.photos.keeps_location
        workorders.service.acts.accept workorders.service.acts.begin workorders.service.acts.send_back
        workorders.service.acts.finish
    """,
    WRITERS: """
        workorders.service.photos.add_before
        inspections.service.round_days.plan_rounds inspections.service.round_plans.preview_plan
        inspections.service.round_plans.remove_plan inspections.service.round_plans.save_plan
        inspections.service.rounds.skip_round inspections.service.rounds.unskip_round
        inspections.service.sheets_out.withdraw_sheets
        inspections.service.sheets_out.take_back inspections.service.corrections.visit_to_correct
        inspections.service.corrections.correct_visit
        contracts.service.contracts.remove_contract contracts.service.contracts.save_contract
        estates.service.notice_pages.add_pages estates.service.notice_pages.move_page
        estates.service.notice_pages.remove_page facilities.service.check_pages.add_pages
        facilities.service.check_pages.move_page facilities.service.check_pages.remove_page
        estates.service.holders.known_names renovation.service.page_data.known_contractors
        estates.service.roles.remove_role estates.service.roles.save_role
        organisations.service.contacts.remove_contact organisations.service.contacts.save_contact
        organisations.service.merging.merge organisations.service.merging.split
        estates.service.merging.compare estates.service.merging.merge estates.service.merging.split
        estates.service.suspects.others estates.service.suspects.suspect_again
        estates.service.suspects.tell_apart
        organisations.service.merging.suspect_again organisations.service.merging.tell_apart
        organisations.service.organisations.change_organisations
        organisations.service.organisations.remove_organisation
        organisations.service.organisations.save_organisation
        calls.service.calls.change_calls calls.service.calls.remove_call calls.service.calls.save_call
        calls.service.residents.find_residents calls.service.residents.new_call
        facilities.service.facilities.change_facilities facilities.service.facilities.remove_facility
        facilities.service.facilities.save_facility
        facilities.service.checks.save_check facilities.service.checks.remove_check
        estates.service.buildings.change_buildings estates.service.buildings.remove_building
        estates.service.buildings.save_building
        estates.service.estates.remove_estate estates.service.estates.save_estate
        estates.service.households.household_for_edit estates.service.households.remove_household
        estates.service.households.end_household estates.service.people.person_for_edit
        estates.service.people.remove_person estates.service.people.save_person
        estates.service.succession.pass_on estates.service.shares.save_shares
        estates.service.shares.shares_of_unit
        estates.service.tags.add_usual_tags
        estates.service.households.save_household estates.service.units.remove_unit
        estates.service.rooms.change_rooms estates.service.rooms.restore_rooms
        estates.service.units.save_unit privacy.service.people.erase_person
        privacy.service.retention.anonymise inspections.service.reports.record_report
        inspections.service.checklists.begin_checklist inspections.service.checklists.begin_version
        inspections.service.checklists.find_clauses inspections.service.checklists.list_versions
        inspections.service.checklists.publish_version inspections.service.checklists.read_draft
        inspections.service.checklists.read_version inspections.service.checklists.remove_draft_version
        inspections.service.checklists.save_draft_version inspections.service.checklists.withdraw_version
        renovation.service.cases.close_case
        renovation.service.cases.file_case renovation.service.cases.receive_document
        renovation.service.cases.receive_documents renovation.service.cases.judge_again
        renovation.service.cases.reopen_case renovation.service.cases.start_work
        renovation.service.cases.undo_start renovation.service.cases.update_case
        renovation.service.queries.case_for_edit
        audit.service.reindex.finish_cleaning roster.service.finish.finish_imports roster.service.imports.import_roster
        roster.service.imports.find_home roster.service.imports.kept_records
        roster.service.imports.preview_roster roster.service.imports.preview_undo
        roster.service.imports.undo_import
        roster.service.unimported.list_unimported roster.service.unimported.reveal_unimported
        roster.service.unimported.unimported_for_export roster.service.unimported.drop_corrected
        estates.service.community.community_for_export
        roster.service.readings.find_readings roster.service.readings.remember_readings
        roster.service.readings.forget_readings
        standards.service.tiers.assign_tier standards.service.tiers.withdraw_tier
        workorders.service.clock.complete_deadlines
        workorders.service.making.make_order workorders.service.making.order_for_edit
        workorders.service.making.edit_order workorders.service.acts.dispatch
        workorders.service.acts.hand_over workorders.service.acts.resume workorders.service.acts.reject
        workorders.service.acts.pause workorders.service.acts.cancel workorders.service.acts.verify
        workorders.service.acts.merge workorders.service.acts.record_told workorders.service.acts.reopen
        workorders.service.of_calls.order_of_call workorders.service.outlook.outlook
    """,
    ADMIN: """
        estates.service.tags.find_tags estates.service.tags.read_tag estates.service.tags.tag_history
        estates.service.tags.remove_tag estates.service.tags.save_tag
        facilities.service.checks.set_interval
        backups.service.places.forget_place backups.service.places.name_stick
        backups.service.places.set_second_folder office.service.operators.add_operator
        office.service.operators.list_operators office.service.operators.renew_recovery_code
        office.service.office_key.change_office_key office.service.office_key.key_history
        office.service.office_key.note_printed
        office.service.operators.reset_password office.service.operators.set_operator
        office.service.operators.reactivate_operator office.service.single_person.read_single_person
        office.service.single_person.declare_single_person office.service.single_person.end_single_person
        office.service.settings.change_settings office.service.settings.change_streets
        office.service.settings.change_calendar
        renovation.sample._holder
    """,
}
# they only call services of the table, or work inside the transaction of one
WITHOUT_PERMISSION = [
    "kit.attached.discard",
    "kit.attached.discard_on_failure",
    "kit.attached.keep",
    "access.export.export_rows",
    "access.reveals.log_reveal",
    "access.reveals.log_disclosures",
    "estates.service.own_entries.is_own_new_household",
    "estates.service.own_entries.is_own_new_record",
    "inspections.service.photos.keep_photos",
    "inspections.service.photos.visit_to_change",
    "inspections.service.printed.register",
    "inspections.service.sheet_data.number_drafts",
    "inspections.service.sheet_data.blank_drafts",
    "inspections.service.page_data.drafted",
    "inspections.service.photos.move_draft_photos",
    "cli.batch_print.print_sheets",
    "cli.backup_commands.status_lines",
    "renovation.service.choice.chosen_cases",
    "backups.service.places.place_views",
    "backups.service.reach.furthest_contradiction",
    "kit.job.findings_of",
    "workorders.service.clock.take_step",
    "workorders.service.making.take_in",
    "workorders.service.merged.set_free",
    "calls.service.for_orders.matter_of",
    "workorders.service.detail.detail",
    "workorders.service.detail.facts_of",
    "office.service.older_keys.check_renewal",
    "office.service.operators.require_own_password",
]
ROLES = {name: roles for roles, names in TABLE.items() for name in names.split()}


NO_SERVICES = {"migrations", "controller", "view", "widgets", "__main__"}


def _takes_a_seat(function: Callable[..., Any]) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(
        parameter.name == "seat" or parameter.annotation is Seat or str(parameter.annotation) == "Seat"
        for parameter in parameters
    )


def services_in(package: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return every function of a package that takes a seat and is permitted to somebody or public."""
    found = {}
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if NO_SERVICES & set(module.name.split(".")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name
            if own and _takes_a_seat(value) and (hasattr(value, "permitted") or not name.startswith("_")):
                found[f"{module.name.removeprefix(f'{package.__name__}.')}.{name}"] = value
    return found


SERVICES = services_in(fuyuan_desk)


def without_permission(services: dict[str, Callable[..., Any]]) -> set[str]:
    """Return the names of the services that are permitted to nobody by name."""
    return {name for name, service in services.items() if not hasattr(service, "permitted")}


def test_every_service_stands_in_the_table_and_the_table_names_no_other() -> None:
    assert set(SERVICES) - without_permission(SERVICES) == set(ROLES)
    assert without_permission(SERVICES) == set(WITHOUT_PERMISSION)


@pytest.mark.parametrize(
    "place", ["job.service", "job.service.lists", "access.lists", "shell.lists", "cli.lists"]
)
@pytest.mark.parametrize("seat", ["seat: Seat", "number: int, at: Seat", "seat: 'Seat', number: int = 1"])
def test_an_open_service_is_found_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, seat: str
) -> None:
    name = f"planted_{tmp_path.name}"
    folder = tmp_path.joinpath(name, *place.split("."))
    folder.parent.mkdir(parents=True)
    for above in folder.relative_to(tmp_path).parents[:-1]:
        (tmp_path / above / "__init__.py").touch()
    folder.with_suffix(".py").write_text(
        f"from fuyuan_desk.access.seat import EVERYONE, Seat, permit\n"
        f"def list_everything({seat}): ...\n"
        f"def _helper({seat}): ...\n"
        f"@permit(*EVERYONE)\ndef permitted(seat): ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = services_in(importlib.import_module(name))
    assert set(found) == {f"{place}.list_everything", f"{place}.permitted"}
    assert without_permission(found) == {f"{place}.list_everything"}


def test_only_the_seat_and_the_signing_in_reach_for_the_store_itself() -> None:
    # whatever goes through `seat.transaction` or `seat.reading` asks for a permission; this would go past it
    past = {
        path.relative_to(PACKAGE).as_posix()
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("use", "sessions", "engine")
        and ast.unparse(node.value).split(".")[-1].endswith("store")
    }
    outside = {name for name in past if not name.startswith("store/")}
    assert outside == {"access/seat.py", "office/service/set_up.py", "office/service/sign_in.py"}


def is_let_through(service: Callable[..., Any], seat: Seat) -> bool:
    """Call a service with an argument that none takes: whoever may use it gets that far, the others do not.

    So every function is called as every role, and nothing happens.
    """
    try:
        service(seat, an_argument_that_no_service_takes=None)
    except NotAllowed as refusal:
        if "Your role" not in refusal.message:
            raise
        return False
    except TypeError as wrong:
        if "an_argument_that_no_service_takes" not in str(wrong):
            raise
        return True
    raise AssertionError("a service took an argument that is none of its own")


@pytest.mark.parametrize("name", sorted(ROLES))
def test_every_role_is_answered_as_the_table_says(seat_as: Callable[[Role], Seat], name: str) -> None:
    service = SERVICES[name]
    assert service.permitted == set(ROLES[name])  # type: ignore[attr-defined]  # set by the decorator
    let_through = {role for role in Role if is_let_through(service, seat_as(role))}
    assert let_through == set(ROLES[name])


def test_nobody_but_the_office_itself_keeps_the_office() -> None:
    for name, roles in ROLES.items():
        if name.startswith("office.service.") and "operator" in name.rpartition(".")[2]:
            assert roles == ADMIN, name


def test_without_a_permission_nothing_is_reached(seat: Seat) -> None:
    def forgotten(seat: Seat) -> None:
        with seat.transaction():
            pass

    @permit(*EVERYONE)
    def stated(seat: Seat) -> None:
        forgotten(seat)

    stated(seat)
    # the permission of another service does not outlast it
    with pytest.raises(NotAllowed, match="not permitted to anybody"):
        forgotten(seat)


def test_a_service_within_a_service_asks_for_its_own_role(seat_as: Callable[[Role], Seat]) -> None:
    @permit(Role.ADMIN)
    def inner(seat: Seat) -> None:
        raise AssertionError("reached")

    @permit(*EVERYONE)
    def outer(seat: Seat) -> None:
        try:
            inner(seat)
        finally:
            with seat.reading():  # the refusal within took nothing from the one outside
                pass

    with pytest.raises(NotAllowed, match="Your role"):
        outer(seat_as(Role.CLERK))


def test_a_service_open_to_nobody_is_open_to_nobody(seat: Seat) -> None:
    @permit()
    def closed(seat: Seat) -> None:
        raise AssertionError("reached")

    with pytest.raises(NotAllowed):
        closed(seat)
