"""What a reader may see in full."""

from rest_framework.request import Request

SEES_ALL = ("operator", "admin")


def sees_all(request: Request) -> bool:
    """Return whether the person behind `request` may see whole phone numbers and addresses."""
    return getattr(request.user, "role", "") in SEES_ALL
