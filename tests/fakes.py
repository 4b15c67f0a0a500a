"""Fakes of ports: they keep what they were asked to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from notifier.models import Message


class Refused(Exception):
    """What a gateway raises when it surely took nothing."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass
class FakeQueue:
    """A queue of messages for the worker; `handle` is the test's."""

    handle: Callable[[Any, Any], None]
    name: str = "messages"
    model: type[Any] = Message
    waiting: tuple[str, ...] = ("queued", "held")
    doubtful: str = "sending"
    unknown: str = "unknown"
    failed: str = "failed"
    ended_at: str = "finished_at"
    lease: timedelta = timedelta(minutes=2)
    max_attempts: int = 3


def make_message(text: str = "main is red", **fields: Any) -> Message:
    """Store one message that is due, but for `fields`."""
    return Message.objects.create(
        **{
            "recipient_name": "Ada",
            "phone": "+4915112345678",
            "text": text,
            "encoding": "gsm7",
            "parts": 1,
            **fields,
        }
    )
