"""The tour of personal data."""

from collections.abc import Iterator
from pathlib import Path

from fuyuan_desk.kit.job import Tour
from fuyuan_desk.privacy.service import people
from fuyuan_desk.privacy.sheets import person_sheet

_PERSON = "邵一鸣"


def walk(tour: Tour) -> Iterator[Path]:
    """Find a person and print the report."""
    safety = tour.go("safety")
    safety.show_tab("people")
    tour.settle()
    page = safety.tab("people").page
    page.people.filter.setText(_PERSON)
    page.people.filter.returnPressed.emit()
    tour.settle(lambda: page.people.model.total > 0)
    page.people.table.selectRow(0)
    yield tour.picture("personal-data")
    keys = [key for one in tour.ask(lambda seat: people.find_people(seat, _PERSON)) for key in one.keys]
    report = tour.ask(lambda seat: people.person_report(seat, keys, "本人，凭身份证"))
    yield tour.paper("person-report", person_sheet(report).pdf)
