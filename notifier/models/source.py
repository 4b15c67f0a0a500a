"""Places that send webhooks."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifier.models.fields import EncryptedField
from notifier.sources import SOURCES


def provider_choices() -> list[tuple[str, str]]:
    """Return the registered providers. A callable: a new one needs no migration."""
    from notifier import sources

    return [(key, sources.get(key).label) for key in SOURCES]


class Source(models.Model):
    """A place that sends webhooks, and the secret that proves it."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.CharField(
        _("address part"),
        max_length=63,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z",
                _("Use lower-case letters, digits and hyphens, such as my-team."),
            )
        ],
    )
    provider = models.CharField(_("provider"), max_length=32, choices=provider_choices)
    config = models.JSONField(_("provider settings"), default=dict, blank=True)
    secret = EncryptedField(editable=False)
    previous_secret = EncryptedField(editable=False, blank=True)
    previous_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    last_delivery_at = models.DateTimeField(_("last delivery"), null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name
