"""Which row is next, and which row's worker is dead."""

from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal.work.lease import FREE, Lease, ending
from portal.work.queue import Queue
from portal.work.reasons import STOPPED_IN_DOUBT

REAPED_AT_ONCE = 1000

log = structlog.get_logger(__name__)


def claim(queue: Queue) -> tuple[Any, Lease] | None:
    """Take the row of `queue` that is due longest, or None. Nobody else gets it meanwhile.

    One row at a time, so that no lease runs while its row waits behind another.
    """
    with transaction.atomic():
        row = _first(queue)
        if row is None:
            return None
        lease = Lease(queue, row.pk, row.attempts + 1)
        taken = _ready(queue).filter(pk=row.pk).update(attempts=lease.attempts, **lease.hold)
    if not taken:
        return None
    row.attempts = lease.attempts
    return row, lease


def _first(queue: Queue) -> Any:
    # SQLite ignores the lock: its transactions take the only write lock when they begin.
    ready = _ready(queue).order_by("due_at", "pk")
    ready = ready.select_for_update(skip_locked=True, no_key=True)
    # State by state, because only then both databases read the first row off the index.
    first: list[Any] = [ready.filter(state=state).first() for state in queue.waiting]
    return min(
        (row for row in first if row is not None),
        key=lambda row: (row.due_at, row.pk),
        default=None,
    )


def _ready(queue: Queue) -> QuerySet[Model]:
    now = timezone.now()
    is_free = Q(lease_until=None) | Q(lease_until__lte=now)
    return queue.model._default_manager.filter(is_free, state__in=queue.waiting, due_at__lte=now)


def reap(queue: Queue) -> int:
    """Mark rows unknown whose worker died in the doubtful state; return how many."""
    if not queue.doubtful:
        return 0
    dead = queue.model._default_manager.filter(
        state=queue.doubtful, lease_until__lte=timezone.now()
    )
    # Read first: an UPDATE takes SQLite's write lock even when there is nothing to do.
    pks = list(dead.values_list("pk", flat=True)[:REAPED_AT_ONCE])
    if not pks:
        return 0
    log.warning("workers died in doubt", queue=queue.name, rows=[str(pk) for pk in pks])
    fields = ending(queue, queue.unknown, STOPPED_IN_DOUBT)
    return dead.filter(pk__in=pks).update(**fields, **FREE)
