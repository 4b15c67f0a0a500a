"""What was answered 202 is there, whatever happens to the server the next moment."""

import json
import threading
from http.client import HTTPException
from pathlib import Path
from time import sleep
from uuid import UUID

import pytest
from django.db import connection

from notifier.models import Delivery, DeliveryBody
from tests.notifier.factories import github_headers, make_source, workflow_run
from tests.server import Server, running
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 12
BODY = json.dumps({**workflow_run(), "padding": "x" * 8000}).encode()


class Sender(threading.Thread):
    """Sends one delivery after the other until the server is gone; keeps what it was told."""

    def __init__(self, server: Server, chunked: bool) -> None:
        super().__init__()
        self._connection = server.connect()
        self._chunked = chunked
        self.accepted: list[UUID] = []
        self.refused: list[int] = []

    def run(self) -> None:
        try:
            while True:
                self.send()
        except (OSError, HTTPException, ValueError):
            # It was killed, perhaps in the middle of an answer.
            return
        finally:
            self.close()

    def send(self) -> int:
        """Send one delivery and return the status of the answer."""
        body = iter([BODY]) if self._chunked else BODY
        headers = github_headers(BODY)
        self._connection.request("POST", "/hooks/octo", body, headers, encode_chunked=self._chunked)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status == 202:
            self.accepted.append(UUID(json.loads(text)["delivery"]))
        else:
            self.refused.append(answer.status)
        return answer.status

    def close(self) -> None:
        self._connection.close()


def start_senders(server: Server) -> list[Sender]:
    # A chunked body takes the way of large ones, through the threads.
    senders = [Sender(server, chunked=number % 4 == 0) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    return senders


def answers(senders: list[Sender]) -> list[UUID]:
    return [delivery for sender in senders for delivery in sender.accepted]


def test_a_killed_server_has_lost_nothing_that_it_accepted(tmp_path: Path) -> None:
    make_source()
    with running(tmp_path) as server:
        senders = start_senders(server)
        wait_for(lambda: len(answers(senders)) > 300)
        server.kill()
    for sender in senders:
        sender.join(timeout=60)
    told = answers(senders)
    kept = DeliveryBody.objects.filter(pk__in=told, delivery__verdict="accepted")
    assert len(set(told)) == len(told)
    assert {row.pk: bytes(row.content) for row in kept} == dict.fromkeys(told, BODY)
    assert [sender.refused for sender in senders] == [[]] * SENDERS


def test_a_stopped_server_answers_what_it_has_begun(tmp_path: Path) -> None:
    make_source()
    with running(tmp_path) as server:
        senders = start_senders(server)
        wait_for(lambda: len(answers(senders)) > 100)
        assert server.stop() == 0
    for sender in senders:
        sender.join(timeout=60)
    # Nothing was stored for somebody who heard nothing of it.
    assert set(Delivery.objects.values_list("pk", flat=True)) == set(answers(senders))


@pytest.mark.postgres
def test_a_lost_connection_to_the_database_costs_no_delivery(tmp_path: Path) -> None:
    make_source()
    with running(tmp_path, LEITSTAND_WEB_PROCESSES="1") as server:
        for chunked in (False, True, False, True):
            sender = Sender(server, chunked)
            assert sender.send() == 202
            cut_connections()
            # Long enough for the server to ask again where the address leads.
            sleep(1.1)
            assert sender.send() == 202
            sender.close()


def cut_connections() -> None:
    """End all other connections to this database, as a restart of its server would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
