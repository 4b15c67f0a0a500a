"""The web server's door for webhooks: one thread that serves many connections at once.

With a thread for each webhook most of the time goes into handing Python's interpreter lock
round. Here the webhooks that have arrived completely are read and checked one after the other,
stored in one transaction and answered by a single thread.
"""

import re
import threading
import time
from collections.abc import Iterable
from selectors import EVENT_READ, DefaultSelector
from socket import socket
from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.workers.gthread import PollableMethodQueue  # type: ignore[import-untyped]

IDLE_SECONDS = 2.0
GATHER_SECONDS = 0.0005
LARGEST = 64 * 1024
PATH = b"POST /hooks/"
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


def is_whole_webhook(data: bytes) -> bool:
    """Return whether `data` is one request to the webhook door with all of its body."""
    if not data.startswith(PATH):
        return False
    end = data.find(END)
    length = LENGTH.search(data, 0, end + 2) if end > 0 else None
    return length is not None and len(data) == end + len(END) + int(length[1])


def is_unfinished(data: bytes) -> bool:
    """Return whether `data` is the beginning of a request whose rest, or part of it, is to come."""
    end = data.find(END)
    if end < 0:
        return bool(data)
    if length := LENGTH.search(data, 0, end + 2):
        return len(data) < end + len(END) + int(length[1])
    head = data[:end].lower()
    return b"\r\ntransfer-encoding:" in head or b"\r\ncontent-length:" in head


def has_whole_webhook(conn: Any) -> bool:
    """Read what has arrived, where gunicorn's parser will find it, and look at it."""
    unreader = conn.parser.unreader
    if unreader.buf.getvalue():
        # `unread` puts what it gets before what is there.
        return False
    try:
        data = conn.sock.recv(LARGEST)
    except OSError:
        # Whatever it is, the usual way meets it again.
        return False
    unreader.unread(data)
    return is_whole_webhook(data)


class Outcome:
    """How a request ended, in the form in which gunicorn's threads report it."""

    def __init__(self, result: object) -> None:
        self._result = result

    def cancelled(self) -> bool:
        return False

    def result(self) -> object:
        """Return whether the connection stays open."""
        return self._result


class Outlet:
    """Collects the head and the body of an answer, so that both leave together."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock
        self._parts: list[bytes] = []

    def send(self, data: bytes) -> None:
        """Send what must not wait: the word that the client may continue."""
        self._sock.sendall(data)

    def sendall(self, data: bytes) -> None:
        """Keep `data` for `flush`."""
        self._parts.append(data)

    def flush(self) -> None:
        """Send all; a client that does not read its answers is given up."""
        self._sock.sendall(b"".join(self._parts))


class Exchange:
    """One webhook and its answer: begun, then finished with all that were begun beside it."""

    def __init__(self, worker: Any, conn: Any) -> None:
        self.conn = conn
        self._worker = worker
        self._outlet = Outlet(conn.sock)
        self._request: Any = None
        self._response: Any = None
        self._answer: Iterable[bytes] = ()
        self._failure: Exception | None = None

    def begin(self) -> None:
        """Read the request and let the application look at it."""
        conn, worker = self.conn, self._worker
        try:
            self._request = next(conn.parser)
            self._response, environ = wsgi.create(
                self._request, self._outlet, conn.client, conn.server, worker.cfg
            )
            environ["wsgi.multithread"] = True
            self._answer = worker.wsgi(environ, self._response.start_response)
        except Exception as error:
            self._failure = error

    def finish(self, *, keep: bool) -> bool:
        """Send the answer and return whether the connection stays open, if it may."""
        try:
            if self._failure is not None:
                raise self._failure
            return self._reply(keep)
        except (NoMoreData, StopIteration, ConnectionError, BlockingIOError):
            return False
        except Exception as error:
            self._worker.handle_error(self._request, self.conn.sock, self.conn.client, error)
            return False

    def _reply(self, keep: bool) -> bool:
        if not keep:
            self._response.force_close()
        for part in self._answer:
            self._response.write(part)
        self._response.close()
        self._outlet.flush()
        if self._response.should_close():
            return False
        # A body that nobody read is in the way of the next request.
        parser = self.conn.parser
        return not parser.unreader.buf.getvalue() or bool(parser.finish_body())


class Door:
    """The thread. Connections come from the worker and go back when they want something else."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._calls = PollableMethodQueue()
        self._selector = DefaultSelector()
        self._last_used: dict[Any, float] = {}
        self._looked = 0.0
        self._begun: list[Exchange] = []

    def start(self) -> None:
        """Start the thread; not before the fork."""
        self._calls.init()
        self._selector.register(self._calls.fileno(), EVENT_READ)
        threading.Thread(target=self._run, name="door", daemon=True).start()

    def take(self, conn: Any) -> None:
        """Serve a connection whose webhook was read already; called by the worker."""
        self._calls.defer(self._enter, conn)

    def _run(self) -> None:
        try:
            while True:
                self._serve()
        except Exception:
            # A process whose door is shut must not take connections.
            self._worker.log.exception("The door for webhooks broke down.")
            self._worker.handle_exit(None, None)

    def _serve(self) -> None:
        self._collect(1.0)
        if 0 < len(self._begun) < len(self._last_used):
            # Others are sending now: together they cost half as much as one after the other.
            time.sleep(GATHER_SECONDS)
            self._collect(0)
        self._answer_all()
        self._let_idle_go()

    def _collect(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                self._calls.run_callbacks(key.fileobj)
            elif has_whole_webhook(key.data):
                self._begun.append(Exchange(self._worker, key.data))
            else:
                self._leave(key.data, self._worker.enqueue_req, key.data)

    def _enter(self, conn: Any) -> None:
        self._selector.register(conn.sock, EVENT_READ, conn)
        self._begun.append(Exchange(self._worker, conn))

    def _answer_all(self) -> None:
        exchanges, self._begun = self._begun, []
        for exchange in exchanges:
            exchange.begin()
        now, keep = time.monotonic(), self._worker.keeps_connections()
        for exchange in exchanges:
            self._last_used[exchange.conn] = now
            if not exchange.finish(keep=keep):
                self._hand_back(exchange.conn, keep=False)

    def _let_idle_go(self) -> None:
        now = time.monotonic()
        if now < self._looked + 1.0:
            return
        self._looked = now
        since = now - IDLE_SECONDS if self._worker.alive else now
        for conn in [conn for conn, used in self._last_used.items() if used <= since]:
            self._hand_back(conn, keep=True)

    def _hand_back(self, conn: Any, *, keep: bool) -> None:
        self._leave(conn, self._worker.finish_request, conn, Outcome(keep))

    def _leave(self, conn: Any, *call: Any) -> None:
        self._selector.unregister(conn.sock)
        self._last_used.pop(conn, None)
        self._worker.method_queue.defer(*call)
