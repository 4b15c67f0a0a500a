"""Bitbucket Cloud, and Bitbucket Server and Data Center with their events of another shape."""

import re
from collections.abc import Sequence
from dataclasses import replace

from notifier.domain import refs, signature
from notifier.domain.actors import is_bot_login
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.identity import first_id
from notifier.domain.payload import Payload, clean, json_text, read_json
from notifier.domain.phrases import gettext_noop
from notifier.sources.source import UNSET, Config, Guide, Request, bounded, check_settings

# The longest prefix of the event key decides. Cloud and Server share no key.
KINDS = {
    "repo:push": Kind.PUSH,
    "repo:refs_changed": Kind.PUSH,
    "repo:commit_status_": Kind.PIPELINE,
    "repo:commit_comment_": Kind.COMMENT,
    "repo:comment:": Kind.COMMENT,
    "pullrequest:": Kind.CHANGE,
    "pullrequest:comment_": Kind.COMMENT,
    "pr:": Kind.CHANGE,
    "pr:comment:": Kind.COMMENT,
    "issue:": Kind.ISSUE,
    "issue:comment_": Kind.COMMENT,
    "diagnostics:ping": Kind.PING,
}
STATES = {
    "SUCCESSFUL": Outcome.PASSED,
    "FAILED": Outcome.FAILED,
    "INPROGRESS": Outcome.RUNNING,
    "STOPPED": Outcome.CANCELLED,
}
MACHINES = frozenset({"app_user", "AppUser", "SERVICE"})

GUIDE = Guide(
    steps=(
        gettext_noop(
            "In Bitbucket, open the repository and choose Repository settings, Webhooks, "
            "Add webhook."
        ),
        gettext_noop("URL: {url}"),
        gettext_noop("Secret: paste this source's secret. Without one Bitbucket signs nothing."),
        gettext_noop(
            "Leave Active ticked and SSL verification on "
            "(do not tick Skip certificate verification)."
        ),
        gettext_noop(
            'Triggers: tick "Choose from a full list of triggers", then the events listed here. '
            "On Bitbucket Data Center they are called Repository: Push and Pull request; it has "
            "no event for builds."
        ),
        gettext_noop(
            "Save. On Data Center press Test connection; on Cloud push a commit to see it arrive."
        ),
    ),
    events=("Repository: Push", "Build status created", "Build status updated"),
    docs="https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
)


class Bitbucket:
    """Webhooks of Bitbucket."""

    key = "bitbucket"
    label = "Bitbucket"
    guide = GUIDE
    secret_headers = frozenset({"authorization", "cookie"})
    form_field = ""

    def make_secret(self, config: Config) -> str:
        """Return a new random secret; Bitbucket takes any text."""
        return signature.new_secret()

    def check_config(self, config: Config) -> dict[str, str]:
        """Return an error for every setting: Bitbucket has none."""
        return check_settings(self.guide, config)

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless X-Hub-Signature, with SHA-256, fits the body."""
        signature.verify_hmac(
            request.headers.get("x-hub-signature", ""),
            secrets,
            request.body,
            header="X-Hub-Signature",
            place="Bitbucket",
            prefix="sha256=",
        )

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return X-Request-UUID (Cloud) or X-Request-Id (Server)."""
        given = (request.headers.get(name, "") for name in ("x-request-uuid", "x-request-id"))
        return first_id(given, self.event_name(request), request.body)

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return X-Event-Key."""
        return clean(request.headers.get("x-event-key", ""), limit=100)

    def parse(self, request: Request, config: Config) -> Event:
        """Return the event of a JSON body. Raises UnusableBody."""
        body = read_json(json_text(request.headers.get("content-type", ""), request.body))
        name = self.event_name(request) or body.text("eventKey", limit=100)
        event = _event(name, body)
        if event.kind is Kind.PUSH:
            return bounded(_push(body, event))
        if event.kind is Kind.PIPELINE:
            return bounded(_commit_status(body, event))
        return bounded(_news(name, body, event))


def _event(name: str, body: Payload) -> Event:
    prefixes = [prefix for prefix in KINDS if name.startswith(prefix)]
    actor = body.text("actor.username", "actor.name", "actor.nickname", "actor.display_name")
    source = body.text("pullrequest.source.branch.name")
    return Event(
        kind=KINDS[max(prefixes, key=len)] if prefixes else Kind.OTHER,
        repository=_repository(body),
        branch=source or refs.bare(body.text("pullRequest.fromRef.id")),
        default_branch=body.text("repository.mainbranch.name"),
        actor=actor,
        is_bot=body.text("actor.type") in MACHINES or is_bot_login(actor),
        title=re.sub("[:_]", " ", name),
        url=body.url("repository.links.html.href", "repository.links.self.0.href"),
    )


def _repository(body: Payload) -> str:
    full_name = body.text("repository.full_name")
    # repo:modified has the repository as it was and, under `new`, as it is.
    for path in ("repository", "pullRequest.toRef.repository", "new"):
        project, slug = body.text(f"{path}.project.key"), body.text(f"{path}.slug")
        if not full_name and project and slug:
            return f"{project}/{slug}"
    return full_name


def _push(body: Payload, event: Event) -> Event:
    change = body.at("push.changes.0") or body.at("changes.0")
    new, old = change.at("new"), change.at("old")
    ref = new or old
    name = refs.typed(ref.text("name"), ref.text("type"))
    branch = name or refs.bare(change.text("ref.id", "refId"))
    before = old.text("target.hash") or change.text("fromHash")
    after = new.text("target.hash") or change.text("toHash")
    return replace(
        event,
        kind=refs.pushed_kind(branch),
        branch=branch,
        title=change.title("new.target.message", "commits.0.message")
        or body.title("toCommit.message", "commits.0.message")
        or refs.pushed_title(branch, after),
        url=change.url("links.html.href") or ref.url("links.html.href") or event.url,
        run_id=refs.pushed_id(before, after),
        order=body.moment("date") or new.moment("target.date"),
    )


def _commit_status(body: Payload, event: Event) -> Event:
    status = body.at("commit_status")
    link = status.text("links.commit.href").rpartition("/")[2]
    identity = (status.text("commit.hash") or link, status.text("key"), status.text("url"))
    return replace(
        event,
        outcome=STATES.get(status.text("state"), Outcome.NONE),
        branch=refs.bare(status.text("refname")),
        # Bitbucket's own pipelines count in their name: "Pipeline #4 for main".
        workflow=re.sub(r"\s*#\d+", "", status.text("name")) or status.text("key"),
        title=status.title("commit.message", "description", "name"),
        url=status.url("url") or event.url,
        run_id=":".join(filter(None, identity)),
        order=status.moment("created_on", "updated_on"),
    )


def _news(name: str, body: Payload, event: Event) -> Event:
    things = ("comment", "pullrequest", "pullRequest", "issue")
    thing = next(filter(None, (body.at(path) for path in things)), Payload(None))
    titles = ("pullrequest.title", "pullRequest.title", "issue.title", "comment.content.raw")
    moment = body.moment("date") or thing.moment(
        "updated_on", "updatedDate", "created_on", "createdDate"
    )
    pull_request = body.url("pullrequest.links.html.href", "pullRequest.links.self.0.href")
    # Without a time one edit cannot be told from the next: then no news counts as told.
    identity = thing.text("id") if moment else ""
    return replace(
        event,
        title=body.title(*titles, "comment.text") or event.title,
        url=thing.url("links.html.href", "links.self.0.href") or pull_request or event.url,
        run_id=":".join(filter(None, (identity, name, moment))) if identity else "",
        order=moment,
    )


SOURCE = Bitbucket()
