import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from notifier.models import Delivery, Message, Recipient, Rule, Source, Team
from notifier.models.delivery import DeliveryState, Verdict
from notifier.models.message import MessageState
from portal.accounts.models import ApiToken
from portal.accounts.tokens import create_token
from portal.demo.people import RECIPIENTS, RULES, SOURCES, TEAMS
from portal.work import Worker, queues


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Let a worker run beside the test."""
    worker = Worker(queues())

    def work() -> None:
        try:
            worker.run()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    worker.stop()
    thread.join(timeout=30)


@pytest.fixture
def administrator(transactional_db: None) -> Any:
    return get_user_model().objects.create_user("ada@example.com", "x" * 12, role="admin")


def demo(url: str, *arguments: str) -> None:
    call_command("demo", "--url", url, *arguments)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Source, Recipient, Team, Rule))


def refusal(url: str, *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        demo(url, *arguments)
    return str(stopped.value.code)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


@pytest.mark.usefixtures("worker", "administrator")
def test_it_tells_a_story_through_the_doors(live_server: Any) -> None:
    demo(live_server.url)
    assert counts() == (len(SOURCES), len(RECIPIENTS), len(TEAMS), len(RULES))
    assert not Delivery.objects.exclude(state=DeliveryState.DONE).exists()
    verdicts = set(Delivery.objects.values_list("verdict", flat=True))
    assert verdicts == {Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.REJECTED}
    outcomes = set(Delivery.objects.values_list("outcome", flat=True))
    assert {"failed", "fixed", "passed", "cancelled", "running", "none"} <= outcomes
    kinds = set(Delivery.objects.values_list("kind", flat=True))
    assert {"push", "pipeline", "job", "deployment", "change", "release", "ping", "other"} <= kinds
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.DELIVERED}
    told = set(Message.objects.values_list("recipient_name", flat=True))
    assert told == {person["name"] for person in RECIPIENTS if person.get("is_active", True)}


@pytest.mark.usefixtures("worker", "administrator")
def test_a_second_run_adds_nothing_and_says_so(
    live_server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    demo(live_server.url)
    before = (*counts(), Delivery.objects.count(), Message.objects.count())
    capsys.readouterr()
    demo(live_server.url)
    assert (*counts(), Delivery.objects.count(), Message.objects.count()) == before
    said = capsys.readouterr().out
    assert "Recipients: 0 added, 5 were there already." in said
    assert "the story is there already" in said


@pytest.mark.usefixtures("worker", "administrator")
def test_told_again_nobody_is_told_twice(live_server: Any) -> None:
    demo(live_server.url)
    messages = Message.objects.count()
    demo(live_server.url, "--again")
    assert Message.objects.count() == messages
    assert Delivery.objects.filter(verdict=Verdict.DUPLICATE).count() > 10


@pytest.mark.usefixtures("worker", "administrator")
def test_the_token_of_one_run_ends_with_it(live_server: Any) -> None:
    demo(live_server.url)
    assert not ApiToken.objects.exists()


@pytest.mark.usefixtures("worker")
def test_it_takes_a_token_of_ones_own(live_server: Any, administrator: Any) -> None:
    scopes = ("notify:read", "notify:write")
    token = create_token(administrator, name="demo", scopes=scopes).text
    demo(live_server.url, "--token", token)
    assert Rule.objects.count() == len(RULES)


def test_a_portal_that_is_not_running_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    said = refusal(url)
    assert f"Nothing answers at {url}." in said
    assert "make run" in said


def test_what_is_no_address_is_said_to_be_none() -> None:
    assert "is no address of a portal" in refusal("localhost")


@pytest.mark.usefixtures("administrator")
def test_a_token_of_another_portal_is_named(live_server: Any) -> None:
    assert "does not know this token" in refusal(live_server.url, "--token", "lst_" + "0" * 64)


def test_without_an_administrator_it_says_how_to_get_one(live_server: Any) -> None:
    assert "There is no administrator yet" in refusal(live_server.url)


@pytest.mark.usefixtures("administrator")
def test_a_portal_without_a_worker_is_named(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.demo.filling.WAIT_SECONDS", 0.5)
    assert "No worker has reported" in refusal(live_server.url)
