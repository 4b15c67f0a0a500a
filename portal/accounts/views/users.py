from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from portal.accounts import services
from portal.accounts.forms import InviteForm, RoleForm, SearchForm
from portal.accounts.models import User
from portal.accounts.pages import page
from portal.accounts.services import Refused
from portal.accounts.views.person import signed_in

# Whoever finds an unlocked screen must not let people in or lock them out.
sensitive = method_decorator(
    reauthentication_required(app="portal.accounts", allow_get=True), name="dispatch"
)


class ForAdministrators(View):
    read_role = write_role = "admin"


class Users(ForAdministrators):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        found = page(services.find_users(text), request.GET.get("cursor", ""))
        secured = Authenticator.objects.filter(user__in=[user.pk for user in found.rows])
        context = {
            "filter": form,
            "page": found,
            "is_filtered": bool(text),
            "secured": set(secured.values_list("user_id", flat=True)),
        }
        return render(request, "accounts/users.html", context)


@sensitive
class Invite(ForAdministrators):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "accounts/invite.html", {"form": InviteForm()})

    @method_decorator(never_cache)
    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST)
        if form.is_valid():
            try:
                user, link = services.invite_user(by=signed_in(request), **form.cleaned_data)
            except Refused as error:
                form.add_error(error.field or None, str(error))
            else:
                return _show_link(request, user, link)
        return render(request, "accounts/invite.html", {"form": form}, status=422)


@sensitive
class UserPage(ForAdministrators):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        return _page(request, user, RoleForm(initial={"role": user.role}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        form = RoleForm(request.POST)
        if form.is_valid():
            try:
                services.change_access(user, by=signed_in(request), role=form.cleaned_data["role"])
            except Refused as error:
                form.add_error("role", str(error))
            else:
                messages.success(request, _("The role has been saved."))
                return _back(user)
        return _page(request, user, form, status=422)


@sensitive
class ChangeState(ForAdministrators):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        is_active = request.POST.get("active") == "yes"
        try:
            services.change_access(user, by=signed_in(request), is_active=is_active)
        except Refused as error:
            messages.error(request, str(error))
        else:
            done = _("%(user)s may sign in again.") if is_active else _("%(user)s is signed out.")
            messages.success(request, done % {"user": user})
        return _back(user)


@sensitive
@method_decorator(never_cache, name="dispatch")
class NewLink(ForAdministrators):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        try:
            return _show_link(request, user, services.new_link(user, by=signed_in(request)))
        except Refused as error:
            messages.error(request, str(error))
            return _back(user)


@sensitive
class ResetFactors(ForAdministrators):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        services.reset_second_factors(user)
        messages.success(request, _("The second factors of %(user)s are gone.") % {"user": user})
        return _back(user)


def _back(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:user", args=[user.pk]))


def _show_link(request: HttpRequest, user: User, link: str) -> HttpResponse:
    return render(request, "accounts/link_made.html", {"person": user, "link": link})


def _page(request: HttpRequest, user: User, form: RoleForm, **options: Any) -> HttpResponse:
    context = {
        "person": user,
        "form": form,
        "factors": Authenticator.objects.filter(user=user).order_by("pk"),
        "is_oneself": user.pk == request.user.pk,
    }
    return render(request, "accounts/user.html", context, **options)
