"""Anything that posts JSON: a signature scheme, and a mapping from its fields to an event's."""

import re
from collections.abc import Sequence

from notifier.domain import mapping, refs, signature
from notifier.domain.actors import is_bot_login
from notifier.domain.errors import InvalidSignature
from notifier.domain.event import Event, Kind, Outcome
from notifier.domain.identity import first_id
from notifier.domain.payload import (
    URL_LIMIT,
    Payload,
    clean,
    is_web_address,
    json_text,
    read_json,
)
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

HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
PLACE = gettext_noop("the sender")
FIELDS = {
    "kind": gettext_noop(
        "What happened: push, tag, pipeline, job, deployment, change, release, issue, "
        "comment or ping. When it is not said, the event header is asked; when that is silent "
        "too and there is an outcome, it is a pipeline."
    ),
    "outcome": gettext_noop(
        "How it ended: passed, failed, fixed, cancelled or running; also true and false."
    ),
    "repository": gettext_noop("The full name, such as team/app."),
    "branch": gettext_noop("A branch or tag; refs/heads/ and refs/tags/ are taken off."),
    "default_branch": gettext_noop("The branch that rules call the default branch."),
    "workflow": gettext_noop("What ran: the name of the pipeline or job."),
    "environment": gettext_noop("Where it was deployed to."),
    "actor": gettext_noop("Who did it: a login."),
    "is_bot": gettext_noop("True when the actor is a machine."),
    "title": gettext_noop("One line for the reader."),
    "url": gettext_noop("Where to look: an http or https address."),
    "run_id": gettext_noop("What identifies the run: one run is told once for each outcome."),
    "attempt": gettext_noop("Which attempt of the run this is."),
    "order": gettext_noop(
        "A time or a growing number by which runs of one workflow are told apart in age."
    ),
}
LABELS = {
    "kind": gettext_noop("Kind"),
    "outcome": gettext_noop("Outcome"),
    "repository": gettext_noop("Repository"),
    "branch": gettext_noop("Branch"),
    "default_branch": gettext_noop("Default branch"),
    "workflow": gettext_noop("Workflow"),
    "environment": gettext_noop("Environment"),
    "actor": gettext_noop("Actor"),
    "is_bot": gettext_noop("Is bot"),
    "title": gettext_noop("Title"),
    "url": gettext_noop("Url"),
    "run_id": gettext_noop("Run id"),
    "attempt": gettext_noop("Attempt"),
    "order": gettext_noop("Order"),
}
PATH_HELP = gettext_noop(
    "{meaning} A path in the JSON such as build.branch or commits.0.author; alternatives "
    "parted by |; a fixed text after =."
)
NO_MODE = gettext_noop("This source's proof of origin is set to nothing known.")
NO_HEADER = gettext_noop("This is no name of a header.")
NOT_PLAIN = gettext_noop("Only plain characters, please.")

OWN_SETTINGS = (
    Setting(
        name="mode",
        label=gettext_noop("Proof of origin"),
        help=gettext_noop(
            "HMAC signs the body; Standard Webhooks also signs the time, which keeps old requests "
            "out; a bearer token (Authorization: Bearer …) is for senders that cannot sign."
        ),
        default="hmac",
        choices=(("hmac", "HMAC-SHA256"), ("standard", "Standard Webhooks"), ("bearer", "Bearer")),
    ),
    Setting(
        name="signature_header",
        label=gettext_noop("Signature header"),
        help=gettext_noop("For HMAC: the header that holds the signature of the raw body."),
        default="X-Hub-Signature-256",
    ),
    Setting(
        name="signature_prefix",
        label=gettext_noop("Signature prefix"),
        help=gettext_noop(
            "For HMAC: what stands before the digest. A single = sign means nothing does."
        ),
        default="sha256=",
    ),
    Setting(
        name="signature_encoding",
        label=gettext_noop("Signature encoding"),
        help=gettext_noop("For HMAC: how the digest is written."),
        default="hex",
        choices=(("hex", gettext_noop("Hexadecimal")), ("base64", "Base64")),
    ),
    Setting(
        name="delivery_header",
        label=gettext_noop("Delivery header"),
        help=gettext_noop(
            "The header with an id that stays the same when a request is repeated. Without it, "
            "equal bodies count as one delivery."
        ),
        default="Webhook-Id",
    ),
    Setting(
        name="event_header",
        label=gettext_noop("Event header"),
        help=gettext_noop("The header with the name of the event."),
        default="X-Event",
    ),
    Setting(
        name="kinds",
        label=gettext_noop("Words for kinds"),
        help=gettext_noop(
            "The sender's words and ours, such as: build_finished=pipeline, rollout=deployment."
        ),
    ),
    Setting(
        name="outcomes",
        label=gettext_noop("Words for outcomes"),
        help=gettext_noop(
            "The sender's words and ours, such as: S=passed, E=failed. Common words such as "
            "success, error and canceled are known already."
        ),
    ),
)
PATHS = tuple(
    Setting(
        name=name,
        label=LABELS[name],
        help=PATH_HELP.format(meaning=text),
        default=name,
    )
    for name, text in FIELDS.items()
)
GUIDE = Guide(
    steps=(
        gettext_noop("In the sending program, add a webhook with the method POST to: {url}"),
        gettext_noop("Content type: application/json. The body must be a JSON object."),
        gettext_noop(
            "HMAC (the default): let it send X-Hub-Signature-256: sha256= and the HMAC-SHA256 of "
            "the raw body in hexadecimal, with this source's secret as key."
        ),
        gettext_noop(
            "Standard Webhooks: enter the secret (whsec_…) as it is. Bearer: let it send "
            "Authorization: Bearer and the secret. Never put the secret into the address."
        ),
        gettext_noop(
            "Name the JSON fields kind, outcome, repository, branch, title, url … as here, or say "
            "in this source's settings where they are."
        ),
        gettext_noop(
            "Send one request and look at its delivery here: it shows what was understood."
        ),
    ),
    docs="https://www.standardwebhooks.com/",
    settings=OWN_SETTINGS + PATHS,
)


