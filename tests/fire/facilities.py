"""The actions under fire on facilities, their checks and their coverage; part of the table in `work.py`."""

from dataclasses import replace

from fuyuan_desk.access.export_order import ExportOrder
from fuyuan_desk.facilities.facts import CheckFields, FacilityFields
from fuyuan_desk.facilities.service import checks, coverage, facilities
from fuyuan_desk.kit.book import BookQuery, Known
from tests.fire.hand import Hand, Prepare, Task, nothing, on

ORDER = ExportOrder("核对", "街道办事处")


def _facility_fields(hand: Hand) -> FacilityFields:
    return FacilityFields(
        "lift", f"{hand.fresh()}号梯", hand.estate(), company="沪上维保", remarks="备注" * 200
    )


def _facility(hand: Hand) -> Known:
    saved = facilities.save_facility(hand.seat, _facility_fields(hand))
    return Known(saved.id, saved.version)


def _change_facility(hand: Hand) -> Task:
    known, fields = _facility(hand), _facility_fields(hand)
    return Task(lambda mover: facilities.save_facility(mover.seat, fields, known))


def _check_fields(hand: Hand) -> CheckFields:
    done_on = hand.seat.today()
    return CheckFields(
        _facility(hand).id, "lift-inspection", done_on, "沪上检验", remarks="备注" * 200, party="property"
    )


def _correct_check(hand: Hand) -> Task:
    fields = _check_fields(hand)
    saved = checks.save_check(hand.seat, fields)
    corrected = replace(fields, certificate=hand.fresh())
    return Task(lambda mover: checks.save_check(mover.seat, corrected, Known(saved.id, saved.version)))


FACILITIES: dict[str, Prepare] = {
    "new facility": on(_facility_fields, facilities.save_facility),
    "changed facility": _change_facility,
    "changed facilities": on(
        _facility, lambda seat, known: facilities.change_facilities(seat, [known], {"state": "stopped"})
    ),
    "removed facility": on(lambda hand: _facility(hand).id, facilities.remove_facility),
    "new check": on(_check_fields, checks.save_check),
    "corrected check": _correct_check,
    "removed check": on(
        lambda hand: checks.save_check(hand.seat, _check_fields(hand)).id, checks.remove_check
    ),
    "own interval": on(
        nothing, lambda seat, _none: checks.set_interval(seat, "lift-maintenance", 10, "days", "理由" * 200)
    ),
    "exported coverage": on(nothing, lambda seat, _none: coverage.coverage_for_export(seat, ORDER)),
    "exported facilities": on(
        nothing, lambda seat, _none: facilities.facilities_for_export(seat, ORDER, BookQuery())
    ),
    "printed facilities": on(nothing, lambda seat, _none: facilities.facilities_for_print(seat, BookQuery())),
}
