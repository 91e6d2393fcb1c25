"""An office that compares yearly lists, and what is in its store."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.records import Household, HouseholdPhone, Person, Unit
from fuyuan_desk.roster.rules.entries import Entry, Group
from fuyuan_desk.roster.rules.taking import APPLICABLE, Take
from fuyuan_desk.roster.service import imports
from fuyuan_desk.roster.service.imports import ImportReport

HEADER = "小区,楼栋,室号,业主,电话,身份证号,面积"
ROWS = (
    "福元小区,1号,101室,丁华,13900000001,310101195001010006,50.5",
    "福元小区,1号,102室,李新,13900000002,310101196001010000,60",
    "福元小区,1号,103室,王五,13900000003,,70",
    "福元小区,2号,201室,赵敏,13900000004,,80",
)
_UNSTABLE = ("_sa_instance_state", "version", "id", "uid")
EVERYTHING = Take(frozenset(APPLICABLE), ended_on=date(2026, 3, 1))


class Office:
    """An office that imports lists, and what is in its store."""

    def __init__(self, seat: Seat, folder: Path) -> None:
        self.seat, self._folder, self._count = seat, folder, 0

    def file(self, *rows: str, header: str = HEADER, days_ago: int = 0) -> Path:
        """Write a list, last changed some days ago."""
        self._count += 1
        path = self._folder / f"名册{self._count}.csv"
        path.write_text("\n".join((header, *rows)), encoding="utf-8")
        then = (datetime.now(UTC) - timedelta(days=days_ago)).timestamp()
        os.utime(path, (then, then))
        return path

    def take(self, path: Path, take: Take = EVERYTHING) -> ImportReport:
        """Import a list."""
        return imports.import_roster(self.seat, path, take=take)

    def compare(self, *rows: str, header: str = HEADER, days_ago: int = 0) -> ImportReport:
        """Compare a list without writing anything."""
        return imports.import_roster(
            self.seat, self.file(*rows, header=header, days_ago=days_ago), dry_run=True
        )

    def present(self) -> dict[str, str]:
        """Return who holds which home now: 101室 → 丁华; several are joined."""
        with self.seat.store.sessions() as session:
            rows = session.execute(
                select(Unit.label, Household.head)
                .join(Unit, Unit.id == Household.unit_id)
                .where(Household.moved_out_on.is_(None))
                .order_by(Household.id)
            ).all()
        found: dict[str, str] = {}
        for label, head in rows:
            found[label] = "、".join(filter(None, (found.get(label, ""), head)))
        return found

    def household(self, head: str) -> Household:
        """Return the newest household of a name."""
        with self.seat.store.sessions() as session:
            query = select(Household).where(Household.head == head).order_by(Household.id.desc())
            return session.scalars(query).first() or pytest.fail(f"no household {head}")

    def unit(self, label: str) -> int:
        """Return the key of a home."""
        with self.seat.store.sessions() as session:
            return session.scalars(select(Unit.id).where(Unit.label == label)).one()

    def phones(self, head: str) -> list[str]:
        """Return the telephones of a holder."""
        with self.seat.store.sessions() as session:
            return list(
                session.scalars(
                    select(HouseholdPhone.number).where(
                        HouseholdPhone.household_id == self.household(head).id
                    )
                )
            )

    def everything(self) -> dict[str, list[Any]]:
        """Return all records of homes and households, without their versions."""
        with self.seat.store.sessions() as session:
            return {
                model.__tablename__: [
                    {key: value for key, value in vars(row).items() if key not in _UNSTABLE}
                    for row in session.scalars(select(model).order_by(model.id))
                ]
                for model in (Unit, Household, HouseholdPhone, Person)
            }  # fmt: skip


def counted(report: ImportReport) -> dict[str, int]:
    """Return the groups that are not empty."""
    return {group.value: number for group in Group if (number := report.comparison.count(group))}


def told(report: ImportReport) -> list[tuple[str, str, str, str]]:
    """Return group, home, old and new of each difference."""
    return [
        (entry.group.value, f"{entry.place} {one.field}", one.old, one.new)
        for entry in report.comparison.entries
        for one in entry.differences
    ]


def entry_of(report: ImportReport, group: Group) -> Entry:
    """Return the only entry of a group."""
    [entry] = [entry for entry in report.comparison.entries if entry.group is group]
    return entry
