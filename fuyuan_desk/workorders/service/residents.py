"""What a property company reads of an order: no resident is told to it by a title or a description.

Every text of an order that is listed, found, offered or shown comes by here.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.access.roles import Role
from fuyuan_desk.access.seat import role_in
from fuyuan_desk.store.db import functions
from fuyuan_desk.workorders.records import WorkOrder
from fuyuan_desk.workorders.rules.residents import without_residents


def shown_text(session: Session, row: Any, text: str) -> str:
    """Return the title or description of an order, of which `row` has at least who reported it."""
    if role_in(session) is not Role.PROPERTY:
        return text
    return without_residents(text, row.reporter, row.reporter_phone)


def shown_titles(session: Session, titles: Mapping[int, str]) -> Mapping[int, str]:
    """Return the titles of orders by key."""
    return printed_titles(session, titles) if role_in(session) is Role.PROPERTY else titles


def printed_titles(session: Session, titles: Mapping[int, str]) -> Mapping[int, str]:
    """Return the titles of orders by key for a paper that is handed out: whoever reads them, they name no resident."""
    query = select(WorkOrder.id, WorkOrder.reporter, WorkOrder.reporter_phone).where(
        WorkOrder.id.in_(functions.keys(list(titles)))
    )
    reporters = {row.id: row for row in session.execute(query)}
    return {
        key: without_residents(title, reporters[key].reporter, reporters[key].reporter_phone)
        for key, title in titles.items()
    }
