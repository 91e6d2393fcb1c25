"""The actions under fire: a table of everything that writes, each prepared and then done in one go.

An action is prepared by a function that takes the hand and returns the move. What the preparation writes is
acknowledged before the move begins; the move may then be killed, fail on a faulty disk, or complete.
`tests/fire/test_work.py` compares the services that these moves reach with all services that write: one that is
missing here fails there.
"""

import zipfile
from dataclasses import replace
from typing import Any

from fuyuan_desk.access import drafts
from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.estates.facts.houses import BuildingFields, EstateFields, UnitFields, UnitQuery
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.estates.service import buildings, estates, page_data, units
from fuyuan_desk.estates.service.community import community_for_export
from fuyuan_desk.inspections.facts import KeptPhoto, Report, Subject
from fuyuan_desk.inspections.rules.visits import Conclusion, Result
from fuyuan_desk.inspections.service import page_data as visits
from fuyuan_desk.inspections.service import photos, scans
from fuyuan_desk.inspections.service import queries as visit_queries
from fuyuan_desk.inspections.service.reports import record_report
from fuyuan_desk.inspections.service.subjects import estate_subjects
from fuyuan_desk.inspections.service.visits import log_visit
from fuyuan_desk.kit.book import BookQuery
from fuyuan_desk.kit.export_list import write_list
from fuyuan_desk.renovation.service import cases as renovation
from fuyuan_desk.renovation.service import queries, sheet_data
from fuyuan_desk.roster.facts import Reading
from fuyuan_desk.roster.records import ImportRun
from fuyuan_desk.roster.service import imports, readings, unimported
from fuyuan_desk.roster.service.finish import finish_imports
from fuyuan_desk.standards.rules import Tier
from fuyuan_desk.standards.service import page_data as tiers
from fuyuan_desk.standards.service import tiers as standards
from fuyuan_desk.store.search import index as search
from fuyuan_desk.widgets.table_model import Column
from tests.fire.calls import CALLS
from tests.fire.checklists import CHECKLISTS
from tests.fire.chosen_rooms import CHOSEN_ROOMS
from tests.fire.facilities import FACILITIES
from tests.fire.files import FILES
from tests.fire.hand import SCREED, Hand, Prepare, Task, nothing, on, on_as_new
from tests.fire.lists import LISTS
from tests.fire.office import OFFICE
from tests.fire.offices import OFFICES
from tests.fire.orders import ORDERS
from tests.fire.organisations import ORGANISATIONS
from tests.fire.pages import PAGES, with_pages
from tests.fire.people import PEOPLE
from tests.fire.rounds import ROUNDS

ORDER = ExportOrder("核对", "街道办事处")


# --- estates -------------------------------------------------------------------------------------------


def _estate_fields(hand: Hand) -> EstateFields:
    return EstateFields(
        f"福元{hand.fresh()}弄",
        house_kind="commodity",
        heritage_class=0,
        historic_area="none",
        remarks="很长的备注" * 200,
    )


def _change_estate(hand: Hand) -> Task:
    estate, fields = hand.estate(), _estate_fields(hand)
    hand.unit(hand.building(estate))
    return Task(lambda mover: estates.save_estate(mover.seat, fields, estate))


def _change_building(hand: Hand) -> Task:
    estate = hand.estate()
    building = hand.building(estate)
    hand.unit(building)
    known = buildings.read_building(hand.seat, building).known
    fields = BuildingFields(f"{hand.fresh()}号", floors=18, has_lift=True, estate_id=estate)
    return Task(lambda mover: buildings.save_building(mover.seat, fields, known))


def _change_unit(hand: Hand) -> Task:
    building = hand.building()
    unit = hand.unit(building)
    fields = UnitFields(building, label=f"{hand.fresh()}室", area=9_000, lease_no=hand.fresh())
    return Task(lambda mover: units.save_unit(mover.seat, fields, unit))


def _import(rows: int) -> Prepare:
    def prepare(hand: Hand) -> Task:
        roster = hand.roster(rows)
        return Task(lambda mover: imports.import_roster(mover.seat, roster, roster.stem))

    return prepare


