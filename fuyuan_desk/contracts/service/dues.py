"""Tasks of contracts for the page “Today”; they are the committee's own work."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fuyuan_desk.contracts import rules
from fuyuan_desk.contracts.catalogue import terms
from fuyuan_desk.contracts.facts import ContractFields
from fuyuan_desk.contracts.kinds import CONTRACT
from fuyuan_desk.contracts.records import Contract
from fuyuan_desk.contracts.rules import Running
from fuyuan_desk.contracts.service.contracts import TABLE
from fuyuan_desk.core.dues import Severity, Task, Topic
from fuyuan_desk.kit.book import Line


def tasks(session: Session, today: date) -> list[Task]:
    """List contracts of which notice, end or filing is near or missed, and those that ended without a successor."""
    columns = (getattr(Contract, name) for name in Running.__dataclass_fields__)
    known = [Running(*row) for row in session.execute(select(*columns))]
    due = [(one, *found) for one in known for found in _due(one, known, today)]
    rows = session.scalars(
        select(Contract).where(Contract.id.in_({one.id for one, _topic, _day in due}))
    ).all()
    lines = {line.id: line for line in TABLE.lines(session, rows)}
    return [_task(lines[one.id], topic, day, today) for one, topic, day in due]


def _due(contract: Running, known: list[Running], today: date) -> Iterator[tuple[Topic, date]]:
    law = terms()
    found = rules.end_due(contract, law, today)
    if found is not None and not rules.is_followed(contract, known):
        yield found
    filing = rules.filing_due(contract, law)
    if filing is not None and filing <= today + timedelta(days=law.days_ahead):
        yield rules.UNFILED, filing


def _task(line: Line[ContractFields], topic: Topic, day: date, today: date) -> Task:
    place, who = line.names["estate_id"], line.names["organisation_id"]
    is_late = day < today
    return Task(
        CONTRACT.name, line.id, f"{TABLE.book().name(line.fields)}  {place}",
        rules.detail_of(topic, day, today, line.fields.kind, line.fields.ends_on, who), day, is_late,
        Severity.URGENT if is_late else Severity.NORMAL, topic, "contracts", office_only=True,
    )  # fmt: skip
