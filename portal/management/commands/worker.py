"""`manage.py worker`: works on due rows until it is told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.work import Worker, queues


class Command(BaseCommand):
    help = "Work on due rows until SIGTERM or Ctrl-C; the current row is finished first."
    # `make check` runs the checks; here they would only load every page.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Work on everything that is due now, then stop."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(queues())
        with _stopped_by_signals(worker):
            if options["once"]:
                self.stdout.write(f"Rows worked on: {worker.run_once()}")
            else:
                worker.run()


@contextmanager
def _stopped_by_signals(worker: Worker) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: worker.stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
