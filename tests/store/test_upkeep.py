"""The upkeep of the database between uses: when its steps run, and what they leave."""

import threading
import time
from pathlib import Path

import pytest

from fuyuan_desk.access.drafts import save_draft
from fuyuan_desk.access.seat import Seat
from fuyuan_desk.estates.kinds import UNIT
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.store import upkeep
from fuyuan_desk.store.check import check_store
from fuyuan_desk.store.db.engine import driver_connection
from fuyuan_desk.store.layout import DATABASE
from fuyuan_desk.store.search import index as search
from fuyuan_desk.store.search import merging
from fuyuan_desk.store.search.index import Entry, Hit
from fuyuan_desk.store.store import Store
from fuyuan_desk.store.upkeep import Upkeep
from tests.conftest import PASSWORD

LONG, PAUSE = 20.0, 0.05


class Steps:
    """Records the steps of an upkeep; `left` more follow the next one, and `slow` ones end only when interrupted."""

    def __init__(self, left: int = 0, slow: int = 0) -> None:
        self.left, self.slow = left, slow
        self.pages: list[int] = []
        self.interruptions = 0
        self.began = threading.Event()
        self._interrupted = threading.Event()

    def step(self, pages: int) -> bool:
        """Take a step; return whether more are left."""
        self.pages.append(pages)
        self.began.set()
        if self.slow:
            self.slow -= 1
            self.interruptions += self._interrupted.wait(LONG)
            return True
        self.left -= 1
        return self.left >= 0

    def interrupt(self) -> None:
        """End a slow step."""
        self._interrupted.set()


def scheduled(steps: Steps, pause: float = PAUSE) -> Upkeep:
    """Return an upkeep that takes these steps."""
    return Upkeep(steps.step, steps.interrupt, pause)


def use(one: Upkeep, wrote: bool = True) -> None:
    """Use the store for no time."""
    one.use_begins()
    one.use_ended(wrote)


def test_steps_follow_a_write_after_a_pause_until_nothing_is_left() -> None:
    steps = Steps(left=3)
    one = scheduled(steps)
    use(one)
    assert steps.pages == []
    assert one.wait(LONG)
    assert steps.pages == [upkeep.PAGES] * 4


def test_reading_leaves_nothing_to_do() -> None:
    steps = Steps()
    one = scheduled(steps)
    use(one, wrote=False)
    assert one.wait(0)
    assert steps.pages == []


def test_no_step_begins_during_a_use() -> None:
    steps = Steps()
    one = scheduled(steps)
    use(one)
    one.use_begins()
    assert not steps.began.wait(PAUSE * 4)
    one.use_ended(False)
    assert one.wait(LONG)
    assert len(steps.pages) == 1


def test_no_step_begins_while_it_is_held() -> None:
    steps = Steps()
    one = scheduled(steps)
    with one.held():
        use(one)
        assert not one.wait(2 * PAUSE)
        assert steps.pages == []
    assert one.wait(LONG)
    assert steps.pages == [upkeep.PAGES]


def test_a_use_interrupts_a_step_which_is_done_again() -> None:
    steps = Steps(slow=1)
    one = scheduled(steps)
    use(one)
    assert steps.began.wait(LONG)
    use(one, wrote=False)
    assert one.wait(LONG)
    assert steps.interruptions == 1
    assert len(steps.pages) == 2


def test_the_stop_interrupts_a_step() -> None:
    steps = Steps(slow=1)
    one = scheduled(steps)
    use(one)
    assert steps.began.wait(LONG)
    one.stop(LONG)
    assert one.wait(0)
    assert steps.interruptions == 1
    assert len(steps.pages) == 1


def test_many_writes_without_a_pause_do_not_wait_for_one() -> None:
    steps = Steps(left=2)
    one = scheduled(steps, pause=LONG * 10)
    for _ in range(upkeep.MOST_WRITES):
        use(one)
    assert one.wait(LONG)
    assert steps.pages == [upkeep.PAGES_BETWEEN_WRITES] * 3


def test_nothing_begins_after_the_stop() -> None:
    steps = Steps(left=1_000_000)
    one = scheduled(steps, pause=0.0)
    use(one)
    assert steps.began.wait(LONG)
    one.stop(LONG)
    done = len(steps.pages)
    use(one)
    assert one.wait(0)
    assert len(steps.pages) == done


# --- in a store


def write(store: Store, times: int) -> None:
    """Index households, each in a transaction of its own."""
    for number in range(times):
        with store.use() as session:
            search.put(session, [Entry(UNIT, number, (f"{number}号", "张三丰"), estate=1)])
            session.commit()


def nothing_is_left(store: Store) -> bool:
    """Return whether the search index is merged."""
    with driver_connection(store.engine) as connection:
        return not merging.merge(connection, 1)


def hits(store: Store) -> list[Hit]:
    """Return whom a search finds."""
    with store.use() as session:
        return search.find(session, "zhangsanfeng", [UNIT], limit=1_000)


