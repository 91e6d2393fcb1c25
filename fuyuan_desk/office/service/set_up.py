"""Setting up a new office with its first operator."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from fuyuan_desk.access.facts import OfficeSettings
from fuyuan_desk.access.records import OfficeRow, OperatorRow
from fuyuan_desk.access.seat import Role, Seat
from fuyuan_desk.core.visible import visible
from fuyuan_desk.kit.guards import refuse_wrong
from fuyuan_desk.office import rules
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.office.service.settings import shipped_streets
from fuyuan_desk.office.service.sign_in import take_seat
from fuyuan_desk.store.audit import log as audit
from fuyuan_desk.store.entry import create_store
from fuyuan_desk.store.keys import keyring
from fuyuan_desk.store.store import Store


def set_up_office(
    folder: Path,
    settings: OfficeSettings,
    login: str,
    name: str,
    password: str,
    recovery_code: str,
    cost: keyring.Cost | None = None,
    furnish: Callable[[Seat], object] | None = None,
) -> Seat:
    """Create an office in `folder` with its first operator, an administrator, and sign that operator in.

    `furnish` may add more data; the office is created completely, including that, or not at all.
    """
    name = visible(name).strip()
    refuse_wrong(
        rules.settings_faults(settings)
        | rules.operator_faults(login, name)
        | rules.password_faults(password, login, settings.name, name)
    )
    seats = []

    def fill(store: Store) -> None:
        with store.use() as session:
            session.info[audit.ACTOR] = login
            session.add(OfficeRow(**settings.stored))
            session.add_all(StreetRow(**asdict(street)) for street in shipped_streets())
            session.add(OperatorRow(login=login, name=name, role=Role.ADMIN))
            session.commit()
        seats.append(take_seat(store, login))
        if furnish is not None:
            furnish(seats[0])

    create_store(folder, login, password, recovery_code, cost, fill)
    return seats[0]
