"""Which events go to whom."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifier.models.people import Recipient, Team
from notifier.models.source import Source
from notifier.models.validators import (
    validate_globs,
    validate_kinds,
    validate_outcomes,
)


class Rule(models.Model):
    """Which events go to which recipients and teams. An empty condition means any."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    sources = models.ManyToManyField(
        Source, blank=True, related_name="rules", verbose_name=_("sources")
    )
    repositories = models.JSONField(
        _("repositories"), default=list, blank=True, validators=[validate_globs]
    )
    branches = models.JSONField(
        _("branches"), default=list, blank=True, validators=[validate_globs]
    )
    kinds = models.JSONField(_("kinds"), default=list, blank=True, validators=[validate_kinds])
    outcomes = models.JSONField(
        _("outcomes"), default=list, blank=True, validators=[validate_outcomes]
    )
    workflows = models.JSONField(
        _("workflows"), default=list, blank=True, validators=[validate_globs]
    )
    environments = models.JSONField(
        _("environments"), default=list, blank=True, validators=[validate_globs]
    )
    actors_in = models.JSONField(
        _("only these actors"), default=list, blank=True, validators=[validate_globs]
    )
    actors_out = models.JSONField(
        _("not these actors"), default=list, blank=True, validators=[validate_globs]
    )
    include_bots = models.BooleanField(_("events of bots too"), default=False)

    recipients = models.ManyToManyField(
        Recipient, blank=True, related_name="rules", verbose_name=_("recipients")
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="rules", verbose_name=_("teams"))
    tell_actor = models.BooleanField(_("the person who caused it"), default=False)
    skip_own_events = models.BooleanField(_("not to the person who caused it"), default=False)
    max_parts = models.PositiveSmallIntegerField(
        _("longest message, in parts"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self) -> str:
        return self.name
