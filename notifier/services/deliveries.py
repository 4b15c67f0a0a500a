"""Deliveries by hand: replay."""

from django.utils import timezone
from django.utils.translation import gettext as _

from notifier.models import Delivery
from notifier.models.delivery import DeliveryState, Verdict
from notifier.services import acts


class NotReplayable(ValueError):
    """This delivery has nothing to read again. The text says why."""


def replay(delivery: Delivery) -> None:
    """Let the worker read `delivery` again under today's rules.

    What was sent stays sent: only people who were not told of the fact get a message.
    Raises NotReplayable for a rejected request and where the body was pruned.
    """
    if delivery.verdict == Verdict.REJECTED:
        raise NotReplayable(_("A rejected request has no body that could be read."))
    first = delivery.first or delivery
    if not hasattr(first, "body"):
        raise NotReplayable(_("The body of this delivery was pruned."))
    Delivery.objects.filter(pk=first.pk).exclude(state=DeliveryState.DUE).update(
        state=DeliveryState.DUE, due_at=timezone.now(), attempts=0
    )
    acts.done_by_hand.send(Delivery, act=acts.REPLAYED, row=first)
