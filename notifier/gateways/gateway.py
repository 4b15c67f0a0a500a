"""What a gateway must do: the shape that every file in this folder fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Settings = Mapping[str, str]


@dataclass(frozen=True)
class Sms:
    """One text to one phone. `to` is E.164; `ref` is our message id, for the vendor's logs."""

    to: str
    text: str
    ref: str


@dataclass(frozen=True)
class Receipt:
    """The gateway took the message: `sent` (more news may follow) or already `delivered`."""

    provider_id: str
    state: Literal["sent", "delivered"]
    reason: str = ""


class Gateway(Protocol):
    """A way to send an SMS."""

    key: str
    label: str

    def __init__(self, settings: Settings) -> None: ...

    @staticmethod
    def check(settings: Settings) -> dict[str, str]:
        """Return what is wrong with the settings, message by name: nothing when they work."""

    def send(self, sms: Sms) -> Receipt:
        """Hand `sms` over, once.

        Raises SendFailed when the vendor surely did not take it, SendUnknown when nobody
        knows (a time-out after the request was written).
        """
