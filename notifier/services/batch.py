"""Group commit: requests that wait at the same moment share one transaction."""

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connection

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Ticket(Generic[Item, Result]):
    """One item that waits. A bare lock: an Event costs several times as much."""

    __slots__ = ("done", "error", "item", "result")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.done = threading.Lock()
        self.done.acquire()
        self.result: Result | None = None
        self.error: BaseException | None = None


class Batch(Generic[Item, Result]):
    """Collects the items of several threads into one call of `write`.

    One thread of this process writes: one connection keeps its statements and pages, and
    nobody waits for the database's lock but that thread. It starts with the first item, so
    after a fork. `write` takes a list and returns a result for each, in order.
    """

    def __init__(self, write: Callable[[list[Item]], list[Result]], *, limit: int) -> None:
        self._write = write
        self._limit = limit
        self._waiting: SimpleQueue[_Ticket[Item, Result]] = SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def put(self, item: Item) -> Result:
        """Return the result of `item` once it is written; raise what its writing raised."""
        if connection.in_atomic_block:
            # The caller's transaction decides whether it is kept, so it must be in there.
            return self._write([item])[0]
        ticket: _Ticket[Item, Result] = _Ticket(item)
        self._waiting.put(ticket)
        if self._writer is None:
            self._start()
        ticket.done.acquire()
        if ticket.error is not None:
            raise ticket.error
        if ticket.result is None:
            raise RuntimeError("The write was interrupted.")
        return ticket.result

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="batch", daemon=True)
                self._writer.start()

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            with suppress(Empty):
                while len(batch) < self._limit:
                    batch.append(self._waiting.get_nowait())
            try:
                self._settle(batch)
            finally:
                for ticket in batch:
                    ticket.done.release()

    def _settle(self, batch: list[_Ticket[Item, Result]]) -> None:
        try:
            results = self._write([ticket.item for ticket in batch])
        except Exception as error:
            # The connection may be the reason: the next attempt opens a new one.
            connection.close()
            if len(batch) == 1:
                batch[0].error = error
                return
            # One bad item must not fail the others: write each on its own.
            for ticket in batch:
                self._settle([ticket])
            return
        for ticket, result in zip(batch, results, strict=True):
            ticket.result = result
