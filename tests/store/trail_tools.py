"""What somebody does who knows the key and the database: takes the trail's protection away, and puts it back after."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection

from fuyuan_desk.store import audit


@contextlib.contextmanager
def unprotected(connection: Connection) -> Iterator[None]:
    """Let the trail be changed."""
    for name in audit.TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in audit.TRIGGERS.values():
        connection.exec_driver_sql(statement)
