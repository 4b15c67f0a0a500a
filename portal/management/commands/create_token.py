"""`manage.py create_token`: a personal API token for a script, printed this once."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from portal.accounts.access import SCOPES
from portal.accounts.models import User, normalized
from portal.accounts.tokens import DEFAULT_DAYS, LONGEST_DAYS, UnusableToken, create_token


class Command(BaseCommand):
    help = "Make a personal API token and print it: nothing else goes to standard output."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose token it is")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument(
            "--scope",
            required=True,
            nargs="+",
            action="extend",
            metavar="SCOPE",
            help=f"what it may do: {', '.join(SCOPES)}",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=DEFAULT_DAYS,
            help=f"how long it lasts, 1 to {LONGEST_DAYS} (default: {DEFAULT_DAYS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = normalized(options["user"])
        user = User.objects.filter(email=email).first()
        if user is None:
            sys.exit(f"No token was made: there is no account with the address “{email}”.")
        try:
            with translation.override("en"):
                token = create_token(
                    user, name=options["name"], scopes=options["scope"], days=options["days"]
                )
                self.stdout.write(token.text)
        except UnusableToken as error:
            sys.exit(f"No token was made: {error}")
