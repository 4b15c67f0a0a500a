"""The webhook door: prove, store, answer. Everything else is the worker's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifier import sources
from notifier.domain.errors import InvalidSignature, NotifierError, UnusableBody
from notifier.domain.ids import uuid7
from notifier.domain.masks import MASK
from notifier.domain.payload import json_text
from notifier.domain.phrases import gettext_noop
from notifier.domain.redact import SECRET_HEADERS
from notifier.models import Delivery, DeliveryBody
from notifier.models.delivery import DeliveryState, Verdict
from notifier.services.batch import Batch, Ticket
from notifier.services.insert import QuickInsert
from notifier.services.refusals import Refused, count_refused
from notifier.services.sources import find_door
from notifier.sources.source import Request, Source

MAX_HEADERS = 100
MAX_HEADER = 2000
# Anybody can be refused, so what is kept of them is little.
MAX_REFUSED = 8000
OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")

NO_OBJECT = gettext_noop("The body is no JSON object.")
EMPTY = gettext_noop("The body is empty.")


class TooLarge(NotifierError):
    """The body is over the limit."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One proven request, ready to be stored: the fields of its row, and its body."""

    row: dict[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request that was looked at and waits to be stored."""

    ticket: Ticket[Incoming | Refused, UUID]
    refusal: NotifierError | None = None

    def result(self) -> UUID:
        """Return the id of the row as soon as it is safe; raise why the request is refused."""
        stored = self.ticket.result()
        if self.refusal is not None:
            raise self.refusal
        return stored


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
    return begin(slug, headers, body, remote).result()


def begin(slug: str, headers: Mapping[str, str], body: bytes, remote: str | None) -> Receipt:
    """Check a request and line it up to be stored together with others that wait.

    Raises UnknownSource; whatever else is wrong is raised by the receipt's result.
    """
    door = find_door(slug)
    now = timezone.now()
    request = Request(headers=headers, body=body, now=now.timestamp())
    source = sources.get(door.provider)
    try:
        source.verify(request, door.secrets(now), door.config)
        _check_body(source, request)
        key = source.delivery_id(request, door.config)
    except (InvalidSignature, UnusableBody) as error:
        code = "signature" if isinstance(error, InvalidSignature) else "body"
        some = _first(_kept(headers, source), MAX_REFUSED)
        refused = Refused(door.source_id, code, str(error), remote, some, now)
        # A traceback would keep all of this in memory until the garbage collector comes.
        return Receipt(BATCH.put(refused), error.with_traceback(None))
    row = {
        "id": uuid7(),
        "source_id": door.source_id,
        "key": key,
        "received_at": now,
        "due_at": now,
        "remote": remote,
        "provider_event": source.event_name(request, door.config)[:100],
        "headers": _kept(headers, source),
    }
    return Receipt(BATCH.put(Incoming(row, body)))


def _check_body(source: Source, request: Request) -> None:
    """Refuse early what the worker could not read. Raises UnusableBody, UnsupportedType."""
    content_type = request.headers.get("content-type", "")
    text = json_text(content_type, request.body, form_field=source.form_field)
    if not OBJECT.match(text):
        raise UnusableBody(NO_OBJECT if text else EMPTY)


def store(batch: Sequence[Incoming | Refused]) -> list[UUID]:
    """Write all of `batch` in one transaction and return the ids of their rows, in order."""
    accepted = [item for item in batch if isinstance(item, Incoming)]
    with transaction.atomic():
        new = _insert(accepted) if accepted else set()
        refused = count_refused([item for item in batch if isinstance(item, Refused)])
        return [
            refused[item.key]
            if isinstance(item, Refused)
            else item.row["id"]
            if item.row["id"] in new
            else _store_again(item.row)
            for item in batch
        ]


def _insert(accepted: list[Incoming]) -> set[UUID]:
    """Return the ids of those that were not there yet."""
    new: set[UUID] = INSERT_DELIVERIES([incoming.row for incoming in accepted])
    bodies = [
        {"delivery_id": incoming.row["id"], "content": incoming.body}
        for incoming in accepted
        if incoming.row["id"] in new
    ]
    if bodies:
        INSERT_BODIES(bodies)
    return new


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


def _kept(headers: Mapping[str, str], source: Source) -> dict[str, str]:
    """Bound what is stored and leave secrets out; PostgreSQL refuses NUL."""
    some = list(headers.items())[:MAX_HEADERS]
    hidden = SECRET_HEADERS | source.secret_headers
    return {
        name: MASK if name in hidden else value[:MAX_HEADER].replace("\0", "")
        for name, value in some
    }


def _first(headers: dict[str, str], most: int) -> dict[str, str]:
    """Return the first of `headers` that have at most `most` characters together."""
    sizes = accumulate(len(name) + len(value) for name, value in headers.items())
    return dict(item for item, size in zip(headers.items(), sizes, strict=True) if size <= most)


BATCH: Batch[Incoming | Refused, UUID] = Batch(store, limit=64)
