"""The webhook door as a plain view: its speed is what providers see."""

from collections.abc import Mapping
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from notifier.domain.errors import InvalidSignature, UnsupportedType, UnusableBody
from notifier.services import intake
from notifier.services.sources import UnknownSource

log = structlog.get_logger(__name__)


@csrf_exempt
@login_not_required
def receive_hook(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer 202 with the delivery's id once its row is safe."""
    if request.method != "POST":
        return _problem(405, "This address takes webhooks: send them by POST.", Allow="POST")
    try:
        body = _read(request, settings.NOTIFIER["HOOK_MAX_BYTES"])
        delivery = intake.receive(slug, _headers(request), body, _remote(request))
    except UnknownSource:
        return _problem(404, "There is no active source with this address.")
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
        return _problem(
            503, "The delivery could not be stored, send it again.", **{"Retry-After": "5"}
        )
    return JsonResponse({"delivery": str(delivery)}, status=202)


def _headers(request: HttpRequest) -> Mapping[str, str]:
    names = {
        name[5:].replace("_", "-").lower(): value
        for name, value in request.META.items()
        if name.startswith("HTTP_")
    }
    names["content-type"] = request.META.get("CONTENT_TYPE", "")
    return names


def _read(request: HttpRequest, limit: int) -> bytes:
    """Return the raw body, read at most one byte past `limit`. Raises TooLarge."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > limit:
        raise intake.TooLarge(f"The body is larger than {limit} bytes.")
    if request.META.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in request.META:
        # A chunked body has no length, Django would see nothing of it.
        body: bytes = request.META["wsgi.input"].read(limit + 1)
    else:
        body = request.read()
    if len(body) > limit:
        raise intake.TooLarge(f"The body is larger than {limit} bytes.")
    return body


def _remote(request: HttpRequest) -> str | None:
    """Return the client's address, as the last trusted proxy saw it."""
    proxies = settings.NOTIFIER["TRUSTED_PROXIES"]
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = hops[-proxies].strip() if proxies and len(hops) >= proxies else ""
    try:
        return str(ip_address(seen or request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def _problem(status: int, detail: str, **headers: str) -> HttpResponse:
    return JsonResponse(
        {"status": status, "title": detail, "detail": detail},
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
