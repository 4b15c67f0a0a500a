"""Log lines: structured, with the request's id, without secrets and phone numbers."""

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from notifier.domain.redact import line

# A query may hold what somebody searched for, or a secret.
QUERY = re.compile(r"(?<=[\w/%.~-])\?[^\s\"'<>?]+=[^\s\"'<>]*")
# Links that work once.
ONCE = re.compile(r"(/welcome/|/password/reset/key/)[^/\s\"'<>]+")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask phone numbers, tokens and queries in every text of a log line."""
    for key, value in event.items():
        event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if value is None or isinstance(value, int | float):
        return value
    return _text(str(value))


def _text(text: str) -> str:
    return ONCE.sub(r"\1…", QUERY.sub("?…", line(text)))


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def _has_traceback(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


def logging_config(form: str) -> dict[str, Any]:
    """Return the configuration of Python's logging for `form`, console or json."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    renderer,
                ],
            },
        },
        "filters": {
            # A 503 that a view chose has its own line, or none; only a bug has a traceback.
            "unexpected": {"()": "django.utils.log.CallbackFilter", "callback": _has_traceback},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Refused requests are answers, not events: anybody could fill the log with them.
            "django.request": {"level": "ERROR", "filters": ["unexpected"]},
            # Starting and stopping goes without saying.
            "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
    logging.config.dictConfig(config)
    logging.captureWarnings(True)
    return config
