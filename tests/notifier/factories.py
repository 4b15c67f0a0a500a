"""Inputs of the notifier's tests: one keyword-only factory for each shape."""

import hashlib
import hmac
import json
from typing import Any

from notifier.domain.ids import uuid7
from notifier.models import Delivery, Recipient, Rule, Source
from notifier.services.intake import receive
from notifier.services.sources import create_source

SECRET = "correct-horse-battery"
_numbers = iter(range(10_000_000))


def make_source(*, provider: str = "github", slug: str = "octo", **fields: Any) -> Source:
    source, _ = create_source(
        name=fields.pop("name", slug.title()),
        slug=slug,
        provider=provider,
        config=fields.pop("config", {}),
        secret=SECRET,
    )
    return source


def make_recipient(*, name: str = "Ada", phone: str = "", **fields: Any) -> Recipient:
    phone = phone or f"+49151{next(_numbers):08d}"
    return Recipient.objects.create(name=name, phone=phone, **fields)


def make_rule(
    *, name: str = "Main is red", to: list[Recipient] | None = None, **fields: Any
) -> Rule:
    teams = fields.pop("teams", [])
    sources = fields.pop("sources", [])
    rule = Rule.objects.create(name=name, **fields)
    rule.recipients.set(to or [])
    rule.teams.set(teams)
    rule.sources.set(sources)
    return rule


def workflow_run(
    *,
    conclusion: str = "failure",
    run_id: int = 4711,
    attempt: int = 1,
    branch: str = "main",
    actor: str = "ada",
    repository: str = "octo-org/weather",
    started: str = "2026-03-02T09:00:00Z",
) -> dict[str, Any]:
    """Return a small GitHub `workflow_run` event, completed with `conclusion`."""
    owner, name = repository.split("/")
    return {
        "action": "completed",
        "workflow_run": {
            "id": run_id,
            "name": "CI",
            "display_title": "Retry the nightly import",
            "head_branch": branch,
            "head_sha": "5f2d7c1a9be34d06a3c7e8f1b2049d6c8a7e3b15",
            "run_number": run_id % 1000,
            "run_attempt": attempt,
            "status": "completed",
            "conclusion": conclusion,
            "html_url": f"https://github.com/{repository}/actions/runs/{run_id}",
            "created_at": started,
            "run_started_at": started,
            "updated_at": started,
            "event": "push",
            "actor": {"login": actor, "type": "User"},
            "triggering_actor": {"login": actor, "type": "User"},
        },
        "repository": {
            "id": 99,
            "name": name,
            "full_name": repository,
            "default_branch": "main",
            "owner": {"login": owner},
        },
        "sender": {"login": actor, "type": "User"},
    }


def github_headers(
    body: bytes, *, event: str = "workflow_run", delivery: str = "", secret: str = SECRET
) -> dict[str, str]:
    """Return the headers of a signed GitHub delivery, names in lower case."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": delivery or str(uuid7()),
        "x-hub-signature-256": f"sha256={digest}",
    }


def receive_github(
    payload: dict[str, Any], *, event: str = "workflow_run", delivery: str = "", slug: str = "octo"
) -> Delivery:
    """Let the intake take `payload` and return its row."""
    body = json.dumps(payload).encode()
    headers = github_headers(body, event=event, delivery=delivery)
    return Delivery.objects.get(pk=receive(slug, headers, body, "192.0.2.7"))
