"""What a reader may see in full."""

from django.http import HttpRequest

SEES_ALL = ("operator", "admin")


def sees_all(request: HttpRequest) -> bool:
    """Return whether this person may see whole e-mail addresses in payloads."""
    return getattr(request.user, "role", "") in SEES_ALL
