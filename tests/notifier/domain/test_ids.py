"""UUID version 7."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import RFC_4122

from notifier.domain.ids import COUNTER_BITS, Uuid7, uuid7


def test_it_is_version_7_of_the_rfc() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)


def test_it_starts_with_the_time_in_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    made = Uuid7()()
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_it_grows_within_one_millisecond() -> None:
    make = Uuid7(lambda: 1_700_000_000_000)
    made = [make() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_it_grows_when_the_clock_goes_back() -> None:
    times = iter([2_000, 1_000, 1_500, 2_001])
    make = Uuid7(lambda: next(times))
    assert all(first < second for first, second in pairwise([make(), make(), make(), make()]))


def test_it_grows_when_the_counter_is_used_up() -> None:
    make = Uuid7(lambda: 5)
    first = make()
    make._counter = (1 << COUNTER_BITS) - 1
    second = make()
    assert (first.int >> 80, second.int >> 80) == (5, 6)


def test_threads_never_get_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(5_000)))
    assert len(set(made)) == 5_000
