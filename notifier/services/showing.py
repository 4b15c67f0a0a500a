"""What may be shown of a delivery: its headers and body without secrets, and its story."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from notifier import sources
from notifier.domain import redact
from notifier.domain.errors import UnusableBody
from notifier.domain.payload import json_text, read_json
from notifier.models import Delivery, DeliveryBody, Message
from notifier.models.delivery import DeliveryState, Verdict
from notifier.models.message import MessageState

MOST_BYTES = 1024 * 1024
MOST_CHARACTERS = 400_000


@dataclass(frozen=True)
class Shown:
    """A delivery as people may see it.

    `tree` is the body as JSON values and `text` the same indented, cut at MOST_CHARACTERS;
    without a body both are empty and `reason` says why. `size` is in bytes.
    """

    headers: dict[str, str]
    tree: Any
    text: str
    is_cut: bool
    size: int
    reason: str


@dataclass(frozen=True)
class Step:
    """One thing that happened: `what` is `received`, `read`, `queued` or a message's state.

    `at` is None for what is known without its time.
    """

    at: datetime | None
    what: str
    reason: str = ""
    message: Message | None = None


def show(delivery: Delivery, *, mask_email: bool) -> Shown:
    """Return headers and body of `delivery` without secrets; of a redelivery the first's body."""
    source = sources.get(delivery.source.provider)
    headers = redact.headers(delivery.headers, source.secret_headers)
    tree, size, reason = _body(delivery, mask_email=mask_email)
    text = "" if tree is None else json.dumps(tree, indent=2, ensure_ascii=False)
    return Shown(
        headers={name: _clean(value) for name, value in headers.items()},
        tree=tree,
        text=text[:MOST_CHARACTERS],
        is_cut=len(text) > MOST_CHARACTERS,
        size=size,
        reason=reason,
    )


def timeline(delivery: Delivery) -> list[Step]:
    """Return what happened to `delivery` and its messages, oldest first."""
    messages = delivery.messages.select_related("recipient").order_by("pk")
    steps = [*_steps(delivery), *message_steps(messages)]
    return sorted(steps, key=lambda step: step.at or delivery.received_at)


def message_steps(messages: Iterable[Message]) -> Iterator[Step]:
    """Yield what happened to each message, as far as its row remembers."""
    for message in messages:
        yield Step(message.created_at, MessageState.QUEUED, message=message)
        if message.sending_at:
            yield Step(message.sending_at, MessageState.SENDING, message=message)
        if message.state not in (MessageState.QUEUED, MessageState.SENDING):
            moment = message.due_at if message.state == MessageState.HELD else message.finished_at
            yield Step(moment, message.state, message.reason, message)


def _body(delivery: Delivery, *, mask_email: bool) -> tuple[Any, int, str]:
    """Return the tree (None when there is none to show), its size and the reason."""
    if delivery.verdict == Verdict.REJECTED:
        return None, 0, _("A rejected request is kept without its body.")
    rows = DeliveryBody.objects.annotate(size=Length("content")).defer("content")
    body = rows.filter(pk=delivery.first_id or delivery.pk).first()
    if body is None:
        return None, 0, _("The body was pruned.")
    if body.size > MOST_BYTES:
        return None, body.size, _("The body is too large to be shown.")
    content_type = delivery.headers.get("content-type", "")
    try:
        field = sources.get(delivery.source.provider).form_field
        payload = read_json(json_text(content_type, bytes(body.content), field))
    except UnusableBody as error:
        return None, body.size, str(error)
    return _clean(redact.payload(payload.value, mask_email)), body.size, ""


def _clean(node: Any) -> Any:
    """Replace what JSON reads but nobody can write: half characters and endless numbers."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode()
    if isinstance(node, dict):
        return {_clean(key): _clean(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_clean(value) for value in node]
    return str(node) if isinstance(node, float) and not math.isfinite(node) else node


def _steps(delivery: Delivery) -> Iterator[Step]:
    rejected = delivery.verdict == Verdict.REJECTED
    yield Step(delivery.received_at, "received", delivery.reason if rejected else "")
    if delivery.state == DeliveryState.DUE:
        yield Step(delivery.due_at, "due", delivery.reason)
    elif not rejected:
        done = "read" if delivery.state == DeliveryState.DONE else delivery.state
        yield Step(delivery.handled_at, done, delivery.reason)
