"""The settings of worker processes that tests start."""

from tests.settings import *  # noqa: F403

WORK_QUEUES = ["tests.portal.work.process_queue:QUEUE"]
