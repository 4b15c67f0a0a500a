from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import Heartbeat
from portal.work import alive
from portal.work.heartbeat import heartbeat
from tests.waiting import wait_for

MINUTE = timedelta(minutes=1)


def beaten(worker: str, age: timedelta) -> None:
    then = timezone.now() - age
    Heartbeat.objects.create(worker=worker, started_at=then, beat_at=then)


@pytest.mark.django_db
def test_without_a_heartbeat_nothing_is_alive() -> None:
    assert alive(MINUTE) is None


@pytest.mark.django_db
def test_an_old_heartbeat_does_not_count() -> None:
    beaten("old", 2 * MINUTE)
    assert alive(MINUTE) is None


@pytest.mark.django_db
def test_the_youngest_heartbeat_counts() -> None:
    beaten("older", 9 * MINUTE)
    beaten("younger", 3 * MINUTE)
    age = alive(10 * MINUTE)
    assert age
    assert 3 * MINUTE <= age < 9 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_a_worker_shows_how_much_it_did() -> None:
    with heartbeat(lambda: 7):
        wait_for(Heartbeat.objects.filter(done=7).exists)


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_goes_on() -> None:
    beats = iter(range(1000))
    with heartbeat(lambda: next(beats), every=0.01):
        wait_for(Heartbeat.objects.filter(done__gt=3).exists)


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_that_somebody_removed_comes_back() -> None:
    with heartbeat(lambda: 0, every=0.01):
        wait_for(Heartbeat.objects.exists)
        Heartbeat.objects.all().delete()
        wait_for(Heartbeat.objects.exists)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_leaves_no_heartbeat() -> None:
    with heartbeat(lambda: 0):
        wait_for(Heartbeat.objects.exists)
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_worker_prunes_heartbeats_of_the_dead() -> None:
    beaten("long dead", timedelta(days=2))
    beaten("just died", timedelta(hours=2))
    with heartbeat(lambda: 0):
        wait_for(lambda: Heartbeat.objects.count() == 2)
    assert list(Heartbeat.objects.values_list("worker", flat=True)) == ["just died"]
