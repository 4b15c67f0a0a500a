from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from notifier.models import Message
from portal.work import Lease, Queue, Worker, queues
from tests.fakes import FakeQueue, Refused, make_message
from tests.waiting import wait_for


def send(row: Message, lease: Lease) -> None:
    lease.record(state="sending")
    lease.record(state="sent")


@dataclass(kw_only=True)
class WatchedQueue(FakeQueue):
    """Calls `asked` with the name of each attribute that the worker reads."""

    asked: Callable[[str], None]

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "asked":
            self.asked(name)
        return super().__getattribute__(name)


def refuse(*, permanent: bool) -> Any:
    def handle(row: Message, lease: Lease) -> None:
        lease.record(state="sending")
        raise Refused("The number is not in service.", permanent=permanent)

    return handle


def work_on(handle: Any, **fields: Any) -> Message:
    """Let a worker handle one message and return what became of it."""
    make_message(**fields)
    Worker([FakeQueue(handle)]).round()
    return Message.objects.get()


@pytest.mark.django_db
def test_it_works_on_everything_that_is_due() -> None:
    for number in range(5):
        make_message(str(number))
    make_message(due_at=timezone.now() + timedelta(hours=1))
    assert Worker([FakeQueue(send)]).run_once() == 5


@pytest.mark.django_db
def test_it_works_on_what_comes_up_on_the_way() -> None:
    def split(row: Message, lease: Lease) -> None:
        if row.text == "delivery":
            make_message("message")
        lease.record(state="sent")

    make_message("delivery")
    Worker([FakeQueue(split)]).run_once()
    assert set(Message.objects.values_list("text", "state")) == {
        ("delivery", "sent"),
        ("message", "sent"),
    }


@pytest.mark.django_db
def test_a_permanent_refusal_fails_the_row_in_the_words_of_the_other_side() -> None:
    row = work_on(refuse(permanent=True))
    assert (row.state, row.reason) == ("failed", "The number is not in service.")


@pytest.mark.django_db
def test_a_passing_refusal_puts_the_row_back_for_later() -> None:
    start = timezone.now()
    row = work_on(refuse(permanent=False), attempts=1)
    assert (row.state, row.reason, row.lease_key) == (
        "queued",
        "Attempt 2 of 3: The number is not in service.",
        "",
    )
    assert start <= row.due_at <= timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db
def test_the_last_refusal_fails_the_row() -> None:
    row = work_on(refuse(permanent=False), attempts=2)
    assert (row.state, row.reason) == (
        "failed",
        "Gave up after 3 attempts: The number is not in service.",
    )


@pytest.mark.django_db
def test_an_unexpected_error_in_the_call_leaves_the_row_unknown() -> None:
    def handle(row: Message, lease: Lease) -> None:
        lease.record(state="sending")
        raise ValueError(row.phone.as_e164)

    row = work_on(handle)
    assert (row.state, row.reason) == (
        "unknown",
        "An unexpected error (ValueError) while sending; it may have been sent.",
    )


@pytest.mark.django_db
def test_an_unexpected_error_before_the_call_is_tried_again() -> None:
    def handle(row: Message, lease: Lease) -> None:
        raise KeyError(row.phone.as_e164)

    row = work_on(handle)
    assert (row.state, row.reason) == (
        "queued",
        "Attempt 1 of 3: An unexpected error (KeyError); the log has the details.",
    )


@pytest.mark.django_db
def test_a_handler_that_records_no_outcome_is_an_error() -> None:
    row = work_on(lambda row, lease: None)
    assert (row.state, row.reason) == (
        "queued",
        "Attempt 1 of 3: An unexpected error (RuntimeError); the log has the details.",
    )


@pytest.mark.django_db
def test_a_row_whose_lease_was_lost_is_left_alone() -> None:
    def handle(row: Message, lease: Lease) -> None:
        Message.objects.update(lease_key="another", reason="Mine.")
        lease.record(state="sent")

    row = work_on(handle)
    assert (row.state, row.lease_key, row.reason) == ("queued", "another", "Mine.")


