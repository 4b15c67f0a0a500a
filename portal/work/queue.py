"""What the worker takes from: the shape that an app's queue objects fill."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pkgutil import resolve_name
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model


class Queue(Protocol):
    """A table of due rows. Its model has `state` and the fields of a due row."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> type[Model]: ...

    @property
    def waiting(self) -> Sequence[str]:
        """States in which a due row may be taken; a retried row returns to the first."""

    @property
    def doubtful(self) -> str:
        """The state recorded right before the outside world is touched; empty: there is none."""

    @property
    def unknown(self) -> str:
        """The state of a row that was left in `doubtful`."""

    @property
    def failed(self) -> str: ...

    @property
    def ended_at(self) -> str:
        """The field that gets the time when the worker itself ends a row; empty: there is none."""

    @property
    def lease(self) -> timedelta:
        """How long a claim lasts; longer than the slowest call that `handle` makes."""

    @property
    def max_attempts(self) -> int: ...

    @property
    def handle(self) -> Callable[[Any, Any], None]:
        """Called with a row and its `Lease`, through which it records the outcome.

        An exception with an attribute `permanent` says that the outside world surely did
        nothing, and whether trying again is pointless. Its text is shown to people.
        """


def queues() -> list[Queue]:
    """Return the queues that the settings name."""
    return [resolve_name(name) for name in settings.WORK_QUEUES]
