"""One service call at a time: threads take turns, a nested call is a bug that does no harm."""

import threading
import time
from dataclasses import replace

import pytest

from fuyuan_desk.access import drafts
from fuyuan_desk.access.seat import EVERYONE, Seat, permit
from fuyuan_desk.core.errors import NotAllowed
from fuyuan_desk.office.records import StreetRow
from fuyuan_desk.office.service.settings import change_settings, check_office, list_streets, read_settings


@permit(*EVERYONE)
def add_slowly(seat: Seat, started: threading.Event) -> None:
    with seat.transaction() as session:
        session.add(StreetRow(code="9", name="某街道"))
        session.flush()
        started.set()
        time.sleep(0.1)


def test_a_look_from_another_thread_does_not_undo_a_write(seat: Seat) -> None:
    started = threading.Event()
    writer = threading.Thread(target=add_slowly, args=(seat, started))
    writer.start()
    started.wait()
    # on a shared connection the end of this call would roll the other's row back
    assert "某街道" in [street.name for street in list_streets(seat)]
    writer.join()
    assert "某街道" in [street.name for street in list_streets(seat)]


def test_writes_from_many_threads_all_arrive(seat: Seat) -> None:
    settings = read_settings(seat)

    def write(number: int) -> None:
        for step in range(10):
            drafts.save_draft(seat, f"form-{number}-{step}", {"n": number})
            change_settings(seat, replace(settings, district=f"{number}-{step}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [drafts.load_draft(seat, f"form-{number}-{step}") for number in range(4) for step in range(10)]
    assert kept == [{"n": number} for number in range(4) for _step in range(10)]
    assert [fault for finding in check_office(seat) for fault in finding.faults] == []


def test_a_use_within_a_use_is_a_bug_and_the_outer_one_stays_whole(seat: Seat) -> None:
    @permit(*EVERYONE)
    def nested(seat: Seat) -> None:
        with seat.transaction() as session:
            session.add(StreetRow(code="9", name="某街道"))
            session.flush()
            with pytest.raises(RuntimeError, match="within a use"):
                list_streets(seat)

    nested(seat)
    assert "某街道" in [street.name for street in list_streets(seat)]


def test_what_is_changed_while_looking_is_dropped(seat: Seat) -> None:
    @permit(*EVERYONE)
    def look(seat: Seat) -> None:
        with seat.reading() as session:
            session.add(StreetRow(code="9", name="某街道"))
            session.flush()

    look(seat)
    assert "某街道" not in [street.name for street in list_streets(seat)]


def test_a_closed_store_opens_for_nobody(seat: Seat) -> None:
    seat.store.close()
    with pytest.raises(NotAllowed, match="locked"):
        list_streets(seat)
    seat.store.close()
