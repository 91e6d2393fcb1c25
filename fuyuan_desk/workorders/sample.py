"""The work orders of the sample office."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.inspections.sample import sample_photo
from fuyuan_desk.kit.job import SampleOffice
from fuyuan_desk.organisations.service.organisations import organisation_options
from fuyuan_desk.workorders.facts import Assignment, NewOrder, OrderDetail, Told, WorkDone
from fuyuan_desk.workorders.service import acts, photos
from fuyuan_desk.workorders.service.making import edit_order, make_order, order_for_edit
from fuyuan_desk.workorders.service.of_calls import order_of_call


def fill(office: SampleOffice) -> None:
    """Make all sample orders, and let them go as far as the data say."""
    organisations = {one.text: one.id for one in organisation_options(office.seat)}
    for data in office.data["orders"]:
        seat = office.seat_at(office.day(data["days_ago"]), time.fromisoformat(data["time"]))
        order = make_order(seat, _new(office, seat, data))
        if "photo" in data:
            photos.add_before(seat, order.id, (sample_photo(data["photo"]),))
        for step in data.get("steps", ()):
            at = office.seat_at(office.day(step["days_ago"]), time.fromisoformat(step["time"]))
            order = _step(at, order, step, organisations)
            if "photo" in step:
                photos.add_after(at, order.id, (sample_photo(step["photo"], is_broken=False),))


def _new(office: SampleOffice, seat: Seat, data: Mapping[str, Any]) -> NewOrder:
    if "of_call" in data:
        return order_of_call(seat, office.known["call", data["of_call"]])[0]
    return NewOrder(
        office.known["estate", data["estate"]],
        data["title"],
        data["severity"],
        seat.now() - timedelta(minutes=10),
        data.get("place", ""),
        data.get("description", ""),
        data["source"],
        data.get("reporter", ""),
        data.get("phone", ""),
    )


def _step(
    seat: Seat, order: OrderDetail, step: Mapping[str, Any], organisations: Mapping[str, int]
) -> OrderDetail:
    act, text = step["act"], step.get("text", "")
    if act == "dispatch":
        to = Assignment(organisations[step["organisation"]], step["person"], step["phone"])
        return acts.dispatch(seat, order.id, order.version, to)
    if act == "finish":
        return acts.finish(seat, order.id, order.version, WorkDone(seat.now(), step["person"], text))
    if act == "verify":
        return acts.verify(seat, order.id, order.version, step["person"], text)
    if act == "edit":
        known = order_for_edit(seat, order.id)
        return edit_order(
            seat, order.id, order.version, replace(known, severity=step["severity"], reason=text)
        )
    if act in ("pause", "reject"):
        return (acts.pause if act == "pause" else acts.reject)(seat, order.id, order.version, text)
    if act == "tell":
        return acts.record_told(seat, order.id, Told("inspector", step["person"], seat.now(), "telephone"))
    plain = {"accept": acts.accept, "begin": acts.begin}
    return plain[act](seat, order.id, order.version)
