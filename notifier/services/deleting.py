"""Deleting what has a history."""

from django.db import transaction
from django.utils.translation import gettext as _

from notifier.models import Delivery, DeliveryBody, Rule, Source

AT_ONCE = 500


class StillInUse(ValueError):
    """It must not be deleted like this. The text says why, and what to do first."""


def delete_source(source: Source) -> None:
    """Delete `source` with its deliveries; messages stay, without their delivery.

    Rules only for it are switched off: without their only source they would suddenly want the
    events of all. Raises StillInUse while it is switched on and has received something: the
    history would go and the next webhook would be refused, so switching off comes first.
    """
    if is_in_use(source):
        raise StillInUse(
            _("This source has a history. Switch it off first; deleting it deletes its deliveries.")
        )
    _delete_history(source)
    with transaction.atomic():
        for rule in rules_only_for(source):
            rule.is_active = False
            rule.save(update_fields=["is_active", "updated_at"])
        source.delete()


def is_in_use(source: Source) -> bool:
    """Say whether `source` is switched on and has received something."""
    return source.is_active and source.deliveries.exists()


def rules_only_for(source: Source) -> list[Rule]:
    """Return the rules that name `source` and no other."""
    others = Source.objects.exclude(pk=source.pk)
    return list(Rule.objects.filter(sources=source).exclude(sources__in=others))


def _delete_history(source: Source) -> None:
    """Delete the deliveries in steps that hold no lock for long; an interrupted one goes on."""
    deliveries = Delivery.objects.filter(source_id=source.pk).order_by("-pk")
    while some := list(deliveries.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            DeliveryBody.objects.filter(pk__in=some).delete()
            Delivery.objects.filter(pk__in=some).delete()
