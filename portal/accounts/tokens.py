"""Personal API tokens: made once, shown once, recognised in requests."""

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.accounts.access import SCOPES, scopes_of
from portal.accounts.models import ApiToken, User

DEFAULT_DAYS = 90
LONGEST_DAYS = 3650
USED_EVERY = timedelta(minutes=1)
FORM = re.compile(r"lst_[0-9a-f]{64}")


class UnusableToken(ValueError):
    """A token cannot be made like this. The text says why, `field` where."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


class NewToken(NamedTuple):
    """A token and its text, which is known only now."""

    row: ApiToken
    text: str


def create_token(
    user: User, *, name: str, scopes: Collection[str], days: int = DEFAULT_DAYS
) -> NewToken:
    """Return a new token of `user` that ends after `days`. Raises UnusableToken."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise UnusableToken("name", _("Give the token a name of up to 100 characters."))
    if not 1 <= days <= LONGEST_DAYS:
        raise UnusableToken("days", _("A token lasts between 1 and 3650 days."))
    if not user.is_active:
        raise UnusableToken("user", _("This account is not active."))
    _check_scopes(user, scopes)
    ordered = [scope for scope in SCOPES if scope in scopes]
    row, text = ApiToken.objects.create(
        user=user, expiry=timedelta(days=days), name=name, scopes=ordered
    )
    return NewToken(row, text)


def _check_scopes(user: User, scopes: Collection[str]) -> None:
    if not scopes:
        raise UnusableToken("scopes", _("Choose at least one scope."))
    allowed = scopes_of(user.role)
    for scope in scopes:
        if scope not in SCOPES:
            text = _("“%(scope)s” is no scope. Choose from: %(scopes)s.")
            raise UnusableToken("scopes", text % {"scope": scope, "scopes": ", ".join(SCOPES)})
        if scope not in allowed:
            text = _("The role “%(role)s” does not allow the scope “%(scope)s”.")
            raise UnusableToken("scopes", text % {"role": user.role, "scope": scope})


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]
    """`Authorization: Token lst_…`.

    Unlike its parent it looks for the hash of the whole token, never for a part of it, and
    leaves expired tokens alone: reading a request deletes nothing.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return who it is, None for another scheme. Raises AuthenticationFailed (401)."""
        header = str(request.META.get("HTTP_AUTHORIZATION", ""))
        scheme, _space, credentials = header.strip(" \t").partition(" ")
        credentials = credentials.strip(" \t")
        if scheme.lower() != self.authenticate_header(request).lower():
            if credentials.startswith(knox_settings.TOKEN_PREFIX):
                raise AuthenticationFailed(_("Send this token as: Authorization: Token lst_…"))
            return None
        row = _find(credentials) if FORM.fullmatch(credentials) else None
        if row is None or row.is_expired or not row.user.is_active:
            # One answer for all: it tells nobody which tokens exist.
            raise AuthenticationFailed(_("This token is not valid."))
        _note_use(row)
        return row.user, row


def _find(text: str) -> ApiToken | None:
    rows: QuerySet[ApiToken] = ApiToken.objects.select_related("user")
    return rows.filter(digest=hash_token(text)).first()


def _note_use(row: ApiToken) -> None:
    now = timezone.now()
    stale = now - USED_EVERY
    if row.last_used is not None and row.last_used > stale:
        return
    # By UPDATE: requests side by side write once, and the audit trail hears nothing of it.
    unnoted = Q(last_used=None) | Q(last_used__lte=stale)
    ApiToken.objects.filter(unnoted, pk=row.pk).update(last_used=now)
