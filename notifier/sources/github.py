"""GitHub: repository, organisation and App webhooks, github.com and Enterprise Server."""

from collections.abc import Sequence

from notifier.domain import signature
from notifier.domain.event import Event
from notifier.domain.identity import first_id
from notifier.domain.payload import clean, json_text, read_json
from notifier.domain.phrases import gettext_noop
from notifier.sources.github_events import read_event
from notifier.sources.source import UNSET, Config, Guide, Request, check_settings

GUIDE = Guide(
    steps=(
        gettext_noop(
            "At GitHub, open the repository (or the organisation) and choose Settings, Webhooks, "
            "Add webhook."
        ),
        gettext_noop("Payload URL: {url}"),
        gettext_noop("Content type: application/json."),
        gettext_noop("Secret: paste this source's secret."),
        gettext_noop("SSL verification: leave it enabled."),
        gettext_noop(
            'Choose "Let me select individual events", tick the events listed here and leave '
            "jobs and checks off: they repeat what workflow runs say."
        ),
        gettext_noop(
            "Leave Active ticked and press Add webhook. GitHub sends a ping at once; "
            "as soon as it is here, the source is verified."
        ),
    ),
    events=("Workflow runs", "Deployment statuses", "Statuses", "Pushes"),
    docs="https://docs.github.com/en/webhooks/using-webhooks/creating-webhooks",
)


class GitHub:
    """Webhooks of GitHub."""

    key = "github"
    label = "GitHub"
    guide = GUIDE
    secret_headers = frozenset({"authorization", "cookie"})
    form_field = "payload"

    def make_secret(self, config: Config) -> str:
        """Return a new random secret; GitHub takes any text."""
        return signature.new_secret()

    def check_config(self, config: Config) -> dict[str, str]:
        """Return an error for every setting: GitHub has none."""
        return check_settings(self.guide, config)

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless X-Hub-Signature-256 fits the raw body, form or JSON."""
        signature.verify_hmac(
            request.headers.get("x-hub-signature-256", ""),
            secrets,
            request.body,
            header="X-Hub-Signature-256",
            place="GitHub",
            prefix="sha256=",
        )

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return X-GitHub-Delivery, which several hooks and redeliveries share."""
        given = request.headers.get("x-github-delivery", "")
        return first_id([given], self.event_name(request), request.body)

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return X-GitHub-Event."""
        return clean(request.headers.get("x-github-event", ""), limit=100)

    def parse(self, request: Request, config: Config) -> Event:
        """Return the event of a JSON or form body. Raises UnusableBody."""
        content_type = request.headers.get("content-type", "")
        body = read_json(json_text(content_type, request.body, form_field=self.form_field))
        return read_event(self.event_name(request), body)


SOURCE = GitHub()
