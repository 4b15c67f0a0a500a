"""A history for tests: deliveries that were received, read and told of, as the worker does it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from notifier.domain.ids import first_id, uuid7
from notifier.models import Delivery, Message
from notifier.models.message import MessageState
from notifier.services.reading import read_delivery
from tests.notifier.factories import receive_github, workflow_run


class Unleased:
    """A hold on a delivery that nobody else wants."""

    def __init__(self, delivery: Delivery) -> None:
        self.rows = Delivery.objects.filter(pk=delivery.pk)

    def record(self, **fields: Any) -> None:
        self.rows.update(**fields)


def read(delivery: Delivery) -> Delivery:
    """Let a delivery be read as the worker does it; its messages stay queued."""
    read_delivery(delivery, Unleased(delivery))
    delivery.refresh_from_db()
    return delivery


def run(*, slug: str = "octo", **fields: Any) -> Delivery:
    """Return a run of GitHub Actions, received and read."""
    return read(receive_github(workflow_run(**fields), slug=slug))


def titled(title: str, *, url: str = "https://github.com/octo-org/weather", **fields: Any) -> Any:
    """Return a run with a title and an address of one's own, received and read."""
    payload = workflow_run(**fields)
    payload["workflow_run"] |= {"display_title": title, "html_url": url}
    return read(receive_github(payload))


def old_id(days: float) -> Any:
    """Return an id as it was made `days` ago."""
    made = first_id(timezone.now() - timedelta(days=days))
    return type(made)(int=made.int | uuid7().int & ((1 << 62) - 1))


def finish(message: Message, state: MessageState = MessageState.DELIVERED, **fields: Any) -> None:
    """Bring a message to `state`."""
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(
        state=state, gateway="outbox", sending_at=now, finished_at=now, **fields
    )
    message.refresh_from_db()
