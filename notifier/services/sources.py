"""Sources: create them, rotate their secrets, find the one behind an address."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.text import slugify

from notifier import sources
from notifier.domain.own_secret import check_own_secret
from notifier.models import Source

OVERLAP = timedelta(hours=24)
CACHE_SECONDS = 1.0
MOST_DOORS = 10_000
LONGEST_SLUG = 63


class UnknownSource(LookupError):
    """No active source has this address."""


@dataclass(frozen=True)
class Door:
    """What the intake needs to know of a source, secrets in clear."""

    source_id: int
    provider: str
    config: dict[str, Any]
    secret: str
    previous_secret: str
    previous_until: datetime | None

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that are valid at `now`: after a rotation two, for a while."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return (self.secret, self.previous_secret)
        return (self.secret,)


def hook_url(source: Source) -> str:
    """Return the address that the provider must call."""
    return f"{settings.NOTIFIER['PUBLIC_URL']}/hooks/{source.slug}"


def create_source(
    *, name: str, slug: str, provider: str, config: dict[str, Any], secret: str = ""
) -> tuple[Source, str]:
    """Return the new source and its secret, which is shown this once.

    Without `secret` (a provider that makes its own) one is made in the provider's form.
    """
    secret = secret or sources.get(provider).make_secret(config)
    source = Source.objects.create(
        name=name, slug=slug, provider=provider, config=config, secret=secret, previous_secret=""
    )
    return source, secret


def rotate_secret(source: Source, *, secret: str = "", overlap: timedelta = OVERLAP) -> str:
    """Give `source` a new secret and return it; the old one stays valid for `overlap`."""
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        new = secret or sources.get(locked.provider).make_secret(locked.config)
        locked.previous_secret = locked.secret
        locked.previous_until = timezone.now() + overlap
        locked.secret = new
        locked.save()
    source.refresh_from_db()
    return new


def suggest_slug(name: str, provider: str) -> str:
    """Return a free address part made from `name`, from `provider` when that gives none."""
    words = slugify(name.replace("/", " ")).replace("_", "-")
    start = words[: LONGEST_SLUG - 4].strip("-") or provider
    taken = set(Source.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    tries = (start if number == 1 else f"{start}-{number}" for number in count(1))
    return next(slug for slug in tries if slug not in taken)


def secret_error(provider: str, config: dict[str, Any], secret: str) -> str:
    """Return what keeps `secret` from being the secret of such a source, "" when nothing does."""
    return check_own_secret(secret, sources.get(provider).make_secret(config))


# None: there is no such source. Who tries many addresses asks the database once for each.
_doors: dict[str, tuple[float, Door | None]] = {}


def find_door(slug: str) -> Door:
    """Return the door behind `slug`, at most CACHE_SECONDS old. Raises UnknownSource."""
    until, door = _doors.get(slug, (0.0, None))
    if until <= time.monotonic():
        door = _read_door(slug)
        if len(_doors) >= MOST_DOORS:
            _doors.clear()
        _doors[slug] = (time.monotonic() + CACHE_SECONDS, door)
    if door is None:
        raise UnknownSource(slug)
    return door


def _read_door(slug: str) -> Door | None:
    if not connection.in_atomic_block:
        # Outside Django's request cycle nobody else drops a connection that was lost.
        close_old_connections()
    source = Source.objects.filter(slug=slug, is_active=True).first()
    if source is None:
        return None
    return Door(
        source.pk,
        source.provider,
        source.config,
        source.secret,
        source.previous_secret,
        source.previous_until,
    )


@receiver([post_save, post_delete], sender=Source)
def forget_doors(**_: Any) -> None:
    """Drop what this process remembers; other processes notice within CACHE_SECONDS."""
    _doors.clear()
