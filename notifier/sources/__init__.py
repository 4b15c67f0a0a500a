"""Webhook sources. To add one: its file, its sample, its line here."""

from pkgutil import resolve_name

from notifier.sources.source import Source

SOURCES = {
    "github": "notifier.sources.github:SOURCE",
    "gitlab": "notifier.sources.gitlab:SOURCE",
    "gitea": "notifier.sources.gitea:SOURCE",
    "bitbucket": "notifier.sources.bitbucket:SOURCE",
    "generic": "notifier.sources.generic:SOURCE",
}


def get(key: str) -> Source:
    """Return the source called `key`. Raises KeyError when there is none."""
    source: Source = resolve_name(SOURCES[key])
    return source
