"""The web server. gunicorn reads this file by itself: `python -m gunicorn portal.wsgi`."""

import gc
from pathlib import Path
from typing import Any

import structlog

from portal.settings import CONFIG, LOGGING

address = f"[{CONFIG.bind}]" if ":" in CONFIG.bind else CONFIG.bind
bind = f"{address}:{CONFIG.port}"
# Threads as in gthread; webhooks that come together are answered together.
worker_class = "portal.web.Worker"
workers = CONFIG.web_processes
threads = CONFIG.web_threads

# The code is loaded once and shared; nothing of it opens a connection before the fork.
preload_app = not CONFIG.debug
reload = CONFIG.debug

timeout = 120
graceful_timeout = 25
# Longer than the 60 s of a load balancer, so that it never meets a connection just closed.
keepalive = 75
limit_request_line = 8190

# The signs of life are files: in memory where possible, a slow disk must not look like a hang.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True

# Django itself decides which proxy to believe (LEITSTAND_TRUSTED_PROXIES).
forwarded_allow_ips = ""

# No access log: addresses of pages hold one-time secrets. Errors go through our own logging.
accesslog = None
logconfig_dict = LOGGING


def pre_fork(_server: Any, _worker: Any) -> None:
    # What was loaded stays for ever: searching it for garbage halts a process for 0.1 s.
    gc.collect()
    gc.freeze()


def when_ready(_server: Any) -> None:
    structlog.get_logger("portal.web").info("ready", address=CONFIG.public_url)
