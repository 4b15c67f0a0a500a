"""`manage.py bootstrap`: everything that a start needs; quick when there is nothing to do."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal import startup
from portal.accounts.services import ensure_administrator
from portal.config import BadSetting, Config

RULE = "=" * 78


class Command(BaseCommand):
    help = "Prepare database, static files and administrator, or say why the portal cannot start."
    # `make check` runs the checks; here they would only cost time at every start.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        config: Config = settings.CONFIG
        try:
            link = self._prepare(config)
        except (startup.CannotStart, BadSetting) as error:
            sys.exit(f"Leitstand cannot start. {error}")
        self._announce(config, link)

    def _prepare(self, config: Config) -> str | None:
        startup.check_settings()
        startup.check_port(config.bind, config.port)
        startup.check_data_dir(config.data_dir)
        startup.check_database()
        with startup.alone(config.data_dir):
            if startup.migrate():
                self.stdout.write("The database is up to date.")
            if startup.collect_static(config.data_dir):
                self.stdout.write("The static files are published.")
            return ensure_administrator(config)

    def _announce(self, config: Config, link: str | None) -> None:
        lines = [RULE, f"  Leitstand: {config.public_url}"]
        local = f"http://{config.bind}:{config.port}"
        if config.public_url != local:
            lines.append(f"  here:      {local}")
        if link:
            lines += [
                "",
                "  Nobody can sign in yet. Open this link once to become the administrator:",
                "",
                f"  {link}",
            ]
        self.stdout.write("\n".join([*lines, RULE]))
