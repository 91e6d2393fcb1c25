"""Migrate a store to this program's tables; Alembic is imported only when there is a step to run."""

import contextlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from fuyuan_desk.core import files, paths
from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.core.files import as_unusable, sync_directory
from fuyuan_desk.core.texts import _
from fuyuan_desk.store.db.engine import checkpoint

NEWEST = "0029"
"""The last step. Written here, because looking for it in the folder would read the disk at each start."""
COPIES = "before-migration"


def revision_of(connection: Connection) -> str | None:
    """Return the migration step of a store, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _copy_aside(engine: Engine, folder: Path, revision: str) -> None:
    target = folder / COPIES
    try:
        target.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise as_unusable(problem, target) from problem
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = target / f"store-{revision}-{stamp}.db"
    checkpoint(engine)  # so that the main file, copied as it is and still encrypted, holds everything
    try:
        _copy(folder / "store.db", copy)
    except OSError as problem:
        raise as_unusable(problem, target) from problem


def _copy(source: Path, target: Path) -> None:
    # under another name until it is complete: an interrupted copy must not look like a copy
    part = target.with_suffix(".part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with open(source, "rb") as original, os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(original, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        files.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            files.remove(part)
        raise
    sync_directory(target.parent)


def bring_up_to_date(
    engine: Engine, folder: Path, new: bool = False, before: Callable[[], object] = lambda: None
) -> None:
    """Run the missing migration steps, after a call of `before` and a copy of the store.

    Raises `Unusable` for a store that a newer program wrote, and for an empty one that is not `new`.
    """
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision == NEWEST:
        return
    if revision is not None and revision > NEWEST:
        raise Unusable(
            _("This office was written by a newer version of the program. Please install the newest version.")
        )
    if revision is None and not new:
        raise Unusable(_("The office's file is damaged. Leave it as it is and restore the newest backup."))
    if revision is not None:
        before()
        _copy_aside(engine, folder, revision)
    upgrade(engine)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run migration steps up to `to` in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option(
        "script_location", str(paths.migrations()).replace("%", "%%")
    )  # else it is filled in
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
