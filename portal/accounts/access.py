"""Who may do what: the one place, for pages and API alike. What is not allowed here is refused.

A view says what it needs with attributes that are read here by name (apps never import the
portal), on the class or on the function:

* `read_role`, `write_role`: the role for safe and for all other methods. Without them a view
  needs viewer to read and operator to change: forgetting them never opens anything.
* `scope`: the family of token scopes, for example `notify` → `notify:read`, `notify:write`, or
  `ANY_TOKEN`. A view without it takes only tokens with `admin`.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

RANKS = {"viewer": 1, "operator": 2, "admin": 3}

# What a token needs to read and to change; whoever may change may read.
FAMILIES = {
    "notify": ("notify:read", "notify:write"),
    "lake": ("lake:read", "lake:write"),
    "query": ("query", "query"),
    "services": ("services:read", "services:operate"),
}
ADMIN_SCOPE = "admin"
ANY_TOKEN = "*"  # noqa: S105
ROLE_OF_SCOPE = {
    "notify:read": "viewer",
    "notify:write": "operator",
    "lake:read": "viewer",
    "lake:write": "operator",
    "query": "viewer",
    "services:read": "viewer",
    "services:operate": "operator",
    ADMIN_SCOPE: "admin",
}
SCOPES = tuple(ROLE_OF_SCOPE)

# The pages that need no sign-in, by the names of their addresses. There are no others.
PUBLIC = frozenset(
    {
        "healthz",
        "readyz",
        "set_language",
        "set_theme",
        "account_login",
        "account_inactive",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "accounts:link",
        "accounts:welcome",
        # Takes signed requests only, and by itself.
        "notifier:hook",
    }
)

# Pages of allauth about one's own account: everybody who is signed in may use their forms.
OWN_ACCOUNT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "usersessions_list",
    }
)


def may(user: Any, role: str) -> bool:
    """Return whether `user` has at least `role`."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return RANKS.get(user.role, 0) >= RANKS[role]


def role_needed(view: Any, method: str) -> str:
    """Return the role that `view` asks for with `method`."""
    if method in SAFE_METHODS:
        return str(getattr(view, "read_role", "viewer"))
    return str(getattr(view, "write_role", "operator"))


def scopes_of(role: str) -> tuple[str, ...]:
    """Return the scopes that a token of somebody with `role` may have."""
    rank = RANKS.get(role, 0)
    return tuple(scope for scope, needed in ROLE_OF_SCOPE.items() if rank >= RANKS[needed])


def scope_allows(scopes: Iterable[str], view: Any, method: str) -> bool:
    """Return whether a token with `scopes` may use `view` with `method`."""
    held = set(scopes)
    family = getattr(view, "scope", None)
    if ADMIN_SCOPE in held or family == ANY_TOKEN:
        return True
    read, write = FAMILIES.get(str(family), (ADMIN_SCOPE, ADMIN_SCOPE))
    return write in held or (method in SAFE_METHODS and read in held)


class Gatekeeper(LoginRequiredMiddleware):
    """Middleware: no page is reached without a sign-in and the role that it asks for.

    A view that declares itself public is not: `PUBLIC` above decides.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let through, send to the sign-in page, or refuse with 403."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in PUBLIC or _is_guarded_by_rest(view_func):
            return None
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        method = request.method or ""
        view = getattr(view_func, "view_class", None) or getattr(view_func, "cls", view_func)
        needed = "viewer" if name in OWN_ACCOUNT else role_needed(view, method)
        if not may(request.user, needed):
            raise PermissionDenied
        return None

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """Send to the sign-in page, and back to where they were afterwards."""
        if "HX-Request" not in request.headers:
            # The form of an unsafe request is lost, its address is no page to come back to.
            back = request.get_full_path() if request.method in SAFE_METHODS else "/"
            return redirect_to_login(back, resolve_url("account_login"))
        # A fragment must not be replaced by the sign-in page: the whole page moves there.
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        sign_in = redirect_to_login(page, resolve_url("account_login"))
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in.url})


def _is_guarded_by_rest(view_func: Any) -> bool:
    """Return whether this is a REST view that asks `MayUse`, and so needs nobody else."""
    # Its module reads the settings that name this one: not importable from the top.
    from rest_framework.views import APIView

    view = getattr(view_func, "cls", None)
    if not (isinstance(view, type) and issubclass(view, APIView)):
        return False
    options = getattr(view_func, "initkwargs", {})
    return MayUse in options.get("permission_classes", view.permission_classes)


class MayUse(BasePermission):
    """The same rule for REST: the role of the person and the scope of the token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or ""
        if not may(request.user, role_needed(view, method)):
            return False
        if request.auth is None:
            return True
        # Whoever comes with a token and not with a session has its scopes and no more.
        return scope_allows(getattr(request.auth, "scopes", ()), view, method)
