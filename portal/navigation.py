"""The main menu: one line for each page; a page whose address is not there yet is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.access import may

Label = str | Promise


@dataclass(frozen=True)
class Entry:
    """One page: what it is called, the name of its address, the role that may see it."""

    label: Label
    view: str
    role: str = "viewer"


@dataclass(frozen=True)
class Link:
    """An entry as shown: `current` is a value of aria-current, empty elsewhere."""

    label: Label
    url: str
    current: str


MENU: tuple[tuple[Label, tuple[Entry, ...]], ...] = (
    ("", (Entry(_("Dashboard"), "dashboard"),)),
    (
        _("What happened"),
        (
            Entry(_("Deliveries"), "notifier:deliveries"),
            Entry(_("Messages"), "notifier:messages"),
            Entry(_("Outbox"), "notifier:outbox"),
        ),
    ),
    (
        _("Who is told"),
        (
            Entry(_("Rules"), "notifier:rules"),
            Entry(_("Recipients"), "notifier:recipients"),
            Entry(_("Teams"), "notifier:teams"),
            Entry(_("Sources"), "notifier:sources"),
        ),
    ),
    (
        _("Administration"),
        (
            Entry(_("Users"), "accounts:users", "admin"),
            Entry(_("Audit"), "accounts:audit", "admin"),
        ),
    ),
)
ACCOUNT = (
    Entry(_("Account"), "accounts:account"),
    Entry(_("Password"), "account_change_password"),
    Entry(_("Two-factor"), "mfa_index"),
    Entry(_("Sessions"), "usersessions_list"),
    Entry(_("API tokens"), "accounts:tokens"),
)


def menu(request: HttpRequest) -> list[tuple[Label, list[Link]]]:
    """Return the groups of the main menu that this person may see, each with its links."""
    groups = ((title, list(_links(entries, request))) for title, entries in MENU)
    return [(title, links) for title, links in groups if links]


def account_tabs(request: HttpRequest) -> list[Link]:
    """Return the pages about one's own account."""
    return list(_links(ACCOUNT, request))


def _links(entries: tuple[Entry, ...], request: HttpRequest) -> Iterator[Link]:
    user: Any = getattr(request, "user", None)
    for entry in entries:
        if not may(user, entry.role):
            continue
        try:
            url = reverse(entry.view)
        except NoReverseMatch:
            continue
        yield Link(entry.label, url, _current(url, request.path))


def _current(url: str, path: str) -> str:
    """Return "page" on the page itself, "true" on the pages below it."""
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
