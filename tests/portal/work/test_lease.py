import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifier.models import Message
from portal.work import Lease, LeaseLost, backoff
from portal.work.claim import claim
from tests.fakes import FakeQueue, make_message

SECOND = timedelta(seconds=1)


def claimed(**queue: Any) -> Lease:
    make_message()
    taken = claim(FakeQueue(lambda row, lease: None, **queue))
    assert taken
    return taken[1]


def stored(*fields: str) -> tuple[Any, ...]:
    return tuple(Message.objects.values_list(*fields).get())


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_wait_stays_between_nothing_and_the_doubled_base_or_the_cap(
    attempts: int, chance: float
) -> None:
    wait = backoff(attempts, base=SECOND, cap=60 * SECOND, random=lambda: chance)
    assert 0 * SECOND <= wait <= min(60.0, math.ldexp(1, min(attempts - 1, 60))) * SECOND


def test_the_limit_of_the_wait_doubles() -> None:
    waits = [backoff(n, base=SECOND, cap=9 * SECOND, random=lambda: 1.0) for n in range(1, 7)]
    assert waits == [1 * SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 9 * SECOND, 9 * SECOND]


@pytest.mark.django_db
def test_an_outcome_releases_the_row() -> None:
    claimed().record(state="sent", provider_id="7")
    assert stored("state", "provider_id", "lease_until", "lease_key") == ("sent", "7", None, "")


@pytest.mark.django_db
def test_a_waiting_state_releases_the_row() -> None:
    claimed().record(state="held", attempts=0)
    assert stored("state", "attempts", "lease_until", "lease_key") == ("held", 0, None, "")


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"state": "sending"}, {"gateway": "outbox"}, {}])
def test_other_records_keep_the_row_and_renew_the_lease(fields: dict[str, str]) -> None:
    lease = claimed()
    Message.objects.update(lease_until=timezone.now())
    lease.record(**fields)
    key, until = stored("lease_key", "lease_until")
    assert (key, until > timezone.now() + timedelta(minutes=1)) == (lease.key, True)


@pytest.mark.django_db
def test_it_writes_nothing_once_the_row_belongs_to_another_worker() -> None:
    lease = claimed()
    Message.objects.update(lease_key="another")
    with pytest.raises(LeaseLost):
        lease.record(state="sent")
    assert stored("state", "lease_key") == ("queued", "another")


@pytest.mark.django_db
def test_it_writes_nothing_after_the_outcome() -> None:
    lease = claimed()
    lease.record(state="sent")
    with pytest.raises(LeaseLost):
        lease.record(state="failed")
    assert stored("state") == ("sent",)


@pytest.mark.django_db(transaction=True)
def test_a_lost_lease_rolls_back_the_transaction_around_it() -> None:
    lease = claimed()
    Message.objects.update(lease_key="another")
    with pytest.raises(LeaseLost), transaction.atomic():
        make_message("made on the way")
        lease.record(state="sent")
    assert stored("text") == ("main is red",)


@pytest.mark.django_db
def test_a_row_that_was_not_begun_goes_back_as_it_was() -> None:
    make_message()
    before = Message.objects.values().get()
    taken = claim(FakeQueue(lambda row, lease: None))
    assert taken
    taken[1].put_back()
    assert Message.objects.values().get() == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_outcome_survives_a_lost_connection() -> None:
    lease = claimed()
    cut_connection()
    lease.record(state="sent")
    assert stored("state") == ("sent",)


def cut_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()
