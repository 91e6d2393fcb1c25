"""Every service that writes is exercised under fire, or listed here with the reason why not."""

import functools
import inspect
import random
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.fire.hand import Hand, copy_of, furnish, open_hand
from tests.fire.work import ACTIONS
from tests.test_roles import ROLES, SERVICES

# services that write and are not exercised under fire, with the reason
EXEMPT: dict[str, str] = {}


@functools.cache
def _opens_a_transaction(function: Callable[..., Any]) -> bool:
    """Return whether a function opens a transaction, itself or through its own module's helpers."""
    plain = inspect.unwrap(function)
    source = inspect.getsource(plain)
    if ".transaction()" in source:
        return True
    module = vars(sys.modules[plain.__module__])
    helpers = (module.get(name) for name in set(re.findall(r"\b(_\w+)\(", source)) - {plain.__name__})
    return any(_opens_a_transaction(helper) for helper in helpers if inspect.isfunction(helper))


def writing_services() -> dict[str, CodeType]:
    """List the services that write, with the code that is run."""
    return {
        name: inspect.unwrap(SERVICES[name]).__code__
        for name in ROLES
        if _opens_a_transaction(SERVICES[name])
    }


class _Watch:
    """Records which of these code objects are entered."""

    def __init__(self, codes: dict[str, CodeType]) -> None:
        self._names = {code: name for name, code in codes.items()}
        self.entered: set[str] = set()

    def __enter__(self) -> None:
        sys.setprofile(self._note)

    def __exit__(self, *_raised: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in self._names:
            self.entered.add(self._names[frame.f_code])


def do_all(root: Path, watch: AbstractContextManager[object]) -> None:
    """Do every action once, in one office, each within `watch`."""
    furnish(root)
    spare = copy_of(root, root.with_name(f"{root.name}-spare"))
    hand: Hand = open_hand(root, random.Random(5))
    for prepare in ACTIONS.values():
        task = prepare(hand)
        if task.closed:
            hand.seat.store.close()
        with watch:
            done = task.move(hand)
        if task.closed:
            if done is not None and done is not hand.seat:  # type: ignore[comparison-overlap]
                done.store.close()  # type: ignore[attr-defined]  # a seat
            hand = open_hand(hand.root, hand.rng)
        if task.is_alone:
            hand.seat.store.close()
            root = copy_of(spare, root.with_name(f"{root.name}-again"))
            hand = open_hand(root, hand.rng)
    hand.seat.store.close()


def test_every_service_that_writes_is_worked_under_fire(tmp_path: Path) -> None:
    services = writing_services()
    assert len(services) > 40
    watch = _Watch(services)
    do_all(tmp_path / "place", watch)
    assert set(EXEMPT) <= set(services)
    assert set(services) - watch.entered - set(EXEMPT) == set()
    assert watch.entered & set(EXEMPT) == set(), "no longer exempt"
