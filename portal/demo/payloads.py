"""Small webhooks as the providers document them, written by hand for the demo."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from typing import Any

Payload = dict[str, Any]
HUB = "https://github.com"
LAB = "https://gitlab.example.com"
TEA = "https://gitea.example.com"


@dataclass(frozen=True)
class Clock:
    """The two days of the story, which ends now."""

    now: datetime

    def ago(self, hours: float) -> str:
        """Return the moment `hours` before now, as JSON writes it."""
        return (self.now - timedelta(hours=hours)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sha(text: str) -> str:
    """Return something that looks like the id of a commit."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def hub_repository(name: str) -> Payload:
    return {
        "id": 4200,
        "full_name": f"lighthouse/{name}",
        "html_url": f"{HUB}/lighthouse/{name}",
        "default_branch": "main",
        "owner": {"login": "lighthouse"},
    }


def hub_sender(login: str) -> Payload:
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}


def hub_push(name: str, actor: str, message: str, *, branch: str = "main", at: str) -> Payload:
    commit = {
        "id": sha(message),
        "message": message,
        "timestamp": at,
        "url": f"{HUB}/lighthouse/{name}/commit/{sha(message)}",
        "author": {"name": actor, "email": f"{actor}@example.com", "username": actor},
    }
    return {
        "ref": f"refs/heads/{branch}",
        "before": sha(f"before {message}"),
        "after": sha(message),
        "compare": f"{HUB}/lighthouse/{name}/compare/{sha(message)[:12]}",
        "commits": [commit],
        "head_commit": commit,
        "pusher": {"name": actor, "email": f"{actor}@example.com"},
        "repository": hub_repository(name),
        "sender": hub_sender(actor),
    }


def hub_run(
    name: str,
    run: int,
    conclusion: str,
    actor: str,
    title: str,
    *,
    branch: str = "main",
    workflow: str = "Build",
    attempt: int = 1,
    at: str,
) -> Payload:
    return {
        "action": "completed",
        "workflow_run": {
            "id": run,
            "name": workflow,
            "display_title": title,
            "head_branch": branch,
            "head_sha": sha(title),
            "run_number": run % 1000,
            "run_attempt": attempt,
            "event": "push",
            "status": "completed",
            "conclusion": conclusion,
            "html_url": f"{HUB}/lighthouse/{name}/actions/runs/{run}",
            "created_at": at,
            "run_started_at": at,
            "actor": hub_sender(actor),
        },
        "workflow": {"id": 71, "name": workflow},
        "repository": hub_repository(name),
        "sender": hub_sender(actor),
    }


def hub_job(name: str, job: int, actor: str, step: str, *, at: str) -> Payload:
    return {
        "action": "completed",
        "workflow_job": {
            "id": job,
            "name": "test (3.12)",
            "workflow_name": "Build",
            "head_branch": "main",
            "run_attempt": 1,
            "status": "completed",
            "conclusion": "failure",
            "started_at": at,
            "html_url": f"{HUB}/lighthouse/{name}/actions/jobs/{job}",
            "steps": [
                {"name": "Check out", "conclusion": "success"},
                {"name": step, "conclusion": "failure"},
            ],
        },
        "repository": hub_repository(name),
        "sender": hub_sender(actor),
    }


def hub_change(name: str, number: int, actor: str, title: str, branch: str, *, at: str) -> Payload:
    return {
        "action": "opened",
        "number": number,
        "pull_request": {
            "id": 880_000 + number,
            "number": number,
            "title": title,
            "head": {"ref": branch},
            "html_url": f"{HUB}/lighthouse/{name}/pull/{number}",
            "updated_at": at,
        },
        "repository": hub_repository(name),
        "sender": hub_sender(actor),
    }


def hub_release(name: str, tag: str, actor: str, *, at: str) -> Payload:
    return {
        "action": "published",
        "release": {
            "id": 5150,
            "tag_name": tag,
            "name": f"Beacon {tag}",
            "target_commitish": "main",
            "html_url": f"{HUB}/lighthouse/{name}/releases/tag/{tag}",
            "published_at": at,
        },
        "repository": hub_repository(name),
        "sender": hub_sender(actor),
    }


