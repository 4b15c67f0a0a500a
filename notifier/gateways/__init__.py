"""Ways to send an SMS. To add one: its file, its line here."""

from pkgutil import resolve_name

from notifier.gateways.gateway import Gateway, Settings

GATEWAYS = {
    "outbox": "notifier.gateways.outbox:Outbox",
    "sns": "notifier.gateways.sns:Sns",
}


def check(key: str, settings: Settings) -> dict[str, str]:
    """Return what is wrong with the choice of a gateway and its settings, message by name."""
    if key not in GATEWAYS:
        return {"gateway": f"There is no gateway {key}. Choose from: {', '.join(GATEWAYS)}."}
    return _kind(key).check(settings)


def build(key: str, settings: Settings) -> Gateway:
    """Return the gateway called `key`. Raises KeyError when there is none."""
    return _kind(key)(settings)


def _kind(key: str) -> type[Gateway]:
    kind: type[Gateway] = resolve_name(GATEWAYS[key])
    return kind
