"""What was answered 202 is there, whatever happens to the server the next moment."""

import json
import threading
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

import pytest

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
        self._server = server
        self._chunked = chunked
        self.accepted: list[UUID] = []
        self.refused: list[int] = []

    def run(self) -> None:
        connection = self._server.connect()
        try:
            while True:
                body = iter([BODY]) if self._chunked else BODY
                connection.request(
                    "POST", "/hooks/octo", body, github_headers(BODY), encode_chunked=self._chunked
                )
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == 202:
                    self.accepted.append(UUID(json.loads(text)["delivery"]))
                else:
                    self.refused.append(answer.status)
        except (OSError, HTTPException, ValueError):
            # It was killed, perhaps in the middle of an answer.
            return
        finally:
            connection.close()


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
