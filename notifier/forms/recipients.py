"""The form of a recipient: any way to type a number, one way to keep it."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException, ValidationResult

from notifier.forms.fields import LoginsField
from notifier.forms.places import calling_codes, time_zones
from notifier.models import Recipient
from notifier.models.validators import validate_mobile, validate_names

LENGTHS = {
    ValidationResult.TOO_SHORT: _("It has too few digits for this country."),
    ValidationResult.TOO_LONG: _("It has too many digits for this country."),
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _("The area or network code is missing."),
}


class RecipientForm(forms.ModelForm):  # type: ignore[type-arg]
    country = forms.ChoiceField(
        label=_("Country of the number"),
        help_text=_("Only needed for a number that is typed without +."),
        choices=calling_codes,
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_(
            "As it is dialled in that country, such as 0151 23456789, or with the country: "
            "+49 151 23456789."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    logins = LoginsField(
        check=validate_names,
        label=_("Git logins"),
        help_text=_(
            "One a line, as the provider shows them. They tell whose event it is, for rules "
            "about the person who caused it."
        ),
    )

    class Meta:
        model = Recipient
        fields = ("name", "country", "phone", "language", "time_zone", "logins", "is_active")
        help_texts = {
            "language": _("The language of the messages."),
            "is_active": _("An inactive recipient gets no message at all."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "is_active": forms.CheckboxInput(attrs={"class": "toggle", "role": "switch"}),
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance
        zone = kept.time_zone if kept.pk else settings.TIME_ZONE
        zones: Any = self.fields["time_zone"]
        zones.choices = time_zones(kept.time_zone, settings.TIME_ZONE)
        self.initial.update(time_zone=zone, country=settings.PHONENUMBER_DEFAULT_REGION)
        if kept.pk and kept.phone:
            region = phonenumbers.region_code_for_number(kept.phone)
            self.initial.update(phone=kept.phone.as_international)
            if region in dict(calling_codes()):
                self.initial.update(country=region)
        elif not kept.pk:
            self.initial.update(language=settings.LANGUAGE_CODE)

    def clean_phone(self) -> PhoneNumber:
        number = self._parsed()
        reason = phonenumbers.is_possible_number_with_reason(number)
        if not phonenumbers.is_valid_number(number):
            raise ValidationError(
                _("%(number)s is not a number that exists. %(why)s"),
                code="invalid",
                params={
                    "number": number.as_international,
                    "why": LENGTHS.get(reason, _("Check the digits and the country.")),
                },
            )
        validate_mobile(number)
        owner = Recipient.objects.filter(phone=number.as_e164).exclude(pk=self.instance.pk).first()
        if owner:
            raise ValidationError(
                _("This is already the number of %(name)s."),
                code="unique",
                params={"name": owner.name},
            )
        return number

    def _parsed(self) -> PhoneNumber:
        typed = self.cleaned_data["phone"]
        region = self.cleaned_data.get("country")
        try:
            return PhoneNumber.from_string(typed, region=region)
        except NumberParseException:
            raise ValidationError(
                _(
                    "“%(typed)s” cannot be read as a phone number. "
                    "Type it with its digits, such as %(example)s."
                ),
                code="unreadable",
                params={"typed": typed, "example": _example(region)},
            ) from None


def _example(region: str | None) -> str:
    kind = phonenumbers.PhoneNumberType.MOBILE
    example = phonenumbers.example_number_for_type(region, kind) if region else None
    shape = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(example, shape) if example else "+49 151 23456789"
