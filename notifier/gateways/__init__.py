"""Ways to send an SMS. To add one: its file, its line here."""

from pkgutil import resolve_name

from notifier.gateways.gateway import Gateway, Settings

GATEWAYS = {
    "outbox": "notifier.gateways.outbox:Outbox",
    "sns": "notifier.gateways.sns:Sns",
}


def build(key: str, settings: Settings) -> Gateway:
    """Return the gateway called `key`. Raises KeyError when there is none."""
    gateway: Gateway = resolve_name(GATEWAYS[key])(settings)
    return gateway
