"""Waiting for another thread or process, not for ever."""

from collections.abc import Callable
from time import monotonic, sleep


def wait_for(what: Callable[[], object], *, seconds: float = 60) -> None:
    """Return as soon as `what` is true; raise TimeoutError when it never is."""
    end = monotonic() + seconds
    while not what():
        if monotonic() > end:
            raise TimeoutError(f"waited {seconds} s")
        sleep(0.01)
