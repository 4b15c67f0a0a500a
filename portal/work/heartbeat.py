"""Says every few seconds that a worker lives, also while it is busy with one row."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from django.db import Error, connection
from django.utils import timezone

from portal.models import Heartbeat

BEAT_SECONDS = 5.0
KEPT = timedelta(days=1)

log = structlog.get_logger(__name__)


@contextmanager
def heartbeat(done: Callable[[], int], *, every: float = BEAT_SECONDS) -> Iterator[None]:
    """Keep a heartbeat row while the block runs; `done` counts the rows worked on so far."""
    stopped = Event()
    # A thread of its own has a connection of its own: a long transaction does not silence it.
    thread = Thread(target=_live, args=(done, stopped, every), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=2 * BEAT_SECONDS)


def alive(max_age: timedelta) -> timedelta | None:
    """Return the age of the youngest heartbeat, or None when none is younger than `max_age`."""
    now = timezone.now()
    beats = Heartbeat.objects.filter(beat_at__gt=now - max_age).order_by("-beat_at")
    last = beats.values_list("beat_at", flat=True).first()
    return None if last is None else max(now - last, timedelta(0))


def _live(done: Callable[[], int], stopped: Event, every: float) -> None:
    name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    started = timezone.now()
    try:
        _try(_prune)
        _try(lambda: _beat(name, started, done()))
        while not stopped.wait(every):
            _try(lambda: _beat(name, started, done()))
        _try(lambda: _end(name))
    finally:
        connection.close()


def _try(action: Callable[[], None]) -> None:
    try:
        action()
    except Error as error:
        log.warning("heartbeat failed", error=str(error))
        connection.close()


def _beat(name: str, started: datetime, done: int) -> None:
    now = timezone.now()
    if not Heartbeat.objects.filter(worker=name).update(beat_at=now, done=done):
        Heartbeat.objects.create(worker=name, started_at=started, beat_at=now, done=done)


def _prune() -> None:
    Heartbeat.objects.filter(beat_at__lt=timezone.now() - KEPT).delete()


def _end(name: str) -> None:
    Heartbeat.objects.filter(worker=name).delete()
