"""The audit trail as people read it: who did what to which thing, and what changed."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from portal.accounts.audit import Event
from portal.accounts.forms import CHANGES, TrailFilter
from portal.accounts.models import Purpose

ACTIONS = {"create": 0, "update": 1, "delete": 2}
LONGEST_VALUE = 300
# Columns whose names nobody else marks for translation.
NAMES = (gettext_noop("expiry"), gettext_noop("secret"), gettext_noop("previous until"))

Label = str | Promise

# What the details of an entry say, as people call it.
WORDS: dict[str, Label] = {
    "password": gettext_lazy("password"),
    "mfa": gettext_lazy("second factor"),
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("security key"),
    "recovery_codes": gettext_lazy("recovery codes"),
    "all": pgettext_lazy("second factors", "all"),
    "inactive": gettext_lazy("inactive"),
}


@dataclass(frozen=True)
class Change:
    """One field: what it was, what it is. Empty: nothing."""

    label: Label
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    pk: int
    at: datetime
    who: str
    email: str
    token: str
    address: str
    action: Label
    kind: Label
    thing: str
    changes: list[Change]


def find_entries(form: TrailFilter) -> QuerySet[LogEntry]:
    """Return the entries that a valid `form` asks for."""
    given = form.cleaned_data
    entries = LogEntry.objects.select_related("content_type", "actor").order_by()
    if actor := given["actor"]:
        entries = entries.filter(
            Q(actor_email__icontains=actor)
            | Q(actor__name__icontains=actor)
            | Q(actor__email__icontains=actor)
        )
    if action := given["action"]:
        entries = entries.filter(_done(action))
    if content_type := form.content_type():
        entries = entries.filter(content_type=content_type)
    since, until = form.period()
    if since:
        entries = entries.filter(timestamp__gte=since)
    if until:
        entries = entries.filter(timestamp__lt=until)
    return _with_text(entries, given["q"]) if given["q"] else entries


def _done(action: str) -> Q:
    if action in ACTIONS:
        return Q(action=ACTIONS[action])
    return Q(action=LogEntry.Action.ACCESS, additional_data__event=action)


def _with_text(entries: QuerySet[LogEntry], text: str) -> QuerySet[LogEntry]:
    # SQLite keeps JSON as it was written, with umlauts escaped; Postgres does not.
    escaped = json.dumps(text)[1:-1]
    found: QuerySet[LogEntry] = entries.alias(in_words=Cast("changes", TextField())).filter(
        Q(object_repr__icontains=text)
        | Q(in_words__icontains=text)
        | Q(in_words__icontains=escaped)
    )
    return found


def describe(entry: LogEntry) -> Line:
    """Return `entry` in words."""
    details = entry.additional_data or {}
    model = entry.content_type.model_class()
    actor = str(entry.actor) if entry.actor else ""
    return Line(
        pk=entry.pk,
        at=entry.timestamp,
        who=actor or entry.actor_email or "",
        email=entry.actor_email or "" if actor != entry.actor_email else "",
        token=str(details.get("token", "")),
        address=entry.remote_addr or "",
        action=_action(entry, details),
        kind=model._meta.verbose_name if model else entry.content_type.model,
        thing=entry.object_repr,
        changes=[*_changes(entry, model), *_details(details)],
    )


def _action(entry: LogEntry, details: dict[str, Any]) -> Label:
    event = details.get("event")
    if event in Event.values:
        return Event(event).label
    return CHANGES[entry.action][1] if entry.action < len(CHANGES) else _("looked at")


def _details(details: dict[str, Any]) -> Iterator[Change]:
    labels = {
        "by": _("by"),
        "reason": _("reason"),
        "purpose": _("purpose"),
        "type": _("kind"),
        "count": _("number"),
    }
    for key, label in labels.items():
        if details.get(key):
            yield Change(label, "", _value(_in_words(key, details[key])))


def _in_words(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_in_words(key, item) for item in value]
    words = dict(Purpose.choices) if key == "purpose" else WORDS
    return str(words.get(value, value)) if isinstance(value, str) else value


def _changes(entry: LogEntry, model: type[Model] | None) -> Iterator[Change]:
    for name, change in (entry.changes or {}).items():
        if _is_bookkeeping(model, name):
            continue
        label, choices, is_moment = _field(model, name)
        if isinstance(change, dict):
            things = _value(change.get("objects", []))
            is_added = change.get("operation") == "add"
            yield Change(label, "" if is_added else things, things if is_added else "")
        else:
            read = _moment if is_moment else _value
            old, new = (read(choices.get(str(value), value)) for value in change)
            if old or new:
                yield Change(label, old, new)


def _is_bookkeeping(model: type[Model] | None, name: str) -> bool:
    """Return whether a change says nothing to people: the row's number, relations back to it."""
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return False
    return field is not None and (field.auto_created or not field.concrete)


def _field(model: type[Model] | None, name: str) -> tuple[Label, dict[str, Any], bool]:
    """Return what a field is called, the words for its values, whether it is a moment."""
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    if field is None:
        return name, {}, False
    choices = {str(key): label for key, label in getattr(field, "flatchoices", ()) or ()}
    return _(str(getattr(field, "verbose_name", name))), choices, isinstance(field, DateTimeField)


def _moment(value: Any) -> str:
    """Return a moment, which auditlog keeps in UTC, in the time zone of the page."""
    found = parse_datetime(str(value))
    if found is None:
        return _value(value)
    return f"{timezone.localtime(found.replace(tzinfo=UTC)):%Y-%m-%d %H:%M:%S}"


def _value(value: Any) -> str:
    if value in (None, "None", "", "[]", "{}"):
        return ""
    if isinstance(value, str) and value.startswith("["):
        # A list field, as text.
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, list):
        text = ", ".join(str(item) for item in value)
    else:
        text = {"True": _("yes"), "False": _("no")}.get(str(value), str(value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
