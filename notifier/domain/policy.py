"""The one gate before every send: now, later or never, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.domain.phrases import gettext_noop

WINDOW = timedelta(hours=1)
# An accepted SMS has no time to live at SNS, so what is old must not even be handed over.
MAX_AGE = timedelta(hours=12)
RETRY_AFTER = timedelta(minutes=5)

SWITCHED_OFF = gettext_noop("The recipient is switched off.")
NO_NUMBER = gettext_noop("The recipient has no phone number.")
TOO_LATE = gettext_noop("Too late: the message is {age} old, more than {limit}.")
ONE_MINUTE, MINUTES = gettext_noop("1 minute"), gettext_noop("{count} minutes")
ONE_HOUR, HOURS = gettext_noop("1 hour"), gettext_noop("{count} hours")
NONE_ALLOWED = gettext_noop("Waits: the limit of this recipient is no message at all.")
GOT_ONE = gettext_noop(
    "Waits: the recipient already got 1 message within an hour, which is the limit."
)
GOT_MANY = gettext_noop(
    "Waits: the recipient already got {count} messages within an hour, which is the limit."
)


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
        return Drop(SWITCHED_OFF)
    if not facts.has_number:
        return Drop(NO_NUMBER)
    age = now - facts.created
    if age > facts.max_age:
        return Drop(TOO_LATE.format(age=_spoken(age), limit=_spoken(facts.max_age)))
    if facts.hourly_limit is not None and facts.sent_last_hour >= facts.hourly_limit:
        return Hold(_window_opens(facts, now), _limit_reached(facts.hourly_limit))
    return Send()


def _window_opens(facts: Facts, now: datetime) -> datetime:
    opens = facts.oldest_sent + WINDOW if facts.oldest_sent else now
    return opens if opens > now else now + RETRY_AFTER


def _limit_reached(limit: int) -> str:
    if limit <= 0:
        return NONE_ALLOWED
    return GOT_ONE if limit == 1 else GOT_MANY.format(count=limit)


def _spoken(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    hours = minutes // 60
    number, one, many = (hours, ONE_HOUR, HOURS) if hours else (minutes, ONE_MINUTE, MINUTES)
    return one if number == 1 else many.format(count=number)
