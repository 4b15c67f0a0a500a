"""Deliveries: webhook requests as received, and what became of them."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifier.api.delivery_shapes import DeliveryDetailSerializer, DeliverySerializer
from notifier.api.resources import Conditional, Conflict
from notifier.filters import DeliveryFilter
from notifier.models import Delivery
from notifier.services.deliveries import NotReplayable, replay

HEAVY = ("headers", "event", "decisions")


@extend_schema_view(
    list=extend_schema(summary="List deliveries, newest first"),
    retrieve=extend_schema(summary="Show a delivery with its whole story"),
)
class DeliveryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Conditional):
    """Webhook requests as received."""

    queryset = Delivery.objects.all()
    filterset_class = DeliveryFilter

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.defer(*HEAVY) if self.action == "list" else rows.select_related("source")

    def get_serializer_class(self) -> Any:
        return DeliverySerializer if self.action == "list" else DeliveryDetailSerializer

    @extend_schema(
        summary="Read a delivery again under today's rules",
        operation_id="deliveries_replay",
        request=None,
        responses={
            202: DeliverySerializer,
            409: OpenApiResponse(description="There is no body that could be read again."),
        },
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Whoever was told of it is not told again. Of a redelivery the first is read again."""
        delivery = self.get_object()
        try:
            replay(delivery)
        except NotReplayable as error:
            raise Conflict(str(error)) from error
        delivery.refresh_from_db()
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)
