"""A migration is interrupted at every statement, by an error and by a kill: the store stays old or is new, and intact.

    python -m tests.fire.steps [--sample N] [--by error|kill]

Starts from the saved store of every earlier step (tests/data/stores). After each interruption: the file is at the old
step with the content that it had, or at the new one, the copy is intact, the next opening migrates it with all its
data, its check is clean and nothing is left over. Prints the number of interruptions; `--sample` takes that many of
each step's statements, one after another in the same store, `--by` one kind of interruption.
"""

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, event, text

from fuyuan_desk.core.errors import Unusable
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them
from fuyuan_desk.store import layout
from fuyuan_desk.store import store as stores
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db import migrate
from fuyuan_desk.store.db.engine import open_engine
from fuyuan_desk.store.keys import keyring
from tests.fire.offices import OLD_STEPS, holds_all
from tests.fire.picture import left_over
from tests.store import old_stores

Cut = Callable[[], None]


class Stopped(Unusable):
    """Simulates whatever ends a step early."""


def by_error() -> None:
    """Interrupt by an error, as a full disk does."""
    raise Stopped("The disk is full")


def by_kill() -> None:
    """Interrupt as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def cut_at(nth: int, cut: Cut) -> Iterator[list[str]]:
    """Interrupt before the statement `nth` of a migration's step, from 0; return the statements that came before."""
    seen: list[str] = []
    upgrade = migrate.upgrade

    def watched(engine: stores.Engine, to: str = "head") -> None:
        def look(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
            if len(seen) == nth:
                cut()
            seen.append(statement)

        def look_at_end(connection: Connection) -> None:
            look(connection, None, "COMMIT")

        event.listen(engine, "before_cursor_execute", look)
        event.listen(engine, "commit", look_at_end)
        try:
            upgrade(engine, to)
        finally:
            event.remove(engine, "before_cursor_execute", look)
            event.remove(engine, "commit", look_at_end)

    migrate.upgrade = watched  # type: ignore[assignment]
    try:
        yield seen
    finally:
        migrate.upgrade = upgrade  # type: ignore[assignment]


CUTS: dict[str, Cut] = {"error": by_error, "kill": by_kill}


def statements(step: str, folder: Path) -> int:
    """Return how many statements migrate a store of `step`, its commit being the last."""
    old_stores.unpack(step, folder)
    with cut_at(-1, by_error) as seen:
        sign_in(folder, "admin", old_stores.PASSWORD).store.close()
    shutil.rmtree(folder)
    return len(seen)


def interrupt(step: str, statements: Sequence[int], folder: Path, cut: Cut) -> None:
    """Interrupt the migration of a store of `step` before each of these statements and check what is left.

    After an interruption the next opening migrates the store; if there are further ones, it is interrupted in turn.
    """
    old_stores.unpack(step, folder)
    before = _look(folder, folder / layout.DATABASE)
    for nth in statements:
        if cut is by_kill:
            _killed(nth, folder)
        else:
            _stopped(nth, folder)
        left = _look(folder, folder / layout.DATABASE)
        assert left == before or left[0] == migrate.NEWEST
        copies = list((folder / migrate.COPIES).glob("*.db"))
        assert copies, "no copy aside"
        assert {_look(folder, copy) for copy in copies} == {before}
    _goes_on(folder)
    shutil.rmtree(folder)


def _stopped(nth: int, folder: Path) -> None:
    with cut_at(nth, by_error):
        try:
            sign_in(folder, "admin", old_stores.PASSWORD).store.close()
        except Stopped:
            return
    raise AssertionError("the cut was not felt")


def _killed(nth: int, folder: Path) -> None:
    child = os.fork()
    if child == 0:
        with cut_at(nth, by_kill):
            sign_in(folder, "admin", old_stores.PASSWORD)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the cut was not felt"


def _look(folder: Path, file: Path) -> tuple[str | None, str]:
    """Read the step of a file and a digest of all it holds from a copy, so that reading repairs nothing.

    Checks its pages too.
    """
    aside = folder.with_name(f"{folder.name}-look")
    aside.mkdir()
    for part in file.parent.glob(f"{file.name}*"):
        shutil.copy(part, aside / part.name)
    key = keyring.open_with_password(keyring.read(folder), "admin", old_stores.PASSWORD)
    engine = open_engine(aside / file.name, key)
    try:
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA cipher_integrity_check")).all() == []
            return migrate.revision_of(connection), _digest(connection)
    finally:
        engine.dispose()
        shutil.rmtree(aside)


def _digest(connection: Connection) -> str:
    """Return a digest of every row of every table and of their definitions, but for how the search index is laid out.

    Its segments are merged between uses, and find the same afterwards.
    """
    parts = connection.exec_driver_sql(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
    ).all()
    made = hashlib.blake2b(repr(parts).encode())
    virtual = tuple(f"{name}_" for _kind, name, _table, sql in parts if str(sql).startswith("CREATE VIRTUAL"))
    for kind, name, _table, sql in parts:
        if kind == "table" and not str(sql).startswith("CREATE VIRTUAL") and not name.startswith(virtual):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            made.update(repr([tuple(row) for row in rows]).encode())
    return made.hexdigest()


def _goes_on(folder: Path) -> None:
    seat = sign_in(folder, "admin", old_stores.PASSWORD)
    try:
        assert holds_all(seat)
        with seat.store.engine.connect() as connection:
            assert migrate.revision_of(connection) == migrate.NEWEST
        problems = [
            problem for finding in check_store(seat.store) for problem in (*finding.faults, *finding.remarks)
        ]
        assert problems == []
        assert left_over(folder) == []
    finally:
        seat.store.close()


def chosen(count: int, most: int | None) -> list[int]:
    """Choose at most `most` of `count` statements, the first and the last among them."""
    if most is None or most >= count:
        return list(range(count))
    return sorted({round(index * (count - 1) / (most - 1)) for index in range(most)})


def main(arguments: list[str] | None = None) -> int:
    """Interrupt everywhere, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fire.steps", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many statements of each step instead of all")
    parser.add_argument("--by", choices=CUTS, help="this kind of interruption instead of each")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    cuts, failures = 0, []
    kinds = [CUTS[options.by]] if options.by else list(CUTS.values())
    with tempfile.TemporaryDirectory() as name:
        for step in OLD_STEPS:
            count = statements(step, Path(name) / "count")
            every = chosen(count, options.sample)
            for turn in [every] if options.sample else [[nth] for nth in every]:
                for cut in kinds:
                    folder = Path(name) / f"{step}-{turn[0]}-{cut.__name__}"
                    cuts += len(turn)
                    try:
                        interrupt(step, turn, folder, cut)
                    except Exception as problem:
                        failures.append(f"step {step}, statements {turn}, {cut.__name__}: {problem!r}")
            print(f"step {step}: {count} statements to the step {migrate.NEWEST}")
    print(f"{cuts} cuts in {time.monotonic() - started:.0f} s, broken promises {len(failures)}")
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