class Generic:
    """Webhooks of anything else."""

    key = "generic"
    label = gettext_noop("Generic JSON")
    guide = GUIDE
    secret_headers = frozenset({"authorization", "cookie"})
    form_field = ""

    def make_secret(self, config: Config) -> str:
        """Return a new random secret: a Standard Webhooks token if the source is set to it."""
        standard = setting(self.guide, config, "mode") == "standard"
        return signature.new_signing_token() if standard else signature.new_secret()

    def check_config(self, config: Config) -> dict[str, str]:
        """Return what is wrong with the settings, message by name."""
        errors = check_settings(self.guide, config)
        given = {name: config[name] for name in config.keys() - errors.keys()}
        checked = {name: _setting_error(name, value) for name, value in given.items()}
        return errors | {name: error for name, error in checked.items() if error}

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless the request is proven in the way the source is set to."""
        mode = setting(self.guide, config, "mode")
        if mode == "hmac":
            self._verify_hmac(request, secrets, config)
        elif mode == "bearer":
            scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
            given = token.strip() if scheme.lower() == "bearer" else ""
            header = "Authorization: Bearer"
            signature.verify_token(given, secrets, header=header, place=PLACE)
        elif mode == "standard":
            signature.verify_standard(
                request.headers, request.body, secrets, request.now, place=PLACE
            )
        else:
            raise InvalidSignature(NO_MODE)

    def _verify_hmac(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        header = setting(self.guide, config, "signature_header")
        prefix = setting(self.guide, config, "signature_prefix")
        encoding = setting(self.guide, config, "signature_encoding")
        signature.verify_hmac(
            request.headers.get(header.lower(), ""),
            secrets,
            request.body,
            header=header,
            place=PLACE,
            prefix="" if prefix == "=" else prefix,
            digest=signature.base64_digest if encoding == "base64" else signature.hex_digest,
        )

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return the value of the configured header, else a digest of the body."""
        header = setting(self.guide, config, "delivery_header").lower()
        given = request.headers.get(header, "")
        return first_id([given], self.event_name(request, config), request.body)

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return the value of the configured header."""
        header = setting(self.guide, config, "event_header").lower()
        return clean(request.headers.get(header, ""), limit=100)

    def parse(self, request: Request, config: Config) -> Event:
        """Return the event that the mapping finds in a JSON body. Raises UnusableBody."""
        body = read_json(json_text(request.headers.get("content-type", ""), request.body))
        found = {name: self._find(body, config, name) for name in FIELDS}
        outcome = self._outcome(found["outcome"], config)
        return bounded(
            Event(
                kind=self._kind(found["kind"] or self.event_name(request, config), outcome, config),
                outcome=outcome,
                repository=found["repository"],
                branch=refs.bare(found["branch"]),
                default_branch=refs.bare(found["default_branch"]),
                workflow=found["workflow"],
                environment=found["environment"],
                actor=found["actor"],
                is_bot=found["is_bot"].lower() in ("true", "1", "yes", "bot")
                or is_bot_login(found["actor"]),
                title=found["title"],
                url=found["url"] if is_web_address(found["url"]) else "",
                run_id=found["run_id"],
                attempt=found["attempt"],
                order=_order(found["order"]),
            )
        )

    def _find(self, body: Payload, config: Config, name: str) -> str:
        limit = URL_LIMIT + 1 if name == "url" else 300
        return mapping.find(body, setting(self.guide, config, name), limit)

    def _outcome(self, word: str, config: Config) -> Outcome:
        meaning = mapping.translate(word, setting(self.guide, config, "outcomes"))
        return mapping.OUTCOME_WORDS.get(meaning, Outcome.NONE)

    def _kind(self, word: str, outcome: Outcome, config: Config) -> Kind:
        if not word:
            return Kind.OTHER if outcome is Outcome.NONE else Kind.PIPELINE
        meaning = mapping.translate(word, setting(self.guide, config, "kinds"))
        return mapping.KIND_WORDS.get(meaning, Kind.OTHER)


def _order(text: str) -> str:
    if text.isascii() and text.isdigit():
        return text.zfill(20)
    return Payload(text).moment("")


def _setting_error(name: str, value: str) -> str:
    if not value.strip() or name in ("mode", "signature_encoding"):
        return ""
    if name.endswith("_header"):
        return "" if HEADER.fullmatch(value.strip()) else NO_HEADER
    if name == "signature_prefix":
        return "" if value.isascii() and value.isprintable() else NOT_PLAIN
    if name == "kinds":
        return mapping.words_error(value, [kind.value for kind in Kind])
    if name == "outcomes":
        return mapping.words_error(value, [outcome.value for outcome in Outcome])
    return mapping.expression_error(value)


SOURCE = Generic()
