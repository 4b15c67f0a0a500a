"""What the payloads of GitHub say, and of those who send the same (Gitea, Forgejo)."""

from dataclasses import replace

from notifier.domain import refs
from notifier.domain.actors import is_bot_login
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.payload import Payload, clean
from notifier.sources.source import bounded

KINDS = {
    "workflow_run": Kind.PIPELINE,
    "check_suite": Kind.PIPELINE,
    "status": Kind.PIPELINE,
    "page_build": Kind.PIPELINE,
    "workflow_job": Kind.JOB,
    "check_run": Kind.JOB,
    "deployment": Kind.DEPLOYMENT,
    "deployment_status": Kind.DEPLOYMENT,
    "deployment_review": Kind.DEPLOYMENT,
    "deployment_protection_rule": Kind.DEPLOYMENT,
    "pull_request": Kind.CHANGE,
    "pull_request_review": Kind.CHANGE,
    "pull_request_review_thread": Kind.CHANGE,
    "merge_group": Kind.CHANGE,
    "release": Kind.RELEASE,
    "issues": Kind.ISSUE,
    "sub_issues": Kind.ISSUE,
    "issue_dependencies": Kind.ISSUE,
    "issue_comment": Kind.COMMENT,
    "commit_comment": Kind.COMMENT,
    "discussion_comment": Kind.COMMENT,
    "pull_request_review_comment": Kind.COMMENT,
    "ping": Kind.PING,
}
# stale, skipped, neutral, action_required (awaits approval) and words yet unknown say nothing.
CONCLUSIONS = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "timed_out": Outcome.FAILED,
    "startup_failure": Outcome.FAILED,
    "cancelled": Outcome.CANCELLED,
}
STATES = {
    "success": Outcome.PASSED,
    "failure": Outcome.FAILED,
    "error": Outcome.FAILED,
    "pending": Outcome.RUNNING,
    "queued": Outcome.RUNNING,
    "in_progress": Outcome.RUNNING,
    "waiting": Outcome.RUNNING,
}
PAGE_STATES = {"built": Outcome.PASSED, "errored": Outcome.FAILED, "building": Outcome.RUNNING}
BRANCHES = (
    "workflow_run.head_branch",
    "workflow_job.head_branch",
    "check_run.check_suite.head_branch",
    "check_suite.head_branch",
    "merge_group.head_ref",
    "pull_request.head.ref",
    "release.target_commitish",
    "ref",
)
# What an event is about, the most special thing first.
THINGS = ("comment", "review", "release", "merge_group", "pull_request", "issue", "discussion")


def read_event(name: str, body: Payload) -> Event:
    """Return what the body of the event `name` says, in GitHub's shape."""
    actor = body.text("sender.login", "sender.username")
    event = Event(
        kind=KINDS.get(name, Kind.OTHER),
        repository=body.text("repository.full_name"),
        branch=refs.bare(body.text(*BRANCHES)),
        default_branch=body.text("repository.default_branch"),
        actor=actor,
        is_bot=body.text("sender.type") == "Bot" or is_bot_login(actor),
        title=clean(f"{name} {body.text('action')}".replace("_", " ")),
        url=body.url("repository.html_url", "organization.html_url"),
    )
    reader = READERS.get(name)
    return bounded(reader(body, event) if reader else event)


def _push(body: Payload, event: Event) -> Event:
    before, after = body.text("before"), body.text("after")
    return replace(
        event,
        kind=refs.pushed_kind(event.branch),
        title=body.title("head_commit.message", "commits.-1.message")
        or refs.pushed_title(event.branch, after),
        url=body.url("compare", "compare_url", "head_commit.url") or event.url,
        run_id=refs.pushed_id(before, after),
        order=body.moment("repository.pushed_at", "head_commit.timestamp"),
    )


def _ref(body: Payload, event: Event) -> Event:
    ref_type = body.text("ref_type")
    if ref_type not in ("branch", "tag"):
        return event
    branch = refs.typed(event.branch, ref_type)
    done = f"{event.title}d"
    # The payload has no commit: the time of the push tells one deletion of a name from the next.
    moment = body.moment("repository.pushed_at", "repository.updated_at")
    return replace(
        event,
        kind=refs.pushed_kind(branch),
        branch=branch,
        title=f"{ref_type} {body.text('ref')} {done}",
        run_id=":".join(filter(None, (done, body.text("sha"), moment))),
        order=moment,
    )


def _workflow_run(body: Payload, event: Event) -> Event:
    run = body.at("workflow_run")
    path = run.text("path").partition("@")[0]
    return replace(
        event,
        outcome=_concluded(body.text("action"), run),
        workflow=run.text("name") or body.text("workflow.name") or path.rpartition("/")[2],
        title=run.title("display_title", "head_commit.message", "name"),
        url=run.url("html_url") or event.url,
        run_id=run.text("id"),
        attempt=run.text("run_attempt"),
        order=run.moment("created_at", "run_started_at", "started_at"),
    )


def _workflow_job(body: Payload, event: Event) -> Event:
    job = body.at("workflow_job")
    steps = (step.text("name") for step in job.items("steps") if _failed(step))
    return replace(
        event,
        outcome=_concluded(body.text("action"), job),
        workflow=job.text("workflow_name"),
        title=": ".join(filter(None, (job.text("name"), next(steps, "")))),
        url=job.url("html_url") or event.url,
        run_id=job.text("id"),
        attempt=job.text("run_attempt"),
        order=job.moment("created_at", "started_at"),
    )


