"""A gate that many threads pass at a time, or one alone."""

import contextlib
import threading
from collections.abc import Iterator


class Gate:
    """Many threads are within `passing` at a time; one gets `alone` only while nobody is."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._within = 0
        self._is_taken = False

    @property
    def is_taken(self) -> bool:
        """Whether somebody is alone within, or was a moment ago."""
        return self._is_taken

    @contextlib.contextmanager
    def passing(self) -> Iterator[None]:
        """Wait until nobody is alone within, and pass; may be nested."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_taken)
            self._within += 1
        try:
            yield
        finally:
            with self._changed:
                self._within -= 1

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep everybody else out; yields False, and keeps nobody out, if somebody is within."""
        with self._changed:
            has_got_in = not self._within and not self._is_taken
            self._is_taken = self._is_taken or has_got_in
        try:
            yield has_got_in
        finally:
            if has_got_in:
                with self._changed:
                    self._is_taken = False
                    self._changed.notify_all()
