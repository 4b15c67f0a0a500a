from datetime import timedelta

import pytest
from django.utils import timezone

from notifier.models import Message
from portal.work.claim import claim, reap
from tests.fakes import FakeQueue, make_message

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
QUEUE = FakeQueue(lambda row, lease: None)


def taken_text() -> str | None:
    taken = claim(QUEUE)
    return taken[0].text if taken else None


def test_it_takes_what_is_due_longest() -> None:
    now = timezone.now()
    make_message("second", due_at=now - MINUTE)
    make_message("first", due_at=now - 2 * MINUTE, state="held")
    assert [taken_text(), taken_text(), taken_text()] == ["first", "second", None]


def test_rows_due_at_once_come_in_the_order_of_their_keys() -> None:
    due = timezone.now()
    made = [make_message(str(number), due_at=due).text for number in range(5)]
    assert [taken_text() for _ in made] == made


def test_it_leaves_what_is_not_due() -> None:
    make_message(due_at=timezone.now() + MINUTE)
    assert taken_text() is None


@pytest.mark.parametrize("state", ["sending", "sent", "delivered", "failed", "unknown", "dropped"])
def test_it_leaves_what_does_not_wait(state: str) -> None:
    make_message(state=state)
    assert taken_text() is None


def test_it_leaves_what_another_worker_holds() -> None:
    make_message(lease_until=timezone.now() + MINUTE, lease_key="another")
    assert taken_text() is None


def test_it_takes_over_when_the_lease_ran_out() -> None:
    make_message(lease_until=timezone.now() - MINUTE, lease_key="another", attempts=1)
    taken = claim(QUEUE)
    assert taken
    assert taken[0].attempts == 2


def test_it_notes_the_attempt_and_the_lease_in_the_row() -> None:
    make_message()
    taken = claim(QUEUE)
    assert taken
    row = Message.objects.get(lease_until__gt=timezone.now() + MINUTE)
    assert (row.attempts, row.lease_key) == (1, taken[1].key)


def test_a_row_left_in_doubt_becomes_unknown() -> None:
    make_message(state="sending", lease_until=timezone.now() - MINUTE, lease_key="dead")
    assert reap(QUEUE) == 1
    assert Message.objects.values("state", "reason", "lease_until", "lease_key").get() == {
        "state": "unknown",
        "reason": "The worker stopped while sending; it may have been sent.",
        "lease_until": None,
        "lease_key": "",
    }


def test_a_row_in_doubt_is_left_to_the_worker_that_holds_it() -> None:
    make_message(state="sending", lease_until=timezone.now() + MINUTE, lease_key="alive")
    assert reap(QUEUE) == 0


def test_a_queue_without_a_doubtful_state_has_nothing_to_reap() -> None:
    make_message(state="sending", lease_until=timezone.now() - MINUTE, lease_key="dead")
    assert reap(FakeQueue(lambda row, lease: None, doubtful="")) == 0
