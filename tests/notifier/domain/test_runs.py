"""What is called fixed, whatever the order of deliveries."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.runs import Memory, advance, key, remembers

FAILED, PASSED, FIXED = Outcome.FAILED, Outcome.PASSED, Outcome.FIXED
FINAL_OUTCOME = st.sampled_from([FAILED, PASSED])
RUN = st.tuples(st.integers(1, 6), st.integers(1, 12))
RUNS = st.dictionaries(RUN, FINAL_OUTCOME, min_size=1, max_size=12)
SHUFFLED = RUNS.flatmap(lambda runs: st.permutations(list(runs.items())))


def run(outcome: Outcome, order: int | str = 1, attempt: int | str = 1, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "kind": Kind.PIPELINE,
        "outcome": outcome,
        "repository": "o/r",
        "branch": "main",
        "workflow": "Build",
        "order": f"{order:04d}" if isinstance(order, int) else order,
        "attempt": str(attempt),
    }
    return Event(**(fields | changes))


def told(*events: Event) -> list[Outcome]:
    memory, outcomes = None, []
    for event in events:
        outcome, memory = advance(memory, event)
        outcomes.append(outcome)
    return outcomes


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ([run(PASSED)], [PASSED]),
        ([run(FAILED)], [FAILED]),
        ([run(FAILED), run(PASSED, 2)], [FAILED, FIXED]),
        ([run(FAILED), run(PASSED, 2), run(PASSED, 3)], [FAILED, FIXED, PASSED]),
        ([run(FAILED), run(FAILED, 2), run(PASSED, 3)], [FAILED, FAILED, FIXED]),
        ([run(FAILED), run(PASSED, 1, 2)], [FAILED, FIXED]),
        ([run(FAILED, 1, 9), run(PASSED, 1, 10)], [FAILED, FIXED]),
        ([run(PASSED, 2), run(FAILED, 1), run(PASSED, 3)], [PASSED, FAILED, PASSED]),
        ([run(FAILED, 2), run(PASSED, 1)], [FAILED, PASSED]),
        ([run(FAILED, 2), run(PASSED, 1, 2)], [FAILED, PASSED]),
        ([run(FAILED, 2), run(FIXED, 1)], [FAILED, PASSED]),
        ([run(FAILED), run(PASSED, 2), run(PASSED, 2)], [FAILED, FIXED, FIXED]),
        ([run(FAILED, "", ""), run(PASSED, "", "")], [FAILED, FIXED]),
        (
            [run(FAILED, "", ""), run(PASSED, "", ""), run(PASSED, "", "")],
            [FAILED, FIXED, PASSED],
        ),
        ([run(FIXED), run(PASSED, 2)], [FIXED, PASSED]),
    ],
)
def test_the_story_of_a_branch(events: list[Event], wanted: list[Outcome]) -> None:
    assert told(*events) == wanted


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.RUNNING, Outcome.NONE])
def test_what_is_not_final_changes_nothing(outcome: Outcome) -> None:
    memory = Memory(FAILED, "0001", "1")
    assert advance(memory, run(outcome, 2)) == (outcome, memory)


def test_it_starts_with_the_first_final_run() -> None:
    assert advance(None, run(PASSED, 7, 2)) == (PASSED, Memory(PASSED, "0007", "2"))


@pytest.mark.parametrize("kind", [Kind.JOB, Kind.PUSH, Kind.CHANGE, Kind.OTHER])
def test_other_kinds_have_no_memory(kind: Kind) -> None:
    event = run(FAILED, kind=kind)
    assert (remembers(event), advance(None, event)) == (False, (FAILED, None))


def test_what_names_no_repository_has_no_memory() -> None:
    assert not remembers(run(FAILED, repository=""))


def test_deployments_are_remembered_by_environment() -> None:
    event = run(FAILED, kind=Kind.DEPLOYMENT, environment="production", branch="hotfix")
    assert (remembers(event), key(event)) == (True, ("o/r", "deployment:production", ""))


def test_pipelines_are_remembered_by_workflow_and_branch() -> None:
    assert key(run(FAILED)) == ("o/r", "Build", "main")


@given(SHUFFLED)
def test_the_newest_run_is_remembered_in_any_order(
    deliveries: list[tuple[tuple[int, int], Outcome]],
) -> None:
    memory = None
    for (order, attempt), outcome in deliveries:
        _, memory = advance(memory, run(outcome, order, attempt))
    (order, attempt), outcome = max(deliveries)
    assert memory is not None
    assert (memory.order, memory.attempt, memory.outcome is FAILED) == (
        f"{order:04d}",
        str(attempt),
        outcome is FAILED,
    )


@given(SHUFFLED)
def test_only_a_newest_run_after_a_failed_one_is_fixed(
    deliveries: list[tuple[tuple[int, int], Outcome]],
) -> None:
    outcomes = told(*(run(outcome, *at) for at, outcome in deliveries))
    for number, ((at, outcome), said) in enumerate(zip(deliveries, outcomes, strict=True)):
        newest = max(deliveries[:number], default=((0, 0), PASSED))
        repairs = outcome is PASSED and at > newest[0] and newest[1] is FAILED
        assert said is (FIXED if repairs else outcome)


@given(SHUFFLED)
def test_a_redelivery_is_told_the_same(
    deliveries: list[tuple[tuple[int, int], Outcome]],
) -> None:
    memory = None
    for at, outcome in deliveries:
        said, memory = advance(memory, run(outcome, *at))
        assert advance(memory, run(outcome, *at)) == (said, memory)
