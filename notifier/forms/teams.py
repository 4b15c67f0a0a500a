"""The form of a team."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifier.domain import redact
from notifier.forms.fields import RowsField
from notifier.models import Recipient, Team


class PeopleField(RowsField):
    """Recipients to tick: name, logins and the end of the number to tell them apart."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Recipient.objects.all(), **kwargs)

    def label_from_instance(self, recipient: Any) -> str:
        number = redact.phone(recipient.phone.as_e164) if recipient.phone else ""
        about = [", ".join(map(str, recipient.logins)), number]
        if not recipient.is_active:
            about.append(_("inactive"))
        return " · ".join([recipient.name, *filter(None, about)])


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    members = PeopleField(label=gettext_lazy("Members"))

    class Meta:
        model = Team
        fields = ("name", "members")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
