"""Settings that only the notifier can judge, as Django system checks: they stop the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifier import gateways


# The tag lets the start of the portal run these checks alone.
@register("leitstand")
def check_gateway(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Say what is wrong with the gateway and its settings."""
    wrong = gateways.check(settings.NOTIFIER["GATEWAY"], settings.NOTIFIER["GATEWAY_SETTINGS"])
    return [
        Error(f"LEITSTAND_SMS_{name.removeprefix('sms_').upper()}: {text}", id="notifier.E001")
        for name, text in wrong.items()
    ]
