"""The tour of the inspection page."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.inspections.service.queries import list_visits
from fuyuan_desk.inspections.service.round_plans import plan_options
from fuyuan_desk.kit.job import Tour


def walk(tour: Tour) -> Iterator[Path]:
    """Show the log and a visit with a photo, log a round of an estate, and show the planned rounds and a plan."""
    page = tour.go("inspections")
    page.show_log()
    yield tour.picture("inspections")
    page.open_visit(_visit_with_photo(tour))
    yield tour.picture("visit")
    page.log_estate_visit(tour.known["estate"])
    tour.settle()
    view = page.entry.view
    failed = view.checklist.failed
    for item in failed.items if failed is not None else ():
        view.checklist.row(item).set_raw("pass", "")
    view.checklist.row("wires").set_raw("fail", "2号底楼门口有飞线充电")
    view.checklist.answer_rest()
    view.form.set_value("handling", "on-the-spot")
    yield tour.picture("new-visit")
    view.form.submit()
    tour.settle(lambda: not view.isVisible())
    yield tour.picture("visit-logged")
    tour.go("rounds").show_list()
    yield tour.picture("rounds")
    plans = tour.go("round-plans")
    plans.open_record(tour.ask(plan_options)[0].id)
    tour.settle(lambda: bool(plans.preview.sentence.text()))
    yield tour.picture("round-plan")


def _visit_with_photo(tour: Tour) -> int:
    return next(int(row.id) for row in tour.ask(list_visits).rows if row.extra["photos"])
