"""What worker processes do in tests: a gateway that is a folder."""

import os
from pathlib import Path
from time import sleep
from typing import Any

from notifier.models import Message
from portal.work import Lease
from tests.fakes import FakeQueue

FOLDER = Path(os.environ.get("LEITSTAND_TEST_FOLDER", "."))


def send(row: Message, lease: Lease) -> None:
    """Hand `row` over; while the file `block` exists, the gateway does not answer."""
    lease.record(state="sending")
    append("handed-over", f"{row.text} {os.getpid()}\n")
    while (FOLDER / "block").exists():
        sleep(0.01)
    lease.record(state="sent")


def append(name: str, line: str) -> None:
    """Add `line` in one write, so that processes do not mix their lines."""
    target = os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(target, line.encode())
    finally:
        os.close(target)


QUEUE: Any = FakeQueue(send)
