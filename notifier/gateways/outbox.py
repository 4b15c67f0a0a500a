"""Sends nothing: the message is read on the outbox page of the portal."""

from notifier.domain.ids import uuid7
from notifier.domain.phrases import gettext_noop
from notifier.gateways.gateway import Receipt, Settings, Sms

SHOWN = gettext_noop("Shown in the outbox.")


class Outbox:
    """The gateway of a portal that has no account with any vendor."""

    key = "outbox"
    label = "Outbox (shown in the portal, nothing is sent)"

    def __init__(self, settings: Settings) -> None:
        pass

    @staticmethod
    def check(settings: Settings) -> dict[str, str]:
        """Return what is wrong with the settings: nothing, the outbox reads none."""
        return {}

    def send(self, sms: Sms) -> Receipt:
        """Take the message; whoever opens the outbox has received it."""
        return Receipt(str(uuid7()), "delivered", SHOWN)
