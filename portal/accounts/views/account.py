from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from portal.accounts.forms import AccountForm
from portal.accounts.views.person import signed_in


class Account(View):
    """What one may change about oneself, and the ways to the rest."""

    write_role = "viewer"

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, AccountForm(initial={"name": signed_in(request).name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=422)
        user = signed_in(request)
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, _("Your name has been saved."))
        return HttpResponseRedirect(reverse("accounts:account"))


def _page(request: HttpRequest, form: AccountForm, **options: Any) -> HttpResponse:
    return render(request, "accounts/account.html", {"form": form}, **options)
