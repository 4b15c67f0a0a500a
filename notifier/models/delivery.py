"""Webhook requests as received, and what they say."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifier.domain.event import Kind, Outcome
from notifier.domain.ids import uuid7
from notifier.models.source import Source
from notifier.models.work import DueRow


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Duplicate")
    REJECTED = "rejected", _("Rejected")
    IGNORED = "ignored", _("Ignored")


class DeliveryState(models.TextChoices):
    DUE = "due", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Delivery(DueRow):
    """One webhook request and, once read, its event. Ids sort by time of arrival.

    `key` is unique within the source: the provider's delivery id for what was accepted,
    `again:<id>` for its redeliveries, `rejected:<reason>:<minute>` for refused requests.
    `repeats` counts the requests that share a row, so nobody can flood the table.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=255)
    verdict = models.CharField(max_length=16, choices=Verdict)
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.DUE)
    repeats = models.PositiveIntegerField(default=0)
    first = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="redeliveries"
    )
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True)
    remote = models.GenericIPAddressField(null=True)
    provider_event = models.CharField(max_length=100, blank=True)
    headers = models.JSONField(default=dict)

    kind = models.CharField(max_length=16, blank=True, choices=[(k.value, k.value) for k in Kind])
    outcome = models.CharField(
        max_length=16, blank=True, choices=[(o.value, o.value) for o in Outcome]
    )
    repository = models.CharField(max_length=300, blank=True)
    branch = models.CharField(max_length=300, blank=True)
    workflow = models.CharField(max_length=300, blank=True)
    environment = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    fact = models.CharField(max_length=64, blank=True)
    event = models.JSONField(default=dict)
    decisions = models.JSONField(default=list)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="one_delivery_per_key"),
        )
        indexes = (
            models.Index(fields=("source", "-id"), name="delivery_source"),
            models.Index(fields=("outcome", "-id"), name="delivery_outcome"),
            models.Index(fields=("repository", "-id"), name="delivery_repository"),
            models.Index(fields=("branch", "-id"), name="delivery_branch"),
            models.Index(fields=("kind", "-id"), name="delivery_kind"),
            models.Index(fields=("verdict", "-id"), name="delivery_verdict"),
            models.Index(fields=("state", "due_at", "id"), name="delivery_due"),
        )

    def __str__(self) -> str:
        return str(self.id)


class DeliveryBody(models.Model):
    """The bytes of a delivery, apart so that they can be pruned before the row."""

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class RunMemory(models.Model):
    """The last final outcome of one workflow on one branch: the memory behind `fixed`."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="run_memories")
    key = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    order = models.CharField(max_length=300)
    attempt = models.CharField(max_length=300)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="one_memory_per_workflow"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.outcome}"
