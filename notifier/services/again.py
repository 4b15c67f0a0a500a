"""Messages by hand: send one again that did not arrive."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifier.models import Message
from notifier.models.message import MessageState
from notifier.services import acts

FAILED = (MessageState.FAILED, MessageState.DROPPED)


class NotSendable(ValueError):
    """This message cannot be sent again. The text says why."""


def send_again(message: Message, *, despite_doubt: bool = False) -> None:
    """Queue `message` once more: it goes through the gate like any other.

    One that may have arrived needs `despite_doubt`. Raises NotSendable.
    """
    wanted = Q(state__in=FAILED)
    if despite_doubt:
        wanted |= Q(state=MessageState.UNKNOWN)
    now = timezone.now()
    queued = Message.objects.filter(wanted, pk=message.pk, recipient__isnull=False).update(
        state=MessageState.QUEUED,
        due_at=now,
        created_at=now,
        attempts=0,
        sending_at=None,
        finished_at=None,
        provider_id="",
        reason="",
    )
    if queued:
        acts.done_by_hand.send(Message, act=acts.SENT_AGAIN, row=message)
        return
    message.refresh_from_db()
    raise NotSendable(_why(message))


def _why(message: Message) -> str:
    if message.recipient_id is None:
        return _("The recipient was deleted.")
    if message.state == MessageState.UNKNOWN:
        return _("It may have arrived already. Choose to send it again anyway.")
    return _("Only a message that failed or was dropped can be sent again.")
