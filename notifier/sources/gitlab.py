"""GitLab: project, group and system hooks, with a secret token or a signing token."""

import re
from collections.abc import Sequence
from dataclasses import replace

from notifier.domain import refs, signature
from notifier.domain.actors import is_bot_login
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.identity import first_id
from notifier.domain.payload import Payload, clean, json_text, read_json
from notifier.domain.phrases import gettext_noop
from notifier.sources.source import (
    UNSET,
    Config,
    Guide,
    Request,
    Setting,
    bounded,
    check_settings,
    setting,
)

KINDS = {
    "push": Kind.PUSH,
    "tag_push": Kind.TAG,
    "pipeline": Kind.PIPELINE,
    "build": Kind.JOB,
    "job": Kind.JOB,
    "deployment": Kind.DEPLOYMENT,
    "merge_request": Kind.CHANGE,
    "release": Kind.RELEASE,
    "issue": Kind.ISSUE,
    "work_item": Kind.ISSUE,
    "note": Kind.COMMENT,
}
# manual, skipped, blocked, approval, rejected: nothing runs and nothing has ended.
STATES = {
    "success": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
    "created": Outcome.RUNNING,
    "waiting_for_resource": Outcome.RUNNING,
    "waiting_for_callback": Outcome.RUNNING,
    "preparing": Outcome.RUNNING,
    "pending": Outcome.RUNNING,
    "running": Outcome.RUNNING,
    "canceling": Outcome.RUNNING,
    "scheduled": Outcome.RUNNING,
}

GUIDE = Guide(
    steps=(
        gettext_noop(
            "At GitLab, open the project (or the group) and choose Settings, Webhooks, "
            "Add new webhook."
        ),
        gettext_noop("URL: {url}"),
        gettext_noop(
            "Secret: paste this source's secret into Secret token or, if this source is set to "
            "signing token, into Signing token (it begins with whsec_)."
        ),
        gettext_noop(
            "Trigger: tick the events listed here, all branches; leave job events off: pipeline "
            "events say the same once."
        ),
        gettext_noop("Leave SSL verification enabled and press Add webhook."),
        gettext_noop(
            "Choose Test, Push events, in the list of webhooks: the delivery appears here."
        ),
        gettext_noop(
            "GitLab switches a webhook off after repeated failures: when a source stays quiet, "
            "look there first."
        ),
    ),
    events=("Push events", "Tag push events", "Pipeline events", "Deployment events"),
    docs="https://docs.gitlab.com/user/project/integrations/webhooks/",
    settings=(
        Setting(
            name="mode",
            label=gettext_noop("Proof of origin"),
            help=gettext_noop(
                "Secret token works with every GitLab and is sent with each request in clear. "
                "Signing token signs each request and needs a recent GitLab; the secret token "
                "alone is then refused. Rotate the secret after changing this."
            ),
            default="token",
            choices=(("token", "Secret token"), ("signing", "Signing token")),
        ),
    ),
)


