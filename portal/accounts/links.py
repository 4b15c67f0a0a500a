"""One-time links: made for one person and one purpose, good once and not for long."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import OneTimeLink, Purpose, User

LIFETIMES = {
    Purpose.SETUP: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.PASSWORD: timedelta(hours=24),
}


def make_link(purpose: Purpose, user: User | None = None, *, by: User | None = None) -> str:
    """Return the absolute address of a new link; earlier unused ones of `user` end."""
    token = secrets.token_urlsafe(32)
    for attempt in (1, 2):
        try:
            _store(purpose, user, by, token)
            break
        except IntegrityError:
            # Somebody made one at the same moment: the second try replaces theirs.
            if attempt == 2:
                raise
    return f"{settings.CONFIG.public_url}{reverse('accounts:link', args=[token])}"


@transaction.atomic
def _store(purpose: Purpose, user: User | None, by: User | None, token: str) -> None:
    same = Q(user=user) if user else Q(purpose=Purpose.SETUP)
    OneTimeLink.objects.filter(same, used_at=None).delete()
    OneTimeLink.objects.create(
        purpose=purpose,
        user=user,
        created_by=by,
        digest=_digest(token),
        expires_at=timezone.now() + LIFETIMES[purpose],
    )


def find_link(token: str) -> OneTimeLink | None:
    """Return the usable link behind `token`."""
    return _usable().filter(digest=_digest(token)).first()


def open_link(pk: int | None) -> OneTimeLink | None:
    """Return the link with this key if it is still usable."""
    return _usable().filter(pk=pk).first() if pk else None


def use_link(link: OneTimeLink) -> bool:
    """Use up `link`: only one of two who try at the same moment gets True."""
    return _usable().filter(pk=link.pk).update(used_at=timezone.now()) == 1


def _usable() -> QuerySet[OneTimeLink]:
    is_meant_for_somebody = Q(user=None, purpose=Purpose.SETUP) | Q(user__is_active=True)
    return OneTimeLink.objects.select_related("user").filter(
        is_meant_for_somebody, used_at=None, expires_at__gt=timezone.now()
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
