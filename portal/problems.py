"""Errors as application/problem+json: the one place where exceptions become answers."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for `error`, None when it is a bug."""
    return exception_handler(error, context)
