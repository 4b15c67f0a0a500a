"""Sources: where webhooks come from."""

from datetime import timedelta
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifier import sources
from notifier.api.resources import CONFLICT, Conflict, Resource, changed, one_change
from notifier.api.strict import StrictModelSerializer, StrictSerializer, Text, Whole
from notifier.domain.own_secret import LONGEST, SHORTEST
from notifier.models import Source
from notifier.models.source import provider_choices
from notifier.services.deleting import StillInUse, delete_source
from notifier.services.sources import create_source, hook_url, rotate_secret, secret_error

LONGEST_SETTING = 2000
LONGEST_OVERLAP = 30 * 24
NO_STORE = {"Cache-Control": "no-store"}

READ = (
    "id",
    "url",
    "previous_until",
    "verified_at",
    "last_delivery_at",
    "created_at",
    "updated_at",
)


class Secret(Text):
    """A secret that the provider made: it may travel in headers."""

    def __init__(self) -> None:
        sendable = RegexValidator(
            r"^[\x21-\x7e]+\Z", _("Use printable ASCII characters without spaces.")
        )
        super().__init__(
            min_length=SHORTEST,
            max_length=LONGEST,
            required=False,
            write_only=True,
            trim_whitespace=False,
            validators=[sendable],
            help_text="Your own secret, where the provider makes it. Without it one is made here.",
        )


def check_secret(provider: str, config: dict[str, Any], secret: str) -> None:
    """Raise ValidationError unless `secret`, where one is given, suits the source."""
    if secret and (problem := secret_error(provider, config, secret)):
        raise serializers.ValidationError({"secret": [problem]})


class SourceSerializer(StrictModelSerializer):
    """A place that sends webhooks. Its secret is never shown again."""

    url = serializers.SerializerMethodField(help_text="The address that the provider must call.")
    provider = serializers.ChoiceField(
        choices=provider_choices(),
        required=False,
        help_text="Who sends: cannot be changed later.",
    )
    config = serializers.DictField(
        child=Text(max_length=LONGEST_SETTING, allow_blank=True, trim_whitespace=False),
        required=False,
        help_text="The provider's own settings; which there are, the provider's guide says.",
    )

    class Meta:
        model = Source
        fields: tuple[str, ...] = (
            "id",
            "name",
            "slug",
            "provider",
            "config",
            "is_active",
            "url",
            "previous_until",
            "verified_at",
            "last_delivery_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = READ
        extra_kwargs = {
            "name": {"help_text": "What people call it."},
            "slug": {"help_text": "The last part of the address: changing it changes the address."},
            "is_active": {"help_text": "Whether its webhooks are taken."},
            "previous_until": {"help_text": "How long the secret before the last rotation works."},
            "verified_at": {"help_text": "When the first signed webhook was read."},
            "last_delivery_at": {"help_text": "About when the last webhook was read."},
        }

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, source: Source) -> str:
        return hook_url(source)

    def validate_provider(self, provider: str) -> str:
        if self.instance is not None and provider != self.instance.provider:
            raise serializers.ValidationError(
                _("The provider cannot be changed: create another source.")
            )
        return provider

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        provider = self.instance.provider if self.instance else attrs["provider"]
        if problems := sources.get(provider).check_config(attrs.get("config", {})):
            raise serializers.ValidationError({"config": problems})
        check_secret(provider, attrs.get("config", {}), attrs.get("secret", ""))
        return attrs


class NewSourceSerializer(SourceSerializer):
    """A source to create."""

    provider = serializers.ChoiceField(
        choices=provider_choices(), help_text="Who sends: cannot be changed later."
    )
    secret = Secret()

    class Meta(SourceSerializer.Meta):
        fields = (*SourceSerializer.Meta.fields, "secret")

    def create(self, validated_data: dict[str, Any]) -> Source:
        is_active = validated_data.pop("is_active", True)
        validated_data.setdefault("config", {})
        source, self.made_secret = create_source(**validated_data)
        if not is_active:
            source.is_active = False
            source.save()
        return source


class SourceWithSecretSerializer(SourceSerializer):
    """A source and its new secret."""

    secret: Any = serializers.CharField(read_only=True, help_text="Shown this once: keep it.")

    class Meta(SourceSerializer.Meta):
        fields = (*SourceSerializer.Meta.fields, "secret")


class RotationSerializer(StrictSerializer):
    """How to rotate a secret."""

    overlap_hours = Whole(
        min_value=0,
        max_value=LONGEST_OVERLAP,
        default=24,
        help_text="How long the old secret stays valid too.",
    )
    secret = Secret()


EXAMPLE = OpenApiExample(
    "GitHub",
    value={"name": "Our organisation", "slug": "our-org", "provider": "github"},
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(summary="List sources"),
    retrieve=extend_schema(summary="Show a source"),
    update=extend_schema(summary="Replace a source", responses=changed(SourceSerializer)),
    partial_update=extend_schema(summary="Change a source", responses=changed(SourceSerializer)),
    destroy=extend_schema(
        summary="Delete a source and its deliveries",
        responses={
            204: None,
            409: OpenApiResponse(description="It has a history and is still switched on."),
        },
    ),
)
class SourceViewSet(Resource):
    """Places that send webhooks."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer

    @extend_schema(
        summary="Create a source: answers its secret, this once",
        request=NewSourceSerializer,
        responses={201: SourceWithSecretSerializer, 409: CONFLICT},
        examples=[EXAMPLE],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = NewSourceSerializer(data=request.data, context=self.get_serializer_context())
        with one_change():
            form.is_valid(raise_exception=True)
            source = form.save()
        return self._with_secret(source, form.made_secret, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Give a source a new secret: answers it, this once",
        operation_id="sources_rotate",
        request=RotationSerializer,
        responses={200: SourceWithSecretSerializer},
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The old secret stays valid for `overlap_hours`."""
        form = RotationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        source = self.get_object()
        own = form.validated_data.get("secret", "")
        check_secret(source.provider, source.config, own)
        secret = rotate_secret(
            source,
            secret=own,
            overlap=timedelta(hours=form.validated_data["overlap_hours"]),
        )
        return self._with_secret(source, secret, status.HTTP_200_OK)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with one_change():
            source = self.get_object()
        try:
            delete_source(source)
        except StillInUse as error:
            raise Conflict(str(error)) from error
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _with_secret(self, source: Source, secret: str, code: int) -> Response:
        shown = self.get_serializer(source).data
        return Response({**shown, "secret": secret}, status=code, headers=NO_STORE)
