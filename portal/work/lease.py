"""A worker's hold on a row: every write happens only while the row is still ours."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from random import random
from time import sleep
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from portal.work import reasons
from portal.work.queue import Queue

RETRY_BASE, RETRY_CAP = timedelta(seconds=15), timedelta(minutes=30)
# A short outage must not turn a message that was sent into one that nobody knows of.
RECORD_PAUSES = (0.1, 1.0, 5.0)
FREE: dict[str, Any] = {"lease_until": None, "lease_key": ""}

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The row is no longer ours: its lease ran out and somebody else decided about it."""


class Lease:
    """The hold on one row of a queue, fenced by a random key in the row."""

    def __init__(self, queue: Queue, pk: Any, attempts: int) -> None:
        self.queue, self.pk, self.attempts = queue, pk, attempts
        self.key = secrets.token_hex(16)
        self.released = False

    @property
    def hold(self) -> dict[str, Any]:
        """The columns that say that the row is ours from now on."""
        return {"lease_until": timezone.now() + self.queue.lease, "lease_key": self.key}

    def record(self, **fields: Any) -> None:
        """Write `fields`; a state other than the doubtful one also releases the row.

        Otherwise the lease starts anew, so a long job may call this to keep its row.
        Raises LeaseLost when the row is no longer ours.
        """
        released = fields.get("state", self.queue.doubtful) != self.queue.doubtful
        if not self._write(fields, released=released):
            raise LeaseLost(f"{self.queue.name} {self.pk}")
        self.released = released

    def put_back(self) -> None:
        """Undo the claim of a row that was not begun."""
        self._write({"attempts": F("attempts") - 1}, released=True)

    def doubt(self, reason: str) -> bool:
        """Mark the row unknown if it was left in the doubtful state; return whether it was."""
        fields = ending(self.queue, self.queue.unknown, reason)
        return bool(self.queue.doubtful) and self._write(
            fields, released=True, state=self.queue.doubtful
        )

    def fail(self, reason: str) -> None:
        """End the row without success. Raises LeaseLost."""
        self.record(**ending(self.queue, self.queue.failed, reason))

    def retry(self, reason: str) -> None:
        """Let the row wait for its next attempt, or fail it after the last. Raises LeaseLost."""
        if self.attempts >= self.queue.max_attempts:
            self.fail(reasons.GAVE_UP.format(attempts=self.attempts, reason=reason))
            return
        wait = backoff(self.attempts, base=RETRY_BASE, cap=RETRY_CAP, random=random)
        self.record(
            state=self.queue.waiting[0],
            due_at=timezone.now() + wait,
            reason=reasons.ATTEMPT.format(
                attempt=self.attempts, most=self.queue.max_attempts, reason=reason
            ),
        )

    def _write(self, fields: dict[str, Any], *, released: bool, **also: Any) -> bool:
        rows = self.queue.model._default_manager.filter(pk=self.pk, lease_key=self.key, **also)
        pauses = iter(() if connection.in_atomic_block else RECORD_PAUSES)
        while True:
            try:
                return rows.update(**fields, **(FREE if released else self.hold)) == 1
            except (OperationalError, InterfaceError):
                pause = next(pauses, None)
                if pause is None:
                    raise
                log.warning("record failed, trying again", pause=pause, exc_info=True)
                drop_broken_connection()
                sleep(pause)


def ending(queue: Queue, state: str, reason: str) -> dict[str, Any]:
    """Return the fields of a row of `queue` that the worker itself ends."""
    fields = {"state": state, "reason": reason}
    return {**fields, queue.ended_at: timezone.now()} if queue.ended_at else fields


def drop_broken_connection() -> None:
    """Close the connection if it broke, so that the next query opens a new one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def backoff(
    attempts: int, *, base: timedelta, cap: timedelta, random: Callable[[], float]
) -> timedelta:
    """Return the wait after `attempts` failures: full jitter under a doubling, bounded limit.

    `random` returns a number from 0 to 1.
    """
    doublings = 2.0 ** min(max(attempts - 1, 0), 60)
    limit = min(cap.total_seconds(), base.total_seconds() * doublings)
    return timedelta(seconds=limit * random())
