"""What administrators do with accounts, and how the first of them comes to be."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts import audit, links
from portal.accounts.models import OneTimeLink, Purpose, Role, User, normalized
from portal.accounts.sessions import end_sessions
from portal.config import PREFIX, BadSetting, Config


class Refused(Exception):
    """An account cannot be changed like this. The text says why, `field` where."""

    def __init__(self, message: Any, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def ensure_administrator(config: Config | None = None) -> str | None:
    """Create the administrator of the settings, or return a set-up link to print.

    Called at each start: nobody who exists is changed, and a portal with users needs no link.
    Raises BadSetting when the address or the password of the settings cannot be used.
    """
    config = config or settings.CONFIG
    email = normalized(config.admin_email)
    if email:
        _create_from_settings(email, config.admin_password.get_secret_value())
        return None
    return None if User.objects.exists() else links.make_link(Purpose.SETUP)


def _create_from_settings(email: str, password: str) -> None:
    if User.objects.filter(email=email).exists():
        return
    try:
        validate_email(email)
    except ValidationError:
        raise BadSetting(f"{PREFIX}ADMIN_EMAIL: “{email}” is no e-mail address.") from None
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise BadSetting(f"{PREFIX}ADMIN_PASSWORD: {' '.join(error.messages)}") from None
    try:
        with transaction.atomic():
            User.objects.create_user(email, password, role=Role.ADMIN)
    except IntegrityError:
        # Another process that starts at the same moment was first.
        if not User.objects.filter(email=email).exists():
            raise


def invite_user(*, email: str, name: str, role: str, by: User) -> tuple[User, str]:
    """Return a new user without a password and the link that lets them set one.

    Raises Refused when the address is taken.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name, role=role)
            return user, _link_for(user, Purpose.INVITATION, by)
    except IntegrityError:
        raise Refused(_("There is already an account with this address."), "email") from None


def new_link(user: User, *, by: User) -> str:
    """Return a link that lets `user` set a password. Raises Refused when they are not active."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise Refused(_("This account is not active. Activate it first."))
        return _link_for(user, Purpose.PASSWORD if user.joined_at else Purpose.INVITATION, by)


def _link_for(user: User, purpose: Purpose, by: User) -> str:
    address = links.make_link(purpose, user, by=by)
    audit.record(audit.Event.LINK_MADE, user, purpose=purpose.value)
    return address


def accept_link(
    link: OneTimeLink, *, password: str, name: str | None = None, email: str = ""
) -> User:
    """Use up `link` and return the person it let in, with their new password.

    Raises Refused when the link was used meanwhile, or when the portal is set up already.
    """
    with transaction.atomic():
        if not links.use_link(link):
            raise Refused(_("This link was used or has expired. Ask for a new one."))
        user = _first_administrator(email) if link.user is None else _locked(link.user)
        user.set_password(password)
        user.joined_at = user.joined_at or timezone.now()
        if name is not None:
            user.name = name
        user.save()
        end_sessions(user)
        audit.record(audit.Event.LINK_USED, user, actor=user, purpose=link.purpose)
    return user


def _first_administrator(email: str) -> User:
    if User.objects.exists():
        raise Refused(_("This portal is set up already."))
    return User(email=normalized(email), role=Role.ADMIN)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def change_access(
    user: User, *, by: User, role: str | None = None, is_active: bool | None = None
) -> User:
    """Return `user` with a new role or state; whoever is deactivated is signed out at once.

    There is always an administrator left: the one who does it, and nobody does it to themselves.
    Raises Refused for the own account, and when `by` is no administrator at this moment.
    """
    with transaction.atomic():
        # One after the other: two who demote each other at the same moment would both succeed.
        locked = list(
            User.objects.select_for_update()
            .filter(_administrators() | Q(pk=user.pk))
            .order_by("pk")
        )
        target = next(row for row in locked if row.pk == user.pk)
        _apply(target, role=role, is_active=is_active)
        if target.pk == by.pk and not _is_administrator(target):
            raise Refused(_("Ask another administrator to change your own account."))
        if not any(row.pk == by.pk and _is_administrator(row) for row in locked):
            raise Refused(_("You are not an administrator any more."))
        target.save(update_fields=["role", "is_active"])
        if not target.is_active:
            _sign_out(target)
    return target


def _apply(user: User, *, role: str | None, is_active: bool | None) -> None:
    if role is not None:
        user.role = Role(role)
    if is_active is not None:
        user.is_active = is_active


def _administrators() -> Q:
    return Q(role=Role.ADMIN, is_active=True, joined_at__isnull=False)


def _is_administrator(user: User) -> bool:
    return user.role == Role.ADMIN and user.is_active and user.joined_at is not None


def _sign_out(user: User) -> None:
    user.links.filter(used_at=None).delete()
    if ended := end_sessions(user):
        audit.record(audit.Event.SESSIONS_ENDED, user, count=ended)


def reset_second_factors(user: User) -> int:
    """Remove all second factors of somebody who lost them; return how many those were."""
    with transaction.atomic():
        removed: int = Authenticator.objects.filter(user=user).delete()[0]
        if removed:
            audit.record(audit.Event.SECOND_FACTOR_REMOVED, user, type="all")
    return removed


def find_users(text: str = "") -> QuerySet[User]:
    """Return all accounts, or those with `text` in name or address."""
    users = User.objects.all()
    return users.filter(Q(name__icontains=text) | Q(email__icontains=text)) if text else users
