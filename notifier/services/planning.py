"""Who is told of an event, and why, and why not."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from notifier.domain.event import Event, Kind
from notifier.domain.phrases import gettext_noop
from notifier.domain.rules import Check, Conditions, check, matches
from notifier.domain.text import compose, measure
from notifier.models import Delivery, Message, Recipient, Rule
from notifier.models.message import MessageState

# A message in one of these may be queued again: nobody was told.
REPEATABLE = (MessageState.FAILED, MessageState.DROPPED)

SWITCHED_OFF = gettext_noop("This recipient is switched off.")
THEIR_OWN = gettext_noop("It is their own event.")
TOLD_BY = gettext_noop("Told by the rule {rule}.")
QUEUED_AGAIN = gettext_noop("Queued again.")
TOLD_BEFORE = gettext_noop("Was told of the same fact before.")


def plan(event: Event, delivery: Delivery, fact: str, *, again: bool = False) -> list[Any]:
    """Make the messages about `event` and return every rule's verdict as JSON values.

    Each entry has the rule, whether it matched, every condition that was checked, and for
    each of its recipients what happened and why.
    """
    if event.kind is Kind.PING:
        return []
    told: dict[int, str] = {}
    return [
        _verdict(rule, event, delivery, fact, told, again)
        for rule in Rule.objects.filter(is_active=True).prefetch_related(
            "sources", "recipients", "teams__members"
        )
    ]


def conditions_of(rule: Rule) -> Conditions:
    """Return the conditions that `rule` sets, as the domain checks them."""
    return Conditions(
        source=tuple(source.slug for source in rule.sources.all()),
        repositories=tuple(rule.repositories),
        branches=tuple(rule.branches),
        kinds=tuple(rule.kinds),
        outcomes=tuple(rule.outcomes),
        workflows=tuple(rule.workflows),
        environments=tuple(rule.environments),
        actors_in=tuple(rule.actors_in),
        actors_out=tuple(rule.actors_out),
        include_bots=rule.include_bots,
    )


def _verdict(
    rule: Rule, event: Event, delivery: Delivery, fact: str, told: dict[int, str], again: bool
) -> dict[str, Any]:
    checks = check(conditions_of(rule), event, delivery.source.slug)
    matched = matches(checks)
    return {
        "rule": rule.pk,
        "name": rule.name,
        "matched": matched,
        "checks": [_as_json(item) for item in checks],
        "recipients": [
            _tell(recipient, rule, event, delivery, fact, told, again)
            for recipient in (_recipients(rule, event) if matched else ())
        ],
    }


def _tell(
    recipient: Recipient,
    rule: Rule,
    event: Event,
    delivery: Delivery,
    fact: str,
    told: dict[int, str],
    again: bool,
) -> dict[str, Any]:
    line: dict[str, Any] = {"recipient": recipient.pk, "name": recipient.name, "message": None}
    if not recipient.is_active:
        return {**line, "result": "skipped", "reason": SWITCHED_OFF}
    if rule.skip_own_events and _caused(recipient, event):
        return {**line, "result": "skipped", "reason": THEIR_OWN}
    if recipient.pk in told:
        return {**line, "result": "skipped", "reason": TOLD_BY.format(rule=told[recipient.pk])}
    told[recipient.pk] = rule.name
    message, is_new = _message(recipient, rule, event, delivery, fact)
    line["message"] = str(message.pk)
    if is_new:
        return {**line, "result": "told", "reason": ""}
    if again and message.state in REPEATABLE:
        _queue_again(message)
        return {**line, "result": "told", "reason": QUEUED_AGAIN}
    if message.delivery_id == delivery.pk:
        return {**line, "result": "told", "reason": ""}
    return {**line, "result": "skipped", "reason": TOLD_BEFORE}


def _message(
    recipient: Recipient, rule: Rule, event: Event, delivery: Delivery, fact: str
) -> tuple[Message, bool]:
    """Return the one message about `fact` to `recipient`, and whether it is new."""
    text = compose(event, language=recipient.language, max_parts=rule.max_parts)
    size = measure(text)
    return Message.objects.get_or_create(
        recipient=recipient,
        fact=fact,
        defaults={
            "recipient_name": recipient.name,
            "phone": recipient.phone,
            "delivery": delivery,
            "rule": rule,
            "text": text,
            "encoding": size.encoding,
            "parts": size.parts,
        },
    )


def _queue_again(message: Message) -> None:
    now = timezone.now()
    Message.objects.filter(pk=message.pk, state__in=REPEATABLE).update(
        state=MessageState.QUEUED, due_at=now, created_at=now, attempts=0, finished_at=None
    )


def _recipients(rule: Rule, event: Event) -> Iterator[Recipient]:
    """Yield everybody whom `rule` names, each once."""
    seen: set[int] = set()
    for recipient in _named(rule, event):
        if recipient.pk not in seen:
            seen.add(recipient.pk)
            yield recipient


def _named(rule: Rule, event: Event) -> Iterable[Recipient]:
    yield from rule.recipients.all()
    for team in rule.teams.all():
        yield from team.members.all()
    if rule.tell_actor and event.actor:
        yield from (one for one in Recipient.objects.all() if _caused(one, event))


def _caused(recipient: Recipient, event: Event) -> bool:
    actor = event.actor.casefold()
    return bool(actor) and actor in (str(login).casefold() for login in recipient.logins)


def _as_json(item: Check) -> dict[str, Any]:
    return {
        "condition": item.condition,
        "passed": item.passed,
        "wanted": item.wanted,
        "got": item.got,
    }
