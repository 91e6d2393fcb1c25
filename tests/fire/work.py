"""The acts that are done under fire: a table of everything that writes, each prepared and then done in one go.

An act is prepared by a function that takes the hand and gives the move. What the preparation writes is acknowledged
before the move begins; the move may then be killed, refused a disk, or done to its end. `tests/fire/test_work.py`
holds the services that these moves reach against all services that write: one that is missing here fails there.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fuyuan_desk.estates import buildings, households, importing, listing, units
from fuyuan_desk.estates import service as estates
from fuyuan_desk.estates.facts import (
    BuildingFields,
    EstateFields,
    UnitFields,
    UnitQuery,
)
from fuyuan_desk.inspections import listing as visits
from fuyuan_desk.inspections import photos
from fuyuan_desk.inspections import service as inspections
from fuyuan_desk.inspections.facts import KeptPhoto, VisitQuery
from fuyuan_desk.office import service as office
from fuyuan_desk.office.access import Role, Seat
from fuyuan_desk.office.rules import OfficeSettings
from fuyuan_desk.renovation import listing as cases
from fuyuan_desk.renovation import lookup, papers
from fuyuan_desk.renovation import service as renovation
from fuyuan_desk.renovation.facts import CaseQuery
from fuyuan_desk.standards import listing as tiers
from fuyuan_desk.standards import service as standards
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.store import migrate
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.store import is_store
from tests.fire.hand import ADMIN, CHEAP, CLERK, PASSWORD, RECOVERY, SCREED, Hand
from tests.fire.picture import left_over
from tests.store import old_stores


@dataclass
class Task:
    """A move and what is to be known about it.

    `closed`: nobody is at the desk of the office when it begins; it gives the seat it took. `ways`: passwords by
    login, the former one and the one that opens once the move is done. `look` is called after everything with whether
    the move was acknowledged; it raises when what the move leaves beside the office is not as it should be.
    """

    move: Callable[[Hand], object]
    closed: bool = False
    ways: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    look: Callable[[bool], None] | None = None


Prepare = Callable[[Hand], Task]


def _on(make: Callable[[Hand], Any], move: Callable[[Seat, Any], object]) -> Prepare:
    """Prepare something, then move with it."""

    def prepare(hand: Hand) -> Task:
        made = make(hand)
        return Task(lambda mover: move(mover.seat, made))

    return prepare


def _nothing(_hand: Hand) -> None:
    return None


# --- estates -------------------------------------------------------------------------------------------


def _estate_fields(hand: Hand) -> EstateFields:
    return EstateFields(f"福元{hand.fresh()}弄", house_kind="commodity", remarks="很长的备注" * 200)


def _change_estate(hand: Hand) -> Task:
    estate, fields = hand.estate(), _estate_fields(hand)
    hand.unit(hand.building(estate))
    return Task(lambda mover: estates.save_estate(mover.seat, fields, estate))


def _change_building(hand: Hand) -> Task:
    estate = hand.estate()
    building = hand.building(estate)
    hand.unit(building)
    fields = BuildingFields(f"{hand.fresh()}号", floors=18, has_lift=True)
    return Task(lambda mover: buildings.save_building(mover.seat, estate, fields, building))


def _change_unit(hand: Hand) -> Task:
    building = hand.building()
    unit = hand.unit(building)
    fields = UnitFields(building, label=f"{hand.fresh()}室", area=9_000, lease_no=hand.fresh())
    return Task(lambda mover: units.save_unit(mover.seat, fields, unit))


def _change_household(hand: Hand) -> Task:
    household, unit = hand.household()
    fields = hand.person()
    return Task(lambda mover: households.save_household(mover.seat, unit, fields, household))


def _new_household(hand: Hand) -> Task:
    unit, fields = hand.unit(), hand.person()
    return Task(lambda mover: households.save_household(mover.seat, unit, fields))


def _import(rows: int) -> Prepare:
    def prepare(hand: Hand) -> Task:
        roster = hand.roster(rows)
        return Task(lambda mover: importing.import_roster(mover.seat, roster, roster.stem))

    return prepare


def _imported(hand: Hand) -> int:
    importing.finish_imports(hand.seat)  # those of before
    roster = hand.roster()
    number = importing.import_roster(hand.seat, roster, roster.stem).import_id
    assert number is not None
    return number


def _found(hand: Hand) -> int:
    number = _imported(hand)
    importing.finish_imports(hand.seat)
    return number


ESTATES: dict[str, Prepare] = {
    "new estate": _on(_estate_fields, estates.save_estate),
    "changed estate": _change_estate,
    "removed estate": _on(Hand.estate, estates.remove_estate),
    "new building": _on(
        lambda hand: (hand.estate(), BuildingFields(f"{hand.fresh()}号")),
        lambda seat, made: buildings.save_building(seat, *made),
    ),
    "changed building": _change_building,
    "removed building": _on(Hand.building, buildings.remove_building),
    "new unit": _on(lambda hand: UnitFields(hand.building(), label=f"{hand.fresh()}室"), units.save_unit),
    "changed unit": _change_unit,
    "removed unit": _on(Hand.unit, units.remove_unit),
    "new household": _new_household,
    "changed household": _change_household,
    "removed household": _on(lambda hand: hand.household()[0], households.remove_household),
    "revealed household": _on(
        lambda hand: hand.household()[0], lambda seat, row: households.reveal(seat, row, "id_number")
    ),
    "opened household": _on(lambda hand: hand.household()[0], households.household_for_edit),
    "small roster": _import(12),
    "large roster": _import(800),
    "finished roster": _on(_imported, lambda seat, _row: importing.finish_imports(seat)),
    "undone roster": _on(_found, importing.undo_import),
    "exported estates": _on(_nothing, lambda seat, _none: listing.estates_for_export(seat)),
    "exported units": _on(_nothing, lambda seat, _none: listing.units_for_export(seat, UnitQuery())),
}


# --- inspections ---------------------------------------------------------------------------------------


def _logged(hand: Hand) -> Any:
    return inspections.log_visit(hand.seat, hand.visit(photos=2))


def _drafted(hand: Hand) -> str:
    draft = f"visit:{hand.fresh()}"[:20]
    office.save_draft(hand.seat, draft, {"remarks": hand.name()})
    photos.keep_draft_photo(hand.seat, draft, hand.photo())
    return draft


def _visit_from_draft(hand: Hand) -> Task:
    draft = _drafted(hand)
    visit = hand.visit(photos=1)
    [kept] = photos.draft_photos(hand.seat, draft)

    def move(mover: Hand) -> object:
        return inspections.log_visit(mover.seat, replace(visit, kept_photos=(KeptPhoto(kept.id),)))

    return Task(move)


INSPECTIONS: dict[str, Prepare] = {
    "visit": _on(Hand.visit, inspections.log_visit),
    "visit with photos": _on(lambda hand: hand.visit(photos=3), inspections.log_visit),
    "visit from a draft": _visit_from_draft,
    "added photos": _on(
        lambda hand: (_logged(hand).id, (hand.photo(), hand.photo())),
        lambda seat, made: photos.add_photos(seat, *made),
    ),
    "photo of a draft": _on(
        lambda hand: (_drafted(hand), hand.photo()), lambda seat, made: photos.keep_draft_photo(seat, *made)
    ),
    "dropped draft": _on(_drafted, photos.drop_draft),
    "words below a photo": _on(
        lambda hand: (_logged(hand).photos[0].id, hand.fresh()),
        lambda seat, made: photos.caption_photo(seat, *made),
    ),
    "removed photo": _on(lambda hand: _logged(hand).photos[0].id, photos.remove_photo),
    "printed visits": _on(lambda hand: [_logged(hand).id], visits.visit_papers),
    "blank papers": _on(
        lambda hand: inspections.estate_subjects(hand.seat, [hand.estate()]),
        visits.blank_papers,
    ),
    "exported visits": _on(_nothing, lambda seat, _none: visits.visits_for_export(seat, VisitQuery())),
}


# --- renovations and tiers -----------------------------------------------------------------------------


def _change_case(hand: Hand) -> Task:
    unit = hand.household()[1]
    case = renovation.file_case(hand.seat, hand.filing(unit))
    changed = hand.filing(unit, SCREED)
    return Task(lambda mover: renovation.update_case(mover.seat, case.id, case.version, changed))


def _ready_case(hand: Hand) -> int:
    case = hand.case()
    for paper in case.documents:
        renovation.receive_document(hand.seat, case.id, paper.document, hand.day(0))
    return case.id


def _paper(hand: Hand) -> tuple[int, str, Any]:
    case = hand.case()
    return case.id, case.documents[0].document, hand.day(0)


def _tier(hand: Hand) -> tuple[Any, ...]:
    return hand.estate(), Tier.CORRECTIVE, hand.day(9), "整治达标", hand.fresh()


RENOVATIONS: dict[str, Prepare] = {
    "filed case": _on(lambda hand: hand.filing(hand.household()[1]), renovation.file_case),
    "changed case": _change_case,
    "received paper": _on(_paper, lambda seat, made: renovation.receive_document(seat, *made)),
    "begun work": _on(_ready_case, renovation.start_work),
    "revealed case": _on(
        lambda hand: hand.case().id, lambda seat, row: lookup.reveal(seat, row, "applicant")
    ),
    "opened case": _on(lambda hand: hand.case().id, lookup.case_for_edit),
    "printed case": _on(lambda hand: [hand.case().id], papers.registration_sheets),
    "exported cases": _on(_nothing, lambda seat, _none: cases.lines_for_export(seat, CaseQuery())),
    "given tier": _on(_tier, lambda seat, made: standards.assign_tier(seat, *made)),
    "withdrawn tier": _on(
        lambda hand: standards.assign_tier(hand.seat, *_tier(hand)).id, standards.withdraw_tier
    ),
    "exported tiers": _on(_nothing, lambda seat, _none: tiers.note_export(seat, 3, "")),
}


# --- the office itself ---------------------------------------------------------------------------------


def _saved_draft(hand: Hand) -> tuple[str, dict[str, Any]]:
    return f"household:{hand.fresh()}", {
        "head": hand.name(),
        "phones": [hand.phone()],
        "remarks": "字" * 2_000,
    }


def _typed_on(hand: Hand) -> tuple[str, dict[str, Any]]:
    form, content = _saved_draft(hand)
    office.save_draft(hand.seat, form, content)
    return form, {**content, "head": hand.name()}


def _new_operator(hand: Hand) -> Task:
    login = f"某{hand.fresh()}"
    return Task(
        lambda mover: office.add_operator(mover.seat, login, hand.name(), Role.VIEWER, PASSWORD, CHEAP)
    )


def _operator(hand: Hand) -> str:
    login = f"某{hand.fresh()}"
    office.add_operator(hand.seat, login, "某甲", Role.CLERK, PASSWORD, CHEAP)
    return login


def _ended_operator(hand: Hand) -> Task:
    row = hand.seat_of(_operator(hand)).operator.id
    return Task(lambda mover: office.set_operator(mover.seat, row, Role.VIEWER, False))


def _reset(hand: Hand) -> Task:
    login = _operator(hand)
    row, password = hand.seat_of(login).operator.id, f"new-word-{hand.fresh()}"
    return Task(
        lambda mover: office.reset_password(mover.seat, row, password, CHEAP),
        ways={login: (PASSWORD, password)},
    )


def _own_password(hand: Hand) -> Task:
    login, password = _operator(hand), f"new-word-{hand.fresh()}"

    def move(mover: Hand) -> object:
        return office.change_password(mover.seat_of(login), PASSWORD, password, CHEAP)

    return Task(move, ways={login: (PASSWORD, password)})


def _recovered(hand: Hand) -> Task:
    login, password = _operator(hand), f"new-word-{hand.fresh()}"
    code = office.renew_recovery_code(hand.seat, CHEAP)

    def move(mover: Hand) -> object:
        return office.recover(mover.folder, code, login, password, CHEAP)

    return Task(move, closed=True, ways={login: (PASSWORD, password)})


def _settings(hand: Hand) -> OfficeSettings:
    return OfficeSettings(f"福元{hand.fresh()}居民委员会", f"某{hand.fresh()}街道", phone=hand.phone())


def _streets(hand: Hand) -> tuple[office.Street, ...]:
    return tuple(office.Street(str(place), f"街道{hand.fresh()}") for place in range(8))


OFFICE: dict[str, Prepare] = {
    "draft": _on(_saved_draft, lambda seat, made: office.save_draft(seat, *made)),
    "draft typed on": _on(_typed_on, lambda seat, made: office.save_draft(seat, *made)),
    "cleared draft": _on(lambda hand: _typed_on(hand)[0], office.clear_draft),
    "draft of a clerk": _on(
        lambda hand: (hand.seat_of(CLERK).operator, _saved_draft(hand)),
        lambda seat, made: office.save_draft(Seat(seat.store, made[0]), *made[1]),
    ),
    "new operator": _new_operator,
    "ended operator": _ended_operator,
    "reset password": _reset,
    "own password": _own_password,
    "recovery code": _on(_nothing, lambda seat, _none: office.renew_recovery_code(seat, CHEAP)),
    "settings": _on(_settings, office.change_settings),
    "streets": _on(_streets, office.change_streets),
    "sign-in": lambda _hand: Task(lambda mover: office.sign_in(mover.folder, ADMIN, PASSWORD), closed=True),
    "recovered password": _recovered,
}


# --- whole offices -------------------------------------------------------------------------------------


def _set_up(hand: Hand) -> Task:
    folder, settings = hand.place / f"new-{hand.fresh()}", _settings(hand)

    def move(_mover: Hand) -> object:
        made = office.set_up_office(folder, settings, ADMIN, "管理员", PASSWORD, RECOVERY, CHEAP)
        made.store.close()
        return None

    def look(acknowledged: bool) -> None:
        if acknowledged or is_store(folder):
            _is_sound(folder, PASSWORD, lambda seat: office.read_settings(seat) == settings)
        else:
            move(hand)  # the folder is as good as new
        shutil.rmtree(folder)

    return Task(move, look=look)


def _migrated(hand: Hand) -> Task:
    folder = hand.place / f"old-{hand.fresh()}"
    old_stores.unpack(hand.chance.choice(OLD_STEPS), folder)

    def move(_mover: Hand) -> object:
        office.sign_in(folder, ADMIN, old_stores.PASSWORD).store.close()
        return None

    def look(_acknowledged: bool) -> None:
        _is_sound(folder, old_stores.PASSWORD, holds_all)
        shutil.rmtree(folder)

    return Task(move, look=look)


def holds_all(seat: Seat) -> bool:
    """Whether a migrated store holds what was in it."""
    [estate] = estates.list_estates(seat).rows
    return (
        (estate.name, estate.buildings, estate.units) == (old_stores.ESTATE, 12, 85)
        and bool(lookup.list_cases(seat).rows)
        and bool(inspections.list_visits(seat, VisitQuery()).rows)
    )


def _is_sound(folder: Path, password: str, holds: Callable[[Seat], bool]) -> None:
    seat = office.sign_in(folder, ADMIN, password)
    try:
        faults = [told for finding in check_store(seat.store) for told in (*finding.faults, *finding.remarks)]
        assert faults == []
        assert left_over(folder) == []
        assert holds(seat)
    finally:
        seat.store.close()


OLD_STEPS = sorted(
    step for file in old_stores.FOLDER.glob("*.db.xz") if (step := file.name.split(".")[0]) < migrate.NEWEST
)
STORES: dict[str, Prepare] = {"new office": _set_up}
if OLD_STEPS:
    STORES["migrated office"] = _migrated

ACTS: dict[str, Prepare] = {**ESTATES, **INSPECTIONS, **RENOVATIONS, **OFFICE, **STORES}
