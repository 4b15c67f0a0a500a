"""How each provider proves that a webhook is its own."""

import base64
import hmac
import time
from collections.abc import Callable
from hashlib import sha256


def _github(secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    return {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": identity,
        "X-Hub-Signature-256": f"sha256={_hex(secret, body)}",
    }


def _gitlab(secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{identity}.{now}.".encode() + body, sha256).digest()
    return {
        "X-Gitlab-Event": event,
        "webhook-id": identity,
        "webhook-timestamp": now,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _gitea(secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    return {
        "X-Gitea-Event": event,
        "X-Gitea-Delivery": identity,
        "X-Gitea-Signature": _hex(secret, body),
    }


def _bitbucket(secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    return {
        "X-Event-Key": event,
        "X-Request-UUID": identity,
        "X-Hub-Signature": f"sha256={_hex(secret, body)}",
    }


def _generic(secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    return {
        "X-Event": event,
        "Webhook-Id": identity,
        "X-Hub-Signature-256": f"sha256={_hex(secret, body)}",
    }


SIGN: dict[str, Callable[[str, str, str, bytes], dict[str, str]]] = {
    "github": _github,
    "gitlab": _gitlab,
    "gitea": _gitea,
    "bitbucket": _bitbucket,
    "generic": _generic,
}


def signed(provider: str, secret: str, identity: str, event: str, body: bytes) -> dict[str, str]:
    """Return the headers of a webhook with `body`, signed as `provider` does it."""
    headers = SIGN[provider](secret, identity, event, body)
    return {"Content-Type": "application/json", "User-Agent": "leitstand-demo", **headers}


def _hex(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, sha256).hexdigest()