@pytest.mark.django_db
def test_an_error_after_the_outcome_changes_nothing() -> None:
    def handle(row: Message, lease: Lease) -> None:
        lease.record(state="sent", reason="Taken.")
        raise ValueError

    row = work_on(handle)
    assert (row.state, row.reason) == ("sent", "Taken.")


@pytest.mark.django_db
def test_a_row_that_kills_its_workers_is_given_up() -> None:
    row = work_on(send, attempts=3, lease_key="dead", lease_until=timezone.now())
    assert (row.state, row.reason) == (
        "failed",
        "Gave up: the worker stopped in each of 3 attempts.",
    )


@pytest.mark.django_db
def test_a_queue_that_never_ends_does_not_starve_the_others() -> None:
    def again(row: Message, lease: Lease) -> None:
        lease.record(state="held", attempts=0)

    make_message("endless")
    make_message("patient", state="dropped")
    endless = FakeQueue(again)
    patient = FakeQueue(send, waiting=("dropped",))
    Worker([endless, patient]).round()
    assert Message.objects.get(text="patient").state == "sent"


@pytest.mark.django_db
def test_it_finishes_the_current_row_and_leaves_the_rest() -> None:
    def last(row: Message, lease: Lease) -> None:
        worker.stop()
        send(row, lease)

    for _ in range(3):
        make_message()
    worker = Worker([FakeQueue(last)])
    worker.run_once()
    rows = Message.objects.order_by("due_at", "pk").values_list("state", "attempts", "lease_key")
    assert list(rows) == [("sent", 1, ""), ("queued", 0, ""), ("queued", 0, "")]


@pytest.mark.django_db
def test_it_puts_back_what_it_claimed_while_it_was_told_to_stop() -> None:
    def stop(name: str) -> None:
        if name == "lease":
            worker.stop()

    make_message()
    before = Message.objects.values().get()
    worker = Worker([])
    worker.queues = [WatchedQueue(send, asked=stop)]
    worker.round()
    assert Message.objects.values().get() == before


@contextmanager
def running(*queues: Queue) -> Iterator[Worker]:
    worker = Worker(queues)
    thread = Thread(target=live, args=(worker,))
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


def live(worker: Worker) -> None:
    try:
        worker.run()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_for_a_moment_is_waited_for() -> None:
    outages = iter(["away", "still away"])

    def fail(name: str) -> None:
        if name == "waiting" and (outage := next(outages, None)):
            raise OperationalError(outage)

    def handle(row: Message, lease: Lease) -> None:
        send(row, lease)
        worker.stop()

    make_message()
    with running(WatchedQueue(handle, asked=fail)) as worker:
        wait_for(lambda: worker.stopping)
    assert Message.objects.get().state == "sent"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_outlives_the_loss_of_its_connection() -> None:
    def handle(row: Message, lease: Lease) -> None:
        if row.text == "unlucky":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        send(row, lease)
        if row.text == "last":
            worker.stop()

    for text in ("unlucky", "last"):
        make_message(text)
    with running(FakeQueue(handle)) as worker:
        wait_for(lambda: worker.stopping)
    assert dict(Message.objects.values_list("text", "state")) == {
        "unlucky": "queued",
        "last": "sent",
    }


@pytest.mark.django_db
def test_the_command_says_how_many_rows_it_worked_on(capsys: pytest.CaptureFixture[str]) -> None:
    make_message()
    with override_settings(WORK_QUEUES=[f"{__name__}:COMMAND_QUEUE"]):
        call_command("worker", "--once")
    assert capsys.readouterr().out == "Rows worked on: 1\n"


COMMAND_QUEUE = FakeQueue(send)


def test_every_queue_of_the_settings_has_states_of_its_model() -> None:
    for queue in queues():
        field: Any = queue.model._meta.get_field("state")
        states = {"", *(value for value, _ in field.choices)}
        assert {*queue.waiting, queue.doubtful, queue.unknown, queue.failed} <= states
