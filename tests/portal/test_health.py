"""Health as a load balancer and a person see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.models import Heartbeat


def beat(age: timedelta) -> None:
    now = timezone.now()
    Heartbeat.objects.create(worker="one", started_at=now - age, beat_at=now - age)


def test_healthz_needs_neither_database_nor_a_known_host(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.17"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_content_with_database_and_worker(client: Client) -> None:
    beat(timedelta(seconds=3))
    answer = client.get("/readyz", headers={"host": "10.0.0.17"})
    checks = {"database": {"status": "ok"}, "worker": {"status": "ok"}}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": checks})


@pytest.mark.django_db
def test_readyz_names_a_silent_worker(client: Client) -> None:
    beat(timedelta(minutes=5))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (
        503,
        {"status": "failed", "reason": "No worker has reported for 30 seconds."},
    )


def test_readyz_names_a_lost_database_without_its_address(
    client: Client, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = {"NAME": "/proc/no-such-folder/db"}
    if connection.vendor == "postgresql":
        lost = {"HOST": "127.0.0.1", "PORT": "1"}
    for key, value in lost.items():
        monkeypatch.setitem(connection.settings_dict, key, value)
    with django_db_blocker.unblock():
        connection.close()
        answer = client.get("/readyz")
        connection.close()
    assert (answer.status_code, answer.json()["checks"]) == (
        503,
        {
            "database": {"status": "failed", "reason": "The database does not answer."},
            "worker": {
                "status": "failed",
                "reason": "Unknown, because the database does not answer.",
            },
        },
    )
