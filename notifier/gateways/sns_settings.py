"""The settings of the SNS gateway: names, defaults, and what may be written."""

import re

from notifier.gateways.gateway import Settings

# SNS itself would send as Promotional, which carriers delay.
DEFAULTS = {"sms_type": "Transactional", "connect_timeout": "5", "read_timeout": "10"}

ALLOWED = {
    "sms_type": (
        re.compile("Transactional|Promotional"),
        "Write Transactional or Promotional.",
    ),
    "sender_id": (
        re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{3,11}"),
        "A sender is 3 to 11 letters and digits, at least one letter, no spaces.",
    ),
    "max_price": (
        re.compile(r"(?=.*[1-9])[0-9]{1,3}(?:\.[0-9]{1,5})?"),
        "Write the highest price of a message in US dollars, for example 0.20.",
    ),
    "origination_number": (
        re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}"),
        "Write your own number as +12065550100, or a short code.",
    ),
    "connect_timeout": (
        re.compile(r"(?=.*[1-9])(?:60|[1-5]?[0-9](?:\.[0-9]{1,3})?)"),
        "Write seconds, more than 0 and at most 60.",
    ),
    "read_timeout": (
        re.compile(r"(?=.*[1-9])(?:60|[1-5]?[0-9](?:\.[0-9]{1,3})?)"),
        "Write seconds, more than 0 and at most 60.",
    ),
}


def check_settings(settings: Settings) -> dict[str, str]:
    """Return what is wrong with the settings, message by name. An empty text means unset."""
    errors = {}
    for name, text in settings.items():
        if name not in ALLOWED:
            errors[name] = f"SNS has no such setting; it knows {', '.join(ALLOWED)}."
        elif text and not ALLOWED[name][0].fullmatch(text):
            errors[name] = ALLOWED[name][1]
    return errors
