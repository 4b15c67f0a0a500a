from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from notifier.filters import MessageFilter
from notifier.models import Message
from notifier.models.message import MessageState
from notifier.services import again, history
from notifier.services.showing import message_steps
from notifier.views import story
from notifier.views.lists import Listing

CALM = (MessageState.SENT, MessageState.DELIVERED, MessageState.SENDING)
FIELDS = ("text", "state", "recipient", "gateway", "from", "to")


class MessageList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Message.objects.select_related("rule").only(
            "id",
            "recipient_name",
            "text",
            "parts",
            "state",
            "reason",
            "gateway",
            "created_at",
            "due_at",
            "delivery_id",
            "rule",
            "rule__name",
        )
        listing = Listing(request, MessageFilter(request.GET, queryset=rows), FIELDS)
        context = {"listing": listing, "filter": listing.form, "calm": CALM}
        return render(request, "notifier/messages.html", context, status=listing.status)


class MessagePage(View):
    """One text, as the phone shows it, and what became of it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        message = get_object_or_404(
            Message.objects.select_related("recipient", "delivery", "rule"), pk=pk
        )
        return render(request, "notifier/message.html", _context(message))


class MessageRetry(View):
    """Send a message again that surely did not arrive."""

    http_method_names = ["post"]
    despite_doubt = False

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        message = get_object_or_404(Message, pk=pk)
        try:
            again.send_again(message, despite_doubt=self.despite_doubt)
        except again.NotSendable as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The message is queued again: see below."))
        return redirect("notifier:message", pk=pk)


def _context(message: Message) -> dict[str, Any]:
    return {
        "message": message,
        "shown": [message],
        "delivery": message.delivery,
        "event": history.name_of(message.delivery) if message.delivery else "",
        "calm": CALM,
        "items": story.items(message_steps([message]), linked=False),
        "waits": message.state in (MessageState.QUEUED, MessageState.SENDING),
        "can_retry": message.recipient_id and message.state in again.FAILED,
        "is_doubtful": message.recipient_id and message.state == MessageState.UNKNOWN,
    }
