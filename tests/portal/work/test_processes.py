"""Real worker processes on a real database."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from notifier.models import Message
from portal.config import ROOT
from portal.models import Heartbeat
from tests.fakes import make_message
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Process = subprocess.Popen[bytes]
Start = Callable[[], Process]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "handed-over").touch()
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.work.process_settings",
        "LEITSTAND_DATABASE_URL": database_url(),
        "LEITSTAND_TEST_FOLDER": str(folder),
    }
    command = [sys.executable, "manage.py", "worker"]
    with ExitStack() as stack:

        def launch() -> Process:
            process = subprocess.Popen(command, env=environment, cwd=ROOT)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield launch


def database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    # Quoted: the host may be the folder of a socket.
    user, password, host = (quote(place[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgres://{user}:{password}@{host}:{place['PORT']}/{place['NAME']}"


def make_messages(count: int) -> None:
    for number in range(count):
        make_message(str(number))


def handed_over(folder: Path) -> list[list[str]]:
    """Return the text of each message that was handed over, and the process that did it."""
    return [line.split() for line in (folder / "handed-over").read_text().splitlines()]


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("text", "state"))


def is_all_sent() -> bool:
    return set(states().values()) == {"sent"}


def test_several_workers_do_every_row_once(start: Start, folder: Path) -> None:
    (folder / "block").touch()
    make_messages(300)
    workers = [start() for _ in range(3)]
    wait_for(lambda: len(handed_over(folder)) == 3)
    (folder / "block").unlink()
    wait_for(is_all_sent)
    texts, pids = zip(*handed_over(folder), strict=True)
    assert sorted(texts) == sorted(states())
    assert {int(pid) for pid in pids} == {worker.pid for worker in workers}
    assert set(Message.objects.values_list("attempts", "lease_key")) == {(1, "")}


def test_a_message_whose_worker_was_killed_in_the_call_is_unknown(
    start: Start, folder: Path
) -> None:
    (folder / "block").touch()
    make_messages(3)
    victim = start()
    wait_for(lambda: handed_over(folder))
    victim.kill()
    victim.wait()
    (folder / "block").unlink()
    Message.objects.filter(state="sending").update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    start()
    wait_for(lambda: not {"queued", "sending"} & set(states().values()))
    assert states() == {"0": "unknown", "1": "sent", "2": "sent"}
    assert sorted(text for text, _ in handed_over(folder)) == ["0", "1", "2"]


def test_a_worker_that_is_told_to_stop_finishes_its_row(start: Start, folder: Path) -> None:
    (folder / "block").touch()
    make_messages(3)
    worker = start()
    wait_for(lambda: handed_over(folder))
    worker.send_signal(signal.SIGTERM)
    (folder / "block").unlink()
    assert worker.wait(timeout=60) == 0
    rows = Message.objects.order_by("due_at", "pk").values_list("state", "attempts", "lease_key")
    assert list(rows) == [("sent", 1, ""), ("queued", 0, ""), ("queued", 0, "")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_stops_and_takes_its_heartbeat_along(
    start: Start, number: signal.Signals
) -> None:
    worker = start()
    wait_for(Heartbeat.objects.exists)
    worker.send_signal(number)
    assert worker.wait(timeout=60) == 0
    assert not Heartbeat.objects.exists()
