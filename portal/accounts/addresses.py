"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104


def client_address(request: HttpRequest) -> str:
    """Return the client's address as the outermost trusted proxy saw it, 0.0.0.0 when unknown.

    What a client writes into X-Forwarded-For itself stands left of that and is never read.
    """
    proxies = settings.CONFIG.trusted_proxies
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = hops[-proxies].strip() if proxies and len(hops) >= proxies else ""
    try:
        return str(ip_address(seen or request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return UNKNOWN