def _imported(hand: Hand) -> int:
    roster = hand.roster()
    number = imports.import_roster(hand.seat, roster, roster.stem).import_id
    assert number is not None
    return number


def _imported_and_changed(hand: Hand) -> int:
    number = _imported(hand)
    with hand.seat.store.use() as session:
        first, _last = session.get_one(ImportRun, number).created["unit"]
        session.rollback()
    hand.household(first)
    known = units.unit_detail(hand.seat, first + 1)
    units.save_unit(hand.seat, replace(known.fields, area=9_000), known.id)
    return number


def _not_findable(hand: Hand) -> None:
    """Leave an import as earlier versions left it when they ended between its two transactions."""
    number = _imported(hand)
    with hand.seat.store.use() as session:
        run = session.get_one(ImportRun, number)
        first, last = run.created["unit"]
        search.drop(session, UNIT, range(first, last + 1))
        run.findable = False
        session.commit()


def _unimported(hand: Hand) -> int:
    """Import a roster that says everything twice; return the import, which keeps the repeated rows."""
    roster = hand.roster()
    header, *lines = roster.read_text(encoding="utf-8").splitlines()
    roster.write_text("\n".join((header, *lines, *lines)), encoding="utf-8")
    number = imports.import_roster(hand.seat, roster, roster.stem).import_id
    assert number is not None
    return number


def _unimported_row(hand: Hand) -> int:
    return unimported.list_unimported(hand.seat, _unimported(hand)).rows[0].id


def _reading(hand: Hand) -> Reading:
    return Reading(hand.fresh().rjust(64, "0"), {1: "remark"}, {"tenure": {"使用权": "private"}})


def _kept_reading(hand: Hand) -> Reading:
    reading = _reading(hand)
    readings.remember_readings(hand.seat, [reading])
    return reading


def _saved_list(hand: Hand) -> Task:
    """Export all homes into a file, as a page does after the clerk chose where."""
    imports.import_roster(hand.seat, hand.roster(400), f"福元{hand.fresh()}弄")
    saved = hand.root / "saved"
    saved.mkdir(exist_ok=True)
    path = saved / f"住户{hand.fresh()}.xlsx"

    def move(mover: Hand) -> None:
        export = page_data.units_for_export(mover.seat, ORDER, UnitQuery())
        write_list(path, "住户", [Column("home", "住户", str, 64)], export)

    def check(acknowledged: bool) -> None:
        assert path.exists() or not acknowledged, "the file that was asked for"
        assert not path.exists() or zipfile.ZipFile(path).testzip() is None, "a whole file or none"

    return Task(move, check=check)


ESTATES: dict[str, Prepare] = {
    "new estate": on(_estate_fields, estates.save_estate),
    "changed estate": _change_estate,
    "removed estate": on(Hand.estate, estates.remove_estate),
    "new building": on(
        lambda hand: BuildingFields(f"{hand.fresh()}号", estate_id=hand.estate()),
        buildings.save_building,
    ),
    "changed building": _change_building,
    "changed buildings": on(
        lambda hand: buildings.read_building(hand.seat, hand.building()).known,
        lambda seat, known: buildings.change_buildings(seat, [known], {"floors": 9}),
    ),
    "removed building": on(with_pages, buildings.remove_building),
    "exported buildings": on(
        nothing, lambda seat, _none: buildings.buildings_for_export(seat, ORDER, BookQuery())
    ),
    "printed buildings": on(nothing, lambda seat, _none: buildings.buildings_for_print(seat, BookQuery())),
    "new unit": on(lambda hand: UnitFields(hand.building(), label=f"{hand.fresh()}室"), units.save_unit),
    "changed unit": _change_unit,
    "removed unit": on(Hand.unit, units.remove_unit),
    "small roster": _import(12),
    "large roster": _import(800),
    "finished roster": on(_not_findable, lambda seat, _none: finish_imports(seat)),
    "undone roster": on(_imported, imports.undo_import),
    "partly undone roster": on(_imported_and_changed, imports.undo_import),
    "exported estates": on(nothing, lambda seat, _none: page_data.estates_for_export(seat, ORDER)),
    "saved list": _saved_list,
    "revealed row of a roster": on_as_new(_unimported_row, unimported.reveal_unimported),
    "exported rows of a roster": on(
        _unimported, lambda seat, number: unimported.unimported_for_export(seat, number, ORDER)
    ),
    "corrected rows of a roster": on(
        _unimported,
        lambda seat, number: unimported.drop_corrected(
            seat, number, [row.id for row in unimported.list_unimported(seat, number).rows]
        ),
    ),
    "remembered reading": on(_reading, lambda seat, reading: readings.remember_readings(seat, [reading])),
    "forgotten reading": on(
        _kept_reading, lambda seat, reading: readings.forget_readings(seat, [reading.shape])
    ),
    "roster for 社区云": on(nothing, lambda seat, _none: community_for_export(seat, ORDER, None)),
    "exported units": on(nothing, lambda seat, _none: page_data.units_for_export(seat, ORDER, UnitQuery())),
}


