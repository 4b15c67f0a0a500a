"""Pages of a history by id, newest first: quick at any depth, and steady while rows arrive."""

import re
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from notifier.domain.ids import first_id

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
CURSOR = re.compile(r"(before|after)-([0-9a-f]{32})")
# An id is made a moment after the time that its row carries.
SLACK = timedelta(minutes=5)


class Page(NamedTuple, Generic[Row]):
    """Some rows, and the cursors of the pages with newer and older ones (empty: there are none)."""

    rows: list[Row]
    previous: str
    next: str


def page(rows: QuerySet[Row], cursor: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page of `rows` at `cursor`; an empty or unknown one means the newest."""
    found = CURSOR.fullmatch(cursor)
    if found and found[1] == "after":
        return _newer(rows, UUID(found[2]), size)
    older = rows.filter(pk__lt=UUID(found[2])) if found else rows
    some = list(older.order_by("-pk")[: size + 1])
    newest = found and some and _has_newer(rows, some[0].pk)
    return Page(
        some[:size],
        f"after-{some[0].pk.hex}" if newest else "",
        f"before-{some[size - 1].pk.hex}" if len(some) > size else "",
    )


def within(rows: QuerySet[Row], since: datetime | None, until: datetime | None) -> QuerySet[Row]:
    """Return `rows` without those whose ids show that they are outside of a time.

    Ids sort by time, so the database reads this off the primary key; the exact condition on
    the row's own time stays the caller's.
    """
    found: QuerySet[Any] = rows
    if since is not None:
        found = found.filter(pk__gte=first_id(since - SLACK))
    if until is not None:
        found = found.filter(pk__lt=first_id(until + SLACK))
    return found


def _newer(rows: QuerySet[Row], key: UUID, size: int) -> Page[Row]:
    some = list(rows.filter(pk__gt=key).order_by("pk")[: size + 1])
    shown = some[:size][::-1]
    previous = f"after-{shown[0].pk.hex}" if len(some) > size else ""
    return Page(shown, previous, f"before-{shown[-1].pk.hex}" if shown else "")


def _has_newer(rows: QuerySet[Row], key: UUID) -> bool:
    return rows.filter(pk__gt=key).exists()


def newest_only(rows: QuerySet[Row], most: int) -> tuple[QuerySet[Row], bool]:
    """Return `rows` among the `most` newest of their table, and whether that leaves some out.

    A search that no index helps ends in time, however long the history is.
    """
    every = rows.model._default_manager.order_by("-pk").values_list("pk", flat=True)
    oldest = list(every[most - 1 : most + 1])
    if len(oldest) < 2:
        return rows, False
    return rows.filter(pk__gte=oldest[0]), True