class GitLab:
    """Webhooks of GitLab."""

    key = "gitlab"
    label = "GitLab"
    guide = GUIDE
    secret_headers = frozenset({"x-gitlab-token", "authorization", "cookie"})
    form_field = ""

    def make_secret(self, config: Config) -> str:
        """Return a new random secret token or signing token, as the source is set."""
        signing = setting(self.guide, config, "mode") == "signing"
        return signature.new_signing_token() if signing else signature.new_secret()

    def check_config(self, config: Config) -> dict[str, str]:
        """Return what is wrong with the settings, message by name."""
        return check_settings(self.guide, config)

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless the token is right or, if so set, the signature fits."""
        headers = request.headers
        if setting(self.guide, config, "mode") == "token":
            token = headers.get("x-gitlab-token", "")
            signature.verify_token(token, secrets, header="X-Gitlab-Token", place="GitLab")
        else:
            signature.verify_standard(headers, request.body, secrets, request.now, place="GitLab")

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return webhook-id or Idempotency-Key; GitLab before 17.4 sends neither."""
        given = (request.headers.get(name, "") for name in ("webhook-id", "idempotency-key"))
        return first_id(given, self.event_name(request), request.body)

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return X-Gitlab-Event, such as `Pipeline Hook`."""
        return clean(request.headers.get("x-gitlab-event", ""), limit=100)

    def parse(self, request: Request, config: Config) -> Event:
        """Return the event of a JSON body. Raises UnusableBody."""
        body = read_json(json_text(request.headers.get("content-type", ""), request.body))
        header = self.event_name(request).removesuffix(" Hook").lower().replace(" ", "_")
        # System hooks name some events in event_name only.
        name = body.text("object_kind", "event_name") or header.removeprefix("confidential_")
        event = _event(name, body)
        reader = READERS.get(event.kind)
        return bounded(reader(body, event) if reader else event)


def _event(name: str, body: Payload) -> Event:
    actor = body.text("user.username", "user.name", "user_username", "user_name")
    action = body.text("object_attributes.action", "event_name", "event_type", "action")
    return Event(
        kind=KINDS.get(name, Kind.OTHER),
        repository=body.text(
            "project.path_with_namespace",
            "object_attributes.target.path_with_namespace",
            "path_with_namespace",
            "project_path_with_namespace",
            "project_name",
        ),
        branch=body.text("object_attributes.source_branch", "merge_request.source_branch"),
        default_branch=body.text("project.default_branch"),
        actor=actor,
        is_bot=is_bot_login(actor),
        title=body.title("object_attributes.title", "object_attributes.name")
        or clean(" ".join(dict.fromkeys((name, action))).replace("_", " ")),
        url=body.url("object_attributes.url", "project.web_url", "repository.homepage"),
    )


def _push(body: Payload, event: Event) -> Event:
    branch = refs.bare(body.text("ref"))
    before, after = body.text("before"), body.text("after")
    head = next((c for c in body.items("commits") if c.text("id") == after), Payload(None))
    return replace(
        event,
        kind=refs.pushed_kind(branch),
        branch=branch,
        title=head.title("title", "message")
        or body.title("commits.-1.title", "commits.-1.message", "message")
        or refs.pushed_title(branch, after),
        url=head.url("url") or body.url("commits.-1.url") or event.url,
        run_id=refs.pushed_id(before, after),
        order=head.moment("timestamp"),
    )


def _pipeline(body: Payload, event: Event) -> Event:
    pipeline, ref = body.at("object_attributes"), body.text("object_attributes.ref")
    outcome = STATES.get(pipeline.text("status"), Outcome.NONE)
    # A retried pipeline keeps its id, and while it runs again its former end.
    ended = "" if outcome is Outcome.RUNNING else pipeline.moment("finished_at")
    return replace(
        event,
        outcome=outcome,
        branch=refs.tag(ref) if pipeline.flag("tag") else refs.bare(ref),
        workflow=pipeline.text("name"),
        title=body.title("commit.title", "commit.message", "merge_request.title") or event.title,
        url=pipeline.url("url") or _page(body, "pipelines", pipeline.text("id")) or event.url,
        run_id=pipeline.text("id"),
        attempt=ended,
        order=pipeline.moment("created_at"),
    )


def _job(body: Payload, event: Event) -> Event:
    outcome = STATES.get(body.text("build_status"), Outcome.NONE)
    ref = body.text("ref")
    name, reason = body.text("build_name"), body.text("build_failure_reason")
    failed = outcome is Outcome.FAILED
    return replace(
        event,
        outcome=Outcome.NONE if failed and body.flag("build_allow_failure") else outcome,
        branch=refs.tag(ref) if body.flag("tag") else refs.bare(ref),
        workflow=name,
        environment=body.text("environment.name", "environment"),
        title=": ".join(filter(None, (name, reason.replace("_", " ") if failed else ""))),
        url=_page(body, "jobs", body.text("build_id")) or event.url,
        run_id=body.text("build_id"),
        order=body.moment("build_created_at_iso", "build_created_at"),
    )


def _deployment(body: Payload, event: Event) -> Event:
    return replace(
        event,
        outcome=STATES.get(body.text("status"), Outcome.NONE),
        branch=refs.bare(body.text("ref")),
        environment=body.text("environment"),
        title=body.title("commit_title") or event.title,
        url=body.url("deployable_url", "environment_external_url", "commit_url") or event.url,
        run_id=body.text("deployment_id"),
        order=body.text("deployment_id").zfill(20),
    )


def _news(body: Payload, event: Event) -> Event:
    thing = body.at("object_attributes") or body
    moment = thing.moment("updated_at", "created_at")
    identity, action = thing.text("id", "iid"), thing.text("action")
    subjects = ("merge_request.title", "issue.title", "snippet.title", "commit.title")
    return replace(
        event,
        title=body.title("object_attributes.title", *subjects, "commit.message", "name", "tag")
        or event.title,
        url=thing.url("url") or event.url,
        # Without a time one edit cannot be told from the next: then no news counts as told.
        run_id=":".join(filter(None, (identity, action, moment))) if identity and moment else "",
        order=moment,
    )


def _page(body: Payload, section: str, identity: str) -> str:
    project = body.url("project.web_url", "project.homepage", "repository.homepage")
    return f"{project}/-/{section}/{identity}" if project and re.fullmatch(r"\d+", identity) else ""


READERS = {
    Kind.PUSH: _push,
    Kind.TAG: _push,
    Kind.PIPELINE: _pipeline,
    Kind.JOB: _job,
    Kind.DEPLOYMENT: _deployment,
    Kind.CHANGE: _news,
    Kind.RELEASE: _news,
    Kind.ISSUE: _news,
    Kind.COMMENT: _news,
}
SOURCE = GitLab()