def _check_run(body: Payload, event: Event) -> Event:
    check = body.at("check_run")
    return replace(
        event,
        outcome=_concluded(body.text("action"), check),
        workflow=check.text("name"),
        title=check.title("output.title", "name"),
        url=check.url("html_url", "details_url") or event.url,
        run_id=check.text("id"),
        order=check.moment("started_at", "completed_at"),
    )


def _check_suite(body: Payload, event: Event) -> Event:
    suite = body.at("check_suite")
    # Every workflow run of Actions has a suite of its own that repeats the run's outcome.
    repeats = suite.text("app.slug") == "github-actions"
    return replace(
        event,
        kind=Kind.JOB if repeats else Kind.PIPELINE,
        outcome=_concluded(body.text("action"), suite),
        workflow=suite.text("app.name"),
        title=suite.title("head_commit.message", "app.name"),
        url=_commit_url(event.url, suite.text("head_sha")),
        run_id=suite.text("id"),
        order=suite.moment("created_at", "updated_at"),
    )


def _status(body: Payload, event: Event) -> Event:
    sha, url = body.text("sha"), body.url("target_url")
    context = body.text("context") or "default"
    return replace(
        event,
        outcome=STATES.get(body.text("state"), Outcome.NONE),
        branch=_status_branch(body, event),
        workflow=context,
        title=body.title("commit.commit.message", "commit.message", "description") or context,
        url=url or body.url("commit.html_url") or event.url,
        # One commit may be built again: only the build's own address tells the builds apart.
        run_id=":".join(filter(None, (sha, context, url))),
        order=body.moment("created_at", "updated_at"),
    )


def _status_branch(body: Payload, event: Event) -> str:
    branches = body.items("branches")
    heads = [branch for branch in branches if branch.text("commit.sha") == body.text("sha")]
    names = [branch.text("name") for branch in heads or branches]
    if event.default_branch in names:
        return event.default_branch
    return names[0] if names else ""


def _page_build(body: Payload, event: Event) -> Event:
    build = body.at("build")
    return replace(
        event,
        outcome=PAGE_STATES.get(build.text("status"), Outcome.NONE),
        workflow="GitHub Pages",
        environment="github-pages",
        title=build.title("error.message") or "Page build",
        run_id=body.text("id"),
        order=build.moment("created_at", "updated_at"),
    )


def _deployment(body: Payload, event: Event) -> Event:
    deployment, status = body.at("deployment"), body.at("deployment_status")
    ref, environment = deployment.text("ref"), _environment(body)
    subjects = ("workflow_run.display_title", "workflow_run.head_commit.message")
    return replace(
        event,
        outcome=STATES.get(status.text("state"), Outcome.NONE),
        branch=event.branch if refs.is_commit(ref) and event.branch else refs.bare(ref),
        workflow=body.text("workflow.name", "workflow_run.name"),
        environment=environment,
        title=body.title("deployment_status.description", "deployment.description", *subjects)
        or (f"deployment to {environment}" if environment else event.title),
        url=status.url("log_url", "target_url", "environment_url")
        or body.url("workflow_run.html_url")
        or event.url,
        run_id=deployment.text("id"),
        order=deployment.moment("created_at", "updated_at"),
    )


def _deployment_review(body: Payload, event: Event) -> Event:
    return replace(
        event,
        workflow=body.text("workflow_run.name"),
        environment=_environment(body),
        title=body.title("workflow_run.display_title") or event.title,
        url=body.url("workflow_run.html_url") or event.url,
        run_id=":".join(filter(None, (body.text("workflow_run.id"), body.text("action")))),
    )


def _news(body: Payload, event: Event) -> Event:
    things = (body.at(name) for name in THINGS)
    thing = next((t for t in things if t.text("id", "node_id", "head_sha")), Payload(None))
    subjects = ("pull_request.title", "issue.title", "discussion.title", "release.name")
    more = ("release.tag_name", "merge_group.head_commit.message", "comment.body")
    moment = thing.moment("updated_at", "submitted_at", "published_at", "created_at")
    # Without a time one edit cannot be told from the next: then no news counts as told.
    identity = thing.text("head_sha") or (thing.text("id", "node_id") if moment else "")
    return replace(
        event,
        title=body.title(*subjects, *more) or event.title,
        url=thing.url("html_url") or body.url("pull_request.html_url") or event.url,
        run_id=":".join(filter(None, (identity, body.text("action"), moment))) if identity else "",
        order=moment,
    )


def _concluded(action: str, run: Payload) -> Outcome:
    conclusion = run.text("conclusion")
    if action == "completed" or (not action and run.text("status") == "completed"):
        return CONCLUSIONS.get(conclusion, Outcome.NONE)
    return Outcome.NONE if conclusion else Outcome.RUNNING


def _failed(step: Payload) -> bool:
    return CONCLUSIONS.get(step.text("conclusion")) is Outcome.FAILED


def _environment(body: Payload) -> str:
    return body.text(
        "deployment_status.environment", "deployment.environment", "environment"
    ) or body.text("workflow_job_run.environment", "workflow_job_runs.0.environment")


def _commit_url(repository_url: str, sha: str) -> str:
    return f"{repository_url}/commit/{sha}" if repository_url and sha else repository_url


READERS = {
    "push": _push,
    "create": _ref,
    "delete": _ref,
    "workflow_run": _workflow_run,
    "workflow_job": _workflow_job,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "status": _status,
    "page_build": _page_build,
    "deployment": _deployment,
    "deployment_status": _deployment,
    "deployment_protection_rule": _deployment,
    "deployment_review": _deployment_review,
} | dict.fromkeys(
    [
        name
        for name, kind in KINDS.items()
        if kind in (Kind.CHANGE, Kind.RELEASE, Kind.ISSUE, Kind.COMMENT)
    ],
    _news,
)
