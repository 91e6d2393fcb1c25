"""Which place a visit was to, and that nobody has an order that was returned.

What failed at a building was found again by the text of the printed sheet: once the building was renamed, nothing at
it could be put right any more, nor counted as repeated. Visits, sheets and rounds keep the key of their place, as work
orders do. What the committee verified is found by when it did.

An order that was returned, or reopened after its organisation had left, stayed with that organisation until it was
dispatched again: on its list, in its figures and on papers. It is the office's.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op

from fuyuan_desk.store.audit import log as audit

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_EVENTS = 500
_FACILITIES = {
    "lift": "电梯",
    "camera": "摄像头",
    "smoke_detector": "烟感",
    "access": "门禁",
    "charging": "充电桩",
    "water_tank": "水箱",
    "pump": "水泵",
    "fire_pump": "消防泵",
    "garage": "地下车库",
    "fire": "消防设施",
    "extinguisher": "灭火器",
    "garden": "口袋花园",
    "other": "其他设施",
}
_STEPS = """
    SELECT id, uid, order_id, after, organisation_id, person FROM order_step ORDER BY order_id, id
"""
_NOBODY = {"organisation_id": None, "person": "", "phone": ""}
_SHEETS = "SELECT id, uid, estate_id, building_id, place FROM printed_sheet WHERE place <> ''"
# what is done keeps its place in the visit
_ROUNDS = (
    "SELECT id, uid, estate_id, building_id, place FROM planned_round WHERE place <> '' AND outcome = 'open'"
)
_VISITS = """
    SELECT visit.id, visit.uid, visit.estate_id, found.building_id, found.place, MIN(found.rank)
    FROM visit JOIN (
        SELECT visit_id, building_id, place, 1 AS rank FROM printed_sheet WHERE place <> '' AND NOT is_copy
        UNION ALL SELECT visit_id, building_id, place, 2 FROM planned_round WHERE place <> ''
    ) AS found ON found.visit_id = visit.id
    GROUP BY visit.id
"""


@dataclass(frozen=True)
class _Places:
    """What places were called: buildings by every label that they had, gates by building, facilities by estate."""

    uids: Mapping[int, str]
    labels: Mapping[int, set[str]]
    gates: Mapping[int, set[str]]
    facilities: Mapping[tuple[int, str], set[str]]

    def key_of(self, estate: int, building: int | None, text: str) -> str:
        """Return the key of the place that a record names, '' if it is not sure which one it is."""
        known = self.uids.get(building or 0, "")
        for label in self.labels.get(building or 0, ()) if known else ():
            if text == label:
                return known
            if text.removeprefix(label) in self.gates.get(building or 0, ()) and text.startswith(label):
                return f"{known}/g:{text.removeprefix(label)}"
        found = self.facilities.get((estate, text), set())
        return next(iter(found)) if len(found) == 1 else ""


def upgrade() -> None:
    """Add the columns, fill them where it is sure which place is meant, and log this, as the trail is compared.

    A building is known by each label that it ever had. What stays without a key is told by its text, as before.
    """
    for name, length in (("place", 100), ("place_key", 120)):
        op.add_column("visit", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for table in ("printed_sheet", "planned_round"):
        op.add_column(table, sa.Column("place_key", sa.String(length=120), nullable=False, server_default=""))
    for name in ("closed_at", "reopened_at"):
        op.create_index(f"ix_work_order_{name}", "work_order", [name])
    connection = op.get_bind()
    places = _places(connection)
    _fill(connection, "visit", ("place", "place_key"), _keyed(connection, _VISITS, places))
    for table, query in (("printed_sheet", _SHEETS), ("planned_round", _ROUNDS)):
        _fill(connection, table, ("place_key",), _keyed(connection, query, places))
    _return_orders(connection)


def _places(connection: sa.Connection) -> _Places:
    uids, labels = {}, defaultdict(set)
    for row in connection.exec_driver_sql("SELECT id, uid, label FROM building"):
        uids[row.id] = row.uid
        labels[row.id].add(row.label)
    trail = connection.exec_driver_sql(
        "SELECT record_id, changes FROM audit_entry WHERE table_name = 'building' AND action = 'update'"
    )
    for building, changes in trail:
        for label in json.loads(changes).get("label") or ():
            labels[building].add(label)
    gates = defaultdict(set)
    homes = connection.exec_driver_sql("SELECT DISTINCT building_id, entrance FROM unit WHERE entrance <> ''")
    for row in homes:
        gates[row.building_id].add(row.entrance)
    facilities = defaultdict(set)
    for row in connection.exec_driver_sql("SELECT uid, estate_id, building_id, kind, number FROM facility"):
        within = uids.get(row.building_id, "")
        key = f"{within}/f:{row.uid}" if within else f"f:{row.uid}"
        facilities[row.estate_id, f"{_FACILITIES.get(row.kind, '')} {row.number}".strip()].add(key)
    return _Places(uids, labels, gates, facilities)


def _keyed(
    connection: sa.Connection, query: str, places: _Places
) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield id, uid and place of the records of a query."""
    for row in connection.exec_driver_sql(query).all():
        key = places.key_of(row.estate_id, row.building_id, row.place)
        yield row.id, row.uid, {"place": row.place, "place_key": key}


def _return_orders(connection: sa.Connection) -> None:
    """Take orders, and their steps, from whoever returned them, until they were dispatched again."""
    is_sent: dict[int, bool] = {}
    for step in connection.exec_driver_sql(_STEPS).mappings().all():
        if step["after"] in ("to-dispatch", "dispatched"):
            is_sent[step["order_id"]] = step["after"] == "dispatched"
        if not is_sent.get(step["order_id"], True):
            _empty(connection, "order_step", dict(step))
    orders = connection.exec_driver_sql("SELECT id, uid, organisation_id, person, phone FROM work_order")
    for order in orders.mappings().all():
        if not is_sent.get(order["id"], True):
            _empty(connection, "work_order", dict(order))


def _empty(connection: sa.Connection, table: str, row: Mapping[str, Any]) -> None:
    changed = {name: empty for name, empty in _NOBODY.items() if row.get(name, empty) != empty}
    if changed:
        assigned = ", ".join(f"{name} = :{name}" for name in changed)
        update = sa.text(f"UPDATE {table} SET {assigned} WHERE id = :id")
        connection.execute(update, {**changed, "id": row["id"]})
        changes = {name: [row[name], empty] for name, empty in changed.items()}
        event = audit.Event("update", table, row["id"], row["uid"], changes)
        audit.append_to(connection, audit.UNNAMED, [event])


def _fill(
    connection: sa.Connection,
    table: str,
    columns: tuple[str, ...],
    found: Iterator[tuple[int, str, dict[str, str]]],
) -> None:
    """Write columns that were empty, and what the trail says of it."""
    filled = [(key, uid, values) for key, uid, values in found if any(values[column] for column in columns)]
    assigned = ", ".join(f"{column} = :{column}" for column in columns)
    update = sa.text(f"UPDATE {table} SET {assigned} WHERE id = :id")
    for start in range(0, len(filled), _EVENTS):
        part = filled[start : start + _EVENTS]
        connection.execute(
            update, [{"id": key, **{name: values[name] for name in columns}} for key, _uid, values in part]
        )
        events = [
            audit.Event(
                "update", table, key, uid, {name: ["", values[name]] for name in columns if values[name]}
            )
            for key, uid, values in part
        ]
        audit.append_to(connection, audit.UNNAMED, events)
