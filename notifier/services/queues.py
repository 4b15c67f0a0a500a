"""What the worker takes from us (the shape is `portal.work.Queue`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from notifier.models import Delivery, Message
from notifier.models.delivery import DeliveryState
from notifier.models.message import MessageState
from notifier.models.work import DueRow
from notifier.services.reading import read_delivery
from notifier.services.sending import send_message


@dataclass(frozen=True)
class RowQueue:
    """One table of due rows and what is done with each."""

    name: str
    model: type[DueRow]
    waiting: tuple[str, ...]
    doubtful: str
    unknown: str
    failed: str
    ended_at: str
    lease: timedelta
    max_attempts: int
    handle: Callable[[Any, Any], None]


DELIVERIES = RowQueue(
    name="deliveries",
    model=Delivery,
    waiting=(DeliveryState.DUE,),
    doubtful="",
    unknown="",
    failed=DeliveryState.FAILED,
    ended_at="handled_at",
    lease=timedelta(minutes=2),
    max_attempts=8,
    handle=read_delivery,
)

MESSAGES = RowQueue(
    name="messages",
    model=Message,
    waiting=(MessageState.QUEUED, MessageState.HELD),
    doubtful=MessageState.SENDING,
    unknown=MessageState.UNKNOWN,
    failed=MessageState.FAILED,
    ended_at="finished_at",
    lease=timedelta(minutes=2),
    max_attempts=8,
    handle=send_message,
)
