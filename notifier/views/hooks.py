"""The webhook door: a plain function of the WSGI environ, its speed is what providers see.

The web server asks `door` and skips Django's request cycle; `receive_hook` gives the same
answers as a view, for Django's own development server and test client.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, NamedTuple
from wsgiref.types import StartResponse

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from notifier.domain.errors import InvalidSignature, UnsupportedType, UnusableBody
from notifier.services import intake
from notifier.services.sources import UnknownSource

PREFIX = "/hooks/"
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")
# The first that fits counts.
STATUS: dict[type[Exception], int] = {
    UnknownSource: 404,
    TimeoutError: 408,
    intake.TooLarge: 413,
    InvalidSignature: 401,
    UnsupportedType: 415,
    UnusableBody: 400,
}
TEXTS = {
    404: "There is no active source with this address.",
    408: "The body did not arrive in time.",
}
EXPECTED: tuple[type[Exception], ...] = (*STATUS, Error)
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

Environ = Mapping[str, Any]
Application = Callable[[dict[str, Any], StartResponse], Any]

log = structlog.get_logger(__name__)


class Answer(NamedTuple):
    """What the caller gets: status, content type and headers of their own, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def door(application: Application) -> Application:
    """Answer webhooks straight from the web server, pass everything else to `application`."""

    def at_the_door(environ: dict[str, Any], start_response: StartResponse) -> Any:
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return application(environ, start_response)
        return _reply(begin(environ, path[len(PREFIX) :]), start_response)

    return at_the_door


def _reply(finish: Callable[[], Answer], start_response: StartResponse) -> Iterator[bytes]:
    """Wait only when the server asks for the body: it may begin other requests before."""
    status, headers, body = finish()
    headers.append(("Content-Length", str(len(body))))
    start_response(STATUS_LINES[status], headers)
    yield body


@csrf_exempt
@login_not_required
def receive_hook(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer as the door does."""
    status, headers, body = begin(request.META, slug)()
    return HttpResponse(body, status=status, headers=dict(headers))


def begin(environ: Environ, slug: str) -> Callable[[], Answer]:
    """Read and check a request; return what gives the answer as soon as its row is safe.

    The answer is 202 with the delivery's id or else a problem (RFC 9457).
    """
    if environ["REQUEST_METHOD"] != "POST":
        text = "This address takes webhooks: send them by POST."
        return partial(_problem, 405, text, ("Allow", "POST"))
    try:
        if not SLUG.fullmatch(slug):
            raise UnknownSource(slug)
        body = _read(environ, settings.NOTIFIER["HOOK_MAX_BYTES"])
        receipt = intake.begin(slug, _headers(environ), body, _remote(environ))
    except EXPECTED as error:
        return partial(_refuse, error)
    return partial(_finish, receipt)


def _finish(receipt: intake.Receipt) -> Answer:
    try:
        delivery = receipt.ticket.result()
    except Error as error:
        return _refuse(error)
    if receipt.refusal is not None:
        return _refuse(receipt.refusal)
    kind = [("Content-Type", "application/json")]
    return Answer(202, kind, b'{"delivery": "%s"}' % str(delivery).encode())


def _refuse(error: Exception) -> Answer:
    if isinstance(error, Error):
        log.error("hook_not_stored", exc_info=error)
        text = "The delivery could not be stored, send it again."
        return _problem(503, text, ("Retry-After", "5"))
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    return _problem(status, TEXTS.get(status) or str(error))


def _headers(environ: Environ) -> Mapping[str, str]:
    names = {_name(key): environ[key] for key in environ if key.startswith("HTTP_")}
    names["content-type"] = environ.get("CONTENT_TYPE", "")
    return names


@lru_cache(maxsize=1000)
def _name(key: str) -> str:
    return key[5:].replace("_", "-").lower()


def _read(environ: Environ, limit: int) -> bytes:
    """Return the raw body, all of it. Raises TooLarge, UnusableBody, TimeoutError."""
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    if size > limit:
        raise intake.TooLarge(f"The body is larger than {limit} bytes.")
    # A chunked body has no length; not every server ends it for us.
    chunked = "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated")
    try:
        body: bytes = environ["wsgi.input"].read(limit + 1 if chunked else size)
    except BlockingIOError as error:
        raise TimeoutError from error
    if len(body) > limit:
        raise intake.TooLarge(f"The body is larger than {limit} bytes.")
    if len(body) < size:
        raise UnusableBody("The body ended early.")
    return body


def _remote(environ: Environ) -> str | None:
    """Return the client's address, as the last trusted proxy saw it."""
    proxies = settings.NOTIFIER["TRUSTED_PROXIES"]
    if not proxies:
        return _address(environ.get("REMOTE_ADDR", ""))
    hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = hops[-proxies].strip() if len(hops) >= proxies else ""
    return _address(seen or environ.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=1000)
def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _problem(status: int, detail: str, *headers: tuple[str, str]) -> Answer:
    kind = ("Content-Type", "application/problem+json")
    return Answer(status, [kind, *headers], _problem_body(status, detail))


@lru_cache(maxsize=100)
def _problem_body(status: int, detail: str) -> bytes:
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return json.dumps(body).encode()
