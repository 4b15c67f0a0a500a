"""The story of a delivery or a message in words, step by step."""

import re
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifier.models import Message
from notifier.models.message import MessageState
from notifier.services.phrases import translated
from notifier.services.showing import Step

# Signs that turn the direction of what follows: a payload could write its own lies with them.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

STEPS: dict[str, tuple[str, str | Promise]] = {
    "received": ("accepted", gettext_lazy("Received")),
    "due": ("due", gettext_lazy("Waits for the worker")),
    "read": ("done", gettext_lazy("Read")),
    "failed": ("failed", gettext_lazy("Could not be read")),
}
FOR: dict[str, str | Promise] = {
    MessageState.QUEUED: gettext_lazy("Message to %(name)s queued"),
    MessageState.HELD: gettext_lazy("Held for %(name)s until then"),
    MessageState.SENDING: gettext_lazy("Handed to %(gateway)s for %(name)s"),
    MessageState.SENT: gettext_lazy("Sent to %(name)s"),
    MessageState.DELIVERED: gettext_lazy("Delivered to %(name)s"),
    MessageState.FAILED: gettext_lazy("Failed for %(name)s"),
    MessageState.UNKNOWN: gettext_lazy("Unknown for %(name)s: it may have arrived"),
    MessageState.DROPPED: gettext_lazy("Dropped for %(name)s"),
}


def visible(text: str) -> str:
    """Return JSON or headers in which signs that turn the text stand as what they are."""
    return TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def items(steps: Iterable[Step], *, linked: bool = True) -> list[dict[str, Any]]:
    """Return `steps` for parts/timeline.html; `linked` leads from a message's step to its page."""
    return [_of_message(step, linked) if step.message else _of_delivery(step) for step in steps]


def _of_delivery(step: Step) -> dict[str, Any]:
    state, title = STEPS.get(step.what, (step.what, step.what))
    if step.what == "received" and step.reason:
        state, title = "rejected", _("Rejected")
    return {"at": step.at, "title": title, "state": state, "text": translated(step.reason)}


def _of_message(step: Step, linked: bool) -> dict[str, Any]:
    message: Message = step.message  # type: ignore[assignment]
    words = {"name": message.recipient_name, "gateway": message.gateway or _("the gateway")}
    return {
        "at": step.at,
        "title": str(FOR[step.what]) % words,
        "state": step.what,
        "text": translated(step.reason),
        "url": reverse("notifier:message", args=[message.pk]) if linked else "",
    }
