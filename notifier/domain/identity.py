"""The id under which a delivery is stored once."""

from collections.abc import Iterable
from hashlib import sha256

ID_LIMIT = 200
# What the rows of redeliveries, refused requests and digests begin with: no sender may name them.
RESERVED = ("again:", "rejected:", "sha256:")


def first_id(candidates: Iterable[str], event: str, body: bytes) -> str:
    """Return the first given id, or a digest of event and body when the provider gave none."""
    given = next(filter(None, (candidate.strip() for candidate in candidates)), "")
    if not given:
        return _digest(event.encode("utf-8", "surrogatepass") + b"\0" + body)
    if len(given) > ID_LIMIT or not given.isprintable() or given.startswith(RESERVED):
        return _digest(given.encode("utf-8", "surrogatepass"))
    return given


def _digest(message: bytes) -> str:
    return f"sha256:{sha256(message).hexdigest()}"
