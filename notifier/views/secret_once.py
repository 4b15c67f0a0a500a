"""The one-time display of a secret. The session keeps a permission, never the secret itself."""

import time

from django.http import HttpRequest

from notifier.models import Source

KEY = "secrets_to_show"
SECONDS = 600


def allow(request: HttpRequest, source: Source) -> None:
    """Let this session see the secret of `source` once, within ten minutes."""
    kept = request.session.get(KEY, {})
    request.session[KEY] = {**kept, str(source.pk): time.time() + SECONDS}


def take(request: HttpRequest, source: Source) -> bool:
    """Say whether the secret may be shown now; it may not be again."""
    kept = dict(request.session.get(KEY, {}))
    until = kept.pop(str(source.pk), 0)
    request.session[KEY] = kept
    return bool(time.time() < until)