def hub_other(name: str, actor: str, **fields: Any) -> Payload:
    return {**fields, "repository": hub_repository(name), "sender": hub_sender(actor)}


def lab_project(name: str) -> Payload:
    return {
        "id": 88,
        "name": name,
        "path_with_namespace": f"harbour/{name}",
        "default_branch": "main",
        "web_url": f"{LAB}/harbour/{name}",
    }


def lab_user(username: str) -> Payload:
    return {"id": 7, "name": username, "username": username, "email": f"{username}@example.com"}


def lab_push(name: str, actor: str, message: str, *, at: str) -> Payload:
    return {
        "object_kind": "push",
        "ref": "refs/heads/main",
        "before": sha(f"before {message}"),
        "after": sha(message),
        "user_username": actor,
        "user_email": f"{actor}@example.com",
        "project": lab_project(name),
        "commits": [{"id": sha(message), "title": message, "message": message, "timestamp": at}],
    }


def lab_pipeline(
    name: str, run: int, status: str, actor: str, title: str, *, at: str, ended: str
) -> Payload:
    return {
        "object_kind": "pipeline",
        "object_attributes": {
            "id": run,
            "name": "Pipeline",
            "ref": "main",
            "tag": False,
            "status": status,
            "created_at": at,
            "finished_at": ended,
            # Kept as it came, shown without the value: CI variables hold passwords.
            "variables": [{"key": "REGISTRY_PASSWORD", "value": "not-a-real-password"}],
            "url": f"{LAB}/harbour/{name}/-/pipelines/{run}",
        },
        "user": lab_user(actor),
        "project": lab_project(name),
        "commit": {"id": sha(title), "title": title, "message": title},
    }


def lab_deployment(
    name: str, deployment: int, status: str, actor: str, title: str, *, environment: str
) -> Payload:
    return {
        "object_kind": "deployment",
        "status": status,
        "deployment_id": deployment,
        "deployable_url": f"{LAB}/harbour/{name}/-/jobs/{deployment}",
        "environment": environment,
        "project": lab_project(name),
        "user": lab_user(actor),
        "commit_title": title,
        "ref": "main",
    }


def tea_repository(name: str) -> Payload:
    return {
        "id": 31,
        "full_name": f"crew/{name}",
        "html_url": f"{TEA}/crew/{name}",
        "default_branch": "main",
    }


def tea_run(name: str, run: int, conclusion: str, actor: str, title: str, *, at: str) -> Payload:
    return {
        "action": "completed",
        "workflow": {"id": "ci.yml", "name": "CI"},
        "workflow_run": {
            "id": run,
            "display_title": title,
            "run_attempt": 1,
            "run_number": run,
            "head_branch": "main",
            "status": "completed",
            "conclusion": conclusion,
            "html_url": f"{TEA}/crew/{name}/actions/runs/{run}",
            "started_at": at,
        },
        "repository": tea_repository(name),
        "sender": {"id": 9, "login": actor, "username": actor},
    }


def bucket_status(
    name: str, build: int, state: str, actor: str, title: str, *, branch: str, at: str
) -> Payload:
    place = f"https://bitbucket.org/ferry/{name}"
    return {
        "commit_status": {
            "key": str(build),
            "type": "build",
            "name": f"Pipeline #{build} for {branch}",
            "state": state,
            "refname": branch,
            "url": f"{place}/pipelines/results/{build}",
            "created_on": at,
            "updated_on": at,
            "commit": {"hash": sha(title), "message": title},
        },
        "repository": {
            "type": "repository",
            "full_name": f"ferry/{name}",
            "mainbranch": {"type": "branch", "name": "main"},
            "links": {"html": {"href": place}},
        },
        "actor": {"type": "user", "nickname": actor, "display_name": actor},
    }


def backup(job: int, state: str, summary: str, *, at: str) -> Payload:
    return {
        "system": "archive/nightly",
        "job": {
            "id": job,
            "name": "Backup",
            "started_by": "cron",
            "finished": at,
            "link": f"https://backup.example.com/jobs/{job}",
            "api_token": "not-a-real-token",
        },
        "result": {"state": state, "summary": summary},
    }
