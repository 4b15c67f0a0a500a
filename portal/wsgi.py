"""The entry point of the web server: webhooks go to their door, the rest to Django."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

django = get_wsgi_application()
# Load all pages now: before the fork, and not while the first visitor waits.
get_resolver().url_patterns  # noqa: B018

from notifier.views.hooks import door  # noqa: E402 (needs Django set up)

application = door(django)
