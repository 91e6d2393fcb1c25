"""An office with two estates."""

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.facts import EstateFields
from fuyuan_desk.estates.service import estates
from fuyuan_desk.store.db.attachments import Attachment


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
