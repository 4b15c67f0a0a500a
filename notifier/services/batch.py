"""Group commit: requests that wait at the same moment share one transaction."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Ticket(Generic[Item, Result]):
    __slots__ = ("error", "item", "leads", "result", "woken")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.woken = threading.Event()
        self.leads = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class Batch(Generic[Item, Result]):
    """Collects items of several threads into one call of `write`.

    No thread of its own: whoever comes while nobody writes leads, takes all that wait with
    it, and hands the lead on. `write` runs on the leader's own database connection, takes a
    list and returns a result for each, in order.
    """

    def __init__(self, write: Callable[[list[Item]], list[Result]], *, limit: int) -> None:
        self._write = write
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[_Ticket[Item, Result]] = deque()
        self._busy = False

    def put(self, item: Item) -> Result:
        """Return the result of `item` once it is written; raise what its writing raised."""
        ticket: _Ticket[Item, Result] = _Ticket(item)
        with self._lock:
            self._waiting.append(ticket)
            ticket.leads = not self._busy
            self._busy = True
        if not ticket.leads:
            ticket.woken.wait()
        if ticket.leads:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        if ticket.result is None:
            raise RuntimeError("The write was interrupted.")
        return ticket.result

    def _lead(self) -> None:
        with self._lock:
            count = min(self._limit, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
        try:
            self._settle(batch)
        finally:
            self._hand_on()
            for ticket in batch:
                ticket.leads = False
                ticket.woken.set()

    def _settle(self, batch: list[_Ticket[Item, Result]]) -> None:
        try:
            results = self._write([ticket.item for ticket in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            # One bad item must not fail the others: write each on its own.
            for ticket in batch:
                self._settle([ticket])
            return
        for ticket, result in zip(batch, results, strict=True):
            ticket.result = result

    def _hand_on(self) -> None:
        with self._lock:
            if not self._waiting:
                self._busy = False
                return
            heir = self._waiting[0]
            heir.leads = True
            heir.woken.set()
