"""Forms about accounts."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth import password_validation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import SCOPES, scopes_of
from portal.accounts.audit import Event
from portal.accounts.models import Role, User, normalized
from portal.accounts.tokens import DEFAULT_DAYS

SCOPE_LABELS = {
    "notify:read": _("Read deliveries, messages, rules and people"),
    "notify:write": _("Change rules, people and sources, send and replay"),
    "lake:read": _("Read files"),
    "lake:write": _("Write files"),
    "query": _("Ask questions of files"),
    "services:read": _("See services"),
    "services:operate": _("Operate services"),
    "admin": _("Everything, users and audit trail included"),
}
EXPIRY_CHOICES = [
    (7, _("7 days")),
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("1 year")),
]


class AccountForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PasswordForm(forms.Form):
    """A new password for `user`, twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def person(self) -> User:
        """Return the person whom the password must not resemble."""
        given = self.cleaned_data
        return User(
            email=given.get("email") or self.user.email, name=given.get("name") or self.user.name
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        elif password:
            try:
                password_validation.validate_password(password, self.person())
            except ValidationError as error:
                self.add_error("password", error)
        return given


class InvitedForm(PasswordForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "password", "again"]


class SetupForm(InvitedForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ["email", "name", "password", "again"]

    def clean_email(self) -> str:
        return normalized(self.cleaned_data["email"])


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("They sign in with it. No mail is sent: you pass the link on yourself."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)

    def clean_email(self) -> str:
        email = normalized(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("There is already an account with this address."))
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What it is for, such as “deploy script on build-1”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        help_text=_("Choose no more than the script needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"), coerce=int, choices=EXPIRY_CHOICES, initial=DEFAULT_DAYS
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = scopes_of(user.role)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)  # noqa: S101
        scopes.choices = [(name, SCOPE_LABELS[name]) for name in SCOPES if name in allowed]


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )


CHANGES = [("create", _("created")), ("update", _("changed")), ("delete", _("deleted"))]


def _kinds() -> list[tuple[str, Any]]:
    from auditlog.registry import auditlog

    models = sorted(auditlog.get_models(), key=lambda model: model._meta.label_lower)
    return [("", _("Any")), *((m._meta.label_lower, m._meta.verbose_name) for m in models)]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )


class TrailFilter(forms.Form):
    """The filters of the audit trail, as they stand in its address."""

    actor = forms.CharField(label=_("Who"), required=False)
    action = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Any")), (_("Changes"), CHANGES), (_("Acts"), Event.choices)],
    )
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False, choices=_kinds)
    q = forms.CharField(
        label=_("Text"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    since = _day(_("From"))
    until = _day(_("To"))

    def content_type(self) -> ContentType | None:
        """Return the type of the things looked for, None for all."""
        label = self.cleaned_data.get("kind")
        return ContentType.objects.get_for_model(apps.get_model(label)) if label else None

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return the first moment and the first moment after, in the time zone of the page."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (
            timezone.make_aware(datetime.combine(since, time.min)) if since else None,
            timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
            if until
            else None,
        )
