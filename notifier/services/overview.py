"""The first screen: what is red, who was told, what waits, and whether the sources work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, pairwise
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum, Value
from django.utils import timezone

from notifier.domain import runs
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.ids import first_id
from notifier.models import Delivery, Message, Recipient, Rule, RunMemory, Source
from notifier.models.delivery import DeliveryState, Verdict
from notifier.models.message import MessageState
from notifier.services.history import COLUMNS, TOLD, WAITING
from notifier.services.paging import within

DAY = timedelta(days=1)
DAYS = 14
# A branch that nobody touched for so long is no news, also when it is still red.
RED_FOR = timedelta(days=14)
MOST_FAILURES = 300
MOST_RED = 10
LATELY = 8
SILENT = timedelta(days=7)
NEWS = (Outcome.FAILED, Outcome.FIXED)
TROUBLED = (MessageState.FAILED, MessageState.UNKNOWN)


@dataclass(frozen=True)
class Red:
    """What failed last and has not passed since: a workflow on a branch, or an environment."""

    delivery: Delivery
    failures: int


@dataclass(frozen=True)
class Waiting:
    """What the worker still has to do. `since` is when the oldest of it was due."""

    deliveries: int
    queued: int
    held: int
    since: datetime | None

    @property
    def count(self) -> int:
        return self.deliveries + self.queued + self.held


@dataclass(frozen=True)
class Day:
    """What happened on one day, in numbers."""

    start: datetime
    deliveries: int
    failed: int
    fixed: int
    messages: int


@dataclass(frozen=True)
class Health:
    """A source and what is wrong with it: `unverified`, `silent`, `rejecting`, or nothing."""

    source: Source
    problem: str
    rejected: int


@dataclass(frozen=True)
class FirstSteps:
    """What a new portal has, step by step."""

    source: bool
    recipient: bool
    rule: bool
    delivery: bool
    message: bool

    @property
    def is_done(self) -> bool:
        return all((self.source, self.recipient, self.rule, self.delivery, self.message))


def still_red(now: datetime) -> list[Red]:
    """Return what is red now, the latest failure first.

    The memory of runs knows what is red, the deliveries know what it is called.
    """
    failures = within(
        Delivery.objects.filter(
            outcome=Outcome.FAILED,
            verdict=Verdict.ACCEPTED,
            kind__in=(Kind.PIPELINE, Kind.DEPLOYMENT),
        ),
        now - RED_FOR,
        None,
    ).order_by("-id")
    newest: dict[tuple[int, str], Delivery] = {}
    counts: dict[tuple[int, str], int] = {}
    for row in failures.select_related("source").only(*COLUMNS)[:MOST_FAILURES]:
        key = (row.source_id, _memory_key(row))
        newest.setdefault(key, row)
        counts[key] = counts.get(key, 0) + 1
    red = set(
        RunMemory.objects.filter(
            source__in={source for source, _key in newest},
            key__in={key for _source, key in newest},
            outcome=Outcome.FAILED,
        ).values_list("source_id", "key")
    )
    return [Red(row, counts[key]) for key, row in newest.items() if key in red]


def lately() -> list[Delivery]:
    """Return the newest deliveries that tell of a failure or its end."""
    rows = Delivery.objects.select_related("source").only(*COLUMNS).order_by("-id")
    # One query for each outcome: both read their rows off the index, in order.
    found = [rows.filter(outcome=word, verdict=Verdict.ACCEPTED)[:LATELY] for word in NEWS]
    return sorted(chain(*found), key=lambda row: row.pk, reverse=True)[:LATELY]


def waiting() -> Waiting:
    """Return what waits for the worker or for its time."""
    unread = Delivery.objects.filter(state=DeliveryState.DUE).aggregate(
        count=Count("pk"), since=Min("due_at")
    )
    unsent = Message.objects.filter(state__in=WAITING).aggregate(
        held=Count("pk", filter=Q(state=MessageState.HELD)),
        queued=Count("pk", filter=~Q(state=MessageState.HELD)),
        since=Min("created_at"),
    )
    since = [moment for moment in (unread["since"], unsent["since"]) if moment is not None]
    return Waiting(unread["count"], unsent["queued"], unsent["held"], min(since) if since else None)


def people_told(now: datetime) -> int:
    """Return how many people got a message within the last day."""
    rows = _since(Message.objects.filter(state__in=TOLD), now - DAY)
    return rows.aggregate(count=Count("recipient_name", distinct=True))["count"] or 0


def troubled(now: datetime) -> int:
    """Return how many messages of the last day failed or may not have arrived."""
    return _since(Message.objects.filter(state__in=TROUBLED), now - DAY).count()


def daily(now: datetime) -> list[Day]:
    """Return the last DAYS days, oldest first, counted in one query."""
    today = timezone.localtime(now).date()
    starts = [_midnight(today - timedelta(days=back)) for back in range(DAYS - 1, -2, -1)]
    spans = list(pairwise(starts))
    counts = _counted([part for start, end in spans for part in _parts(start, end)])
    each = [counts[place : place + 4] for place in range(0, len(counts), 4)]
    return [Day(start, *numbers) for (start, _end), numbers in zip(spans, each, strict=True)]


def failed_within(now: datetime) -> tuple[int, int]:
    """Return how many runs failed in the last day, and in the day before."""
    failed = Delivery.objects.filter(outcome=Outcome.FAILED)
    spans = ((now - DAY, now + DAY), (now - 2 * DAY, now - DAY))
    today, before = _counted([_between(failed, start, end) for start, end in spans])
    return today, before


def sources_health(now: datetime) -> list[Health]:
    """Return every active source, those with a problem first."""
    refused = _since(Delivery.objects.filter(verdict=Verdict.REJECTED), now - DAY).order_by()
    rejected = {
        row["source_id"]: row["rows"] + row["repeats"]
        for row in refused.values("source_id").annotate(rows=Count("pk"), repeats=Sum("repeats"))
    }
    rows = [
        Health(
            source, _problem(source, now, rejected.get(source.pk, 0)), rejected.get(source.pk, 0)
        )
        for source in Source.objects.filter(is_active=True).defer("secret", "previous_secret")
    ]
    return sorted(rows, key=lambda row: (not row.problem, row.source.name))


def first_steps() -> FirstSteps:
    """Return which of the first steps have been made."""
    return FirstSteps(
        source=Source.objects.exists(),
        recipient=Recipient.objects.exists(),
        rule=Rule.objects.filter(is_active=True).exists(),
        delivery=Delivery.objects.filter(verdict=Verdict.ACCEPTED).exists(),
        message=Message.objects.filter(state__in=TOLD).exists(),
    )


def _memory_key(row: Delivery) -> str:
    # The columns say all that the key is made of: the event itself stays in the database.
    event = Event(
        kind=Kind(row.kind),
        repository=row.repository,
        branch=row.branch,
        workflow=row.workflow,
        environment=row.environment,
    )
    return hashlib.sha256("\n".join(runs.key(event)).encode()).hexdigest()


def _problem(source: Source, now: datetime, rejected: int) -> str:
    if rejected:
        return "rejecting"
    if source.verified_at is None:
        return "unverified"
    last = source.last_delivery_at
    return "silent" if last is None or last < now - SILENT else ""


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _parts(start: datetime, end: datetime) -> list[QuerySet[Any]]:
    """Return the queries behind the numbers of one day, in the order of `Day`."""
    deliveries = Delivery.objects.all()
    return [
        _between(deliveries, start, end),
        _between(deliveries.filter(outcome=Outcome.FAILED), start, end),
        _between(deliveries.filter(outcome=Outcome.FIXED), start, end),
        _between(Message.objects.filter(state__in=TOLD), start, end),
    ]


def _between(rows: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
    return rows.filter(pk__gte=first_id(start), pk__lt=first_id(end))


def _since(rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    return rows.filter(pk__gte=first_id(moment))


def _counted(parts: Sequence[QuerySet[Any]]) -> list[int]:
    """Return how many rows each of `parts` has, by one query that reads indexes only."""
    queries = [_count(part).query.sql_with_params() for part in parts]
    columns = ", ".join(f"({sql})" for sql, _params in queries)
    parameters = [value for _sql, params in queries for value in params]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", parameters)
        found: tuple[int, ...] = cursor.fetchone()
    return list(found)


def _count(rows: QuerySet[Any]) -> QuerySet[Any]:
    # Grouped by a constant it is one number, still as a query and not yet its answer.
    counted: QuerySet[Any] = rows.order_by().values(all=Value(1)).annotate(count=Count("pk"))
    return counted.values("count")
