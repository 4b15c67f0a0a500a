from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifier.models import Delivery, Message, Source
from notifier.models.message import MessageState
from notifier.services import overview
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import finish, old_id, read, run

pytestmark = pytest.mark.django_db


def moved(delivery: Delivery, days: float) -> Delivery:
    """Store a copy of `delivery` as if it had come `days` ago."""
    fields = {f.attname: getattr(delivery, f.attname) for f in Delivery._meta.concrete_fields}
    at = timezone.now() - timedelta(days=days)
    copy = Delivery(**{**fields, "id": old_id(days), "key": f"old {days}", "received_at": at})
    copy.save(force_insert=True)
    return copy


def red() -> list[Any]:
    return [(one.delivery.branch, one.failures) for one in overview.still_red(timezone.now())]


def test_what_failed_last_is_red() -> None:
    make_source()
    run(run_id=1, started="2026-03-02T09:00:00Z")
    run(run_id=2, started="2026-03-02T10:00:00Z")
    assert red() == [("main", 2)]


def test_what_passed_since_is_red_no_more() -> None:
    make_source()
    run(run_id=1, started="2026-03-02T09:00:00Z")
    run(run_id=2, conclusion="success", started="2026-03-02T10:00:00Z")
    assert red() == []


def test_a_cancelled_run_changes_nothing() -> None:
    make_source()
    run(run_id=1, started="2026-03-02T09:00:00Z")
    run(run_id=2, conclusion="cancelled", started="2026-03-02T10:00:00Z")
    assert red() == [("main", 1)]


def test_each_branch_is_red_on_its_own() -> None:
    make_source()
    run(run_id=1, branch="main")
    run(run_id=2, branch="dev")
    assert red() == [("dev", 1), ("main", 1)]


def test_what_failed_long_ago_is_no_news() -> None:
    make_source()
    row = run()
    moved(row, days=20)
    row.delete()
    assert red() == []


def test_the_same_failure_sent_again_counts_once() -> None:
    make_source()
    body = workflow_run()
    read(receive_github(body, delivery="one"))
    receive_github(body, delivery="one")
    assert red() == [("main", 1)]


def test_failures_and_their_ends_are_news() -> None:
    make_source()
    run(run_id=1, started="2026-03-02T09:00:00Z")
    run(run_id=2, conclusion="success", started="2026-03-02T10:00:00Z")
    run(run_id=3, conclusion="success", started="2026-03-02T11:00:00Z")
    assert [row.outcome for row in overview.lately()] == ["fixed", "failed"]


def test_it_counts_what_waits() -> None:
    make_source()
    make_rule(to=[make_recipient(name="Ada"), make_recipient(name="Ben")])
    held = run().messages.earliest("pk")
    Message.objects.filter(pk=held.pk).update(state=MessageState.HELD)
    receive_github(workflow_run(run_id=9))
    waiting = overview.waiting()
    assert (waiting.deliveries, waiting.queued, waiting.held) == (1, 1, 1)
    assert waiting.since == Message.objects.earliest("created_at").created_at


def test_nothing_waits_in_an_empty_portal() -> None:
    assert overview.waiting() == overview.Waiting(0, 0, 0, None)


def test_it_counts_the_people_of_one_day() -> None:
    make_source()
    make_rule(to=[make_recipient(name="Ada"), make_recipient(name="Ben")])
    for message in [*run(run_id=1).messages.all(), *run(run_id=2).messages.all()]:
        finish(message)
    assert overview.people_told(timezone.now()) == 2


def test_it_counts_messages_in_trouble() -> None:
    make_source()
    make_rule(to=[make_recipient(name="Ada"), make_recipient(name="Ben")])
    first, second = run().messages.all()
    finish(first, MessageState.UNKNOWN)
    finish(second, MessageState.FAILED)
    assert overview.troubled(timezone.now()) == 2


def test_it_counts_two_weeks_day_by_day() -> None:
    make_source()
    row = run()
    for age in (1, 1.001, 13, 14.5):
        moved(row, days=age)
    days = overview.daily(timezone.now())
    assert len(days) == 14
    assert (days[-1].deliveries, days[-1].failed) == (1, 1)
    assert sum(day.deliveries for day in days) == 4


def test_it_compares_today_with_the_day_before() -> None:
    make_source()
    row = run()
    moved(row, days=1.5)
    moved(row, days=1.6)
    assert overview.failed_within(timezone.now()) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"verified_at": None}, "unverified"),
        ({"last_delivery_at": timedelta(days=8)}, "silent"),
        ({}, ""),
    ],
)
def test_it_says_what_is_wrong_with_a_source(fields: dict[str, Any], problem: str) -> None:
    source, now = make_source(), timezone.now()
    usual = {"verified_at": now, "last_delivery_at": timedelta(0)}
    given = {**usual, **fields}
    given["last_delivery_at"] = now - given["last_delivery_at"]
    Source.objects.filter(pk=source.pk).update(**given)
    assert [one.problem for one in overview.sources_health(now)] == [problem]


def test_a_source_that_is_switched_off_is_left_out() -> None:
    Source.objects.filter(pk=make_source().pk).update(is_active=False)
    assert overview.sources_health(timezone.now()) == []
