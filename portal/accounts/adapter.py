"""How allauth behaves here: nobody signs up, second factors are encrypted, failures are audited."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts import audit
from portal.accounts.addresses import client_address
from portal.accounts.models import User, normalized


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: administrators invite."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Accept addresses of this very host only, not of all that it may be called by."""
        request: HttpRequest = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def set_password(self, user: User, password: str) -> None:
        """Save nothing but the password: another administrator may be changing the role."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = normalized(str(credentials.get("email", "")))
        user = User.objects.filter(email=email).first()
        audit.record(audit.Event.SIGN_IN_FAILED, user, label=email[:254])

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        audit.record(audit.Event.SIGN_IN_FAILED, user, reason="inactive")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    digests = [hashlib.sha256(b"leitstand second factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _current_cipher() -> MultiFernet:
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors are kept encrypted: a copy of the database alone signs nobody in."""

    def encrypt(self, text: str) -> str:
        return _current_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _current_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A second factor was stored under another LEITSTAND_SECRET_KEY: restore that key, "
                "or let an administrator reset the second factors of this person."
            ) from None

    def _get_site_name(self) -> str:
        return "Leitstand"
