"""Words of the notifier for its pages: covered phone numbers, reasons of rules."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from notifier.domain import redact
from notifier.domain.rules import Check
from notifier.services import phrases
from notifier.services.wording import CONDITIONS, in_words

register = template.Library()


@register.filter
def masked(phone: Any) -> str:
    """Return "+49 … 567" for a stored number, "" for none."""
    return redact.phone(phone.as_e164) if phone else ""


@register.filter
def translated(sentence: str) -> str:
    """Return a stored reason, or whatever else plain Python says, in the reader's language."""
    return phrases.translated(sentence)


@register.filter
def as_reason(failed: Check) -> str:
    """Return why a condition was not met: "Branch: wanted main, got dev"."""
    return _("%(condition)s: wanted %(wanted)s, got %(got)s") % {
        "condition": CONDITIONS.get(failed.condition, failed.condition),
        "wanted": in_words(failed.condition, failed.wanted),
        "got": in_words(failed.condition, failed.got),
    }
