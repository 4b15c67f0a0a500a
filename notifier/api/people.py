"""Recipients and teams: who gets messages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.serializerfields import PhoneNumberField as PhoneNumberText
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifier.api.messages import MessageSerializer
from notifier.api.readers import sees_all
from notifier.api.resources import CONFLICT, Conflict, Resource, changed
from notifier.api.strict import Ids, StrictModelSerializer, Text
from notifier.domain import redact
from notifier.models import Recipient, Team
from notifier.models.validators import MAX_ENTRIES, MAX_LENGTH, validate_names
from notifier.services.sending import queue_test_message


@extend_schema_field(OpenApiTypes.STR)
class Phone(PhoneNumberText):  # type: ignore[misc]
    """A number that is stored as E.164; who may not see all of it sees its end."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> str:
        request = self.context.get("request")
        whole = str(value.as_e164)
        return whole if request and sees_all(request) else redact.phone(whole)


class RecipientSerializer(StrictModelSerializer):
    """A person with a phone number."""

    serializer_field_mapping = {
        **StrictModelSerializer.serializer_field_mapping,
        PhoneNumberField: Phone,
    }
    logins = serializers.ListField(
        child=Text(max_length=MAX_LENGTH),
        max_length=MAX_ENTRIES,
        required=False,
        validators=[validate_names],
        help_text="Their names at the providers: tells their own events from those of others.",
    )
    teams: Any = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, help_text="The teams that they are in."
    )

    class Meta:
        model = Recipient
        fields = (
            "id",
            "name",
            "phone",
            "language",
            "time_zone",
            "logins",
            "is_active",
            "teams",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        extra_kwargs = {
            "name": {"help_text": "What people call them."},
            "phone": {
                "help_text": "Mobile number; without + it is taken as one of the portal's "
                "country. Answered as E.164, to viewers only its end."
            },
            "language": {"help_text": "Language of their messages."},
            "time_zone": {"help_text": "An IANA name such as Europe/Berlin."},
            "is_active": {"help_text": "Whether messages are sent to them."},
        }


class TeamSerializer(StrictModelSerializer):
    """A named group of recipients."""

    members = Ids(model=Recipient, help_text="The recipients in it, by id.")

    class Meta:
        model = Team
        fields = ("id", "name", "members", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")
        extra_kwargs = {"name": {"help_text": "What people call it."}}


ADA = OpenApiExample(
    "A person",
    value={
        "name": "Ada",
        "phone": "+4915123456789",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "logins": ["ada"],
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(summary="List recipients"),
    retrieve=extend_schema(summary="Show a recipient"),
    create=extend_schema(
        summary="Create a recipient",
        responses={201: RecipientSerializer, 409: CONFLICT},
        examples=[ADA],
    ),
    update=extend_schema(summary="Replace a recipient", responses=changed(RecipientSerializer)),
    partial_update=extend_schema(
        summary="Change a recipient", responses=changed(RecipientSerializer)
    ),
    destroy=extend_schema(
        summary="Delete a recipient",
        description="Their messages stay with their name; those that wait are dropped.",
    ),
)
class RecipientViewSet(Resource):
    """People with phone numbers."""

    queryset = Recipient.objects.prefetch_related("teams")
    serializer_class = RecipientSerializer

    @extend_schema(
        summary="Send a test message",
        operation_id="recipients_test",
        request=None,
        responses={
            201: MessageSerializer,
            409: OpenApiResponse(description="The recipient is switched off."),
        },
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queues a message that only says that the way works."""
        recipient = self.get_object()
        if not recipient.is_active:
            raise Conflict(_("This recipient is switched off."))
        message = queue_test_message(recipient)
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)


@extend_schema_view(
    list=extend_schema(summary="List teams"),
    retrieve=extend_schema(summary="Show a team"),
    create=extend_schema(
        summary="Create a team",
        responses={201: TeamSerializer, 409: CONFLICT},
        examples=[
            OpenApiExample(
                "A team", value={"name": "Backend", "members": [1, 2]}, request_only=True
            )
        ],
    ),
    update=extend_schema(summary="Replace a team", responses=changed(TeamSerializer)),
    partial_update=extend_schema(summary="Change a team", responses=changed(TeamSerializer)),
    destroy=extend_schema(summary="Delete a team"),
)
class TeamViewSet(Resource):
    """Named groups of recipients."""

    queryset = Team.objects.prefetch_related("members")
    serializer_class = TeamSerializer