def test_after_a_pause_the_index_is_merged_and_the_log_is_moved(seat: Seat) -> None:
    size = (seat.store.folder / DATABASE).stat().st_size
    write(seat.store, 40)
    before = hits(seat.store)
    assert seat.store.upkeep.wait(LONG)
    assert nothing_is_left(seat.store)
    assert hits(seat.store) == before
    assert len(before) == 40
    assert (seat.store.folder / DATABASE).stat().st_size > size


def test_what_the_search_does_not_know_is_moved_out_of_the_log_too(seat: Seat) -> None:
    assert seat.store.upkeep.wait(LONG)
    size = (seat.store.folder / DATABASE).stat().st_size
    save_draft(seat, "household:new", {"remarks": "很长的备注" * 20_000})
    assert (seat.store.folder / DATABASE).stat().st_size == size
    assert seat.store.upkeep.wait(LONG)
    assert (seat.store.folder / DATABASE).stat().st_size > size


def test_the_log_is_moved_before_all_is_merged(seat: Seat) -> None:
    assert seat.store.upkeep.wait(LONG)
    seat.store.upkeep.stop(LONG)  # the steps are taken here
    size = (seat.store.folder / DATABASE).stat().st_size
    for number in range(4):  # much to merge, as after an import
        with seat.store.use() as session:
            words = tuple(f"{number}x{word}" for word in range(100_000))
            search.put(session, [Entry(UNIT, number, words, estate=1)])
            session.commit()
    steps = 0
    while (seat.store.folder / DATABASE).stat().st_size == size:
        assert seat.store.keep_up(upkeep.PAGES_BETWEEN_WRITES), "all was merged before the log was moved"
        steps += 1
    assert 0 < steps < 20


@pytest.mark.usefixtures("on_share")
def test_on_a_network_disk_too(folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    write(seat.store, 40)
    assert seat.store.upkeep.wait(LONG)
    assert nothing_is_left(seat.store)
    seat.store.close()


def test_closing_ends_the_upkeep_and_the_next_opening_finishes_it(folder: Path) -> None:
    seat = sign_in(folder, "admin", PASSWORD)
    write(seat.store, 40)
    seat.store.close()
    assert seat.store.upkeep.wait(0)
    assert all(thread.name != "upkeep" for thread in threading.enumerate())
    again = sign_in(folder, "admin", PASSWORD)
    assert len(hits(again.store)) == 40
    assert again.store.upkeep.wait(LONG)
    assert nothing_is_left(again.store)
    again.store.close()


def test_where_nothing_can_be_written_the_upkeep_ends_without_a_word(seat: Seat) -> None:
    write(seat.store, 40)
    with driver_connection(seat.store.engine) as connection:
        connection.execute("PRAGMA query_only = ON")
        assert seat.store.upkeep.wait(LONG)
        connection.execute("PRAGMA query_only = OFF")
    assert not nothing_is_left(seat.store)
    assert len(hits(seat.store)) == 40


def test_uses_get_their_turns_beside_the_upkeep(seat: Seat) -> None:
    longest = 0.0
    for number in range(upkeep.MOST_WRITES * 3):
        started = time.monotonic()
        write(seat.store, 1)
        longest = max(longest, time.monotonic() - started)
        assert hits(seat.store), number
    assert longest < LONG / 4
    assert seat.store.upkeep.wait(LONG)
    assert [finding.faults for finding in check_store(seat.store) if finding.faults] == []


def test_a_store_of_an_earlier_version_is_set_to_merge_outside_of_saves(folder: Path) -> None:
    def settings(store: Store) -> dict[str, int]:
        with driver_connection(store.engine) as connection:
            return dict(connection.execute("SELECT k, v FROM search_index_config"))

    first = sign_in(folder, "admin", PASSWORD)
    made = settings(first.store)
    with driver_connection(first.store.engine) as connection:
        connection.execute("INSERT INTO search_index(search_index, rank) VALUES('automerge', 8)")
        connection.execute("DELETE FROM search_index_config WHERE k = 'crisismerge'")
    assert settings(first.store) != made
    first.store.close()
    again = sign_in(folder, "admin", PASSWORD)
    assert settings(again.store) == made
    assert made["automerge"] == 0
    again.store.close()


def test_a_use_never_hears_of_the_interruption_of_a_step(seat: Seat) -> None:
    stop = threading.Event()

    def search_on() -> None:
        while not stop.is_set():
            hits(seat.store)
            time.sleep(upkeep.IDLE_SECONDS * 1.01)

    others = [threading.Thread(target=search_on) for _ in range(3)]
    for other in others:
        other.start()
    for _ in range(6):
        write(seat.store, 8)
        time.sleep(upkeep.IDLE_SECONDS * 1.01)
    stop.set()
    for other in others:
        other.join()
    assert len(hits(seat.store)) == 8
