"""What an order was at each of its steps.

Figures of a month read who had an order, how severe it was and what was due from the order itself, which later acts
change: what had been told of a month changed with them. A step named an organisation by its text alone. To count a
year of rounds, whole rows were read of which few columns count.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from fuyuan_desk.store.audit import log as audit

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_EVENTS = 500
_COUNTED = [
    "day", "estate_id", "plan_id", "lead", "outcome", "visited_on", "earliest_on", "latest_on", "skipped_on",
]  # fmt: skip
_NEW = ("organisation_id", "person", "severity", "due_at", "done_at")
_STEPS = """
    SELECT step.id, step.uid, step.order_id, step.before, step.after, step.assignee, step.done_at AS reported,
           work_order.organisation_id, work_order.person, work_order.severity, work_order.due_at, work_order.done_at
    FROM order_step AS step JOIN work_order ON work_order.id = step.order_id ORDER BY step.order_id, step.id
"""
_UPDATE = (
    "UPDATE order_step SET organisation_id = :organisation_id, person = :person, severity = :severity, "
    "due_at = :due_at, done_at = :done_at WHERE id = :id"
)


def upgrade() -> None:
    """Add the columns, fill them as far as it is known what was then, and log this, as the trail is compared.

    Who was responsible follows from the names in the steps, the last one from the order. A deadline before the clock
    last stood or began anew is not known, nor is a severity that was edited: that of the order counts.
    """
    connection = op.get_bind()
    op.execute("ALTER TABLE order_step ADD COLUMN organisation_id INTEGER REFERENCES organisation (id)")
    op.create_index("ix_order_step_organisation_id", "order_step", ["organisation_id"])
    for name, length in (("person", 60), ("severity", 20)):
        op.add_column(
            "order_step", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    op.add_column("order_step", sa.Column("due_at", sa.DateTime(), nullable=True))
    op.drop_index("ix_planned_round_day", "planned_round")
    op.create_index("ix_planned_round_day", "planned_round", _COUNTED)
    named = connection.exec_driver_sql("SELECT name, MIN(id) FROM organisation GROUP BY name")
    filled = list(_filled(connection, dict(named.all())))
    for start in range(0, len(filled), _EVENTS):
        part = filled[start : start + _EVENTS]
        connection.execute(sa.text(_UPDATE), [values for _event, values in part])
        audit.append_to(connection, audit.UNNAMED, [event for event, _values in part])


def _filled(
    connection: sa.Connection, organisations: Mapping[str, int]
) -> Iterator[tuple[audit.Event, dict[str, Any]]]:
    """Yield the values of each step, and what the trail says of them."""
    rows: Sequence[Any] = connection.exec_driver_sql(_STEPS).mappings().all()
    for _order, steps in groupby(rows, key=lambda row: row["order_id"]):
        yield from _of_order(list(steps), organisations)


def _of_order(
    steps: Sequence[Mapping[str, Any]], organisations: Mapping[str, int]
) -> Iterator[tuple[audit.Event, dict[str, Any]]]:
    last_sent = _last(step["after"] == "dispatched" and step["assignee"] for step in steps)
    last_report = _last(step["after"] == "to-verify" for step in steps)
    # what changed the deadline last, after which it is that of the order
    last_clock = _last(
        "paused" in (step["before"], step["after"]) or step["before"] == "verified" for step in steps
    )
    has = None
    for place, step in enumerate(steps):
        is_last = last_sent is not None and place >= last_sent
        if step["after"] == "dispatched" and step["assignee"]:
            has = step["organisation_id"] if is_last else organisations.get(step["assignee"])
        is_due = step["after"] != "paused" and place >= (last_clock or 0)
        done = step["done_at"] if place == last_report else None
        values = {
            "id": step["id"],
            "organisation_id": has,
            "person": step["person"] if is_last else "",
            "severity": step["severity"],
            "due_at": step["due_at"] if is_due else None,
            "done_at": step["reported"] or done,
        }
        before = {
            "organisation_id": None,
            "person": "",
            "severity": "",
            "due_at": None,
            "done_at": step["reported"],
        }
        changes = {
            name: [before[name], _logged(name, values[name])] for name in _NEW if values[name] != before[name]
        }
        yield audit.Event("update", "order_step", step["id"], step["uid"], changes), values


def _last(found: Iterator[Any]) -> int | None:
    return max((place for place, is_found in enumerate(found) if is_found), default=None)


def _logged(name: str, value: Any) -> Any:
    """Return a value as the trail has it."""
    return (
        datetime.fromisoformat(value).replace(tzinfo=UTC)
        if name in ("due_at", "done_at") and value
        else value
    )
