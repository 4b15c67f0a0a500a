"""The webhook door: a plain function of the WSGI environ, its speed is what providers see.

The web server asks `door` and skips Django's request cycle; `receive_hook` gives the same
answers as a view, for Django's own development server and test client.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from notifier.domain.errors import InvalidSignature, UnsupportedType, UnusableBody
from notifier.services import intake
from notifier.services.sources import UnknownSource

PREFIX = "/hooks/"
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")
STALLED = "The body did not arrive in time."

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = structlog.get_logger(__name__)


class Answer(NamedTuple):
    """What the caller gets: status, content type and headers of their own, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def door(application: Application) -> Application:
    """Answer webhooks straight from the web server, pass everything else to `application`."""

    def at_the_door(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return application(environ, start_response)
        status, headers, body = answer(environ, path[len(PREFIX) :])
        headers.append(("Content-Length", str(len(body))))
        start_response(STATUS_LINES[status], headers)
        return (body,)

    return at_the_door


@csrf_exempt
@login_not_required
def receive_hook(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer as `answer` does."""
    status, headers, body = answer(request.META, slug)
    return HttpResponse(body, status=status, headers=dict(headers))


def answer(environ: Environ, slug: str) -> Answer:
    """Answer 202 with the delivery's id once its row is safe, else a problem (RFC 9457)."""
    if environ["REQUEST_METHOD"] != "POST":
        return _problem(405, "This address takes webhooks: send them by POST.", ("Allow", "POST"))
    try:
        if not SLUG.fullmatch(slug):
            raise UnknownSource(slug)
        body = _read(environ, settings.NOTIFIER["HOOK_MAX_BYTES"])
        delivery = intake.receive(slug, _headers(environ), body, _remote(environ))
    except UnknownSource:
        return _problem(404, "There is no active source with this address.")
    except TimeoutError:
        return _problem(408, STALLED)
    except intake.TooLarge as error:
        return _problem(413, str(error))
    except InvalidSignature as error:
        return _problem(401, str(error))
    except UnsupportedType as error:
        return _problem(415, str(error))
    except UnusableBody as error:
        return _problem(400, str(error))
    except OperationalError:
        log.exception("hook_not_stored", slug=slug)
        text = "The delivery could not be stored, send it again."
        return _problem(503, text, ("Retry-After", "5"))
    kind = [("Content-Type", "application/json")]
    return Answer(202, kind, b'{"delivery": "%s"}' % str(delivery).encode())


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
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    kind = ("Content-Type", "application/problem+json")
    return Answer(status, [kind, *headers], json.dumps(body).encode())


STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
