"""The worker's second step: one message through the gate to a gateway."""

from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from notifier import gateways
from notifier.domain import policy
from notifier.domain.errors import SendUnknown
from notifier.domain.ids import first_id
from notifier.domain.text import measure, test_message
from notifier.gateways.gateway import Gateway, Sms
from notifier.models import Message, Recipient
from notifier.models.message import MessageState
from notifier.services import acts
from notifier.services.reading import Lease

HANDED_OVER = (
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.UNKNOWN,
)


def gateway() -> Gateway:
    """Return the gateway that the settings choose; one for the process, it keeps its client."""
    chosen = settings.NOTIFIER["GATEWAY_SETTINGS"]
    return _gateway(settings.NOTIFIER["GATEWAY"], tuple(sorted(chosen.items())))


@lru_cache(maxsize=8)
def _gateway(key: str, chosen: tuple[tuple[str, str], ...]) -> Gateway:
    return gateways.build(key, dict(chosen))


def send_message(row: Message, lease: Lease) -> None:
    """Ask the gate, then send `row`. Raises SendFailed when the gateway refused."""
    match policy.decide(_facts(row), now=timezone.now()):
        case policy.Drop(reason=reason):
            lease.record(state=MessageState.DROPPED, reason=reason, finished_at=timezone.now())
        case policy.Hold(until=until, reason=reason):
            lease.record(state=MessageState.HELD, reason=reason, due_at=until, attempts=0)
        case policy.Send():
            _hand_over(row, lease)


def _hand_over(row: Message, lease: Lease) -> None:
    way = gateway()
    phone = row.recipient.phone if row.recipient else row.phone
    # Recorded before the call: a row found like this later is never sent again blindly.
    lease.record(
        state=MessageState.SENDING,
        sending_at=timezone.now(),
        gateway=way.key,
        phone=phone,
        reason="",
    )
    try:
        receipt = way.send(Sms(to=phone.as_e164, text=row.text, ref=str(row.pk)))
    except SendUnknown as error:
        lease.record(state=MessageState.UNKNOWN, reason=str(error), finished_at=timezone.now())
        return
    lease.record(
        state=MessageState(receipt.state),
        provider_id=receipt.provider_id,
        reason=receipt.reason,
        finished_at=timezone.now(),
    )


def _facts(row: Message) -> policy.Facts:
    recipient = row.recipient
    since = timezone.now() - policy.WINDOW
    number = recipient.phone if recipient else row.phone
    # Also by number: whoever is deleted and made anew, or gets another's number, starts not at 0.
    to_them = Q(recipient=recipient) | Q(phone=number, pk__gte=first_id(since))
    recent = Message.objects.filter(
        to_them,
        sending_at__gt=since,
        state__in=HANDED_OVER,
    ).aggregate(count=Count("pk"), oldest=Min("sending_at"))
    return policy.Facts(
        active=recipient is not None and recipient.is_active,
        has_number=recipient is not None and bool(recipient.phone),
        created=row.created_at,
        sent_last_hour=recent["count"] if recipient else 0,
        hourly_limit=settings.NOTIFIER["HOURLY_LIMIT"],
        oldest_sent=recent["oldest"],
        max_age=timedelta(hours=settings.NOTIFIER["MAX_AGE_HOURS"]),
    )


def queue_test_message(recipient: Recipient) -> Message:
    """Queue a message that only says that the way works."""
    text = test_message(recipient.name, recipient.language)
    size = measure(text)
    message = Message.objects.create(
        recipient=recipient,
        recipient_name=recipient.name,
        phone=recipient.phone,
        text=text,
        encoding=size.encoding,
        parts=size.parts,
    )
    acts.done_by_hand.send(Recipient, act=acts.TEST_SENT, row=recipient)
    return message
