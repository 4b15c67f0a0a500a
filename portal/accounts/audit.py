"""The audit trail: who did it, from where, and what it was, beside what auditlog sees by itself.

auditlog records every save of the models that `settings.AUDITLOG_INCLUDE_TRACKING_MODELS` names.
What is no change of a row (a sign-in, a link) is written here with `record`.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import structlog
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, TextChoices
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from notifier.domain import redact
from portal.accounts.addresses import client_address
from portal.accounts.models import ApiToken, User

MASK = "•••"

Handler = Callable[[HttpRequest], HttpResponse]

_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)


class Event(TextChoices):
    """What happens without a row of ours being changed."""

    SIGNED_IN = "signed_in", _("signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("failed to sign in")
    SIGNED_OUT = "signed_out", _("signed out")
    SECOND_FACTOR_FAILED = "second_factor_failed", _("gave a wrong second factor")
    SECOND_FACTOR_ADDED = "second_factor_added", _("added a second factor")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("removed a second factor")
    SECOND_FACTOR_RENEWED = "second_factor_renewed", _("renewed recovery codes")
    PASSWORD_CHANGED = "password_changed", _("changed the password")
    LINK_MADE = "link_made", _("made a one-time link")
    LINK_USED = "link_used", _("used a one-time link")
    SESSIONS_ENDED = "sessions_ended", _("ended sessions")
    REPLAYED = "replayed", _("let a delivery be read again")
    SENT_AGAIN = "sent_again", _("sent a message again")
    TEST_SENT = "test_sent", _("sent a test message")


def record(
    event: Event,
    target: Model | None,
    *,
    actor: User | None = None,
    label: str = "",
    **details: Any,
) -> None:
    """Write one entry about `target`; without one, `label` says who it was said to be."""
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(target or User),
        object_pk=str(target.pk) if target else "",
        object_id=target.pk if target and isinstance(target.pk, int) else None,
        object_repr=str(target) if target else label,
        action=LogEntry.Action.ACCESS,
        actor=actor,
        additional_data={"event": event.value, **details},
    )


def remember_request(get_response: Handler) -> Handler:
    """Middleware: let entries know the request that they are written in.

    The person is read when the entry is written: a token or a sign-in names them only then.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        mark = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(mark)

    return middleware


def request_id() -> str | None:
    """Return the id that the log lines of this request carry."""
    value = structlog.contextvars.get_contextvars().get("request_id")
    return str(value) if value else None


@receiver(pre_save, sender=LogEntry, dispatch_uid="audit_fill_in")
def _fill_in(sender: type[LogEntry], instance: LogEntry, **_kwargs: Any) -> None:
    if not instance._state.adding:
        return
    if (request := _request.get()) is not None:
        _fill_in_request(instance, request)
    if instance.actor_id and not instance.actor_email:
        instance.actor_email = instance.actor.email
    model = instance.content_type.model_class()
    if model is ApiToken:
        # The key of a token's row is its hash: no business of the trail.
        instance.object_pk = instance.object_pk[:8]
    if model is not None and instance.changes:
        instance.changes = _own_changes(model, instance.changes)


def _own_changes(model: type[Model], changes: dict[str, Any]) -> dict[str, Any]:
    """Return what was said about the row: no lists of other rows, nothing that is empty."""
    # When a row was made is when its entry was written.
    left_out = {field.name for field in model._meta.get_fields() if field.auto_created}
    left_out |= {"created", "created_at"}
    return {
        name: change
        for name, change in changes.items()
        if name not in left_out and list(change) != ["None", "None"]
    }


def _fill_in_request(entry: LogEntry, request: HttpRequest) -> None:
    entry.remote_addr = client_address(request)
    user = getattr(request, "user", None)
    if entry.actor_id is None and isinstance(user, User):
        entry.actor_id, entry.actor_email = user.pk, user.email
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        entry.additional_data = {**(entry.additional_data or {}), "token": token.name}


def mask_secret(_value: str) -> str:
    """Return what stands for a secret in the trail: that it changed, not what it is."""
    return MASK


def mask_phone(value: str) -> str:
    """Return a number that is recognised but not known."""
    return redact.phone(value) if value not in ("", "None") else value
