"""What the set-up pages share: forms that answer 422, searched lists, switches."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from notifier.services.looking import contains

PER_PAGE = 100
# A shorter list is seen at a glance.
SEARCH_FROM = 12


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm, **context: Any
) -> HttpResponse:
    """Return the page of `form`: 422 when what was sent is wrong."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


def searched(
    request: HttpRequest, rows: QuerySet[Any], *fields: str
) -> tuple[Page[Any], dict[str, Any]]:
    """Return one page of `rows` that have `?q=` in one of `fields`, and what the list shows."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = rows.filter(contains(fields, text)).distinct() if text else rows
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    is_long = page.paginator.count >= SEARCH_FROM
    return page, {"page": page, "search": form if text or is_long else None, "q": text}


class Switch(View):
    """Switch one row on or off: POST `active` = 1 or 0."""

    http_method_names = ["post"]
    model: type[Model]
    page: str

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        row: Any = get_object_or_404(self.model, pk=pk)
        row.is_active = request.POST.get("active") == "1"
        row.save(update_fields=["is_active", "updated_at"])
        text = _("%(name)s is active now.") if row.is_active else _("%(name)s is inactive now.")
        messages.success(request, text % {"name": row.name})
        return HttpResponseRedirect(reverse(self.page, args=[pk]))


class Delete(View):
    """Ask, then delete one row whose loss needs no more care than that."""

    read_role = "operator"
    model: type[Model]
    template: str
    list_page: str

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.model, pk=pk)
        return render(request, self.template, {"row": row, **self.about(row)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row: Any = get_object_or_404(self.model, pk=pk)
        name = row.name
        row.delete()
        messages.success(request, _("%(name)s was deleted.") % {"name": name})
        return redirect(self.list_page)

    def about(self, row: Any) -> dict[str, Any]:
        """Return what the page says about the consequences."""
        return {}
