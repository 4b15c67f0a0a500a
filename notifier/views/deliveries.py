from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from notifier import sources
from notifier.filters import DeliveryFilter
from notifier.models import Delivery, DeliveryBody
from notifier.models.delivery import DeliveryState, Verdict
from notifier.services import history
from notifier.services.deliveries import NotReplayable, replay
from notifier.services.explaining import explain
from notifier.services.phrases import translated
from notifier.services.showing import show, timeline
from notifier.views import story
from notifier.views.lists import Listing
from notifier.views.readers import sees_all

FIELDS = ("text", "outcome", "source", "repository", "branch", "kind", "verdict", "from", "to")
MOST_REDELIVERIES = 20


class DeliveryList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Delivery.objects.select_related("source").only(*history.COLUMNS)
        listing = Listing(request, DeliveryFilter(request.GET, queryset=rows), FIELDS)
        context = {"listing": listing, "filter": listing.form, "lines": lines(listing.rows)}
        return render(request, "notifier/deliveries.html", context, status=listing.status)


class DeliveryPage(View):
    """The whole story of one delivery."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        delivery = get_object_or_404(_whole(), pk=pk)
        return render(request, "notifier/delivery.html", _context(request, delivery))


class DeliveryReplay(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        delivery = get_object_or_404(Delivery, pk=pk)
        try:
            replay(delivery)
        except NotReplayable as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is read again, under the rules of now: see below."))
        return redirect("notifier:delivery", pk=delivery.first_id or pk)


def lines(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    """Return what a list shows of each delivery, with how many people it reached."""
    told = history.told_of(deliveries) if deliveries else {}
    return [
        {
            "delivery": row,
            "state": history.state_of(row),
            "name": history.name_of(row),
            "kind": history.KINDS.get(row.kind, ""),
            "told": told.get(row.first_id or row.pk),
            "times": row.repeats + 1,
        }
        for row in deliveries
    ]


def _whole() -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related("source", "first")
    return rows.defer("source__secret", "source__previous_secret", "first__headers")


def _context(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    first = delivery.first or delivery
    shown = show(delivery, mask_email=not sees_all(request))
    explanation = explain(first)
    steps = timeline(delivery)
    waits = delivery.state == DeliveryState.DUE or any(_is_open(step.message) for step in steps)
    return {
        "delivery": delivery,
        "state": history.state_of(delivery),
        "name": history.name_of(delivery),
        "kind": history.KINDS.get(delivery.kind, delivery.kind),
        "provider": translated(sources.get(delivery.source.provider).label),
        "link": history.web_address(delivery.url),
        "times": delivery.repeats + 1,
        "redeliveries": delivery.redeliveries.order_by("-pk")[:MOST_REDELIVERIES],
        "items": story.items(steps),
        "waits": waits,
        "explanation": explanation,
        "shown": shown,
        "body": story.visible(shown.text),
        "headers": story.visible(_lines(shown.headers)),
        "can_replay": _can_replay(delivery),
        "bad_signature": ":signature:" in delivery.key,
    }


def _is_open(message: Any) -> bool:
    return message is not None and message.state in ("queued", "sending")


def _lines(headers: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def _can_replay(delivery: Delivery) -> bool:
    if delivery.verdict == Verdict.REJECTED:
        return False
    return DeliveryBody.objects.filter(pk=delivery.first_id or delivery.pk).exists()
