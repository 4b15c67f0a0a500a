from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from notifier.api.strict import Flag, StrictSerializer
from portal.accounts.access import ANY_TOKEN, SCOPES, scopes_of
from portal.accounts.models import ApiToken, Role, User
from portal.accounts.services import Refused, change_access, find_users


class MeSerializer(serializers.Serializer[Any]):
    """Who a request comes from, and what it may ask for."""

    email = serializers.EmailField(read_only=True)
    name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(Role.choices, read_only=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), read_only=True)


class Me(APIView):
    scope = ANY_TOKEN

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Say who you are, with your role and the scopes of your token (of your role without)."""
        user, token = request.user, request.auth
        assert isinstance(user, User)  # noqa: S101
        scopes = token.scopes if isinstance(token, ApiToken) else scopes_of(user.role)
        person = {"email": user.email, "name": user.name, "role": user.role, "scopes": scopes}
        return Response(MeSerializer(person).data)


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "name",
            "role",
            "is_active",
            "created_at",
            "joined_at",
            "last_login",
        )
        read_only_fields = fields


class UserChange(StrictSerializer):
    """What an administrator may change about somebody."""

    role = serializers.ChoiceField(Role.choices, required=False)
    is_active = Flag(required=False)


class Users(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[User]):
    """People who sign in. Invitations are made on the page: their links are shown there."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    lookup_url_kwarg = "id"
    read_role = write_role = "admin"
    scope = "admin"

    def get_queryset(self) -> QuerySet[User]:
        return find_users()

    @extend_schema(request=UserChange, responses=UserSerializer)
    def partial_update(self, request: Request, id: int) -> Response:
        """Change the role, or deactivate: sessions end at once and tokens are refused."""
        change = UserChange(data=request.data)
        change.is_valid(raise_exception=True)
        assert isinstance(request.user, User)  # noqa: S101
        try:
            user = change_access(self.get_object(), by=request.user, **change.validated_data)
        except Refused as error:
            raise ValidationError(str(error)) from None
        return Response(UserSerializer(user).data)
