"""Pages of a history by id, newest first: quick at any depth, and steady while rows arrive."""

import re
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from notifier.domain.ids import EPOCH, first_id

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
CURSOR = re.compile(r"(before|after)-([0-9a-f]{32})")
# An id is made a moment after the time that its row carries.
SLACK = timedelta(minutes=5)
# A search looks at so many rows at once, and begins no more of them after so many seconds.
STRETCH = 25_000
SEARCH_SECONDS = 0.7


class Page(NamedTuple, Generic[Row]):
    """Some rows, and the cursors of the pages with newer and older ones (empty: there are none).

    `reached` is how far back a search came that is not done: `next` goes on with it.
    """

    rows: list[Row]
    previous: str
    next: str
    reached: datetime | None = None


def page(rows: QuerySet[Row], cursor: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page of `rows` at `cursor`; an empty or unknown one means the newest."""
    key, is_newer = _read(cursor)
    if is_newer and key:
        return _newer(rows, key, size)
    older = rows.filter(pk__lt=key) if key else rows
    return _page(list(older.order_by("-pk")[: size + 1]), cursor if key else "", size)


def search(rows: QuerySet[Row], cursor: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the same as `page` for rows that no index finds, in bounded time.

    It looks at one stretch of the table after the other; when the time is over, the page ends
    there, however full it is, and its `next` goes on.
    """
    key, is_newer = _read(cursor)
    if is_newer and key:
        return _newer(rows, key, size)
    found: list[Row] = []
    end, upper = monotonic() + SEARCH_SECONDS, key
    while True:
        lower = _end_of_stretch(rows, upper)
        stretch = rows.filter(pk__lt=upper) if upper else rows
        stretch = stretch.filter(pk__gte=lower) if lower else stretch
        found += stretch.order_by("-pk")[: size + 1 - len(found)]
        if lower is None or len(found) > size:
            return _page(found, cursor if key else "", size)
        if monotonic() >= end:
            before = _page(found, cursor if key else "", size).previous
            return Page(found, before, f"before-{lower.hex}", _made(lower))
        upper = lower


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


def _read(cursor: str) -> tuple[UUID | None, bool]:
    found = CURSOR.fullmatch(cursor)
    return (UUID(found[2]), found[1] == "after") if found else (None, False)


def _page(some: list[Row], cursor: str, size: int) -> Page[Row]:
    """Return the page of the first `size` of `some`; there are newer ones below a cursor."""
    return Page(
        some[:size],
        f"after-{some[0].pk.hex}" if cursor and some else "",
        f"before-{some[size - 1].pk.hex}" if len(some) > size else "",
    )


def _newer(rows: QuerySet[Row], key: UUID, size: int) -> Page[Row]:
    some = list(rows.filter(pk__gt=key).order_by("pk")[: size + 1])
    if not some:
        return page(rows, "", size)
    shown = some[:size][::-1]
    previous = f"after-{shown[0].pk.hex}" if len(some) > size else ""
    return Page(shown, previous, f"before-{shown[-1].pk.hex}")


def _end_of_stretch(rows: QuerySet[Row], upper: UUID | None) -> UUID | None:
    """Return the last id of the stretch below `upper`, or None when the table ends in it."""
    every = rows.model._default_manager.order_by("-pk").values_list("pk", flat=True)
    below = every.filter(pk__lt=upper) if upper else every
    last: UUID | None = below[STRETCH - 1 : STRETCH].first()
    return last


def _made(key: UUID) -> datetime:
    return EPOCH + timedelta(milliseconds=key.int >> 80)