# --- inspections ---------------------------------------------------------------------------------------


def _logged(hand: Hand) -> Any:
    return log_visit(hand.seat, hand.visit(photos=2))


def _drafted_photo(hand: Hand) -> tuple[str, int]:
    """Save a draft with a photo; return the draft's key and the photo's id."""
    draft = f"visit:{hand.fresh()}"[:20]
    drafts.save_draft(hand.seat, draft, {"remarks": hand.name()})
    return draft, photos.keep_draft_photo(hand.seat, draft, hand.photo()).id


def _with_a_blank(hand: Hand) -> tuple[Subject, ...]:
    subjects = estate_subjects(hand.seat, [hand.estate()])
    visits.blank_papers(hand.seat, subjects)  # from then on there is a series of this year's numbers
    return subjects


def _drafted(hand: Hand) -> str:
    return _drafted_photo(hand)[0]


def _to_report(hand: Hand) -> tuple[int, Report]:
    visit = hand.visit()
    first, *others = visit.findings
    failed = replace(first, result=Result.FAIL, remark="承重墙开洞")
    logged = log_visit(hand.seat, replace(visit, findings=(failed, *others), handling=Conclusion.REPORT))
    return logged.id, Report(hand.seat.now(), "房管所", hand.fresh())


def _visit_from_draft(hand: Hand) -> Task:
    _draft, photo = _drafted_photo(hand)
    visit = hand.visit(photos=1)

    def move(mover: Hand) -> object:
        return log_visit(mover.seat, replace(visit, kept_photos=(KeptPhoto(photo),)))

    return Task(move)


INSPECTIONS: dict[str, Prepare] = {
    "visit": on(Hand.visit, log_visit),
    "visit with photos": on(lambda hand: hand.visit(photos=3), log_visit),
    "visit from a draft": _visit_from_draft,
    "reported visit": on(_to_report, lambda seat, made: record_report(seat, *made)),
    "added photos": on(
        lambda hand: (_logged(hand).id, (hand.photo(), hand.photo())),
        lambda seat, made: photos.add_photos(seat, *made),
    ),
    "photo of a draft": on(
        lambda hand: (_drafted(hand), hand.photo()), lambda seat, made: photos.keep_draft_photo(seat, *made)
    ),
    "dropped draft": on(_drafted, photos.drop_draft),
    "words below a photo": on(
        lambda hand: _logged(hand).photos[0].id, lambda seat, key: photos.caption_photo(seat, key, "楼道")
    ),
    "placed photo": on(
        lambda hand: _logged(hand).photos[0].id,
        lambda seat, key: photos.place_photo(seat, key, "", "far", ""),
    ),
    "added scan": on(
        lambda hand: (_logged(hand).id, (hand.photo(),)), lambda seat, made: scans.add_scans(seat, *made)
    ),
    "moved scan": on(
        lambda hand: scans.add_scans(hand.seat, _logged(hand).id, (hand.photo(), hand.photo()))[-1].id,
        lambda seat, page: scans.move_scan(seat, page, -1),
    ),
    "removed photo": on(lambda hand: _logged(hand).photos[0].id, photos.remove_photo),
    "printed preview": on(
        lambda hand: visits.blank_previews(hand.seat, _with_a_blank(hand)),
        visits.number_papers,
    ),
    "printed visits": on(lambda hand: _with_a_blank(hand) and [_logged(hand).id], visits.visit_papers),
    "blank papers": on(_with_a_blank, visits.blank_papers),
    "exported visits": on(
        nothing, lambda seat, _none: visit_queries.visits_for_export(seat, ORDER, BookQuery())
    ),
    "printed log": on(nothing, lambda seat, _none: visit_queries.visits_for_print(seat, BookQuery())),
}


