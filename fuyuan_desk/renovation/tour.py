"""The tour of the renovation page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.renovation.rules.works import Verdict
from fuyuan_desk.renovation.service.queries import list_cases

_LANE = "南昌路168弄"
_FILING = {
    "applicant_phone": "19900005555",
    "contractor": "上海里弄房屋修缮有限公司（示例）",
    "contractor_lead": "龚宏伟",
    "contractor_phone": "19900003333",
}


def walk(tour: Tour) -> Iterator[Path]:
    """Show the list and two cases, and file a new one; store the number of the lane's case in `known` as "case"."""
    page = tour.go("renovation")
    page.show_list()
    yield tour.picture("renovations")
    rows = tour.ask(list_cases).rows
    lane = next(row for row in rows if row.names["estate_id"] == _LANE)
    prohibited = next(row for row in rows if row.fields.verdict == Verdict.PROHIBITED.name)
    tour.known["case"] = lane.fields.number
    for row, name in ((prohibited, "renovation-prohibited"), (lane, "renovation-of-a-tenant")):
        page.open_case(row.id)
        yield tour.picture(name)
    page.case.tabs.setCurrentIndex(page.case.tabs.count() - 1)
    yield tour.picture("renovation-visits")
    missing = next(row for row in rows if row.extra["missing"] and row.id != prohibited.id)
    page.open_case(missing.id, "receive")
    yield tour.picture("renovation-documents")
    page.file_for(tour.known["unit"])
    tour.settle()
    view = page.filing.view
    view.home.holder_chosen.emit(next(iter(view.home.holders)))
    tour.settle()
    for work in ("finish.paint", "wet.tiles", "structure.opening"):
        view.form.toggle_work(work, True)
    yield tour.picture("new-filing-prohibited")
    view.form.toggle_work("structure.opening", False)
    view.form.answer("wet.tiles", "waterproof", "no")
    for field, value in _FILING.items():
        view.form.set_value(field, value)
    view.form.set_value("ends_on", tour.desk.seat.today() + timedelta(days=40))
    yield tour.picture("new-filing")
    view.submit(False)
    yield tour.picture("renovation-filed")
