"""The worker's first step: from the bytes of a delivery to an event and its messages."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from notifier import sources
from notifier.domain import runs
from notifier.domain.errors import UnusableBody
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.phrases import gettext_noop
from notifier.models import Delivery, DeliveryBody, RunMemory, Source
from notifier.models.delivery import DeliveryState, Verdict
from notifier.services import planning
from notifier.sources.source import Request

SEEN_EVERY = timedelta(minutes=1)
PRUNED = gettext_noop("The body was pruned, there is nothing left to read.")


# The fields of a delivery that says nothing.
Unreadable = dict[str, Any]


class Lease(Protocol):
    """The worker's hold on a row (`portal.work.Lease`): writes only while the row is ours."""

    def record(self, **fields: Any) -> None: ...


def read_delivery(row: Delivery, lease: Lease) -> None:
    """Parse `row`, keep its event, plan its messages: all in one transaction or not at all.

    Parsed before the transaction: a slow body must not keep others from writing.
    """
    parsed = _parsed(row.first or row)
    with transaction.atomic():
        if row.first_id:
            lease.record(**_read_again(row, parsed))
        else:
            lease.record(**_plan(row, parsed, again=row.handled_at is not None))


def _plan(row: Delivery, parsed: Event | Unreadable, *, again: bool) -> dict[str, Any]:
    """Return the fields that `row` gets by being read. Messages are made on the way.

    `again` (a replay) queues failed messages once more; what was sent is never sent twice.
    """
    done = {"state": DeliveryState.DONE, "handled_at": timezone.now()}
    if not isinstance(parsed, Event):
        return {**done, **parsed}
    _mark_seen(row.source)
    fact = fact_of(parsed, row)
    if again and row.outcome == Outcome.FIXED and parsed.outcome is Outcome.PASSED:
        event = replace(parsed, outcome=Outcome.FIXED)
    else:
        event = _with_memory(row.source, parsed)
    decisions = planning.plan(event, row, fact, again=again)
    return {**done, **_columns(event), "fact": fact, "decisions": decisions, "reason": ""}


def fact_of(event: Event, row: Delivery) -> str:
    """Return the digest of the fact that `event` reports; without a run it is the delivery."""
    fact = event.fact(row.source.provider) or f"delivery:{row.pk}"
    return hashlib.sha256(fact.encode()).hexdigest()


def _parsed(row: Delivery) -> Event | Unreadable:
    """Return the event of `row` or, where it has none, the fields that say why."""
    try:
        body = DeliveryBody.objects.get(pk=row.pk)
        source = sources.get(row.source.provider)
        received = Request(
            headers=row.headers, body=bytes(body.content), now=row.received_at.timestamp()
        )
        return source.parse(received, row.source.config)
    except DeliveryBody.DoesNotExist:
        return {"reason": PRUNED}
    except UnusableBody as error:
        return {"verdict": Verdict.IGNORED, "kind": Kind.OTHER, "reason": str(error)}


def _read_again(row: Delivery, parsed: Event | Unreadable) -> dict[str, Any]:
    """A redelivery sends nothing unless the first never did."""
    first = row.first
    if first is not None and first.state != DeliveryState.DUE:
        fields = _plan(first, parsed, again=True)
        Delivery.objects.filter(pk=first.pk).update(**fields)
        first.refresh_from_db()
    event = Event(**first.event) if first and first.event else Event(kind=Kind.OTHER)
    return {
        "state": DeliveryState.DONE,
        "handled_at": timezone.now(),
        "reason": "",
        **_columns(event),
    }


def _with_memory(source: Source, event: Event) -> Event:
    """Return `event` with `fixed` where it passed after a failure, and remember its outcome."""
    if not runs.remembers(event):
        return event
    key = hashlib.sha256("\n".join(runs.key(event)).encode()).hexdigest()
    RunMemory.objects.bulk_create(
        [RunMemory(source=source, key=key, outcome="", order="", attempt="")], ignore_conflicts=True
    )
    kept = RunMemory.objects.select_for_update().get(source=source, key=key)
    before = runs.Memory(Outcome(kept.outcome), kept.order, kept.attempt) if kept.outcome else None
    outcome, after = runs.advance(before, event)
    if after is not None and after != before:
        kept.outcome, kept.order, kept.attempt = after.outcome, after.order, after.attempt
        kept.save()
    return replace(event, outcome=outcome)


def _mark_seen(source: Source) -> None:
    """Note that the source works, at most once a minute: every delivery shares that row."""
    now = timezone.now()
    if source.last_delivery_at and source.last_delivery_at > now - SEEN_EVERY:
        return
    seen = {"last_delivery_at": now, "verified_at": source.verified_at or now}
    Source.objects.filter(pk=source.pk).update(**seen)


def _columns(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "outcome": event.outcome,
        "repository": event.repository,
        "branch": event.branch,
        "workflow": event.workflow,
        "environment": event.environment,
        "actor": event.actor,
        "title": event.title,
        "url": event.url,
        "event": event.as_dict(),
    }
