"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# Load all pages now: before the fork, and not while the first visitor waits.
get_resolver().url_patterns  # noqa: B018
