"""`manage.py demo`: fills a running portal through its public doors."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from portal.accounts.models import Role, User
from portal.accounts.tokens import create_token
from portal.demo.doors import DemoError, Doors
from portal.demo.filling import Filling
from portal.demo.story import story

SCOPES = ("notify:read", "notify:write")
LOOK = (
    ("/", "what is red, who was told, what waits"),
    ("/deliveries/", "everything that came in, also what was refused and what came twice"),
    ("/outbox/", "the texts as the phones show them"),
    ("/rules/", "why these people and no others"),
)


class Command(BaseCommand):
    help = "Fill a running portal with a small story: signed webhooks over HTTP, people by REST."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", default=settings.CONFIG.public_url, help="the portal (default: %(default)s)"
        )
        parser.add_argument(
            "--token",
            default="",
            help="an API token with notify:write (default: one of an administrator, for the time "
            "of this run)",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="send the webhooks also where they are already: they are shown as redeliveries",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Doors(options["url"], "").check()
            with _token(options["token"]) as token:
                self._fill(Doors(options["url"], token), again=options["again"])
        except DemoError as error:
            sys.exit(f"The demo stopped. {error}")

    def _fill(self, doors: Doors, *, again: bool) -> None:
        filling = Filling(doors, self.stdout.write)
        filling.set_up()
        if filling.tell(story(timezone.now()), again=again):
            filling.wait()
        self.stdout.write("\nLook at:")
        for path, what in LOOK:
            self.stdout.write(f"  {doors.url + path:<40} {what}")


@contextmanager
def _token(given: str) -> Iterator[str]:
    """Yield `given`, or a token of an administrator that ends with this run."""
    if given:
        yield given
        return
    token = create_token(_administrator(), name="make demo", scopes=SCOPES, days=1)
    try:
        yield token.text
    finally:
        token.row.delete()


def _administrator() -> User:
    try:
        users = User.objects.filter(role=Role.ADMIN, is_active=True, joined_at__isnull=False)
        user = users.order_by("pk").first()
    except Error as error:
        raise DemoError(
            f"The database cannot be read ({error}). Pass a token with --token."
        ) from None
    if user is None:
        raise DemoError(
            "There is no administrator yet: open the set-up link that make run has printed, "
            "or start the portal with LEITSTAND_ADMIN_EMAIL and LEITSTAND_ADMIN_PASSWORD."
        )
    return user
