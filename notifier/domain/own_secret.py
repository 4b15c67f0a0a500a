"""Whether a secret that a person brings along can be used."""

import base64
import binascii

from notifier.domain.phrases import gettext_noop

SHORTEST = 16
LONGEST = 200
TOKEN_PREFIX = "whsec_"  # noqa: S105

WRONG_LENGTH = gettext_noop(
    "A secret has {shortest} to {longest} characters. Leave it empty to get a good one."
)
UNCLEAN = gettext_noop("A secret has only plain characters, and no blank at its ends.")
NO_TOKEN = gettext_noop("A signing token is whsec_ and at least 16 bytes in base64.")


def check_own_secret(secret: str, example: str) -> str:
    """Return what is wrong with `secret`, "" when it is fine.

    `example` is a secret as the source would make it: where that is a signing token, the
    given one must be one too.
    """
    if not SHORTEST <= len(secret) <= LONGEST:
        return WRONG_LENGTH.format(shortest=SHORTEST, longest=LONGEST)
    if not secret.isascii() or not secret.isprintable() or secret != secret.strip():
        return UNCLEAN
    if example.startswith(TOKEN_PREFIX) and not _is_signing_token(secret):
        return NO_TOKEN
    return ""


def _is_signing_token(secret: str) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix(TOKEN_PREFIX), validate=True)
    except binascii.Error:
        return False
    return len(key) >= SHORTEST
