"""Group commit: items that wait at the same moment share one transaction."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error, OperationalError, connection

Item = TypeVar("Item")
Result = TypeVar("Result")


class Ticket(Generic[Item, Result]):
    """One item that waits to be written."""

    __slots__ = ("_batch", "done", "error", "item", "written")

    def __init__(self, batch: "Batch[Item, Result]", item: Item) -> None:
        self._batch = batch
        self.item = item
        self.done = False
        self.error: BaseException | None = None
        self.written: Result | None = None

    def result(self) -> Result:
        """Return what writing gave, as soon as that is done; raise what it raised."""
        while not self.done:
            self._batch.write_waiting(self)
        if self.error is not None:
            raise self.error
        if self.written is None:
            raise RuntimeError("The write was interrupted.")
        return self.written


class Batch(Generic[Item, Result]):
    """Collects items into one call of `write`.

    Whoever asks for a result first writes for all that wait; those who come meanwhile wait for
    it and then write the next batch. `write` takes a list and returns a result for each, in
    order. It may be called a second time with the same items, when the first try failed.
    """

    def __init__(self, write: Callable[[list[Item]], list[Result]], *, limit: int) -> None:
        self._write = write
        self._limit = limit
        self._waiting: deque[Ticket[Item, Result]] = deque()
        self._writing = threading.Lock()

    def put(self, item: Item) -> Ticket[Item, Result]:
        """Hand `item` over; it is safe when the ticket has a result, and not before."""
        ticket = Ticket(self, item)
        self._waiting.append(ticket)
        return ticket

    def write_waiting(self, ticket: Ticket[Item, Result]) -> None:
        """Write the next batch, unless `ticket` was written while this thread waited."""
        with self._writing:
            if ticket.done:
                return
            batch = self._take(ticket)
            try:
                self._settle(batch)
            finally:
                for written in batch:
                    written.done = True

    def _take(self, ticket: Ticket[Item, Result]) -> list[Ticket[Item, Result]]:
        if connection.in_atomic_block:
            # The caller's transaction decides whether it is kept: nobody else's may be in there.
            self._waiting.remove(ticket)
            return [ticket]
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._limit))]

    def _settle(self, batch: list[Ticket[Item, Result]]) -> None:
        try:
            self._write_all(batch)
        except OperationalError as error:
            # Locked, full, shutting down: not the fault of one item.
            for ticket in batch:
                ticket.error = error
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            # One bad item must not fail the others: write each on its own.
            for ticket in batch:
                self._settle([ticket])

    def _write_all(self, batch: list[Ticket[Item, Result]]) -> None:
        items = [ticket.item for ticket in batch]
        used = connection.connection
        try:
            results = self._write(items)
        except Error:
            # Django may have replaced a broken connection by now.
            if used is None or (connection.connection is used and connection.is_usable()):
                raise
            # The server was restarted, or the connection was too long idle.
            connection.close()
            results = self._write(items)
        for ticket, result in zip(batch, results, strict=True):
            ticket.written = result
