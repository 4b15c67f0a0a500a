"""What the lists of what happened share: filters in the address, pages by cursor, three states."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django import forms
from django.db import OperationalError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifier.filters import Between
from notifier.services.history import KINDS, OUTCOMES
from notifier.services.paging import page, search, within

CHOICES: dict[str, Mapping[str, Any]] = {"kind": KINDS, "outcome": OUTCOMES}
EXAMPLES = {"repository": "octo-org/*", "branch": "release/*"}

log = structlog.get_logger(__name__)


class Listing:
    """One list: its form, one page of rows, and which of the three states it is in.

    `reached` is how far back a search came that is not done. `failed` is true when the database
    gave no answer.
    """

    def __init__(self, request: HttpRequest, filters: Between, fields: Sequence[str]) -> None:
        self.form = _form(filters, fields)
        self.is_filtered = any(request.GET.get(name) for name in self.form.fields)
        self.is_first = not request.GET.get("cursor")
        self.failed = False
        self.reached: datetime | None = None
        self.rows: list[Any] = []
        self.previous = self.next = ""
        if self.form.is_valid():
            self._find(filters, request.GET.get("cursor", ""))

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return 503 if self.failed else 422 if self.form.errors else 200

    def _find(self, filters: Between, cursor: str) -> None:
        try:
            given = self.form.cleaned_data
            rows = within(filters.qs, given.get("from"), given.get("to"))
            find = search if _is_search(given) else page
            self.rows, self.previous, self.next, self.reached = find(rows, cursor)
        except OperationalError:
            # The page says so and offers to try again; it must not look empty.
            log.exception("list_not_loaded")
            self.failed = True


def _is_search(given: Mapping[str, Any]) -> bool:
    """Say whether no index finds this: a piece of text, a pattern, or several things at once."""
    exact = [name for name, value in given.items() if value and name not in ("from", "to")]
    is_pattern = any("*" in (given.get(name) or "") for name in EXAMPLES)
    return bool(given.get("text")) or is_pattern or len(exact) > 1


def _form(filters: Between, fields: Sequence[str]) -> forms.Form:
    """Return the form with `fields` and whatever else the address filters by."""
    form: forms.Form = filters.form
    for name in list(form.fields):
        if name not in fields and not form.data.get(name):
            del form.fields[name]
    form.order_fields(fields)
    for name, field in form.fields.items():
        if name in CHOICES:
            field.choices = list(CHOICES[name].items())  # type: ignore[attr-defined]
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = str(_("Any"))
        if name in EXAMPLES:
            field.widget.attrs["placeholder"] = EXAMPLES[name]
        if field.help_text:
            field.widget.attrs["title"] = field.help_text
            field.help_text = ""
    return form
