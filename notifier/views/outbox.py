from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from notifier.domain import redact
from notifier.models import Message, Recipient
from notifier.services.history import TOLD

OUTBOX = "outbox"
MOST_PEOPLE = 200
MOST_TEXTS = 50


class Outbox(View):
    """The phones that the outbox stands for: one person at a time, newest text last."""

    def get(self, request: HttpRequest) -> HttpResponse:
        people = list(_people()[:MOST_PEOPLE])
        person = _chosen(request.GET.get("recipient", ""), people)
        context = {
            "people": people,
            "person": person,
            "number": redact.phone(person.phone.as_e164) if person and person.phone else "",
            "texts": _texts(person) if person else [],
            "gateway": settings.NOTIFIER["GATEWAY"],
            "is_used": settings.NOTIFIER["GATEWAY"] == OUTBOX,
        }
        return render(request, "notifier/outbox.html", context)


def _people() -> Any:
    """Return the recipients, who got a text last first, then those who got none."""
    last = Message.objects.filter(recipient=OuterRef("pk"), gateway=OUTBOX, state__in=TOLD)
    newest = last.order_by("-id")
    people = Recipient.objects.annotate(
        last_id=Subquery(newest.values("pk")[:1]), last_at=Subquery(newest.values("created_at")[:1])
    )
    return people.filter(Exists(last)).order_by("-last_id")


def _chosen(wanted: str, people: list[Any]) -> Any:
    if not wanted:
        return people[0] if people else None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404("No such recipient.")
    person = Recipient.objects.filter(pk=int(wanted)).first()
    if person is None:
        raise Http404("No such recipient.")
    return person


def _texts(person: Recipient) -> list[dict[str, Any]]:
    rows = person.messages.filter(gateway=OUTBOX, state__in=TOLD).order_by("-id")[:MOST_TEXTS]
    return [
        {
            "key": row.pk,
            "text": row.text,
            "created_at": row.finished_at or row.created_at,
            "state": row.state,
            "parts": row.parts,
            "url": reverse("notifier:message", args=[row.pk]),
        }
        for row in reversed(rows)
    ]
