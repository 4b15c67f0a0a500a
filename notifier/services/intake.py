"""The webhook door: prove, store, answer. Everything else is the worker's."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifier import sources
from notifier.domain.errors import InvalidSignature, NotifierError, UnusableBody
from notifier.domain.ids import uuid7
from notifier.models import Delivery, DeliveryBody
from notifier.models.delivery import DeliveryState, Verdict
from notifier.services.batch import Batch
from notifier.services.insert import QuickInsert
from notifier.services.sources import Door, find_door
from notifier.sources.source import Request

MAX_HEADERS = 100
MAX_HEADER = 2000


class TooLarge(NotifierError):
    """The body is over the limit."""


@dataclass(frozen=True)
class Incoming:
    """One proven request, ready to be stored: the fields of its row, and its body."""

    row: dict[str, Any]
    body: bytes


INSERT_DELIVERIES = QuickInsert(
    Delivery,
    ("id", "source_id", "key", "received_at", "due_at", "remote", "provider_event", "headers"),
    verdict=Verdict.ACCEPTED,
)
INSERT_BODIES = QuickInsert(DeliveryBody, ("delivery_id", "content"))


def receive(slug: str, headers: Mapping[str, str], body: bytes, remote: str | None) -> UUID:
    """Store a webhook request durably and return the id of its row.

    `headers` have lower-case names; `body` is exactly what came in. Raises UnknownSource,
    InvalidSignature, UnusableBody; the last two are kept as a rejected row without a body.
    """
    door = find_door(slug)
    now = timezone.now()
    request = Request(headers=headers, body=body, now=time.time())
    source = sources.get(door.provider)
    try:
        source.verify(request, door.secrets(now), door.config)
        key = source.delivery_id(request, door.config)
    except InvalidSignature as error:
        reject(door, "signature", str(error), headers, remote)
        raise
    except UnusableBody as error:
        reject(door, "body", str(error), headers, remote)
        raise
    row = {
        "id": uuid7(),
        "source_id": door.source_id,
        "key": key,
        "received_at": now,
        "due_at": now,
        "remote": remote,
        "provider_event": source.event_name(request, door.config)[:100],
        "headers": _kept(headers),
    }
    return BATCH.put(Incoming(row, body))


def reject(
    door: Door, code: str, reason: str, headers: Mapping[str, str], remote: str | None
) -> None:
    """Keep a refused request without its body: one row for each source, reason and minute."""
    now = timezone.now()
    key = f"rejected:{code}:{now:%Y%m%d%H%M}"
    same = Delivery.objects.filter(source_id=door.source_id, key=key)
    if same.update(repeats=F("repeats") + 1, reason=reason, remote=remote):
        return
    row = _finished(door.source_id, key, Verdict.REJECTED, now)
    row.reason, row.remote, row.headers = reason, remote, _kept(headers)
    Delivery.objects.bulk_create([row], ignore_conflicts=True)


def store(batch: list[Incoming]) -> list[UUID]:
    """Write all of `batch` in one transaction and return the ids of their rows, in order."""
    with transaction.atomic():
        new = INSERT_DELIVERIES([incoming.row for incoming in batch])
        bodies = [
            {"delivery_id": incoming.row["id"], "content": incoming.body}
            for incoming in batch
            if incoming.row["id"] in new
        ]
        if bodies:
            INSERT_BODIES(bodies)
        return [
            incoming.row["id"] if incoming.row["id"] in new else _store_again(incoming.row)
            for incoming in batch
        ]


def _store_again(row: dict[str, Any]) -> UUID:
    """Record that a delivery came once more; all its redeliveries share one row."""
    first = Delivery.objects.get(source_id=row["source_id"], key=row["key"])
    again, created = Delivery.objects.get_or_create(
        source_id=row["source_id"],
        key=f"again:{row['key']}",
        defaults={
            **row,
            "key": f"again:{row['key']}",
            "verdict": Verdict.DUPLICATE,
            "first": first,
        },
    )
    if not created:
        Delivery.objects.filter(pk=again.pk).update(
            repeats=F("repeats") + 1, state=DeliveryState.DUE, due_at=row["due_at"], attempts=0
        )
    return again.pk


def _finished(source_id: int, key: str, verdict: Verdict, now: datetime) -> Delivery:
    return Delivery(
        id=uuid7(),
        source_id=source_id,
        key=key,
        verdict=verdict,
        state=DeliveryState.DONE,
        received_at=now,
        handled_at=now,
    )


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """Bound what is stored; NUL is cut out because PostgreSQL refuses it."""
    some = list(headers.items())[:MAX_HEADERS]
    return {name: value[:MAX_HEADER].replace("\0", "") for name, value in some}


BATCH: Batch[Incoming, UUID] = Batch(store, limit=64)
