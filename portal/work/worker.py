"""The worker: turn by turn it takes due rows, works, and settles what went wrong."""

from collections.abc import Sequence
from datetime import timedelta
from queue import Empty, SimpleQueue
from random import random
from time import monotonic
from typing import Any

import structlog
from django.db import Error, close_old_connections, connection

from portal.work import reasons
from portal.work.claim import claim, reap
from portal.work.heartbeat import heartbeat
from portal.work.lease import Lease, LeaseLost, backoff, drop_broken_connection
from portal.work.queue import Queue

OUTAGE_BASE, OUTAGE_CAP = timedelta(seconds=1), timedelta(seconds=30)
TURN_SECONDS = 0.25
IDLE_SECONDS = (0.05, 1.0)

log = structlog.get_logger(__name__)


class Worker:
    """The loop of one process over its queues."""

    def __init__(self, queues: Sequence[Queue]) -> None:
        self.queues = queues
        self.done = 0
        self.stopping = False
        # An Event could deadlock in a signal handler: the thread it interrupts may hold its lock.
        self._wake: SimpleQueue[None] = SimpleQueue()

    def stop(self) -> None:
        """Ask the loop to end after the current row. Safe in a signal handler."""
        self.stopping = True
        self._wake.put(None)

    def run(self) -> None:
        """Work until `stop`. A database that is away is waited for."""
        idle, outages = IDLE_SECONDS[0], 0
        with heartbeat(lambda: self.done):
            while not self.stopping:
                try:
                    close_old_connections()
                    busy = self.round()
                except Error as error:
                    outages += 1
                    self._wait_out(error, outages)
                    continue
                outages = 0
                idle = IDLE_SECONDS[0] if busy else min(idle * 2, IDLE_SECONDS[1])
                if not busy:
                    self._pause(idle)

    def run_once(self) -> int:
        """Work on all that is due, and what comes up on the way; return the number of rows."""
        while not self.stopping and self.round():
            pass
        return self.done

    def round(self) -> bool:
        """Give every queue its turn; return whether any had something to do."""
        return sum([self._turn(queue) for queue in self.queues if not self.stopping]) > 0

    def _turn(self, queue: Queue) -> int:
        """Work on `queue` for a moment only, so that the other queues do not starve."""
        count, end = reap(queue), monotonic() + TURN_SECONDS
        while claimed := claim(queue):
            row, lease = claimed
            if self.stopping:
                lease.put_back()
                break
            work(row, lease)
            count, self.done = count + 1, self.done + 1
            if self.stopping or monotonic() > end:
                break
        return count

    def _wait_out(self, error: Error, outages: int) -> None:
        wait = backoff(outages, base=OUTAGE_BASE, cap=OUTAGE_CAP, random=random)
        log.warning("database failed, waiting", error=str(error), wait=str(wait))
        connection.close()
        self._pause(wait.total_seconds())

    def _pause(self, seconds: float) -> None:
        try:
            self._wake.get(timeout=seconds)
        except Empty:
            return


def work(row: Any, lease: Lease) -> None:
    """Handle one claimed row and record what became of it, whatever the handler does.

    Raises only database errors that came in the way of recording; the lease then runs out.
    """
    queue = lease.queue
    with structlog.contextvars.bound_contextvars(queue=queue.name, row=str(lease.pk)):
        try:
            if lease.attempts > queue.max_attempts:
                lease.fail(reasons.STOPPED_EACH_TIME.format(most=queue.max_attempts))
            else:
                _handle(row, lease)
        except LeaseLost:
            log.warning("lease lost, row left alone")


def _handle(row: Any, lease: Lease) -> None:
    try:
        lease.queue.handle(row, lease)
        if not lease.released:
            raise RuntimeError(f"the handler of {lease.queue.name} recorded no outcome")
    except LeaseLost:
        raise
    except Exception as error:
        drop_broken_connection()
        permanent = getattr(error, "permanent", None)
        if permanent is None:
            _settle_unexpected(error, lease)
        elif permanent:
            lease.fail(str(error))
        else:
            lease.retry(str(error))


def _settle_unexpected(error: Exception, lease: Lease) -> None:
    log.exception("row failed")
    name = type(error).__name__
    if not lease.doubt(reasons.UNEXPECTED_IN_DOUBT.format(name=name)):
        lease.retry(reasons.UNEXPECTED.format(name=name))
