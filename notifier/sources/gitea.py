"""Gitea and Forgejo, whose payloads follow GitHub's but for a few events of their own."""

from collections.abc import Sequence
from dataclasses import replace

from notifier.domain import refs, signature
from notifier.domain.actors import is_bot_login
from notifier.domain.errors import InvalidSignature, UnusableBody
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.identity import first_id
from notifier.domain.payload import Payload, clean, json_text, read_json
from notifier.domain.phrases import gettext_noop
from notifier.sources.github_events import STATES, read_event
from notifier.sources.source import UNSET, Config, Guide, Request, bounded, check_settings

# Their finer words (the headers X-Gitea-Event-Type and, of reviews, X-Gitea-Event) on the left.
PLAIN_NAMES = {
    "issue_assign": "issues",
    "issue_label": "issues",
    "issue_milestone": "issues",
    "pull_request_assign": "pull_request",
    "pull_request_label": "pull_request",
    "pull_request_milestone": "pull_request",
    "pull_request_sync": "pull_request",
    "pull_request_review_request": "pull_request",
    "pull_request_approved": "pull_request_review",
    "pull_request_rejected": "pull_request_review",
    "pull_request_review_approved": "pull_request_review",
    "pull_request_review_rejected": "pull_request_review",
    "pull_request_review_comment": "pull_request_review",
    "pull_request_comment": "issue_comment",
}
RUN_STATES = {
    "action_run_failure": Outcome.FAILED,
    "action_run_success": Outcome.PASSED,
    "action_run_recover": Outcome.FIXED,
}

UNREADABLE = gettext_noop("There is nothing signed to check. {reason}")
GUIDE = Guide(
    steps=(
        gettext_noop(
            "Open the repository (or the organisation) and choose Settings, Webhooks, "
            "Add webhook, then Gitea or Forgejo."
        ),
        gettext_noop("Target URL: {url}"),
        gettext_noop("HTTP method: POST. Content type: application/json."),
        gettext_noop("Secret: paste this source's secret. Leave the Authorization header empty."),
        gettext_noop(
            "Trigger on: choose Custom events and tick the events listed here. Gitea calls the "
            "runs of its Actions Workflow Runs; Forgejo has Success, Failure and Recover under "
            "Action Run."
        ),
        gettext_noop(
            "Leave Active ticked and press Add webhook, then open it again and press Test delivery."
        ),
    ),
    events=("Push", "Status", "Workflow Runs (Gitea)", "Action Run: all three (Forgejo)"),
    docs="https://docs.gitea.com/usage/webhooks",
)


class Gitea:
    """Webhooks of Gitea and Forgejo."""

    key = "gitea"
    label = "Gitea / Forgejo"
    guide = GUIDE
    secret_headers = frozenset({"authorization", "cookie"})
    form_field = "payload"

    def make_secret(self, config: Config) -> str:
        """Return a new random secret; Gitea takes any text."""
        return signature.new_secret()

    def check_config(self, config: Config) -> dict[str, str]:
        """Return an error for every setting: Gitea has none."""
        return check_settings(self.guide, config)

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless X-Forgejo-Signature or X-Gitea-Signature fits the JSON."""
        family = "Forgejo" if "x-forgejo-signature" in request.headers else "Gitea"
        try:
            # In form mode the JSON text is signed, not the form.
            message = _json_text(request)
        except UnusableBody as error:
            raise InvalidSignature(UNREADABLE.format(reason=error)) from None
        signature.verify_hmac(
            request.headers.get(f"x-{family.lower()}-signature", ""),
            secrets,
            message,
            header=f"X-{family}-Signature",
            place=family,
        )

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return X-Forgejo-Delivery or X-Gitea-Delivery, which is new for each attempt."""
        given = (request.headers.get(f"x-{who}-delivery", "") for who in ("forgejo", "gitea"))
        return first_id(given, self.event_name(request), request.body)

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return the finest word among the event headers of Forgejo and Gitea."""
        families = ("forgejo", "gitea")
        names = [f"x-{who}-event{suffix}" for who in families for suffix in ("-type", "")]
        given = (clean(request.headers.get(name, ""), limit=100) for name in names)
        return next(filter(None, given), "")

    def parse(self, request: Request, config: Config) -> Event:
        """Return the event of a JSON or form body. Raises UnusableBody."""
        name, body = self.event_name(request), read_json(_json_text(request))
        if name.startswith("action_run_"):
            return bounded(_action_run(name, body))
        event = read_event(PLAIN_NAMES.get(name, name), body)
        if name == "release":
            return replace(event, branch="")
        if name == "status":
            return replace(event, outcome=_state(body.text("state")))
        return event


def _json_text(request: Request) -> bytes:
    content_type = request.headers.get("content-type", "")
    return json_text(content_type, request.body, form_field="payload")


def _state(word: str) -> Outcome:
    return Outcome.PASSED if word == "warning" else STATES.get(word, Outcome.NONE)


def _action_run(name: str, body: Payload) -> Event:
    run = body.at("run")
    actor = run.text("trigger_user.login") or body.text("sender.login")
    # A cancelled run is reported as a failure; the run itself knows better.
    cancelled = run.text("status") == "cancelled"
    return Event(
        kind=Kind.PIPELINE,
        outcome=Outcome.CANCELLED if cancelled else RUN_STATES.get(name, Outcome.NONE),
        repository=run.text("repository.full_name") or body.text("repository.full_name"),
        branch=refs.bare(run.text("prettyref")),
        default_branch=run.text("repository.default_branch"),
        workflow=run.text("workflow_id"),
        actor=actor,
        is_bot=is_bot_login(actor),
        title=run.title("title"),
        url=run.url("html_url", "repository.html_url"),
        run_id=run.text("id"),
        attempt=run.moment("stopped"),
        order=run.moment("created", "started"),
    )


SOURCE = Gitea()
