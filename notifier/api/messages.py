"""Messages: what was or will be sent."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifier.api.resources import Conditional, Conflict
from notifier.api.strict import Flag, StrictSerializer
from notifier.domain import redact
from notifier.filters import MessageFilter
from notifier.models import Message
from notifier.services.again import NotSendable, send_again


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One SMS to one recipient."""

    phone = serializers.SerializerMethodField(help_text="The end of the number.")

    class Meta:
        model = Message
        fields: tuple[str, ...] = (
            "id",
            "recipient",
            "recipient_name",
            "phone",
            "delivery",
            "rule",
            "text",
            "encoding",
            "parts",
            "state",
            "reason",
            "gateway",
            "provider_id",
            "attempts",
            "created_at",
            "due_at",
            "sending_at",
            "finished_at",
        )
        read_only_fields = fields
        extra_kwargs: dict[str, dict[str, Any]] = {
            "id": {"help_text": "Sorts by the time of making."},
            "recipient": {"help_text": "Null when the recipient was deleted since."},
            "recipient_name": {"help_text": "As it was when the message was made."},
            "delivery": {"help_text": "What it reports; null for a test message."},
            "rule": {"help_text": "The rule that wanted it."},
            "encoding": {"help_text": "gsm7 or ucs2: decides how much fits into a part."},
            "parts": {"help_text": "How many SMS it is billed as."},
            "state": {"help_text": "`unknown`: the gateway gave no answer, it may have arrived."},
            "reason": {"help_text": "Why it is held, failed or dropped."},
            "gateway": {"help_text": "How it was sent."},
            "provider_id": {"help_text": "The gateway's own id."},
            "attempts": {"help_text": "How often sending was tried."},
            "due_at": {"help_text": "When it is tried next."},
            "sending_at": {"help_text": "When it was handed to the gateway."},
            "finished_at": {"help_text": "When its state became final."},
        }

    @extend_schema_field(OpenApiTypes.STR)
    def get_phone(self, message: Message) -> str:
        return redact.phone(message.phone.as_e164) if message.phone else ""


class SendAgainSerializer(StrictSerializer):
    """How to send a message again."""

    despite_doubt = Flag(
        default=False,
        help_text="Also when it is unknown whether the message arrived: it may arrive twice.",
    )


@extend_schema_view(
    list=extend_schema(summary="List messages, newest first"),
    retrieve=extend_schema(summary="Show a message"),
)
class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Conditional):
    """Texts to phones."""

    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter

    @extend_schema(
        summary="Send a message again that did not arrive",
        operation_id="messages_send_again",
        request=SendAgainSerializer,
        responses={
            202: MessageSerializer,
            409: OpenApiResponse(description="Its state does not allow that."),
        },
    )
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Only what failed or was dropped; with `despite_doubt` also what is unknown."""
        form = SendAgainSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        message = self.get_object()
        try:
            send_again(message, despite_doubt=form.validated_data["despite_doubt"])
        except NotSendable as error:
            raise Conflict(str(error)) from error
        message.refresh_from_db()
        return Response(MessageSerializer(message).data, status=status.HTTP_202_ACCEPTED)
