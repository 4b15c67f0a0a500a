"""What a source must know: the shape that every file in this folder fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Protocol

from notifier.domain.event import Event
from notifier.domain.payload import TEXT_LIMIT
from notifier.domain.phrases import gettext_noop

Config = Mapping[str, Any]
UNSET: Config = {}

UNKNOWN_SETTING = gettext_noop("There is no such setting.")
NOT_TEXT = gettext_noop("This must be text.")
NO_CHOICE = gettext_noop("Choose one of: {words}.")


@dataclass(frozen=True)
class Request:
    """One webhook request. Header names are lower-case; `body` is exactly what came in.

    `now` is Unix seconds: signatures with a timestamp are judged against it.
    """

    headers: Mapping[str, str]
    body: bytes
    now: float


@dataclass(frozen=True)
class Setting:
    """One provider-specific setting of a source, as its form and API show it."""

    name: str
    label: str
    help: str
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Guide:
    """Step-by-step instructions for setting the webhook up at the provider.

    `steps` may contain `{url}`; `events` are the provider's own words for what to subscribe.
    """

    steps: tuple[str, ...]
    events: tuple[str, ...] = ()
    docs: str = ""
    settings: tuple[Setting, ...] = field(default=())


def bounded(event: Event) -> Event:
    """Return `event` with no text longer than 300 characters (`url` is bounded by its reader)."""
    long: dict[str, Any] = {
        name: text[:TEXT_LIMIT]
        for name, text in event.as_dict().items()
        if isinstance(text, str) and len(text) > TEXT_LIMIT and name not in ("url", "run_id")
    }
    if len(event.run_id) > TEXT_LIMIT:
        long["run_id"] = sha256(event.run_id.encode()).hexdigest()
    return replace(event, **long) if long else event


def setting(guide: Guide, config: Config, name: str) -> str:
    """Return the setting `name`: what is configured or, when that is nothing, its default."""
    value = config.get(name)
    if isinstance(value, str) and value.strip():
        return value.strip()
    return next((known.default for known in guide.settings if known.name == name), "")


def check_settings(guide: Guide, config: Config) -> dict[str, str]:
    """Return what is wrong with `config` whatever the provider: names, types, choices."""
    known = {setting.name: setting for setting in guide.settings}
    errors = {name: UNKNOWN_SETTING for name in config if name not in known}
    for name in config.keys() & known.keys():
        value, words = config[name], [word for word, _ in known[name].choices]
        if not isinstance(value, str):
            errors[name] = NOT_TEXT
        elif words and value.strip() and value.strip() not in words:
            errors[name] = NO_CHOICE.format(words=", ".join(words))
    return errors


class Source(Protocol):
    """A provider of webhooks: it proves where a request comes from and says what it means.

    `form_field` is the field that holds the JSON where the provider also sends forms, else "".
    """

    key: str
    label: str
    guide: Guide
    secret_headers: frozenset[str]
    form_field: str

    def make_secret(self, config: Config) -> str:
        """Return a new random secret in the form that the provider accepts."""

    def check_config(self, config: Config) -> dict[str, str]:
        """Return what is wrong with a source's settings, message by setting name."""

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless one of `secrets` signed the request."""

    def delivery_id(self, request: Request, config: Config = UNSET) -> str:
        """Return the provider's id of this delivery (the same again when it is redelivered).

        At most 200 characters; a digest of event and body when the provider gives no id.
        """

    def event_name(self, request: Request, config: Config = UNSET) -> str:
        """Return the provider's own word for the event, "" when it gives none."""

    def parse(self, request: Request, config: Config) -> Event:
        """Return what the request says. Raises UnusableBody; unknown events are kind `other`."""
