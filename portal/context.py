"""What every template may use."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the names that the frame of every page needs."""
    from portal import navigation
    from portal.accounts.access import may

    user = getattr(request, "user", None)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "may_operate": may(user, "operator"),
        "may_administer": may(user, "admin"),
        "theme": theme if theme in THEMES else "",
        "menu": SimpleLazyObject(lambda: navigation.menu(request)),
        "account_tabs": SimpleLazyObject(lambda: navigation.account_tabs(request)),
    }
