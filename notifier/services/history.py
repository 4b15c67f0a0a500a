"""Lists of what happened: how many people each delivery reached, and how it is named."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifier.domain.event import Kind, Outcome
from notifier.models import Delivery, Message
from notifier.models.delivery import DeliveryState, Verdict
from notifier.models.message import MessageState

# What lists of deliveries show; the rest of a row is large.
COLUMNS = (
    "id",
    "source__name",
    "source__provider",
    "verdict",
    "state",
    "reason",
    "repeats",
    "first_id",
    "received_at",
    "provider_event",
    "kind",
    "outcome",
    "repository",
    "branch",
    "workflow",
    "environment",
    "actor",
    "title",
)
TOLD = (MessageState.SENT, MessageState.DELIVERED)
WAITING = (MessageState.QUEUED, MessageState.HELD, MessageState.SENDING)
NOT_TOLD = (MessageState.FAILED, MessageState.DROPPED)

KINDS: dict[str, str | Promise] = {
    Kind.PUSH: _("Push"),
    Kind.TAG: _("Tag"),
    Kind.PIPELINE: _("Pipeline"),
    Kind.JOB: _("Job"),
    Kind.DEPLOYMENT: _("Deployment"),
    Kind.CHANGE: _("Change"),
    Kind.RELEASE: _("Release"),
    Kind.ISSUE: _("Issue"),
    Kind.COMMENT: _("Comment"),
    Kind.PING: _("Ping"),
    Kind.OTHER: _("Other"),
}
OUTCOMES: dict[str, str | Promise] = {
    Outcome.FAILED: _("Failed"),
    Outcome.FIXED: _("Fixed"),
    Outcome.PASSED: _("Passed"),
    Outcome.CANCELLED: _("Cancelled"),
    Outcome.RUNNING: _("Running"),
    Outcome.NONE: _("No outcome"),
}


@dataclass
class Told:
    """How many messages about a delivery arrived, wait, are in doubt, or failed."""

    told: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0


def state_of(delivery: Delivery) -> str:
    """Return the one state that a list shows: how the request fared, else how the event ended."""
    if delivery.verdict in (Verdict.REJECTED, Verdict.IGNORED):
        return delivery.verdict
    if delivery.state != DeliveryState.DONE:
        return delivery.state
    return delivery.outcome or Outcome.NONE


def name_of(delivery: Delivery) -> str:
    """Return what a delivery is called: never empty, never trusted."""
    if delivery.verdict == Verdict.REJECTED:
        return str(_("Refused request"))
    return (
        delivery.title
        or delivery.workflow
        or delivery.environment
        or delivery.provider_event
        or str(KINDS.get(delivery.kind, delivery.kind or delivery.verdict))
    )


def web_address(url: str) -> str:
    """Return `url` when it leads to a web page, "" for everything else, such as a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def told_of(deliveries: Iterable[Delivery]) -> dict[UUID, Told]:
    """Return how many people each delivery reached; a redelivery counts for its first."""
    firsts = {row.first_id or row.pk for row in deliveries}
    rows = Message.objects.filter(delivery__in=firsts).order_by()
    found: dict[UUID, Told] = {}
    for row in rows.values("delivery_id", "state").annotate(count=Count("pk")):
        _add(found.setdefault(row["delivery_id"], Told()), row["state"], row["count"])
    return found


def _add(told: Told, state: Any, count: int) -> None:
    told.told += count if state in TOLD else 0
    told.waiting += count if state in WAITING else 0
    told.unknown += count if state == MessageState.UNKNOWN else 0
    told.failed += count if state in NOT_TOLD else 0
