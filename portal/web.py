"""The web server's worker: gunicorn's threads, and one thread for webhooks that come together.

With a thread for each webhook most of the time goes into handing Python's interpreter lock
round. Here the webhooks that have arrived completely are read and checked one after the other,
stored in one transaction and answered by a single thread. Everything else (pages, large, slow
and chunked bodies) takes gunicorn's usual way.
"""

import re
import struct
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from socket import SO_RCVTIMEO, SOL_SOCKET, socket
from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.workers.gthread import _DEFER, ThreadWorker  # type: ignore[import-untyped]

STALL_SECONDS = 30
AT_ONCE = 64
LARGEST = 64 * 1024
DOOR = b"POST /hooks/"
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


def is_whole_webhook(data: bytes) -> bool:
    """Return whether `data` is one request to the webhook door with all of its body."""
    if not data.startswith(DOOR):
        return False
    end = data.find(END)
    length = LENGTH.search(data, 0, end + 2) if end > 0 else None
    return length is not None and len(data) == end + len(END) + int(length[1])


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

    def __init__(self, worker: "Worker", conn: Any) -> None:
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

    def finish(self) -> bool:
        """Send the answer and return whether the connection stays open."""
        try:
            if self._failure is not None:
                raise self._failure
            return self._reply()
        except (NoMoreData, StopIteration, ConnectionError, BlockingIOError):
            return False
        except Exception as error:
            self._worker.handle_error(self._request, self.conn.sock, self.conn.client, error)
            return False

    def _reply(self) -> bool:
        if not self._worker.keeps_connections():
            self._response.force_close()
        for part in self._answer:
            self._response.write(part)
        self._response.close()
        self._outlet.flush()
        return not self._response.should_close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker with a thread of its own for the webhook door."""

    def init_process(self) -> None:
        """Prepare the door, then run."""
        self._ready: deque[Any] = deque()
        self._door = ThreadPoolExecutor(1, thread_name_prefix="door")
        for listener in self.sockets:
            # Inherited by each connection: nobody blocks a thread by sending nothing more.
            stall = struct.pack("ll", STALL_SECONDS, 0)
            listener.sock.setsockopt(SOL_SOCKET, SO_RCVTIMEO, stall)
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Give a request to the threads; a new connection waits without one for its first."""
        if conn.initialized or conn.data_ready or self.cfg.is_ssl:
            super().enqueue_req(conn)
        else:
            self.finish_request(conn, Outcome(_DEFER))

    def on_pending_socket_readable(self, conn: Any, client: socket) -> None:
        """Take the first request of a connection."""
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        conn.data_ready = True
        self._dispatch(conn)

    def on_client_socket_readable(self, conn: Any, client: socket) -> None:
        """Take a further request of a connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._dispatch(conn)

    def keeps_connections(self) -> bool:
        """Return whether there is room for one more idle connection."""
        return bool(self.alive and len(self.keepalived_conns) < self.max_keepalived)

    def _dispatch(self, conn: Any) -> None:
        if self.cfg.is_ssl or not self._is_for_the_door(conn):
            super().enqueue_req(conn)
            return
        self._ready.append(conn)
        if len(self._ready) == 1:
            self._door.submit(self._serve)

    def _is_for_the_door(self, conn: Any) -> bool:
        """Read what has arrived; gunicorn's parser finds it in its buffer."""
        conn.init()
        if conn.is_http2:
            return False
        conn.sock.setblocking(False)
        try:
            data = conn.sock.recv(LARGEST)
        except OSError:
            # Whatever it is, the usual way meets it again.
            return False
        conn.parser.unreader.unread(data)
        return is_whole_webhook(data)

    def _serve(self) -> None:
        """Answer the webhooks that are there; runs in the door's thread."""
        while self._ready:
            count = min(len(self._ready), AT_ONCE)
            exchanges = [Exchange(self, self._ready.popleft()) for _ in range(count)]
            for exchange in exchanges:
                exchange.begin()
            outcomes = [(exchange.conn, Outcome(exchange.finish())) for exchange in exchanges]
            self.method_queue.defer(self._hand_back, outcomes)

    def _hand_back(self, outcomes: list[tuple[Any, Outcome]]) -> None:
        for conn, outcome in outcomes:
            self.finish_request(conn, outcome)
