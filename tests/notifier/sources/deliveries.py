"""Requests as the providers send them: the samples, signed with a secret of the test's choice."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from notifier import sources
from notifier.domain.event import Event
from notifier.sources.source import Request

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NOW = 1_772_440_000.0


class Sample(NamedTuple):
    """One body with the headers that name its event and the settings of its source."""

    headers: dict[str, str]
    body: bytes
    config: dict[str, str]


@cache
def sample_names(provider: str) -> list[str]:
    """Return the names of the provider's samples."""
    return list(_index(provider))


@cache
def _index(provider: str) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((SAMPLES / provider / "index.json").read_bytes())
    return index


def sample(provider: str, name: str) -> Sample:
    """Return a sample with its header names in lower case."""
    entry = _index(provider)[name]
    headers = {key.lower(): value for key, value in entry["headers"].items()}
    body = (SAMPLES / provider / f"{name}.json").read_bytes()
    return Sample(headers, body, entry.get("config", {}))


def request(
    *,
    body: bytes = b"{}",
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
    now: float = NOW,
) -> Request:
    """Return a request, unsigned."""
    return Request({"content-type": content_type, **(headers or {})}, body, now)


def parsed(provider: str, name: str) -> Event:
    """Return the event of a sample."""
    headers, body, config = sample(provider, name)
    return sources.get(provider).parse(request(body=body, headers=headers), config)


def facts(provider: str, name: str, *fields: str) -> dict[str, Any]:
    """Return some fields of a sample's event."""
    event = parsed(provider, name).as_dict()
    return {field: event[field] for field in fields}


def hex_hmac(secret: str, message: bytes) -> str:
    """Return the HMAC-SHA256 in hexadecimal, made without the code under test."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def standard_headers(
    token: str, body: bytes, *, now: float = NOW, identity: str = "msg_1"
) -> dict[str, str]:
    """Return the three headers of Standard Webhooks, signed with a `whsec_` token."""
    key = base64.b64decode(token.strip().removeprefix("whsec_"))
    message = f"{identity}.{int(now)}.".encode() + body
    digest = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(int(now)),
        "webhook-signature": f"v1,{digest}",
    }


def proof(provider: str, secret: str, body: bytes, config: Mapping[str, str]) -> dict[str, str]:
    """Return the headers by which `provider` proves that `body` comes from it."""
    digest = hex_hmac(secret, body)
    mode = config.get("mode", "")
    if mode in ("signing", "standard"):
        return standard_headers(secret, body)
    if mode == "bearer":
        return {"authorization": f"Bearer {secret}"}
    return {
        "github": {"x-hub-signature-256": f"sha256={digest}"},
        "gitlab": {"x-gitlab-token": secret},
        "gitea": {"x-gitea-signature": digest},
        "bitbucket": {"x-hub-signature": f"sha256={digest}"},
        "generic": {"x-hub-signature-256": f"sha256={digest}"},
    }[provider]
