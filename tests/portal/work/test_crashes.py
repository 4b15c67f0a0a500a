"""Whatever dies, and whenever: no row is lost, no message is handed over twice."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notifier.models import Delivery, Message, Source
from portal.work import Lease, Worker
from tests.fakes import FakeQueue, Refused, make_message

pytestmark = pytest.mark.django_db
crashing = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Fate(Enum):
    """What happens at one step."""

    GO = auto()
    DIE = auto()  # as by kill -9
    BREAK = auto()  # an error that nobody foresaw
    REFUSED = auto()  # the gateway took nothing and may take it later
    REJECTED = auto()  # the gateway took nothing and never will
    OVERTAKEN = auto()  # this worker sleeps past its lease while another one works


class Killed(BaseException):
    """The process is gone: no handler of errors runs."""


@dataclass
class World:
    """Workers, a gateway and a clock, all under one plan."""

    model: type[Model]
    plan: Iterator[Fate]
    queue: FakeQueue = field(init=False)
    handed_over: list[str] = field(default_factory=list)
    in_doubt: set[str] = field(default_factory=set)

    def step(self, row: Any, *, sending: bool = False, overtaking: bool = True) -> Fate:
        """Let the next thing of the plan happen to `row`."""
        fate = next(self.plan, Fate.GO)
        if sending and fate in (Fate.DIE, Fate.BREAK, Fate.OVERTAKEN):
            self.in_doubt.add(str(row.pk))
        if fate is Fate.DIE:
            raise Killed
        if fate is Fate.BREAK:
            raise ValueError("nobody foresaw this")
        if fate is Fate.OVERTAKEN and overtaking:
            self.let_time_pass()
            Worker([self.queue]).run_once()
        return fate

    def send(self, row: Message, lease: Lease) -> None:
        """Handle a message as the app does, with a step between any two actions."""
        self.step(row)
        lease.record(state="sending")
        fate = self.step(row, sending=True)
        if fate in (Fate.REFUSED, Fate.REJECTED):
            raise Refused("No.", permanent=fate is Fate.REJECTED)
        self.handed_over.append(str(row.pk))
        self.step(row, sending=True)
        lease.record(state="sent")
        self.step(row)

    def read(self, row: Delivery, lease: Lease) -> None:
        """Handle a delivery as the app does: its messages and its outcome in one transaction."""
        self.step(row)
        with transaction.atomic():
            make_message(str(row.pk))
            self.step(row, overtaking=False)
            lease.record(state="done")
            self.step(row, overtaking=False)
        self.step(row)

    def run(self, handle: Callable[[Any, Any], None], **queue: Any) -> None:
        """Start a new worker whenever one died, until nothing is left to do."""
        self.queue = FakeQueue(handle, model=self.model, **queue)
        unfinished = self.model._default_manager.filter(
            state__in=(*self.queue.waiting, self.queue.doubtful)
        )
        for _ in range(100):
            with suppress(Killed):
                Worker([self.queue]).run_once()
            if not unfinished.exists():
                return
            self.let_time_pass()
        raise AssertionError("some rows never end")

    def let_time_pass(self) -> None:
        """Jump past every lease and every wait."""
        past = timezone.now() - timedelta(seconds=1)
        rows = self.model._default_manager
        rows.filter(lease_until__isnull=False).update(lease_until=past)
        rows.filter(state__in=self.queue.waiting).update(due_at=past)


plans = st.lists(st.sampled_from(Fate), max_size=16)


def sent_through(plan: list[Fate], count: int) -> tuple[World, dict[str, str]]:
    """Return the world after `count` messages went through `plan`, and the state of each."""
    Message.objects.all().delete()
    for number in range(count):
        make_message(str(number))
    world = World(Message, iter(plan))
    world.run(world.send)
    states = {str(pk): state for pk, state in Message.objects.values_list("pk", "state")}
    return world, states


@crashing
@given(plans, st.integers(1, 3))
def test_every_message_ends(plan: list[Fate], count: int) -> None:
    _, states = sent_through(plan, count)
    assert len(states) == count
    assert set(states.values()) <= {"sent", "unknown", "failed"}


@crashing
@given(plans, st.integers(1, 3))
@example([Fate.GO, Fate.GO, Fate.DIE], 1)
@example([Fate.GO, Fate.GO, Fate.OVERTAKEN], 2)
@example([Fate.GO, Fate.OVERTAKEN], 2)
@example([Fate.OVERTAKEN], 1)
def test_no_message_is_handed_over_twice(plan: list[Fate], count: int) -> None:
    world, _ = sent_through(plan, count)
    assert sorted(world.handed_over) == sorted(set(world.handed_over))


@crashing
@given(plans, st.integers(1, 3))
def test_a_message_is_unknown_only_if_its_call_may_have_happened(
    plan: list[Fate], count: int
) -> None:
    world, states = sent_through(plan, count)
    assert {pk for pk, state in states.items() if state == "unknown"} <= world.in_doubt


@crashing
@given(plans, st.integers(1, 3))
def test_what_was_handed_over_is_never_called_failed(plan: list[Fate], count: int) -> None:
    world, states = sent_through(plan, count)
    assert {states[pk] for pk in world.handed_over} <= {"sent", "unknown"}


@crashing
@given(plans, st.integers(1, 3))
def test_what_is_called_sent_was_handed_over(plan: list[Fate], count: int) -> None:
    world, states = sent_through(plan, count)
    assert {pk for pk, state in states.items() if state == "sent"} <= set(world.handed_over)


@crashing
@given(plans, st.integers(1, 3))
def test_every_delivery_that_is_done_made_its_messages_once(plan: list[Fate], count: int) -> None:
    Message.objects.all().delete()
    Source.objects.all().delete()
    source = Source.objects.create(name="S", slug="s", provider="github", secret="secret")
    for number in range(count):
        Delivery.objects.create(source=source, key=str(number), verdict="accepted")
    world = World(Delivery, iter(plan))
    world.run(world.read, waiting=("due",), doubtful="", unknown="", ended_at="handled_at")
    done = Delivery.objects.filter(state="done").values_list("pk", flat=True)
    made = Message.objects.values_list("text", flat=True)
    assert sorted(map(str, done)) == sorted(made)
