"""What sign-in tells us, written into the audit trail."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_set
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Model
from django.dispatch import receiver
from django.http import HttpRequest

from notifier.services.acts import done_by_hand
from portal.accounts.audit import Event, record
from portal.accounts.models import User


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    steps = get_authentication_records(request, user)
    methods = [step.get("type") or step.get("method") or "" for step in steps]
    record(Event.SIGNED_IN, user, actor=user, by=[str(method) for method in methods])


@receiver(user_logged_out)
def note_sign_out(user: User | None, **_: Any) -> None:
    if user is not None:
        record(Event.SIGNED_OUT, user, actor=user)


@receiver([password_changed, password_set])
def note_password(user: User, **_: Any) -> None:
    record(Event.PASSWORD_CHANGED, user)


@receiver(mfa.authentication_failed)
def note_wrong_factor(user: User, authenticator: Any = None, **_: Any) -> None:
    record(Event.SECOND_FACTOR_FAILED, user, type=getattr(authenticator, "type", ""))


@receiver(mfa.authenticator_added)
def note_factor_added(user: User, authenticator: Any, **_: Any) -> None:
    record(Event.SECOND_FACTOR_ADDED, user, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def note_factor_removed(user: User, authenticator: Any, **_: Any) -> None:
    record(Event.SECOND_FACTOR_REMOVED, user, type=authenticator.type)


@receiver(mfa.authenticator_reset)
def note_codes_renewed(user: User, authenticator: Any, **_: Any) -> None:
    record(Event.SECOND_FACTOR_RENEWED, user, type=authenticator.type)


@receiver(done_by_hand)
def note_act(act: str, row: Model, **_: Any) -> None:
    record(Event(act), row)
