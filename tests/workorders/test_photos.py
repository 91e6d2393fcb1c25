"""Photos of an order: from before the work and from afterwards."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.second_person import SecondNeeded
from fuyuan_desk.core.errors import Conflict, NotAllowed, NotFound
from fuyuan_desk.core.photos import NewPhoto
from fuyuan_desk.inspections.service import photos as visit_photos
from fuyuan_desk.inspections.service.queries import visit_detail
from fuyuan_desk.kit.attached import prepare_photo
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.workorders.controller.orders import OrdersController
from fuyuan_desk.workorders.facts import OrderDetail
from fuyuan_desk.workorders.service import acts, detail, making, photos, waiting
from tests.workorders.conftest import Office, log_failures, new_order
from tests.workorders.test_service import order

__all__ = ["order"]  # a fixture


def photo(colour: str) -> NewPhoto:
    raw = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(raw, "JPEG")
    return prepare_photo(raw.getvalue(), False, colour)


def test_photos_stand_before_and_after_and_those_of_the_visit_come_along(office: Office) -> None:
    visit = log_failures(office.seat, office.lane, {0: "堆物"})
    other = replace(photo("yellow"), item=visit.items[1].item)
    visit_photos.add_photos(office.seat, visit.id, (photo("red"), other))
    (row,) = waiting.findings_without_order(office.seat)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=(row.id,)))
    assert [caption for _key, caption in made.before] == ["red"], "that of another item stays with the visit"
    (after,) = photos.add_after(office.seat, made.id, (photo("green"),))
    photos.add_before(office.seat, made.id, (photo("blue"),))
    photos.caption_order_photo(office.seat, after, "修好了")
    shown = detail.order_detail(office.seat, made.id)
    assert [caption for _key, caption in shown.before] == ["red", "blue"]
    assert shown.after == ((after, "修好了"),)
    # the picture that the visit has, too, stays when it is removed from the order
    photos.remove_order_photo(office.seat, shown.before[0][0])
    own = visit_detail(office.seat, visit.id).photos[0].id
    assert visit_photos.read_photo(office.seat, own)
    assert photos.read_order_photo(office.seat, after, small=True)
    with pytest.raises(NotFound):
        photos.read_order_photo(office.seat, own)


@pytest.mark.parametrize("first", ["before", "after"])
@pytest.mark.parametrize("second", ["before", "after"])
def test_one_photo_does_not_show_both_the_damage_and_that_it_is_mended(
    office: Office, order: OrderDetail, first: str, second: str
) -> None:
    add = {"before": photos.add_before, "after": photos.add_after}
    add[first](office.seat, order.id, (photo("red"),))
    # of the same file another picture is made once the office keeps locations
    again = replace(photo("blue"), source=photo("red").source)
    for known in (photo("red"), replace(photo("red"), source=""), again):
        with pytest.raises(Conflict, match=f"under “{first.capitalize()} the work” already"):
            add[second](office.seat, order.id, (photo("green"), known))
    with pytest.raises(Conflict, match="chosen twice"):
        add[second](office.seat, order.id, (photo("green"), photo("green")))
    shown = detail.order_detail(office.seat, order.id)
    assert len(shown.before) + len(shown.after) == 1, "none is added of those that were chosen with it"
    other = making.make_order(office.seat, new_order(office, title="门坏"))
    assert add[second](office.seat, other.id, (photo("red"),)), "two orders may share a photo"


def test_a_photo_of_the_visit_is_none_of_the_work_done(office: Office) -> None:
    visit = log_failures(office.seat, office.lane, {0: "堆物"})
    visit_photos.add_photos(office.seat, visit.id, (photo("red"),))
    (row,) = waiting.findings_without_order(office.seat)
    made = making.make_order(office.seat, new_order(office, source="finding", findings=(row.id,)))
    moved = replace(photo("blue"), source=photo("red").source)
    for known in (photo("red"), moved):
        with pytest.raises(Conflict, match="under “Before the work” already"):
            photos.add_after(office.seat, made.id, (known,))


def test_the_committee_alone_changes_what_shows_the_damage(
    desk: Desk, office: Office, order: OrderDetail, front: Callable[[Any], None], settled: Callable[[], None]
) -> None:
    (before,) = photos.add_before(office.seat, order.id, (photo("red"),))
    role = replace(office.seat.operator, role=Role.PROPERTY, estates=frozenset({office.lane}))
    company = replace(office.seat, operator=role)
    for change in (
        lambda: photos.add_before(company, order.id, (photo("blue"),)),
        lambda: photos.caption_order_photo(company, before, "没有堆物"),
        lambda: photos.remove_order_photo(company, before),
    ):
        with pytest.raises(NotAllowed):
            change()
    (after,) = photos.add_after(company, order.id, (photo("green"),))
    photos.caption_order_photo(company, after, "清好了")
    shown = detail.order_detail(company, order.id)
    assert (shown.before, shown.after) == (((before, "red"),), ((after, "清好了"),))
    for seat, may_change in ((company, [False, True]), (office.seat, [True, True])):
        desk.attach_seat(seat)
        page = OrdersController(desk)
        front(page.page)
        page.open_order(order.id)
        settled()
        assert [strip.acceptDrops() for strip in (page.order.before, page.order.after)] == may_change


def test_a_photo_of_a_closed_order_takes_two(office: Office, order: OrderDetail) -> None:
    (key,) = photos.add_after(office.seat, order.id, (photo("green"),))
    acts.cancel(office.seat, order.id, None, "开错了")
    for change in (
        lambda: photos.add_after(office.seat, order.id, (photo("red"),)),
        lambda: photos.add_before(office.seat, order.id, (photo("red"),)),
        lambda: photos.caption_order_photo(office.seat, key, "三楼"),
        lambda: photos.remove_order_photo(office.seat, key),
    ):
        with pytest.raises(SecondNeeded):
            change()
