"""The real web server, for tests of what only it does: HTTP itself, processes, being killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from portal.config import ROOT
from tests.waiting import wait_for

# What the server is started with, except that it loses patience sooner.
SETTINGS = """
import runpy
import portal.web
portal.web.STALL_SECONDS = 1
globals().update(runpy.run_path({path!r}))
"""


class Server:
    """A running server: its master process and where it listens."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut of the container would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError("The server did not start.")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Server]:
    """Run the web server on the tests' database."""
    settings = folder / "gunicorn.conf.py"
    settings.write_text(SETTINGS.format(path=str(ROOT / "gunicorn.conf.py")))
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", str(settings), "portal.wsgi"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LEITSTAND_DATABASE_URL": database_url(),
            "LEITSTAND_PORT": str(port),
            **environment,
        },
        start_new_session=True,
    ) as process:
        server = Server(process, port)
        try:
            wait_for(server.is_ready)
            yield server
        finally:
            if process.poll() is None:
                server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def database_url() -> str:
    """Return the address of the database that this test works on."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    # Quoted: the host may be the folder of a socket.
    user, password, host = (quote(place[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgres://{user}:{password}@{host}:{place['PORT'] or 5432}/{place['NAME']}"
