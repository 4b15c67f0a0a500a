"""What the lists of what happened share: filters in the address, pages by cursor, three states."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django import forms
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifier.filters import Between
from notifier.services.history import KINDS, OUTCOMES
from notifier.services.paging import newest_only, page, within

# What no index finds is looked for among so many: half a second, not more with every year.
SEARCHED = 100_000
CHOICES: dict[str, Mapping[str, Any]] = {"kind": KINDS, "outcome": OUTCOMES}
EXAMPLES = {"repository": "octo-org/*", "branch": "release/*"}

log = structlog.get_logger(__name__)


class Listing:
    """One list: its form, one page of rows, and which of the three states it is in.

    `is_cut` says that the search did not look at everything. `failed` is true when the database
    gave no answer.
    """

    def __init__(self, request: HttpRequest, filters: Between, fields: Sequence[str]) -> None:
        self.form = _form(filters, fields)
        self.is_filtered = any(request.GET.get(name) for name in self.form.fields)
        self.is_first = not request.GET.get("cursor")
        self.is_cut = self.failed = False
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
            rows = self._narrowed(filters.qs)
            self.rows, self.previous, self.next = page(rows, cursor)
        except OperationalError:
            # The page says so and offers to try again; it must not look empty.
            log.exception("list_not_loaded")
            self.failed = True

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        given = self.form.cleaned_data
        since, until = given.get("from"), given.get("to")
        rows = within(rows, since, until)
        if since is None and until is None and _is_search(given):
            rows, self.is_cut = newest_only(rows, SEARCHED)
        return rows

    @property
    def searched(self) -> int:
        return SEARCHED


def _is_search(given: Mapping[str, Any]) -> bool:
    return bool(given.get("text")) or any("*" in (given.get(name) or "") for name in EXAMPLES)


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
