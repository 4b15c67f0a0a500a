"""How a delivery is written: short in lists, with its whole story alone."""

from functools import cached_property
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notifier.api.messages import MessageSerializer
from notifier.api.readers import sees_all
from notifier.filters import KINDS, OUTCOMES
from notifier.models import Delivery
from notifier.services.showing import Shown, show, timeline


class EventSerializer(serializers.Serializer[Any]):
    """What a delivery says. Empty text: the provider did not say."""

    kind = serializers.ChoiceField(choices=KINDS)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    repository = serializers.CharField()
    branch = serializers.CharField()
    default_branch = serializers.CharField()
    workflow = serializers.CharField()
    environment = serializers.CharField()
    actor = serializers.CharField()
    is_bot = serializers.BooleanField()
    title = serializers.CharField()
    url = serializers.CharField()
    run_id = serializers.CharField()
    attempt = serializers.CharField()
    order = serializers.CharField()


class CheckSerializer(serializers.Serializer[Any]):
    """The verdict of one condition of a rule."""

    condition = serializers.CharField(help_text="The field of the rule.")
    passed = serializers.BooleanField()
    wanted = serializers.CharField()
    got = serializers.CharField()


class ToldSerializer(serializers.Serializer[Any]):
    """What a rule meant for one recipient."""

    recipient = serializers.IntegerField()
    name = serializers.CharField()
    result = serializers.ChoiceField(choices=[("told", "told"), ("skipped", "skipped")])
    reason = serializers.CharField()
    message = serializers.UUIDField(allow_null=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """What one rule made of a delivery."""

    rule = serializers.IntegerField()
    name = serializers.CharField()
    matched = serializers.BooleanField()
    checks = CheckSerializer(many=True)
    recipients = ToldSerializer(many=True)


class StepSerializer(serializers.Serializer[Any]):
    """One thing that happened."""

    at = serializers.DateTimeField(allow_null=True)
    what = serializers.CharField(help_text="received, due, read, failed or a message's state.")
    reason = serializers.CharField()
    message = serializers.UUIDField(
        source="message.pk", allow_null=True, default=None, help_text="Whose state it is."
    )


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One webhook request and, once read, its event."""

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id",
            "source",
            "verdict",
            "state",
            "reason",
            "repeats",
            "first",
            "key",
            "provider_event",
            "remote",
            "received_at",
            "handled_at",
            "kind",
            "outcome",
            "repository",
            "branch",
            "workflow",
            "environment",
            "actor",
            "title",
            "url",
        )
        read_only_fields = fields
        extra_kwargs: dict[str, dict[str, Any]] = {
            "id": {"help_text": "Sorts by the time of arrival."},
            "verdict": {"help_text": "What the door said."},
            "state": {"help_text": "Whether the worker has read it."},
            "reason": {"help_text": "Why it was rejected, ignored or failed."},
            "repeats": {"help_text": "How many more requests share this row."},
            "first": {"help_text": "Of a redelivery: what came first."},
            "key": {"help_text": "The provider's id of it."},
            "provider_event": {"help_text": "The provider's own word for the event."},
            "remote": {"help_text": "The address it came from."},
            "handled_at": {"help_text": "When it was read."},
            "kind": {"help_text": "What happened; empty until it is read."},
            "outcome": {"help_text": "How it ended; empty until it is read."},
        }


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with what it said, what every rule made of it and who was told."""

    event = serializers.SerializerMethodField(help_text="Null until it is read.")
    decisions = serializers.SerializerMethodField(help_text="What each rule made of it.")
    headers = serializers.SerializerMethodField(help_text="As received, without secrets.")
    payload = serializers.SerializerMethodField(help_text="The body as JSON, without secrets.")
    payload_size = serializers.SerializerMethodField(help_text="Bytes of the body as received.")
    payload_reason = serializers.SerializerMethodField(help_text="Why there is no payload.")
    timeline = serializers.SerializerMethodField(help_text="What happened, oldest first.")
    messages = MessageSerializer(many=True, read_only=True)

    class Meta(DeliverySerializer.Meta):
        fields = (
            *DeliverySerializer.Meta.fields,
            "event",
            "decisions",
            "headers",
            "payload",
            "payload_size",
            "payload_reason",
            "timeline",
            "messages",
        )
        read_only_fields = fields

    @cached_property
    def shown(self) -> Shown:
        """The delivery as the reader may see it."""
        return show(self.instance, mask_email=not sees_all(self.context["request"]))  # type: ignore[arg-type]

    @extend_schema_field(EventSerializer(allow_null=True))
    def get_event(self, delivery: Delivery) -> Any:
        return delivery.event or None

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, delivery: Delivery) -> Any:
        return delivery.decisions

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_headers(self, _delivery: Delivery) -> dict[str, str]:
        return self.shown.headers

    @extend_schema_field({"type": "object", "additionalProperties": {}, "nullable": True})
    def get_payload(self, _delivery: Delivery) -> Any:
        return self.shown.tree

    @extend_schema_field(OpenApiTypes.INT)
    def get_payload_size(self, _delivery: Delivery) -> int:
        return self.shown.size

    @extend_schema_field(OpenApiTypes.STR)
    def get_payload_reason(self, _delivery: Delivery) -> str:
        return self.shown.reason

    @extend_schema_field(StepSerializer(many=True))
    def get_timeline(self, delivery: Delivery) -> Any:
        return StepSerializer(timeline(delivery), many=True).data
