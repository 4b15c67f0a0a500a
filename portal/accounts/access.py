"""Who may do what: the one place, for pages and API alike.

A view says what it needs with class attributes that are read here by name (apps never import
the portal):

* `read_role`, `write_role`: the role for safe and for changing methods. Without them a page
  needs viewer to read and operator to change: forgetting them never opens anything.
* `scope`: the family of token scopes, for example `notify` → `notify:read`, `notify:write`.
  A view without it takes only tokens with `admin`.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

RANKS = {"viewer": 1, "operator": 2, "admin": 3}
SCOPES = (
    "notify:read",
    "notify:write",
    "lake:read",
    "lake:write",
    "query",
    "services:read",
    "services:operate",
    "admin",
)


def may(user: Any, role: str) -> bool:
    """Return whether `user` has at least `role`."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return RANKS.get(user.role, 0) >= RANKS[role]


def role_needed(view: Any, method: str) -> str:
    """Return the role that `view` asks for with `method`."""
    if method in SAFE_METHODS:
        return getattr(view, "read_role", "viewer")
    return getattr(view, "write_role", "operator")


def scope_allows(scopes: list[str], view: Any, method: str) -> bool:
    """Return whether a token with `scopes` may use `view` with `method`; writing includes reading."""
    if "admin" in scopes:
        return True
    family = getattr(view, "scope", None)
    if family is None:
        return False
    wanted = (
        {f"{family}:write"}
        if method not in SAFE_METHODS
        else {f"{family}:read", f"{family}:write"}
    )
    return bool(wanted & set(scopes))


class Gatekeeper:
    """Middleware: no page is reached without the role that it asks for.

    Runs after LoginRequiredMiddleware, so everybody here is signed in or the view is public.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse with 403 what the role does not allow."""
        view_class = getattr(view, "view_class", None)
        if view_class is None or not getattr(view, "login_required", True):
            return None
        if not may(request.user, role_needed(view_class, request.method or "GET")):
            raise PermissionDenied
        return None


class MayUse(BasePermission):
    """The same rule for REST: the role of the person and the scope of the token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or "GET"
        if not may(request.user, role_needed(view, method)):
            return False
        scopes = getattr(request.auth, "scopes", None)
        return scopes is None or scope_allows(scopes, view, method)
