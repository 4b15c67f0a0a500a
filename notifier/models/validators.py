"""What may stand in our list fields: one place for forms, API and tests."""

from typing import Any
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from notifier.domain.event import Kind, Outcome
from notifier.domain.phrases import translate
from notifier.domain.rules import check_glob

NO_SMS = {
    phonenumbers.PhoneNumberType.FIXED_LINE: _("a landline"),
    phonenumbers.PhoneNumberType.TOLL_FREE: _("a toll-free number"),
    phonenumbers.PhoneNumberType.PREMIUM_RATE: _("a premium-rate number"),
    phonenumbers.PhoneNumberType.SHARED_COST: _("a shared-cost number"),
    phonenumbers.PhoneNumberType.UAN: _("a company-wide number"),
    phonenumbers.PhoneNumberType.VOICEMAIL: _("a voice mailbox"),
}
MAX_ENTRIES = 100
MAX_LENGTH = 200


def validate_names(value: Any) -> None:
    """Accept a list of up to 100 non-empty texts of up to 200 characters."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(_("Give a list of texts."), code="invalid")
    if len(value) > MAX_ENTRIES:
        raise ValidationError(
            _("Give at most %(max)d entries."), code="max_entries", params={"max": MAX_ENTRIES}
        )
    for item in value:
        if not item.strip() or len(item) > MAX_LENGTH or not item.isprintable():
            raise ValidationError(
                _("“%(item)s” is empty, too long or not printable."),
                code="invalid_entry",
                params={"item": item[:40]},
            )


def validate_globs(value: Any) -> None:
    """Accept a list of patterns such as `octo-org/*`, `release/?` and `!main`."""
    validate_names(value)
    for item in value:
        if problem := check_glob(item):
            params = {"problem": translate(problem, gettext)}
            raise ValidationError("%(problem)s", code="invalid_glob", params=params)


def validate_kinds(value: Any) -> None:
    """Accept a list of event kinds."""
    _validate_words(value, [kind.value for kind in Kind])


def validate_outcomes(value: Any) -> None:
    """Accept a list of outcomes."""
    _validate_words(value, [outcome.value for outcome in Outcome])


def validate_time_zone(value: str) -> None:
    """Accept an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is no time zone. Choose one such as Europe/Berlin."),
            code="invalid_time_zone",
            params={"value": value[:64]},
        )


def validate_mobile(value: PhoneNumber) -> None:
    """Accept a number unless its country tells that it takes no text messages."""
    kind = NO_SMS.get(phonenumbers.number_type(value))
    if kind:
        raise ValidationError(
            _("%(number)s is %(kind)s, which takes no text messages. Give a mobile number."),
            code="not_mobile",
            params={"number": value.as_international, "kind": kind},
        )


def _validate_words(value: Any, allowed: list[str]) -> None:
    validate_names(value)
    for item in value:
        if item not in allowed:
            raise ValidationError(
                _("“%(item)s” is not known. Choose from: %(allowed)s."),
                code="invalid_choice",
                params={"item": item, "allowed": ", ".join(allowed)},
            )
