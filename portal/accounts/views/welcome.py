"""Where one-time links lead: the first administrator, somebody invited, a new password."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import links, services
from portal.accounts.forms import InvitedForm, PasswordForm, SetupForm
from portal.accounts.models import OneTimeLink, Purpose, User
from portal.accounts.services import Refused

KEY = "one_time_link"
FORMS: dict[str, type[PasswordForm]] = {
    Purpose.SETUP: SetupForm,
    Purpose.INVITATION: InvitedForm,
    Purpose.PASSWORD: PasswordForm,
}


@method_decorator(never_cache, name="dispatch")
class OpenLink(View):
    """Take the token out of the address at once: it must not stay in the history or a log.

    Only the form behind it uses the link up, so a program that previews links does no harm.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = links.find_link(token)
        if link is None:
            return _gone(request)
        request.session[KEY] = link.pk
        return HttpResponseRedirect(reverse("accounts:welcome"))


@method_decorator([never_cache, sensitive_post_parameters("password", "again")], name="dispatch")
class Welcome(View):
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        link = links.open_link(request.session.get(KEY))
        if link is None:
            return _gone(request)
        user = link.user or User()
        form = FORMS[link.purpose](user=user, initial={"name": user.name, "email": user.email})
        return _page(request, link, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        link = links.open_link(request.session.get(KEY))
        if link is None:
            return _gone(request)
        form = FORMS[link.purpose](request.POST, user=link.user or User())
        if not form.is_valid():
            return _page(request, link, form, status=422)
        given = {key: form.cleaned_data[key] for key in form.fields if key != "again"}
        try:
            user = services.accept_link(link, **given)
        except Refused as error:
            form.add_error(None, str(error))
            return _page(request, link, form, status=422)
        # Whoever was signed in here before is not any more, and the link is forgotten.
        logout(request)
        # Through all of sign-in: whoever has a second factor is asked for it.
        response: HttpResponse = perform_login(request, user, redirect_url="/")
        return response


def _page(
    request: HttpRequest, link: OneTimeLink, form: PasswordForm, **options: Any
) -> HttpResponse:
    return render(request, "accounts/welcome.html", {"link": link, "form": form}, **options)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_gone.html", status=404)
