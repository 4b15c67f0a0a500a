"""What a source must know: the shape that every file in this folder fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from notifier.domain.event import Event

Config = Mapping[str, Any]


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


class Source(Protocol):
    """A provider of webhooks: it proves where a request comes from and says what it means."""

    key: str
    label: str
    guide: Guide
    secret_headers: frozenset[str]

    def make_secret(self, config: Config) -> str:
        """Return a new random secret in the form that the provider accepts."""

    def check_config(self, config: Config) -> dict[str, str]:
        """Return what is wrong with a source's settings, message by setting name."""

    def verify(self, request: Request, secrets: Sequence[str], config: Config) -> None:
        """Raise InvalidSignature unless one of `secrets` signed the request."""

    def delivery_id(self, request: Request) -> str:
        """Return the provider's id of this delivery (the same again when it is redelivered)."""

    def event_name(self, request: Request) -> str:
        """Return the provider's own word for the event, "" when it gives none."""

    def parse(self, request: Request, config: Config) -> Event:
        """Return what the request says. Raises UnusableBody; unknown events are kind `other`."""
