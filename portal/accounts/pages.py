"""Pages of a list by key, newest first: quick at any depth, and steady while rows arrive."""

import re
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
LARGEST_KEY = 2**63 - 1
CURSOR = re.compile(r"(before|after)-([0-9]{1,19})")


class Page(NamedTuple, Generic[Row]):
    """Some rows, and the cursors of the pages with newer and older ones (empty: there are none)."""

    rows: list[Row]
    previous: str
    next: str


def page(rows: QuerySet[Row], cursor: str, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page of `rows` at `cursor`; an empty or unknown one means the newest."""
    found = CURSOR.fullmatch(cursor)
    direction, key = (found[1], min(int(found[2]), LARGEST_KEY)) if found else ("", 0)
    if direction == "after":
        return _newer(rows, key, size)
    older = rows.filter(pk__lt=key) if direction else rows
    some = list(older.order_by("-pk")[: size + 1])
    previous = f"after-{some[0].pk}" if direction and some else ""
    return Page(some[:size], previous, f"before-{some[size - 1].pk}" if len(some) > size else "")


def _newer(rows: QuerySet[Row], key: int, size: int) -> Page[Row]:
    some = list(rows.filter(pk__gt=key).order_by("pk")[: size + 1])
    shown = some[:size][::-1]
    previous = f"after-{shown[0].pk}" if len(some) > size else ""
    return Page(shown, previous, f"before-{shown[-1].pk}" if shown else f"before-{key + 1}")
