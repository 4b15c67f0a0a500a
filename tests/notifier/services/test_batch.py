import threading

import pytest

from notifier.services.batch import Batch


def put_from_threads(batch: Batch[int, int], items: list[int]) -> dict[int, object]:
    results: dict[int, object] = {}

    def put(item: int) -> None:
        try:
            results[item] = batch.put(item)
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
    started, go_on = threading.Event(), threading.Event()
    sizes: list[int] = []

    def write(items: list[int]) -> list[int]:
        sizes.append(len(items))
        started.set()
        go_on.wait(timeout=20)
        return items

    batch = Batch[int, int](write, limit=64)
    first = threading.Thread(target=batch.put, args=(0,))
    first.start()
    started.wait(timeout=20)
    others = [threading.Thread(target=batch.put, args=(item,)) for item in range(1, 6)]
    for thread in others:
        thread.start()
    while batch._waiting.qsize() < 5:
        pass
    go_on.set()
    for thread in (first, *others):
        thread.join(timeout=20)
    assert sizes == [1, 5]


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
        batch.put(0)
    assert batch.put(1) == 1
