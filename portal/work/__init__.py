"""Rows are the queue: whoever has work names a `Queue`, the worker does the rest."""

from portal.work.heartbeat import alive
from portal.work.lease import Lease, LeaseLost, backoff
from portal.work.queue import Queue, queues
from portal.work.worker import Worker

__all__ = ["Lease", "LeaseLost", "Queue", "Worker", "alive", "backoff", "queues"]
