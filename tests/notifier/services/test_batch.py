import threading

import pytest
from django.db import OperationalError

from notifier.services.batch import Batch


def put_from_threads(batch: Batch[int, int], items: list[int]) -> dict[int, object]:
    results: dict[int, object] = {}

    def put(item: int) -> None:
        try:
            results[item] = batch.put(item).result()
        except ValueError as error:
            results[item] = error

    threads = [threading.Thread(target=put, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def test_every_item_gets_its_own_result() -> None:
    batch = Batch[int, int](lambda items: [item * 10 for item in items], limit=7)
    results = put_from_threads(batch, list(range(1, 200)))
    assert results == {item: item * 10 for item in range(1, 200)}


def test_items_that_wait_together_are_written_together() -> None:
    sizes: list[int] = []

    def write(items: list[int]) -> list[int]:
        sizes.append(len(items))
        return items

    batch = Batch[int, int](write, limit=4)
    tickets = [batch.put(item) for item in range(1, 7)]
    assert ([ticket.result() for ticket in tickets], sizes) == ([1, 2, 3, 4, 5, 6], [4, 2])


def test_the_last_who_waits_also_has_a_result() -> None:
    batch = Batch[int, int](lambda items: items, limit=2)
    tickets = [batch.put(item) for item in range(1, 6)]
    assert tickets[-1].result() == 5


def test_a_broken_write_leaves_nobody_without_an_answer() -> None:
    def write(items: list[int]) -> list[int]:
        raise KeyboardInterrupt

    batch = Batch[int, int](write, limit=64)
    first, second = batch.put(1), batch.put(2)
    with pytest.raises(KeyboardInterrupt):
        first.result()
    with pytest.raises(RuntimeError, match="interrupted"):
        second.result()


def test_trouble_of_the_database_is_tried_for_all_at_once() -> None:
    calls: list[int] = []

    def write(items: list[int]) -> list[int]:
        calls.append(len(items))
        raise OperationalError("database is locked")

    batch = Batch[int, int](write, limit=64)
    tickets = [batch.put(item) for item in (1, 2, 3)]
    for ticket in tickets:
        with pytest.raises(OperationalError):
            ticket.result()
    assert set(calls) == {3}


def test_one_bad_item_fails_alone() -> None:
    def write(items: list[int]) -> list[int]:
        if 13 in items:
            raise ValueError("13")
        return items

    results = put_from_threads(Batch[int, int](write, limit=64), list(range(1, 40)))
    assert [item for item, result in results.items() if isinstance(result, ValueError)] == [13]


def test_a_failure_does_not_block_the_next() -> None:
    def write(items: list[int]) -> list[int]:
        if 0 in items:
            raise ValueError("0")
        return items

    batch = Batch[int, int](write, limit=64)
    with pytest.raises(ValueError, match="0"):
        batch.put(0).result()
    assert batch.put(1).result() == 1
