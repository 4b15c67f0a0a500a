"""Proof that a request comes from whom it says: HMAC, Standard Webhooks, plain tokens."""

import base64
import binascii
import hmac
import secrets as random
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from notifier.domain.errors import InvalidSignature
from notifier.domain.phrases import gettext_noop

TOLERANCE = 300

UNCONFIGURED = gettext_noop("This source has no secret. Rotate the secret to get one.")
MISSING = gettext_noop(
    "The {header} header is missing or empty. "
    "Enter this source's secret in the settings of the webhook at {place}."
)
UNFIT = gettext_noop(
    "The {header} header does not fit the body. Enter this source's current secret "
    "at {place}; a proxy on the way must not change the body."
)
NOT_THE_SECRET = gettext_noop(
    "The {header} header is not this source's secret. "
    "Enter the current secret in the settings of the webhook at {place}."
)
NO_TOKEN = gettext_noop("This source's secret is no signing token. Rotate the secret.")
UNSIGNED = gettext_noop(
    "The webhook-id, webhook-timestamp or webhook-signature header is missing. "
    "Enter this source's secret as signing token at {place}."
)
WRONG_TIME = gettext_noop(
    "The webhook-timestamp is more than 5 minutes off. Check the clocks of both sides."
)
NONE_FITS = gettext_noop(
    "No v1 signature in the webhook-signature header fits. "
    "Enter this source's current secret as signing token at {place}."
)


def new_secret() -> str:
    """Return a random secret of 64 hexadecimal digits."""
    return random.token_hex(32)


def new_signing_token() -> str:
    """Return a random Standard Webhooks secret: `whsec_` and 32 bytes in base64."""
    return "whsec_" + base64.b64encode(random.token_bytes(32)).decode()


def hex_digest(secret: bytes, message: bytes) -> str:
    """Return the HMAC-SHA256 of `message` in hexadecimal."""
    return hmac.new(secret, message, sha256).hexdigest()


def base64_digest(secret: bytes, message: bytes) -> str:
    """Return the HMAC-SHA256 of `message` in base64."""
    return base64.b64encode(hmac.new(secret, message, sha256).digest()).decode()


def verify_hmac(
    given: str,
    secrets: Sequence[str],
    message: bytes,
    *,
    header: str,
    place: str,
    prefix: str = "",
    digest: Callable[[bytes, bytes], str] = hex_digest,
) -> None:
    """Raise InvalidSignature unless `given` is `prefix` and the HMAC of `message`.

    `header` and `place` (where the webhook is configured) are for the error's text.
    """
    keys = _keys(secrets)
    if not given.strip():
        raise InvalidSignature(MISSING.format(header=header, place=place))
    if not any(_same(given.strip(), prefix + digest(key, message)) for key in keys):
        raise InvalidSignature(UNFIT.format(header=header, place=place))


def verify_token(given: str, secrets: Sequence[str], *, header: str, place: str) -> None:
    """Raise InvalidSignature unless `given` is one of `secrets`."""
    keys = _keys(secrets)
    if not given:
        raise InvalidSignature(MISSING.format(header=header, place=place))
    if not any(hmac.compare_digest(_encode(given), key) for key in keys):
        raise InvalidSignature(NOT_THE_SECRET.format(header=header, place=place))


def verify_standard(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float, *, place: str
) -> None:
    """Raise InvalidSignature unless the request is signed as Standard Webhooks says.

    The headers are webhook-id, webhook-timestamp and webhook-signature; of the signatures only
    those of version v1 (HMAC-SHA256) count, and one that fits is enough.
    """
    keys = [key for key in map(_signing_key, _keys(secrets)) if key]
    if not keys:
        raise InvalidSignature(NO_TOKEN)
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    identity, timestamp, signatures = (headers.get(name, "").strip() for name in names)
    if not (identity and timestamp and signatures):
        raise InvalidSignature(UNSIGNED.format(place=place))
    if not _is_recent(timestamp, now):
        raise InvalidSignature(WRONG_TIME)
    message = _encode(f"{identity}.{timestamp}.") + body
    if not _any_signature(signatures, (base64_digest(key, message) for key in keys)):
        raise InvalidSignature(NONE_FITS.format(place=place))


def _keys(secrets: Sequence[str]) -> list[bytes]:
    keys = [_encode(secret) for secret in secrets if secret.strip()]
    if not keys:
        raise InvalidSignature(UNCONFIGURED)
    return keys


def _encode(text: str) -> bytes:
    # compare_digest refuses non-ASCII text; this encoding takes every str and keeps all apart.
    return text.encode("utf-8", "surrogatepass")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(_encode(given), _encode(expected))


def _signing_key(secret: bytes) -> bytes:
    try:
        return base64.b64decode(secret.strip().removeprefix(b"whsec_"), validate=True)
    except binascii.Error:
        return b""


def _is_recent(timestamp: str, now: float) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now - int(timestamp)) <= TOLERANCE


def _any_signature(signatures: str, expected: Iterable[str]) -> bool:
    given = [s.removeprefix("v1,") for s in signatures.split() if s.startswith("v1,")]
    return any(_same(signature, digest) for digest in expected for signature in given)
