"""An office with two estates, and the page of inspections."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts.houses import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.inspections.controller.inspections import InspectionsController
from fuyuan_desk.kit.desk import Desk
from fuyuan_desk.store.db.attachments import Attachment
from tests.desks import wait_until_quiet


def draft_photos(seat: Seat) -> list[int]:
    """List the photos that are kept with drafts."""
    with seat.store.use() as session:
        query = select(Attachment.id).where(Attachment.owner_table == "draft").order_by(Attachment.id)
        return list(session.scalars(query))


@pytest.fixture
def two_estates(seat: Seat) -> tuple[int, int]:
    """A lane and a tower."""
    lane = estates.save_estate(seat, EstateFields("南昌路168弄", street="瑞金二路街道")).id
    return lane, estates.save_estate(seat, EstateFields("富南大厦", property_company="福元物业")).id


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Wait until no more work is pending, on files either."""
    return lambda: wait_until_quiet(qtbot, lambda: desk.is_idle)


@pytest.fixture
def page(
    desk: Desk, two_estates: tuple[int, int], front: Callable[[QWidget], None], settled: Callable[[], None]
) -> InspectionsController:
    """The page of inspections in a window."""
    controller = InspectionsController(desk)
    front(controller.page)
    settled()
    return controller


def picture(folder: Path, name: str = "楼道.jpg") -> Path:
    """Write a photo file."""
    raw = io.BytesIO()
    Image.new("RGB", (320, 240), "red").save(raw, "JPEG")
    (folder / name).write_bytes(raw.getvalue())
    return folder / name
