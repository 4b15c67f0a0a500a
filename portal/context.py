"""What every template may use."""

from typing import Any

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the names that the frame of every page needs."""
    from portal.accounts.access import may

    user = getattr(request, "user", None)
    return {
        "may_operate": may(user, "operator"),
        "may_administer": may(user, "admin"),
    }
