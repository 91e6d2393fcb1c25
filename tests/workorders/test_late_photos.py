"""Photos of a visit that come after an order was made of what failed there."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.inspections.facts import VisitDetail
from fuyuan_desk.inspections.rules.photo_batch import State
from fuyuan_desk.inspections.service.photos import add_photos, place_photo, remove_photo
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.kit.job import Shell
from fuyuan_desk.widgets.dialogs import FormDialog
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.job import JOB
from fuyuan_desk.workorders.service import acts, detail, making, photos, waiting
from fuyuan_desk.workorders.service.photos import carry_to_orders
from tests.inspections.test_photo_import import photo as on_card
from tests.screen import button, shown
from tests.workorders.conftest import Office, log_failures, new_order
from tests.workorders.test_photos import photo


@pytest.fixture
def visit(office: Office) -> VisitDetail:
    """A visit on which two items failed."""
    return log_failures(office.seat, office.lane, {0: "堆物", 2: "灯坏"})


@pytest.fixture
def made(office: Office, visit: VisitDetail) -> dict[str, OrderDetail]:
    """An order of each failed item, by item."""
    rows = waiting.findings_without_order(office.seat)
    return {
        row.finding.item.item: making.make_order(
            office.seat, new_order(office, source="finding", findings=(row.id,))
        )
        for row in rows
    }


def before(office: Office, order: OrderDetail) -> list[str]:
    """Return the captions of the photos of an order from before the work."""
    return [caption for _key, caption in detail.order_detail(office.seat, order.id).before]


def test_photos_reach_the_orders_of_what_they_show(
    office: Office, visit: VisitDetail, made: dict[str, OrderDetail]
) -> None:
    first, passed, second = (visit.items[place].item for place in range(3))
    new = (
        photo("red"),
        *(replace(photo(colour), item=item) for colour, item in (("blue", first), ("green", passed))),
    )
    added = add_photos(office.seat, visit.id, new, carry_to_orders)
    assert set(added.carried_to) == {made[first].number, made[second].number}
    assert before(office, made[first]) == ["red", "blue"]
    assert before(office, made[second]) == ["red"], "of its own item and of the whole visit"
    # said afterwards what it shows, as when it was added
    moved = next(one for one in added.photos if one.item == passed)
    assert place_photo(office.seat, moved.id, passed, "near", "", carry_to_orders) == ()
    assert place_photo(office.seat, moved.id, second, "", "", carry_to_orders) == (made[second].number,)
    assert before(office, made[second]) == ["red", "green"]


def test_what_an_order_has_or_gave_away_is_not_brought_again(
    office: Office, visit: VisitDetail, made: dict[str, OrderDetail]
) -> None:
    order = made[visit.items[0].item]
    photos.add_after(office.seat, order.id, (photo("red"),))
    added = add_photos(office.seat, visit.id, (photo("red"),), carry_to_orders)
    assert order.number not in added.carried_to, "what shows the work done does not show the damage"
    add_photos(office.seat, visit.id, (photo("blue"),), carry_to_orders)
    photos.remove_order_photo(office.seat, detail.order_detail(office.seat, order.id).before[0][0])
    add_photos(office.seat, visit.id, (photo("green"),), carry_to_orders)
    assert before(office, order) == ["green"]
    remove_photo(office.seat, added.photos[0].id)


def test_a_closed_order_stays_as_it_is(
    office: Office, visit: VisitDetail, made: dict[str, OrderDetail]
) -> None:
    kept, closed = made.values()
    acts.cancel(office.seat, closed.id, None, "开错了")
    assert add_photos(office.seat, visit.id, (photo("red"),), carry_to_orders).carried_to == (kept.number,)
    assert before(office, closed) == []


def test_an_order_that_took_another_in_gets_its_photos(
    office: Office, visit: VisitDetail, made: dict[str, OrderDetail]
) -> None:
    gone, kept = made.values()
    item = next(item for item, order in made.items() if order is gone)
    acts.merge(office.seat, gone.id, None, kept.id)
    new = (replace(photo("red"), item=item),)
    assert add_photos(office.seat, visit.id, new, carry_to_orders).carried_to == (kept.number,)


def test_the_window_says_to_which_orders_photos_went(
    office: Office, visit: VisitDetail, made: dict[str, OrderDetail], desk: Desk, tmp_path: Path,
    front: Callable[[QWidget], None], settled: Callable[[], None], choose_file: Callable[[Path], None],
) -> None:  # fmt: skip
    desk.attach_seat(office.after(days=1))
    page = InspectionsController(desk)
    JOB.ties["inspections"](page, cast(Shell, SimpleNamespace(desk=desk)))
    front(page.page)
    button(page.log, "Photos from a folder …").click()
    settled()
    on_card(tmp_path / "DCIM" / "IMG_0412.JPG", 2, 90)
    choose_file(tmp_path / "DCIM")
    importing = page.photo_import.view
    importing.folder_button.click()
    settled()
    (row,) = (importing.table.model.row(n) for n in range(importing.table.model.total))
    assert row.state is State.LIKELY
    importing.attach_button.click()
    settled()
    numbers = sorted(order.number for order in made.values())
    told = f"They are with {', '.join(numbers)}, too."
    assert told in importing.banner.text()
    page.photo_import.close()
    # likewise on the page of the visit: another one is added, and then said what it shows
    page.open_visit(visit.id)
    settled()
    page.detail.photos.files_added.emit([on_card(tmp_path / "x.jpg", 3, 140)])
    settled()
    assert told in page.detail.banner.text()
    assert all(len(before(office, order)) == 2 for order in made.values())
    passed = visit.items[1].item
    extra = add_photos(office.seat, visit.id, (replace(photo("blue"), item=passed),)).photos[-1]
    page.open_visit(visit.id)
    settled()
    place = [one.key for one in page.detail.photos.photos()].index(str(extra.id)) + 1
    button(page.detail, f"Say what is on photo {place}").click()
    dialog = shown(FormDialog)
    dialog.form.set_value("item", visit.items[0].item)
    dialog.save_button.click()
    settled()
    assert f"They are with {made[visit.items[0].item].number}, too." in page.detail.banner.text()
    assert list(itertools.chain(*(before(office, order) for order in made.values()))).count("blue") == 1
