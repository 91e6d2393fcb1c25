"""Bringing a store up to the tables of this program; the heavy tool is loaded only when there is work."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from fuyuan_desk.errors import Unusable
from fuyuan_desk.files import in_words
from fuyuan_desk.texts import _

# the newest step in migrations/versions; a test keeps the two equal
NEWEST = "0001"
COPIES = "before-migration"


def revision_of(connection: Connection) -> str | None:
    """Give the step a store stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _copy_aside(engine: Engine, folder: Path, revision: str) -> None:
    target = folder / COPIES
    try:
        target.mkdir(exist_ok=True)
    except OSError as problem:
        raise in_words(problem, target) from problem
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = target / f"store-{revision}-{stamp}.db"
    with engine.connect() as connection:
        connection.rollback()
        driver = connection.connection.dbapi_connection
        assert driver is not None
        # everything into the main file first, then the file is copied as it is, still encrypted
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        copy.write_bytes((folder / "store.db").read_bytes())
    except OSError as problem:
        copy.unlink(missing_ok=True)
        raise in_words(problem, target) from problem


def bring_up_to_date(engine: Engine, folder: Path) -> None:
    """Run the missing migration steps, after a copy of the store was put aside.

    Raises `Unusable` for a store that a newer program wrote.
    """
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision == NEWEST:
        return
    if revision is not None and revision > NEWEST:
        raise Unusable(
            _("This office was written by a newer version of the program. Please install the newest version.")
        )
    if revision is not None:
        _copy_aside(engine, folder, revision)
    upgrade(engine)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run migration steps up to `to` in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
