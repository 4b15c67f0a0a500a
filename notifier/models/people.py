"""Who gets messages."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from notifier.models.validators import validate_mobile, validate_names, validate_time_zone


class Recipient(models.Model):
    """A person with a phone number."""

    name = models.CharField(_("name"), max_length=100)
    phone = PhoneNumberField(_("phone number"), unique=True, validators=[validate_mobile])
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    logins = models.JSONField(
        _("Git logins"), default=list, blank=True, validators=[validate_names]
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A named group of recipients."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(
        Recipient, related_name="teams", blank=True, verbose_name=_("members")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name