# --- renovations and tiers -----------------------------------------------------------------------------


def _change_case(hand: Hand) -> Task:
    unit = hand.household()[1]
    case = renovation.file_case(hand.seat, hand.filing(unit))
    changed = hand.filing(unit, SCREED)
    return Task(lambda mover: renovation.update_case(mover.seat, case.id, case.version, changed))


def _outdated_case(hand: Hand) -> int:
    case = hand.case()
    estates.save_estate(hand.seat, replace(_estate_fields(hand), heritage_class=3), case.house.estate_id)
    return case.id


def _ready_case(hand: Hand) -> int:
    case = hand.case()
    for paper in case.documents:
        renovation.receive_document(hand.seat, case.id, paper.document, hand.day(0))
    return case.id


def _begun_case(hand: Hand) -> int:
    return renovation.start_work(hand.seat, _ready_case(hand)).id


def _paper(hand: Hand) -> tuple[int, str, Any]:
    case = hand.case()
    return case.id, case.documents[0].document, hand.day(0)


def _tier(hand: Hand) -> tuple[Any, ...]:
    return hand.estate(), Tier.CORRECTIVE, hand.day(9), "整治达标", hand.fresh()


RENOVATIONS: dict[str, Prepare] = {
    "filed case": on(lambda hand: hand.filing(hand.household()[1]), renovation.file_case),
    "changed case": _change_case,
    "case judged anew": on(_outdated_case, renovation.judge_again),
    "received paper": on(_paper, lambda seat, made: renovation.receive_document(seat, *made)),
    "begun work": on(_ready_case, renovation.start_work),
    "undone start": on(_begun_case, lambda seat, case: renovation.undo_start(seat, case, "开错了")),
    "revealed case": on_as_new(
        lambda hand: hand.case().id, lambda seat, row: queries.reveal(seat, row, "applicant")
    ),
    "opened case": on_as_new(lambda hand: hand.case().id, queries.case_for_edit),
    "printed case": on(lambda hand: [hand.case().id], sheet_data.registration_sheets),
    "printed cases": on(nothing, lambda seat, _none: queries.cases_for_print(seat, BookQuery())),
    "exported cases": on(nothing, lambda seat, _none: queries.cases_for_export(seat, ORDER, BookQuery())),
    "given tier": on(_tier, lambda seat, made: standards.assign_tier(seat, *made)),
    "withdrawn tier": on(
        lambda hand: standards.assign_tier(hand.seat, *_tier(hand)).id, standards.withdraw_tier
    ),
    "exported tiers": on(nothing, lambda seat, _none: tiers.tiers_for_export(seat, ORDER, ("一",))),
}


ACTIONS: dict[str, Prepare] = {
    **ESTATES,
    **PEOPLE,
    **ORDERS,
    **LISTS,
    **CALLS,
    **CHECKLISTS,
    **CHOSEN_ROOMS,
    **ORGANISATIONS,
    **FACILITIES,
    **ROUNDS,
    **PAGES,
    **FILES,
    **INSPECTIONS,
    **RENOVATIONS,
    **OFFICE,
    **OFFICES,
}
