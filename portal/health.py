"""Is the process up, and is everything there that it needs? For load balancers and people."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal.work import alive

WORKER_SILENT = timedelta(seconds=30)

log = structlog.get_logger(__name__)


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return _answer(200, {"status": "ok"})


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    reasons = {name: check() for name, check in CHECKS.items()}
    checks = {
        name: {"status": "failed", "reason": reason} if reason else {"status": "ok"}
        for name, reason in reasons.items()
    }
    failed = any(reasons.values())
    return _answer(
        503 if failed else 200, {"status": "failed" if failed else "ok", "checks": checks}
    )


def _database() -> str:
    """Return why the database cannot be used; the details, a host name perhaps, go to the log."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        log.warning("database_unreachable", reason=str(error))
        return "The database does not answer."
    return ""


def worker_is_alive() -> bool:
    """Return whether a worker has reported lately."""
    return alive(WORKER_SILENT) is not None


def _worker() -> str:
    try:
        age = alive(WORKER_SILENT)
    except Error:
        return "Unknown, because the database does not answer."
    if age is None:
        return f"No worker has reported for {WORKER_SILENT.seconds} seconds."
    return ""


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "worker": _worker}


def _answer(status: int, body: dict[str, object]) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
