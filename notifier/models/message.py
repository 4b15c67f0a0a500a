"""Texts to phones."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from notifier.domain.ids import uuid7
from notifier.models.delivery import Delivery
from notifier.models.people import Recipient
from notifier.models.rule import Rule
from notifier.models.work import DueRow


class MessageState(models.TextChoices):
    """`sending` is recorded before the call; found there later, it is `unknown`."""

    QUEUED = "queued", _("Queued")
    HELD = "held", _("Held")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")
    DROPPED = "dropped", _("Dropped")


class Message(DueRow):
    """One SMS to one recipient. One fact reaches one recipient once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(
        Recipient, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    recipient_name = models.CharField(max_length=100)
    phone = PhoneNumberField(blank=True)
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.SET_NULL, related_name="messages"
    )
    rule = models.ForeignKey(Rule, null=True, on_delete=models.SET_NULL, related_name="messages")
    fact = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    encoding = models.CharField(max_length=8)
    parts = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=MessageState, default=MessageState.QUEUED)
    gateway = models.CharField(max_length=32, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sending_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.UniqueConstraint(
                fields=("recipient", "fact"),
                condition=~models.Q(fact=""),
                name="one_message_per_fact",
            ),
        )
        indexes = (
            models.Index(fields=("state", "-id"), name="message_state"),
            models.Index(fields=("recipient", "-id"), name="message_recipient"),
            models.Index(fields=("state", "due_at", "id"), name="message_due"),
            models.Index(
                fields=("lease_until",),
                condition=models.Q(state="sending"),
                name="message_sending",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
