"""Drafts: form input that an operator has not saved yet."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fuyuan_desk.access.records import Draft
from fuyuan_desk.access.seat import Role, Seat, permit

# the roles that have forms to fill in
DRAFT_ROLES = (Role.ADMIN, Role.CLERK, Role.REVIEWER, Role.PROPERTY)


@permit(*DRAFT_ROLES)
def save_draft(seat: Seat, form: str, content: dict[str, Any]) -> None:
    """Save the unsaved input of a form; one draft per operator and form."""
    with seat.transaction() as session:
        row = _draft(session, seat, form)
        if row is None:
            row = Draft(operator_id=seat.operator.id, form=form)
            session.add(row)
        row.content, row.saved_at = content, seat.now()


@permit(*DRAFT_ROLES)
def load_draft(seat: Seat, form: str) -> dict[str, Any] | None:
    """Return the draft of a form, or None."""
    with seat.reading() as session:
        row = _draft(session, seat, form)
        return None if row is None else row.content


@permit(*DRAFT_ROLES)
def clear_draft(seat: Seat, form: str) -> None:
    """Delete a draft after the form was saved or the draft discarded."""
    with seat.transaction() as session:
        delete_draft(session, seat.operator.id, form)


def delete_draft(session: Session, operator_id: int, form: str) -> None:
    """Delete an operator's draft inside a running transaction."""
    session.execute(delete(Draft).where(Draft.operator_id == operator_id, Draft.form == form))


def _draft(session: Session, seat: Seat, form: str) -> Draft | None:
    return session.scalars(
        select(Draft).where(Draft.operator_id == seat.operator.id, Draft.form == form)
    ).one_or_none()
