"""What masks the texts of orders for whoever reads them: every one that is listed, shown or printed comes by here.

Who reported an order is known besides the residents of its estate.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.estates.rules.free_texts import Mask
from fuyuan_desk.estates.service.free_texts import FreeTexts
from fuyuan_desk.store.db import functions
from fuyuan_desk.workorders.records import WorkOrder


def mask_of(session: Session, row: WorkOrder) -> Mask:
    """Return the mask of the texts of an order on the screen; see `FreeTexts`."""
    return _mask(FreeTexts(session), row)


def masks_of(session: Session, order_ids: Collection[int], *, printed: bool = False) -> Mapping[int, Mask]:
    """Return the masks of the texts of orders by key."""
    texts = FreeTexts(session, printed=printed)
    if texts.is_open:
        return dict.fromkeys(order_ids, str)
    columns = WorkOrder.id, WorkOrder.estate_id, WorkOrder.reporter, WorkOrder.reporter_phone
    rows = session.execute(select(*columns).where(WorkOrder.id.in_(functions.keys(list(order_ids)))))
    return {row.id: _mask(texts, row) for row in rows}


def _mask(texts: FreeTexts, row: Any) -> Mask:
    return texts.of(row.estate_id, [row.reporter], [row.reporter_phone])
