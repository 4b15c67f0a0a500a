"""Stored English sentences in the language of the reader."""

from functools import cache
from pkgutil import resolve_name

from django.conf import settings
from django.utils.translation import gettext

from notifier import gateways, sources
from notifier.domain import globs, mapping, own_secret, phrases, policy, signature  # noqa: F401
from notifier.services import intake, planning, reading  # noqa: F401


def translated(sentence: str) -> str:
    """Return a reason, a step or whatever else plain Python says, in the current language."""
    _load()
    return phrases.translate(sentence, gettext)


@cache
def _load() -> None:
    """Load whoever writes phrases into rows: plug-ins come late, the worker's are not ours."""
    for place in (*sources.SOURCES.values(), *gateways.GATEWAYS.values()):
        resolve_name(place)
    for reason in resolve_name(settings.NOTIFIER["WORKER_REASONS"]):
        phrases.gettext_noop(reason)
