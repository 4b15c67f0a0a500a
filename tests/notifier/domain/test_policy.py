"""The gate before every send."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.policy import Decision, Drop, Facts, Hold, Send, decide

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def decided(**changes: Any) -> Decision:
    facts: dict[str, Any] = {"active": True, "has_number": True, "created": NOW}
    return decide(Facts(**(facts | changes)), now=NOW)


def test_it_sends_what_nothing_speaks_against() -> None:
    assert decided() == Send()


def test_it_drops_for_somebody_who_is_switched_off() -> None:
    assert decided(active=False) == Drop("The recipient is switched off.")


def test_it_drops_without_a_number() -> None:
    assert decided(has_number=False) == Drop("The recipient has no phone number.")


def test_it_drops_what_is_too_old() -> None:
    assert decided(created=NOW - timedelta(hours=13)) == Drop(
        "Too late: the message is 13 hours old, more than 12 hours."
    )


def test_it_sends_what_is_just_not_too_old() -> None:
    assert decided(created=NOW - timedelta(hours=12)) == Send()


def test_the_greatest_age_is_a_setting() -> None:
    assert decided(created=NOW - timedelta(minutes=31), max_age=timedelta(minutes=30)) == Drop(
        "Too late: the message is 31 minutes old, more than 30 minutes."
    )


def test_it_sends_below_the_limit() -> None:
    assert decided(sent_last_hour=4, hourly_limit=5) == Send()


def test_it_holds_at_the_limit_until_the_oldest_leaves_the_hour() -> None:
    oldest = NOW - timedelta(minutes=50)
    assert decided(sent_last_hour=5, hourly_limit=5, oldest_sent=oldest) == Hold(
        NOW + timedelta(minutes=10),
        "Waits: the recipient already got 5 messages within an hour, which is the limit.",
    )


def test_too_old_is_dropped_even_at_the_limit() -> None:
    assert isinstance(
        decided(created=NOW - timedelta(days=1), sent_last_hour=5, hourly_limit=5), Drop
    )


@pytest.mark.parametrize("oldest", [None, NOW - timedelta(hours=2)])
def test_it_asks_again_soon_when_the_oldest_is_not_known(oldest: datetime | None) -> None:
    held = decided(sent_last_hour=1, hourly_limit=1, oldest_sent=oldest)
    assert isinstance(held, Hold)
    assert held.until == NOW + timedelta(minutes=5)


@given(
    st.builds(
        Facts,
        active=st.booleans(),
        has_number=st.booleans(),
        created=st.datetimes(timezones=st.just(UTC)),
        sent_last_hour=st.integers(0, 9),
        hourly_limit=st.none() | st.integers(0, 9),
        oldest_sent=st.none()
        | st.datetimes(max_value=datetime(2027, 1, 1), timezones=st.just(UTC)),
    )
)
def test_a_held_message_waits_for_a_time_to_come(facts: Facts) -> None:
    decision = decide(facts, now=NOW)
    assert not isinstance(decision, Hold) or decision.until > NOW
