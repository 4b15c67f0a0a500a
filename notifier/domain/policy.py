"""The one gate before every send: now, later or never, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
# An accepted SMS has no time to live at SNS, so what is old must not even be handed over.
MAX_AGE = timedelta(hours=12)
RETRY_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about one message and its recipient when it is due. Times are aware.

    `sent_last_hour` counts what went to this recipient within WINDOW, `oldest_sent` is when the
    first of these went. `hourly_limit` None means no limit.
    """

    active: bool
    has_number: bool
    created: datetime
    sent_last_hour: int = 0
    hourly_limit: int | None = None
    oldest_sent: datetime | None = None
    max_age: timedelta = MAX_AGE


@dataclass(frozen=True)
class Send:
    """Hand the message over now."""


@dataclass(frozen=True)
class Hold:
    """Ask again at `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Drop:
    """Never send the message."""

    reason: str


Decision = Send | Hold | Drop


def decide(facts: Facts, *, now: datetime) -> Decision:
    """Return what to do with a message that is due at `now`."""
    if not facts.active:
        return Drop("The recipient is switched off.")
    if not facts.has_number:
        return Drop("The recipient has no phone number.")
    age = now - facts.created
    if age > facts.max_age:
        return Drop(
            f"Too late: the message is {_spoken(age)} old, more than {_spoken(facts.max_age)}."
        )
    if facts.hourly_limit is not None and facts.sent_last_hour >= facts.hourly_limit:
        return Hold(_window_opens(facts, now), _limit_reached(facts.hourly_limit))
    return Send()


def _window_opens(facts: Facts, now: datetime) -> datetime:
    opens = facts.oldest_sent + WINDOW if facts.oldest_sent else now
    return opens if opens > now else now + RETRY_AFTER


def _limit_reached(limit: int) -> str:
    if limit <= 0:
        return "Waits: the limit of this recipient is no message at all."
    messages = "1 message" if limit == 1 else f"{limit} messages"
    return f"Waits: the recipient already got {messages} within an hour, which is the limit."


def _spoken(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    hours = minutes // 60
    number, unit = (hours, "hour") if hours else (minutes, "minute")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
