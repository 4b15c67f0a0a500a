"""The memory behind `fixed`: how the last run of one workflow on one branch ended."""

from dataclasses import dataclass, replace

from notifier.domain.event import FINAL, Event, Kind, Outcome


@dataclass(frozen=True)
class Memory:
    """The newest final run that was seen: `failed`, `passed`, or `fixed` (passed after failed).

    `order` and `attempt` are those of its event. It says `fixed` and not just `passed` so that
    the same run gets the same answer when it is delivered or replayed again.
    """

    outcome: Outcome
    order: str
    attempt: str


def remembers(event: Event) -> bool:
    """Say whether `event` belongs to a row of runs in which passed can mean fixed."""
    return event.kind in (Kind.PIPELINE, Kind.DEPLOYMENT) and bool(event.repository)


def key(event: Event) -> tuple[str, str, str]:
    """Return (repository, workflow, branch) under which the memory of `event` is kept.

    Deployments are remembered by environment: another branch may well repair production.
    """
    if event.kind is Kind.DEPLOYMENT:
        return event.repository, f"deployment:{event.environment}", ""
    return event.repository, event.workflow, event.branch


def advance(memory: Memory | None, event: Event) -> tuple[Outcome, Memory | None]:
    """Return how `event` ended in the light of `memory`, and the memory from now on."""
    outcome: Outcome = Outcome.PASSED if event.outcome is Outcome.FIXED else event.outcome
    if outcome not in FINAL or not remembers(event):
        return event.outcome, memory
    if memory is None:
        return event.outcome, Memory(event.outcome, event.order, event.attempt)
    age = _compare(event, memory)
    if age < 0:
        return outcome, memory
    if outcome is Outcome.PASSED and _repairs(event, memory, same_run=age == 0):
        outcome = Outcome.FIXED
    return outcome, replace(memory, outcome=outcome, order=event.order, attempt=event.attempt)


def _repairs(event: Event, memory: Memory, *, same_run: bool) -> bool:
    if memory.outcome is Outcome.FAILED or event.outcome is Outcome.FIXED:
        return True
    return same_run and memory.outcome is Outcome.FIXED and bool(event.order)


def _compare(event: Event, memory: Memory) -> int:
    """Return -1 when `event` is older than `memory`, 0 for the same attempt, 1 when newer.

    Where a provider gives no order, whatever arrives later is newer.
    """
    if not (event.order and memory.order):
        return 1
    if event.order != memory.order:
        return -1 if event.order < memory.order else 1
    if event.attempt == memory.attempt:
        return 0
    return -1 if _attempt(event.attempt) < _attempt(memory.attempt) else 1


def _attempt(attempt: str) -> tuple[int, str]:
    """Return what sorts attempts: numbers as numbers, times as text."""
    return (int(attempt), "") if attempt.isdecimal() and len(attempt) < 20 else (0, attempt)
