"""Field types of our own."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    digests = [hashlib.sha256(b"leitstand webhook secret:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _current_cipher() -> MultiFernet:
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database with a key made from SECRET_KEY.

    A copy of the database alone signs no webhook. Raises ImproperlyConfigured when the
    value was written under a key that is gone (add it to SECRET_KEY_FALLBACKS).
    """

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        if not value:
            return value
        try:
            return _current_cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A webhook secret was stored under another LEITSTAND_SECRET_KEY: restore that key, "
                "or rotate the secrets of all sources."
            ) from None

    def get_prep_value(self, value: Any) -> Any:
        return _current_cipher().encrypt(str(value).encode()).decode() if value else value
