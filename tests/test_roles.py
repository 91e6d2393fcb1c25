"""Who may use what: every service of every job stands in one table, and keeps to it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import fuyuan_desk
from fuyuan_desk.access.drafts import TYPISTS
from fuyuan_desk.access.seat import EVERYONE, FIELD, REVEALERS, REVIEWERS, STAFF, WRITERS, Role, Seat, permit
from fuyuan_desk.core.errors import NotAllowed

ADMIN = (Role.ADMIN,)
# one table for the whole program: who may use which service; a new service is added to one of these lists
TABLE: dict[tuple[Role, ...], str] = {
    EVERYONE: """
        estates.buildings.list_buildings estates.households.list_households
        estates.listing.estate_with_buildings estates.listing.estate_of_building
        estates.listing.unit_of_household estates.listing.estate_by_name
        estates.service.list_estates estates.service.estate_detail estates.service.read_estate_summary
        estates.units.list_units estates.units.unit_position estates.units.unit_detail
        inspections.listing.estate_names inspections.listing.blank_papers inspections.listing.visit_papers
        inspections.photos.read_photo
        inspections.service.estate_subjects inspections.service.list_visits inspections.service.visit_detail
        inspections.service.visit_sheets
        office.arrival.last_visit office.arrival.keep_place office.arrival.take_place
        office.service.change_password office.service.read_settings
        printing._note
        renovation.listing.list_lines renovation.listing.shown_cases
        renovation.lookup.list_cases renovation.lookup.case_detail renovation.lookup.find_case
        renovation.papers.inspection_subjects
        safety.backups.back_up safety.backups.is_due safety.backups.status
        standards.listing.estate_tier standards.listing.overview
        standards.service.tier_history standards.service.tiers_of_estates standards.service.duties_of_estate
        today.service.list_tasks today.service.search today.service.find_scanned
    """,
    STAFF: """
        estates.importing.list_imports estates.service.find_units
        office.service.list_streets office.service.check_office
        renovation.listing.filing_home renovation.service.judge_scope
        safety.backups.back_up_to safety.places.list_places
        safety.checking.check_backup safety.diagnostics.report
    """,
    REVIEWERS: """
        safety.trail.find_acts safety.trail.act_detail safety.trail.reveal_act safety.trail.trail_choices
        safety.trail.acts_for_export safety.checking.check_chain
    """,
    REVEALERS: """
        estates.households.reveal estates.listing.estates_for_export estates.listing.units_for_export
        inspections.listing.visits_for_export
        renovation.listing.lines_for_export renovation.lookup.reveal renovation.papers.registration_sheets
        standards.listing.tiers_for_export
        safety.people.find_people safety.people.person_report safety.people.what_erasing_does
        safety.retention.due_for_anonymising
    """,
    TYPISTS: """
        office.service.save_draft office.service.load_draft office.service.clear_draft
    """,
    FIELD: """
        inspections.listing.begin_entry inspections.service.log_visit
        inspections.photos.add_photos inspections.photos.caption_photo inspections.photos.remove_photo
        inspections.photos.keep_draft_photo inspections.photos.draft_photos inspections.photos.drop_draft
    """,
    WRITERS: """
        estates.buildings.save_building estates.buildings.remove_building
        estates.households.household_for_edit estates.households.save_household
        estates.households.remove_household
        estates.importing.preview_roster estates.importing.import_roster estates.importing.finish_imports
        estates.importing.undo_import
        estates.service.save_estate estates.service.remove_estate
        estates.units.save_unit estates.units.remove_unit
        renovation.lookup.case_for_edit
        renovation.service.file_case renovation.service.update_case renovation.service.receive_document
        renovation.service.start_work renovation.service.close_case renovation.service.reopen_case
        safety.people.erase_person safety.retention.anonymise
        standards.service.assign_tier standards.service.withdraw_tier
    """,
    ADMIN: """
        safety.places.set_second_folder safety.places.name_stick safety.places.forget_place
        office.service.list_operators office.service.add_operator office.service.set_operator
        office.service.reset_password office.service.renew_recovery_code office.service.change_settings
        office.service.change_streets
        sample._holder
    """,
}
# they only call services of the table, or work inside the transaction of one
WITHOUT_PERMISSION = [
    "inspections.photos.kept_or_discarded",
    "office.exporting.let_out",
    "inspections.photos.keep_photos",
    "inspections.photos.take_over_photos",
    "printing.print_sheets",
    "safety.places.place_views",
]
ROLES = {name: roles for roles, names in TABLE.items() for name in names.split()}


def _takes_a_seat(function: Callable[..., Any]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and (first.name == "seat" or "Seat" in str(first.annotation))


def _services() -> dict[str, Callable[..., Any]]:
    found = {}
    for module in pkgutil.walk_packages(fuyuan_desk.__path__, "fuyuan_desk."):
        parts = module.name.split(".")
        if {"migrations", "controller", "view", "widgets", "__main__"} & set(parts):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name
            if own and _takes_a_seat(value) and (hasattr(value, "permitted") or not name.startswith("_")):
                found[f"{module.name.removeprefix('fuyuan_desk.')}.{name}"] = value
    return found


SERVICES = _services()


def test_every_service_stands_in_the_table_and_the_table_names_no_other() -> None:
    stated = {name for name, service in SERVICES.items() if hasattr(service, "permitted")}
    assert stated == set(ROLES)
    assert set(SERVICES) - stated == set(WITHOUT_PERMISSION)


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
        if name.startswith("office.service.") and "operator" in name:
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
    with pytest.raises(NotAllowed, match="not open to anybody"):
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
