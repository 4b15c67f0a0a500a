"""Words of the history for its pages: conditions, encodings."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from notifier.domain.rules import Check
from notifier.services.explaining import why_not
from notifier.services.wording import CONDITIONS, in_words

register = template.Library()


@register.filter
def as_sentence(check: Check) -> str:
    """Return why a condition was not met, as a sentence."""
    return why_not(check)


@register.filter
def condition(check: Check) -> str | Promise:
    """Return what a condition is about."""
    return CONDITIONS.get(check.condition, check.condition)


@register.filter
def wanted(check: Check) -> str:
    """Return what a condition asked for."""
    return in_words(check.condition, check.wanted)


@register.filter
def got(check: Check) -> str:
    """Return what a condition was given."""
    return in_words(check.condition, check.got)


@register.filter
def encoding_name(encoding: str) -> str:
    """Return an encoding as people know it, with what it means for the length."""
    if encoding == "GSM-7":
        return _("GSM-7 (160 characters in one part)")
    return _("UCS-2 (70 characters in one part)")
