"""A restored draft does not overwrite what somebody else saved since it was typed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.controller.estates import EstatesController
from fuyuan_desk.estates.facts.houses import UnitQuery
from fuyuan_desk.estates.service import estates, units
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.widgets.draft import DraftSaver
from fuyuan_desk.widgets.form import Form
from tests.screen import button, texts

Settled = Callable[[], None]


def form_of(controller: EstatesController, key: str) -> Form:
    """Return the form whose draft has this key."""
    [saver] = [one for one in controller.page.findChildren(DraftSaver) if one.key == key]
    return saver.form


@pytest.mark.parametrize("kind", ["estate", "unit"])
def test_a_restored_draft_is_refused_over_a_newer_record(
    kind: str, seat: Seat, desk: Desk, page: EstatesController, two_estates: tuple[int, int],
    front: Callable[[QWidget], None], settled: Settled,
) -> None:  # fmt: skip
    lane = two_estates[0]
    row = units.list_units(seat, UnitQuery(estate_id=lane)).rows[0]
    key, name = (f"estate:{lane}", "address") if kind == "estate" else (f"unit:{row.id}", "lease_no")

    def opened(controller: EstatesController) -> Form:
        if kind == "estate":
            controller.open_estate(lane)
        else:
            controller.open_unit(row.id)
        settled()
        controller.reopen(key)
        settled()
        return form_of(controller, key)

    form = opened(page)
    form.editor(name).set_raw("未保存")
    form.findChild(DraftSaver).flush()
    settled()
    if kind == "estate":
        detail = estates.estate_detail(seat, lane)
        estates.save_estate(seat, replace(detail.fields, address="新地址"), lane, detail.version)
    else:
        unit = units.unit_detail(seat, row.id)
        units.save_unit(seat, replace(unit.fields, lease_no="新编号"), row.id, unit.version)
    again = EstatesController(desk)
    front(again.page)
    restored = opened(again)
    assert "changed since" in " ".join(texts(restored.notice))
    button(restored.notice, "Restore").click()
    restored.submit()
    settled()
    assert "Somebody else changed this record" in " ".join(texts(again.page))
    if kind == "estate":
        assert estates.estate_detail(seat, lane).fields.address == "新地址"
    else:
        assert units.unit_detail(seat, row.id).fields.lease_no == "新编号"
    for each in (form, restored):
        each.mark_clean()
