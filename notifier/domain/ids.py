"""Ids that sort by the time they were made: UUID version 7 of RFC 9562."""

import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

COUNTER_BITS, RANDOM_BITS = 42, 32
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _unix_ms() -> int:
    return time.time_ns() // 1_000_000


class Uuid7:
    """A maker of ids: each is greater than the one before, also within a millisecond.

    A millisecond's counter starts at random in the lower half of its 42 bits (RFC 9562, 6.2,
    method 1), so that two processes do not meet.
    """

    def __init__(self, clock: Callable[[], int] = _unix_ms) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._time = -1
        self._counter = 0

    def __call__(self) -> UUID:
        """Return the next id."""
        with self._lock:
            milliseconds, counter = self._tick()
        high, low = counter >> 30, counter & (1 << 30) - 1
        value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | high << 64
        value |= 2 << 62 | low << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
        return UUID(int=value)

    def _tick(self) -> tuple[int, int]:
        now = self._clock()
        if now > self._time:
            self._time, self._counter = now, secrets.randbits(COUNTER_BITS - 1)
            return self._time, self._counter
        # A clock that stands still or goes back does not: the counter goes on, and when it is
        # used up, the time does.
        self._counter += 1
        if self._counter >> COUNTER_BITS:
            self._time, self._counter = self._time + 1, secrets.randbits(COUNTER_BITS - 1)
        return self._time, self._counter


_next = Uuid7()


def uuid7() -> UUID:
    """Return a new id. A plain function, as the default of a model's field has to be."""
    return _next()


def first_id(moment: datetime) -> UUID:
    """Return the smallest id that can be made in the millisecond of `moment` (aware)."""
    milliseconds = int((moment - EPOCH) / timedelta(milliseconds=1))
    return UUID(int=max(milliseconds, 0) << 80 | 7 << 76 | 2 << 62)
