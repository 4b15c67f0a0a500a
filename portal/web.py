"""The web server's worker: gunicorn's threads, and a door of its own for webhooks.

What is no complete webhook takes gunicorn's usual way: pages to its threads; what has not
arrived completely (large, slow and chunked bodies) to others, so that whoever sends slowly
keeps only those busy who do the same.
"""

import struct
from concurrent.futures import ThreadPoolExecutor
from socket import SO_RCVTIMEO, SOL_SOCKET, socket
from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker  # type: ignore[import-untyped]

from portal.door import Door, Outcome, has_whole_webhook, is_unfinished

STALL_SECONDS = 30


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker; connections that send webhooks are lent to the door."""

    def init_process(self) -> None:
        """Prepare the door, then run."""
        self._door = Door(self)
        self._door.start()
        self._patient = ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="patient")
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Give a request to the threads; a new connection waits without one for its first."""
        if conn.initialized or conn.data_ready or self.cfg.is_ssl:
            self._give_to_threads(conn)
            return
        # Nobody may hold a thread by sending a part and then nothing more.
        conn.sock.setsockopt(SOL_SOCKET, SO_RCVTIMEO, struct.pack("ll", STALL_SECONDS, 0))
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
        if not self.cfg.is_ssl:
            conn.init()
            conn.sock.setblocking(False)
            if not conn.is_http2 and has_whole_webhook(conn):
                self._door.take(conn)
                return
        self._give_to_threads(conn)

    def _give_to_threads(self, conn: Any) -> None:
        if self.cfg.is_ssl or not is_unfinished(conn.parser.unreader.buf.getvalue()):
            super().enqueue_req(conn)
            return
        future = self._patient.submit(self.handle, conn)
        future.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )
